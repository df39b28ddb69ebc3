// jp.js - compares shares of functions and lines with LuaJIT's own profiler.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node jp.js WHAT JP FOLDED PROTOS; WHAT: function (-jp=F), or line
// (-jp=l): the functions that the lines are in, as LuaJIT tells the line of the
// bytecode after the one that took the time.
"use strict";
const fs = require("fs");
const path = require("path");
const [what, jp, folded, protos] = process.argv.slice(2);
const LEAST = 3, NEAR = 3;	// percent, points
const lines = (file) => fs.readFileSync(file, "utf8").split("\n").filter((l) => l);

// "FILE FIRST LINES" of each function.
const functions = lines(protos).map((l) => {
	const m = /^(.*) (\d+) (\d+)$/.exec(l);
	return { file: path.basename(m[1]), first: Number(m[2]),
		last: Number(m[2]) + Number(m[3]) };
});

// The innermost function a line is in: "FILE:FIRST".
function at(file, line) {
	const f = functions.filter((x) => x.file === file && x.first <= line &&
		line <= x.last).sort((x, y) => (x.last - x.first) - (y.last - y.first))[0];
	return f ? `${file}:${f.first}` : file;
}

// LuaJIT's profiler sees a thread at the next bytecode: what a built-in function
// took is its caller's, but for samples at its very start.
function theirs(file) {
	const all = new Map();
	for (const l of lines(file)) {
		const m = /^ *(\d+) +(.*:.*)$/.exec(l);
		if (!m || m[2].startsWith("[builtin"))
			continue;
		const colon = m[2].lastIndexOf(":");
		const file = path.basename(m[2].slice(0, colon));
		const name = m[2].slice(colon + 1);
		const k = what === "line" ? at(file, Number(name)) : `${file}:${name}`;
		all.set(k, (all.get(k) || 0) + Number(m[1]));
	}
	return all;
}

// The innermost function that is Lua's, or the line it is at.
function key(stack) {
	const frames = stack.split(";");
	const i = frames.map((f) => /@.*:\d+$/.test(f)).lastIndexOf(true);
	if (i < 0)
		return "none";
	const lua = /^(.*)@(.*):(\d+)$/.exec(frames[i]);
	const file = path.basename(lua[2].replace(/^\[string ".*$/, "[string]"));
	if (what === "function")
		return `${file}:${/^(\?|\[main\])$/.test(lua[1]) ? lua[3] : lua[1]}`;
	const line = /:(\d+)$/.exec(frames[i + 1] || "");
	return at(file, Number(line ? line[1] : lua[3]));
}

function ours(file) {
	const all = new Map();
	for (const l of lines(file)) {
		const at = l.lastIndexOf(" "), k = key(l.slice(0, at));
		all.set(k, (all.get(k) || 0) + Number(l.slice(at)));
	}
	return all;
}

const sum = (all) => [...all.values()].reduce((a, b) => a + b, 0);
const a = ours(folded), b = theirs(jp), na = sum(a), nb = sum(b);
let bad = na < 500 || nb < 500 ? 1 : 0;
console.log(`${what}: ${na} samples, LuaJIT ${nb}`);
for (const name of new Set([...a.keys(), ...b.keys()])) {
	const x = 100 * (a.get(name) || 0) / na, y = 100 * (b.get(name) || 0) / nb;
	if (Math.max(x, y) < LEAST)
		continue;
	// Of few samples, three standard deviations.
	const noise = 3 * Math.sqrt(x * (100 - x) / na + y * (100 - y) / nb);
	const wrong = Math.abs(x - y) > Math.max(NEAR, noise);
	bad += wrong;
	console.log(`${wrong ? "FAIL: " : ""}${name}: ${x.toFixed(1)} %, LuaJIT ${y.toFixed(1)} %`);
}
process.exit(bad ? 1 : 0);
