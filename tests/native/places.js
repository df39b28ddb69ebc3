// places.js - functions of mapped files, by readelf.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// Reads the files that tests/lib/places.sh leaves.
"use strict";
const fs = require("fs");
const path = require("path");

function places(dir) {
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

	// Where names are: most functions of the C library have several.
	const symbols = new Map(lines(read("symbols")).map((l) => l.split(" "))
		.map(([file, at, name]) => [name.replace(/@.*/, ""),
			path.basename(file) + "+0x" + BigInt("0x" + at).toString(16)]));

	return { read, place, symbols };
}

module.exports = { places };
