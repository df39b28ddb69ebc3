// cstack.js - compares the C functions of folded stacks with gdb's.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node cstack.js DIR MOMENTS WHAT; DIR as cstack.test leaves it
"use strict";
const fs = require("fs");
const path = require("path");
const [dir, moments, what] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(dir, name), "utf8");
const lines = (text) => text.split("\n").filter((l) => l);

// Functions of each file, by where they start in it.
const functions = new Map();
for (const line of lines(read("functions"))) {
	const [file, from, to] = line.split(" ");
	if (!functions.has(file))
		functions.set(file, []);
	functions.get(file).push([BigInt("0x" + from), BigInt("0x" + to)]);
}
const maps = lines(read("maps")).map((line) => {
	const m = /^([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) \S+ \S+ +(\/.*)?/
		.exec(line);
	return m && m[4] ? { from: BigInt("0x" + m[1]), to: BigInt("0x" + m[2]),
		ofs: BigInt("0x" + m[3]), file: m[4] } : null;
}).filter((m) => m);
// The VM is one function: the biggest of its file that has it.
const biggest = new Map([...functions].map(([file, all]) => [file,
	all.reduce((a, b) => b[1] - b[0] > a[1] - a[0] ? b : a)]));

// The function an address is in: "file+0xSTART", VM, or null: of no file.
function place(pc) {
	const m = maps.find((x) => pc >= x.from && pc < x.to);
	if (!m)
		return null;
	const at = pc - m.from + m.ofs;
	const f = (functions.get(m.file) || []).find(([a, b]) => at >= a && at < b);
	if (f && f === biggest.get(m.file) && /luajit/.test(m.file))
		return "VM";
	return path.basename(m.file) + "+0x" + (f ? f[0] : at).toString(16);
}

// gdb's frames, innermost first: name if it has one, and place.
function gdb(text) {
	const all = text.slice(text.lastIndexOf("\n#0 "));
	return [...all.matchAll(/^#(\d+) +0x([0-9a-f]+) in (\S+)/gm)].map((m) => ({
		name: m[3] === "??" ? null : m[3],
		pc: BigInt("0x" + m[2]),
		place: place(BigInt("0x" + m[2]) - (m[1] === "0" ? 0n : 1n)),
	}));
}

// Ours, innermost first: C functions, and those that may be C.
function ours(text) {
	return text.replace(/ \d+\n$/, "").split(";").reverse()
		.filter((f) => !/@|^lj_BC_|^lj_ff_|^\[lj_vm\]|^trace#|^\[GC\]|^\[kernel\]|^\[JIT/
			.test(f));
}

// Where names are: most functions of the C library have several.
const symbols = new Map(lines(read("symbols")).map((l) => l.split(" "))
	.map(([file, at, name]) => [name.replace(/@.*/, ""),
		path.basename(file) + "+0x" + BigInt("0x" + at).toString(16)]));

function same(our, their) {
	const m = /^C:(?:\[(.*)\]|(.*))$/.exec(our);
	if (m[1] || symbols.has(m[2]))
		return (m[1] || symbols.get(m[2])) === their.place;
	// Ours knows a separate symbol file.
	return !their.name || their.name === m[2];
}

// Whether ours from i on are theirs from j on. A function of Lua's libraries
// is C, or the VM's own code. gdb cannot unwind compiled code.
function equal(mine, theirs, i, j) {
	if (i === mine.length || !theirs[j] || !theirs[j].place)
		return true;
	if (mine[i].startsWith("C:"))
		return same(mine[i], theirs[j]) &&
			equal(mine, theirs, i + 1, j + 1);
	return equal(mine, theirs, i + 1, j) || equal(mine, theirs, i + 1, j + 1);
}

let frames = 0, bad = 0, moved = 0;
for (let i = 1; i <= Number(moments); i++) {
	const all = gdb(read("gdb." + i)), mine = ours(read("folded." + i));
	// It went on between the two, or no Lua was found, which others test.
	if (!all.length || BigInt(read("ip." + i).trim()) !== all[0].pc || !mine[0]) {
		moved++;
		continue;
	}
	const theirs = all.filter((f) => f.place !== "VM");
	if (equal(mine, theirs, 0, 0)) {
		frames += theirs.length ? mine.filter((f) => /^C:/.test(f)).length : 0;
		continue;
	}
	bad++;
	console.log(`FAIL: ${what}, moment ${i}`);
	console.log("ours:", mine.join(" < "));
	console.log("gdb: ", theirs.map((t) => t.name || t.place).join(" < "));
}
console.log(`${what}: ${frames} C functions in ${moments - moved} of ${moments} moments, ${bad} differ`);
// A few instructions of the VM, between C and Lua, are still told wrongly.
process.exit(bad > moments / 20 || moved > moments / 2 ? 1 : 0);
