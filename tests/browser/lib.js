// lib.js - what tests and benchmarks of pictures in a browser share.
// SPDX-License-Identifier: GPL-2.0-or-later
"use strict";
const assert = require("assert");
const { execFileSync } = require("child_process");
const fs = require("fs");
const path = require("path");
const { chromium } = require("playwright-core");

const ljstap = path.resolve(process.env.LJSTAP || "./ljstap");

// A browser's path, as Debian and others call it; undefined if none is here.
function findChromium() {
	const names = ["chromium", "chromium-browser", "google-chrome"];
	for (const dir of (process.env.PATH || "").split(":"))
		for (const n of names)
			if (fs.existsSync(path.join(dir, n)))
				return path.join(dir, n);
	return undefined;
}

function launch() {
	return chromium.launch({
		executablePath: process.env.CHROMIUM || findChromium(),
		args: ["--no-sandbox", "--disable-gpu"],
	});
}

// Runs ljstap on an input; returns what it prints.
function run(args, input) {
	return execFileSync(ljstap, args, { input, maxBuffer: 1 << 30,
		stdio: ["pipe", "pipe", "inherit"] }).toString();
}

function random(seed) {
	let x = seed;
	return () => {
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		return (x >>> 0) / 4294967296;
	};
}

// Folded lines, always the same for the same arguments. Calls are skewed as
// real ones are; a new stack is the start of an older one and other calls.
function folded(stacks, depth, seed = 1) {
	const rnd = random(seed), names = [], seen = new Map(), all = [[]];
	for (let i = 0; i < 2000; i++)
		names.push(i % 10 < 6 ?
			`f${i}@/usr/local/lualib/mod${i % 37}.lua:${i}` :
			i % 10 < 8 ? `C:ngx_http_function_${i}` : `lj_BC_OP${i}`);
	const call = () => names[Math.floor(2000 * Math.pow(rnd(), 4))];
	while (seen.size < stacks) {
		const from = all[Math.floor(rnd() * all.length)];
		const s = from.slice(0, Math.floor(rnd() * (from.length + 1)));
		while (s.length < depth && (s.length < 3 || rnd() < 0.93))
			s.push(call());
		const line = s.join(";");
		if (seen.has(line))
			continue;
		all.push(s);
		seen.set(line, 1 + Math.floor(1 / (rnd() + 0.001)));
	}
	return [...seen].map(([s, n]) => s + " " + n).join("\n") + "\n";
}

// Folded lines as [{ stack, count }].
function parse(text) {
	return text.trim().split("\n").map((line) => {
		const at = line.lastIndexOf(" ");
		return { stack: line.slice(0, at).split(";"),
			count: Number(line.slice(at + 1)) };
	});
}

// What ljstap top says of a file: { name: [self, total] }.
function top(file) {
	const { rows } = JSON.parse(run(["top", "--json", file]));
	assert(rows.length > 1, `${rows.length} rows`);
	return Object.fromEntries(rows.map((r) => [r.name, [r.self, r.total]]));
}

// Files to export: a dump of the tests, folded lines, and odd names.
function examples(dir) {
	const dump = path.join(dir, "example.ljd");
	const names = path.join(dir, "names.folded");
	fs.writeFileSync(dump, execFileSync("./tests/golden/example",
		{ maxBuffer: 1 << 26 }));
	fs.writeFileSync(names, 'a;"q"\\;<b>&amp; 3\na;it\'s 2\n' +
		"f@/srv/ü.lua:3;f@/srv/ü.lua:3 4\n");
	return { dump, names,
		folded: path.join(__dirname, "../golden/example.folded") };
}

// Runs { name: async function }s, all or those wanted; returns if one failed.
async function runCases(cases, wanted = []) {
	let failed = 0;
	for (const name of wanted.length ? wanted : Object.keys(cases)) {
		try {
			await cases[name]();
			console.log("ok   " + name);
		} catch (e) {
			console.log("FAIL " + name + ": " + (e.stack || e));
			failed = 1;
		}
	}
	return failed;
}

module.exports = { launch, findChromium, run, folded, parse, ljstap, top,
	examples, runCases };
