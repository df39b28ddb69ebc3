// speedscope.js - speedscope, of the npm registry, opens exports as a user's
// does; what is compared is the table it shows.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node speedscope.js, in the build directory.
"use strict";
const assert = require("assert");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { launch, run, top, examples, runCases } = require("./lib.js");

const SPEEDSCOPE = "file://" + path.join(path.dirname(
	require.resolve("speedscope/package.json")), "dist/release/index.html");
// Of a machine that has other work; nothing waits for it to pass.
const PATIENCE = 120000;
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), "ljstap-speedscope-"));

// { name: [self, total] } of the table speedscope shows of a file; its head
// comes before its rows.
async function theirs(page, file, least) {
	await page.goto("about:blank");
	await page.goto(SPEEDSCOPE + "#view=sandwich");
	await page.locator("input[type=file]").first().setInputFiles(file);
	await page.locator("tr:has(td)").nth(least - 1).waitFor();
	const rows = await page.locator("tr:has(td)").evaluateAll((list) =>
		list.map((tr) => [...tr.cells].map((td) => td.textContent)));
	const number = (cell) => parseFloat(cell.replace(/,/g, ""));
	return Object.fromEntries(rows.map(([total, self, name]) =>
		[name, [number(self), number(total)]]));
}

const all = (table) => table;
const self = (table) => Object.fromEntries(Object.entries(table)
	.map(([name, [n]]) => [name, n]));

async function main() {
	const { dump, names, folded } = examples(tmp);
	const browser = await launch();
	const page = await browser.newPage({
		viewport: { width: 1600, height: 4000 } });	// all rows
	page.setDefaultTimeout(PATIENCE);
	const compare = async (format, file, what) => {
		const out = path.join(tmp, "export.json"), want = top(file);
		run(["export", "-f", format, file, "-o", out]);
		assert.deepStrictEqual(what(await theirs(page, out,
			Object.keys(want).length)), what(want));
	};
	const failed = await runCases({
		dump: () => compare("speedscope", dump, all),
		names: () => compare("speedscope", names, all),
		// Trace events have no totals: of two frames of one name, side by
		// side, speedscope may make one in the other.
		trace: () => compare("chrome", folded, self),
	});
	await browser.close();
	fs.rmSync(tmp, { recursive: true });
	process.exit(failed);
}

main();
