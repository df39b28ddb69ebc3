// perf.js - compares shares of functions with those perf sees.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node perf.js DIR; DIR as perf.test leaves it
"use strict";
const { places } = require("./places.js");
const { read, place, symbols } = places(process.argv[2]);
const LEAST = 2, NEAR = 2;	// percent, points

// A function of several names: by where it is.
const one = (name) => symbols.get(name) || name;

// "IP SYMBOL (DSO)" of each sample.
function perfs(text) {
	return text.split("\n").filter((l) => l).map((l) => {
		const m = /^ *([0-9a-f]+) (.*) \((.*)\)$/.exec(l);
		if (!m || m[3].startsWith("[kernel") || /^f{8}/.test(m[1]))
			return "[kernel]";
		const at = place(BigInt("0x" + m[1]));
		if (at === null || at === "VM")
			return at || "compiled";
		return m[2] === "[unknown]" ? at : one(m[2]);
	});
}

function ours(text) {
	return text.split("\n").filter((l) => l).flatMap((l) => {
		const n = Number(l.slice(l.lastIndexOf(" ")));
		const frames = l.slice(0, l.lastIndexOf(" ")).split(";");
		const leaf = frames[frames.length - 1];
		const m = /^C:(?:\[(.*)\]|(.*))$/.exec(leaf);
		let name = leaf;
		if (m)
			name = m[1] || one(m[2]);
		else if (/^trace#/.test(leaf) || leaf === "[jit code]")
			name = "compiled";
		else if (/^lj_|^\[lj_vm/.test(leaf))
			name = "VM";
		return Array(n).fill(name);
	});
}

function shares(names) {
	const all = new Map();
	for (const n of names)
		all.set(n, (all.get(n) || 0) + 100 / names.length);
	return all;
}

const theirs = perfs(read("perf.txt")), mine = ours(read("folded"));
const a = shares(mine), b = shares(theirs);
let bad = 0;
console.log(`${mine.length} samples, perf ${theirs.length}`);
for (const name of new Set([...a.keys(), ...b.keys()])) {
	const x = a.get(name) || 0, y = b.get(name) || 0;
	if (Math.max(x, y) < LEAST)
		continue;
	// Of few samples, three standard deviations.
	const noise = 3 * Math.sqrt(x * (100 - x) / mine.length +
		y * (100 - y) / theirs.length);
	const wrong = Math.abs(x - y) > Math.max(NEAR, noise);
	bad += wrong;
	console.log(`${wrong ? "FAIL: " : ""}${name}: ${x.toFixed(2)} %, perf ${y.toFixed(2)} %`);
}
process.exit(bad || mine.length < 1000 || theirs.length < 1000 ? 1 : 0);
