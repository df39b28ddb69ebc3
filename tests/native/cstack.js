// cstack.js - compares the C functions of folded stacks with gdb's.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node cstack.js DIR MOMENTS WHAT; DIR as cstack.test leaves it
"use strict";
const { places } = require("./places.js");
const [dir, moments, what] = process.argv.slice(2);
const { read, place, symbols } = places(dir);

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
		.filter((f) => !/@|^lj_BC_|^lj_ff_|^\[lj_vm|^trace#|^\[GC\]|^\[kernel\]|^\[JIT/
			.test(f));
}

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
