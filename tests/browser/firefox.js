// firefox.js - Firefox Profiler's own reader, of the npm registry, opens
// exports; what is compared is its list of functions.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node firefox.js, in the build directory.
"use strict";
const assert = require("assert");
const fs = require("fs");
const os = require("os");
const path = require("path");
const { spawn, spawnSync } = require("child_process");
const { run, top, examples, runCases } = require("./lib.js");

const CLI = path.join(path.dirname(require.resolve(
	"@firefox-devtools/profiler-cli/package.json")), "dist/profiler-cli.js");
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), "ljstap-firefox-"));

// Of a machine that has other work; nothing waits for it to pass.
const PATIENCE = 120000;
const env = { ...process.env, PROFILER_CLI_SESSION_DIR: tmp };

// { unit, table: { name: [self, total] } } of its list. A process of its own
// keeps the profile; that of its command "load" has no more than 500 ms to come
// up, which is not enough on a busy machine.
async function theirs(file) {
	const keeper = spawn(process.execPath,
		[CLI, "--daemon", file, "--session", "test"], { env });
	const said = [];
	keeper.stderr.on("data", (text) => said.push(text));
	try {
		for (const end = Date.now() + PATIENCE; ;) {
			const r = spawnSync(process.execPath, [CLI, "thread",
				"functions", "--json", "--include-idle", "--session",
				"test"], { env });
			if (r.status === 0) {
				const list = JSON.parse(r.stdout);
				return { unit: list.weightType,
					table: Object.fromEntries(list.functions.map((f) =>
						[f.name, [f.selfSamples, f.totalSamples]])) };
			}
			await new Promise((done) => setTimeout(done, 200));
			assert(keeper.exitCode === null && Date.now() < end,
				said.join("") + r.stderr);
		}
	} finally {
		const gone = new Promise((done) => keeper.once("exit", done));
		if (keeper.exitCode === null && keeper.kill())
			await gone;
	}
}

async function compare(format, file, unit, perCount) {
	const out = path.join(tmp, "export.json");
	run(["export", "-f", format, file, "-o", out]);
	const got = await theirs(out), want = top(file);
	assert.strictEqual(got.unit, unit);
	for (const counts of Object.values(got.table))
		counts.forEach((n, i) => {
			const whole = Math.round(n / perCount);
			assert(Math.abs(n / perCount - whole) < 1e-3, n);
			counts[i] = whole;
		});
	assert.deepStrictEqual(got.table, want);
}

const { dump, names, folded } = examples(tmp);
runCases({
	// A sample stands for its time: at 99 Hz.
	dump: () => compare("firefox", dump, "tracing-ms", 1000 / 99),
	folded: () => compare("firefox", folded, "samples", 1),
	names: () => compare("firefox", names, "samples", 1),
}).then((failed) => {
	fs.rmSync(tmp, { recursive: true });
	process.exit(failed);
});
