// browser.js - what a large flame graph costs a browser: a line for each
// figure, "name value unit". CPU time of the page's main thread, the best of
// five; a benchmark, not a test, as it depends on the machine.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node browser.js [STACKS [DEPTH]], in the build directory, with
// NODE_PATH as tests/browser/browser.test has it.
"use strict";
const fs = require("fs");
const os = require("os");
const path = require("path");
const { launch, run, folded } = require("../browser/lib.js");

const stacks = Number(process.argv[2] || 24000);
const depth = Number(process.argv[3] || 45);
const ROUNDS = 5;

async function main() {
	const tmp = fs.mkdtempSync(path.join(os.tmpdir(), "ljstap-bench-"));
	const file = path.join(tmp, "large.svg");
	fs.writeFileSync(file, run(["flame"], folded(stacks, depth)));
	const browser = await launch();
	const best = new Map();

	for (let round = 0; round < ROUNDS; round++) {
		const page = await browser.newPage({
			viewport: { width: 1200, height: 900 } });
		const cdp = await page.context().newCDPSession(page);
		await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
		const cpu = async () => (await cdp.send("Performance.getMetrics"))
			.metrics.find((m) => m.name === "TaskDuration").value * 1000;
		const settle = () => page.evaluate(() => new Promise((done) =>
			requestAnimationFrame(() => requestAnimationFrame(done))));
		const take = async (name, times, f) => {
			const before = await cpu();
			await f();
			await settle();
			const ms = (await cpu() - before) / times;
			if (!(best.get(name) <= ms))
				best.set(name, ms);
		};
		const widest = () => page.evaluate(() => {
			const e = [...document.querySelectorAll("[aria-level='3']")]
				.sort((a, b) => b.width.baseVal.value -
					a.width.baseVal.value)[0];
			e.scrollIntoView({ block: "center" });
			const b = e.getBoundingClientRect();
			return { x: b.x + b.width / 2, y: b.y + 8 };
		});

		await take("load", 1, () => page.goto("file://" + file));
		let at = await widest();
		await page.mouse.move(at.x, at.y);
		await settle();
		await take("zoom", 1, () => page.mouse.click(at.x, at.y));
		await take("unzoom", 1, () => page.keyboard.press("0"));
		await page.keyboard.press("/");
		await take("search", 1, async () => {
			await page.keyboard.insertText("mod1" + round);
			await page.waitForTimeout(300);
		});
		await page.keyboard.press("Escape");
		await page.waitForTimeout(300);
		at = await widest();
		await page.mouse.move(at.x - 300, at.y);
		await settle();
		await take("hover", 20, async () => {
			for (let i = 0; i < 20; i++) {
				await page.mouse.move(at.x - 300 + i * 25, at.y);
				await settle();
			}
		});
		await take("reversed", 1, () => page.keyboard.press("r"));
		await page.close();
	}
	await browser.close();
	const tree = fs.readFileSync(file, "utf8").split("<l:tree>")[1];
	console.log(`browser-frames ${tree.match(/[A-Y]/g).length} frames`);
	console.log(`browser-file ${fs.statSync(file).size} bytes`);
	for (const [name, ms] of best)
		console.log(`browser-${name} ${ms.toFixed(1)} ms`);
	fs.rmSync(tmp, { recursive: true });
}

main();
