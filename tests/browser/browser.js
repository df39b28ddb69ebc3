// browser.js - flame graphs in a browser, judged by other means than their own.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// usage: node browser.js [CASE...], in the build directory.
// What totals and shares must be is worked out here from folded lines.
"use strict";
const assert = require("assert");
const fs = require("fs");
const http = require("http");
const os = require("os");
const path = require("path");
const { launch, run, folded, parse, examples, runCases } = require("./lib.js");

const WIDTH = 1200, ROOM = WIDTH - 20;
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), "ljstap-browser-"));
const text = folded(800, 20), stacks = parse(text);
const all = stacks.reduce((n, s) => n + s.count, 0);
let browser, context, page;
const errors = [];	// of pages

function picture(name, args, input) {
	const file = path.join(tmp, name + ".svg");
	fs.writeFileSync(file, run(args, input));
	return "file://" + file;
}

// -- What the page shows ----------------------------------------------------

// Frames narrower than this are not elements, but parts of a path.
const SMALL = 2;

const smallFrames = (p = page) => p.evaluate(() =>
	[...document.querySelectorAll(".frames path")].flatMap((e) =>
		[...e.getAttribute("d").matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)v/g)]
			.map(([, x, y, w]) => ({ x: Number(x), y: Number(y),
				w: Number(w), cls: e.getAttribute("class") }))));

// The frames, as screen readers get them.
function frames(p = page) {
	return p.evaluate(() => [...document.querySelectorAll("[role=treeitem]")]
		.map((e) => ({
			words: e.getAttribute("aria-label"),
			level: Number(e.getAttribute("aria-level")),
			x: Number(e.getAttribute("x")),
			y: Number(e.getAttribute("y")),
			w: Number(e.getAttribute("width")),
			cls: e.getAttribute("class"),
		})));
}

// The same without a script.
function staticFrames(p) {
	return p.evaluate(() => [...document.querySelectorAll(".frames rect")]
		.filter((e) => !/^(fresh|gone)$/.test(e.getAttribute("class")))
		.map((e) => {
			const g = e.parentNode.classList.contains("frames") ? e :
				e.parentNode;
			return {
				words: g.querySelector("title").textContent,
				x: Number(e.getAttribute("x")),
				y: Number(e.getAttribute("y")),
				w: Number(e.getAttribute("width")),
				cls: g.getAttribute("class"),
			};
		}));
}

const labels = (p, selector) => p.evaluate((s) =>
	[...document.querySelectorAll(s)].map((e) => e.textContent).sort(),
selector);

const nameOf = (f) => f.words.replace(/: \d[^:]*$/, "");
const countOf = (f) => Number(/: (\d+) samples/.exec(f.words)[1]);
const isMore = (f) => f.cls === "more";
const shownFrames = async () => (await frames()).filter((f) => !isMore(f));

async function open(url, p = page) {
	await p.goto("about:blank");
	await p.goto(url);
}

async function click(f) {
	await page.evaluate((y) => window.scrollTo(0, y - 300), f.y);
	const dy = await page.evaluate(() => window.scrollY);
	await page.mouse.click(f.x + Math.min(f.w / 2, 600), f.y + 8 - dy);
}

const status = () => page.evaluate(() =>
	document.querySelector("[role=status]").textContent);
const found = () => page.evaluate(() =>
	document.querySelector(".found").textContent);
const crumbs = () => page.evaluate(() =>
	[...document.querySelectorAll("nav button")].map((b) => b.textContent));
const hash = () => page.evaluate(() => location.hash);
const focused = () => page.evaluate(() =>
	document.activeElement &&
	(document.activeElement.getAttribute("aria-label") ||
	document.activeElement.textContent) || "");

async function search(regex) {
	await page.keyboard.press("/");
	await page.keyboard.insertText(regex);
	await page.waitForFunction((q) =>
		new URLSearchParams(location.hash.slice(1)).get("q") === q, regex);
	await page.keyboard.press("Tab");	// out of the field
}

function near(is, want, what, by = 0.011) {
	assert(Math.abs(is - want) <= by, `${what}: ${is}, not ${want}`);
}

// -- What must be shown, from the folded lines ------------------------------

const starts = (stack, prefix) => prefix.every((n, i) => stack[i] === n);

function total(filter, of = stacks) {
	return of.reduce((n, s) => n + (filter(s.stack) ? s.count : 0), 0);
}

function share(regex, prefix = []) {
	const inside = (s) => starts(s, prefix);
	return 100 * total((s) => inside(s) &&
		s.slice(Math.max(prefix.length - 1, 0)).some((n) => regex.test(n))) /
		total(inside);
}

function sums(keyOf, of = stacks) {
	const m = new Map();
	for (const s of of) {
		const k = keyOf(s.stack);
		if (k !== undefined)
			m.set(k, (m.get(k) || 0) + s.count);
	}
	return m;
}

async function sameTotals(list, want, what) {
	for (const f of list)
		assert.strictEqual(countOf(f), want.get(nameOf(f)),
			`${what}: ${f.words}`);
	// Only those too narrow may be missing.
	const min = SMALL * all / ROOM, names = new Set(list.map(nameOf));
	for (const [name, count] of want)
		assert(names.has(name) || count < min, `${what}: no ${name}`);
}

// -- Cases ------------------------------------------------------------------

const cases = {};
let url;	// of the picture most cases use

// With the script blocked the picture is the same.
cases.without_script = async () => {
	const plain = await (await browser.newContext({ javaScriptEnabled: false,
		viewport: { width: WIDTH, height: 900 } })).newPage();
	for (const args of [["flame"], ["flame", "--icicle"]]) {
		const u = picture("static", args, text);
		await open(u, plain);
		await open(u);
		// Playwright's own calls need no script of the page.
		const still = (await staticFrames(plain)).filter((f) => f.w >= 1);
		const live = (await frames()).concat(await smallFrames())
			.filter((f) => f.w >= 1);
		assert(live.some((f) => !f.words) && live.some(isMore));
		assert(still.length > 200, `${still.length} frames`);
		assert.strictEqual(live.length, still.length);
		const base = (list) => list.find((f) => /^all: /.test(f.words)).y;
		const [a, b] = [still, live].map((list) => {
			const y = base(list);
			return list.map((f) => Object.assign(f, { y: f.y - y }))
				.sort((p, q) => p.y - q.y || p.x - q.x);
		});
		a.forEach((f, i) => {
			assert.strictEqual(b[i].words || f.words, f.words);
			assert.strictEqual(b[i].cls, f.cls);
			assert.strictEqual(b[i].y, f.y);
			near(b[i].x, f.x, f.words);
			near(b[i].w, f.w, f.words);
		});
		assert.deepStrictEqual(await labels(page, ".labels text"),
			await labels(plain, ".frames text"));
	}
	await plain.context().close();
};

// Calls look(page) on a picture that is served with a policy.
async function served(picture_url, policy, look) {
	const svg = fs.readFileSync(picture_url.slice(7));
	const server = http.createServer((req, res) => {
		res.writeHead(200, { "Content-Type": "image/svg+xml",
			"Content-Security-Policy": policy });
		res.end(svg);
	}).listen(0, "127.0.0.1");
	await new Promise((done) => server.once("listening", done));
	const p = await context.newPage();
	watch(p);
	await p.goto(`http://127.0.0.1:${server.address().port}/`);
	await look(p);
	await p.close();
	server.close();
}

const fill = (p, selector) => p.evaluate((s) =>
	getComputedStyle(document.querySelector(s)).fill, selector);

// Served with a policy that forbids scripts, it still shows.
cases.no_script_policy = async () => {
	const plain = await (await browser.newContext({
		javaScriptEnabled: false })).newPage();
	await open(url, plain);
	const colour = await fill(plain, ".frames .lua rect");
	assert.match(colour, /^rgb/);
	await plain.context().close();
	const policy = run(["csp"]).trim().replace(/script-src.*/,
		"script-src 'none'");
	await served(url, policy, async (p) => {
		assert((await staticFrames(p)).length > 200);
		assert.strictEqual((await frames(p)).length, 0);
		assert.strictEqual(await fill(p, ".frames .lua rect"), colour);
	});
	// That is what the console is to say, and no more.
	assert.strictEqual(errors.length, 1, errors);
	assert.match(errors.pop(), /inline script .*script-src 'none'/);
};

// With the policy that ljstap prints, pictures do all they can.
cases.own_policy = async () => {
	const { dump } = examples(tmp), policy = run(["csp"]).trim();
	assert.match(policy, /^default-src 'none'; style-src 'sha256-/);
	await served(url, policy, async (p) => {
		const list = await frames(p);
		assert(list.length > 200);
		await p.keyboard.press("r");
		assert.notDeepStrictEqual(await frames(p), list);
	});
	await served(picture("policy-heat", ["heat", dump]), policy,
		async (p) => {
			await p.focus(".cells");
			await p.keyboard.press("Enter");
			assert.match(await p.evaluate(() => document.querySelector(
				"[role=status]").textContent), /./);
		});
	await served(picture("policy-curve", ["curve"], "t,a\n0,1\n1,2\n"),
		policy, async (p) => assert.strictEqual(await p.evaluate(() =>
			getComputedStyle(document.querySelector(".title"))
				.fontSize), "17px"));
};

cases.totals = async () => {
	await open(url);
	const list = await shownFrames();
	await sameTotals(list.filter((f) => f.level === 2),
		sums((s) => s[0]), "first level");
	// What is merged shows: no more than a frame's least width is missing.
	const wide = await frames(), y = wide.find((f) => f.level === 2).y;
	const row = wide.concat(await smallFrames()).filter((f) => f.y === y)
		.sort((a, b) => a.x - b.x);
	let end = 10;
	for (const f of row) {
		assert(f.x - end > -0.02 && f.x - end < 0.52, f.words);
		end = f.x + f.w;
	}
	assert(row.some(isMore), "no block of merged frames");
};

function widestAt(list, level) {
	return list.filter((f) => f.level === level)
		.sort((a, b) => b.w - a.w)[0];
}

// What is too small to be an element can be pointed at all the same.
cases.hover = async () => {
	await open(url);
	const f = (await smallFrames()).find((g) => g.w > 1.2);
	await page.evaluate((y) => window.scrollTo(0, y - 300), f.y);
	const dy = await page.evaluate(() => window.scrollY);
	await page.mouse.move(f.x + f.w / 2, f.y + 8 - dy);
	const tip = await labels(page, ".tip text");
	assert(tip.some((t) => /^[^:]+.*: \d+ samples, [\d.]+ %$/.test(t)), tip);
	assert(tip.some((t) => /^self \d+ samples/.test(t)), tip);
	await page.mouse.click(f.x + f.w / 2, f.y + 8 - dy);
	assert((await crumbs()).length > 1);
};

cases.zoom = async () => {
	await open(url);
	const before = await frames();
	const way = [];
	for (let level = 2; level < 5; level++) {
		const f = widestAt(await shownFrames(), level);
		await click(f);
		way.push(nameOf(f));
		const now = (await shownFrames()).find((g) => g.level === level);
		assert.strictEqual(nameOf(now), nameOf(f));
		assert.strictEqual(countOf(now), total((s) => starts(s, way)));
		near(now.w, ROOM, "zoomed frame");
		assert.strictEqual((await crumbs()).length, way.length + 1);
		const below = (await shownFrames())
			.filter((g) => g.level === level + 1);
		const want = sums((s) => starts(s, way) ? s[way.length] :
			undefined);
		for (const g of below)
			assert.strictEqual(countOf(g), want.get(nameOf(g)), g.words);
	}
	// The address alone brings it back, and the browser's own way back.
	const here = await frames(), address = await hash();
	assert.strictEqual(new URLSearchParams(address.slice(1)).get("z"),
		way.join(";"));
	await open(url + address);
	assert.deepStrictEqual(await frames(), here);
	await page.keyboard.press("0");
	assert.deepStrictEqual(await frames(), before);
	await page.goBack();
	assert.deepStrictEqual(await frames(), here);
	// A way that is only partly there.
	await open(url + "#z=" + encodeURIComponent(way[0] + ";nowhere"));
	assert.strictEqual((await crumbs()).length, 2);
};

cases.search = async () => {
	await open(url);
	const percent = async () =>
		Number(/Matched: ([\d.]+) %/.exec(await found())[1]);
	for (const q of ["mod1\\.lua", "ngx_http_function_7", "^lj_BC_OP",
		"F1", "^(f0|f1|f2)@", "no such thing", "samples", "%"]) {
		await search(q);
		near(await percent(), share(new RegExp(q, /[A-Z]/.test(q) ? "" :
			"i")), q);
		assert.strictEqual((await frames()).filter((f) =>
			/ hit$/.test(f.cls) && !new RegExp(q, "i").test(nameOf(f)))
			.length, 0);
	}
	await search("(");
	assert.match(await found(), /Not a regular expression/);
	// Right after zooming, with matches wide, narrow, and not shown at all.
	await open(url);
	await search("mod1\\.lua");
	const way = [];
	for (let level = 2; level < 6; level++) {
		const f = widestAt(await shownFrames(), level);
		way.push(nameOf(f));
		await click(f);
		near(await percent(), share(/mod1\.lua/i, way), way.join(";"));
	}
	await page.keyboard.press("r");
	near(await percent(), share(/mod1\.lua/i), "reversed");
};

cases.next_match = async () => {
	await open(url);
	await search("mod2\\.lua");
	const hits = (await frames()).filter((f) => / hit$/.test(f.cls));
	assert(hits.length > 3);
	await page.keyboard.press("n");
	const first = await focused();
	assert(hits.some((f) => f.words === first), first);
	assert.match(await status(), new RegExp(`Match 1 of ${hits.length} shown`));
	await page.keyboard.press("n");
	await page.keyboard.press("N");
	assert.strictEqual(await focused(), first);
	await page.keyboard.press("N");
	assert.match(await status(),
		new RegExp(`Match ${hits.length} of ${hits.length}`));
};

// The outermost call of a function, and what is directly below and above it.
cases.sandwich = async () => {
	const totals = new Map();
	for (const s of stacks)
		for (const n of new Set(s.stack))
			totals.set(n, (totals.get(n) || 0) + s.count);
	const most = [...totals].sort((a, b) => b[1] - a[1]).slice(0, 8);
	for (const [name, count] of most) {
		await open(url + "#sandwich=" + encodeURIComponent(name));
		const list = await shownFrames();
		const centre = list.find((f) => f.level === 1);
		assert.strictEqual(centre.words.split(": ")[0] + ": " +
			countOf(centre), name + ": " + count);
		const first = (s) => s.indexOf(name);
		await sameTotals(list.filter((f) => f.level === 2 && f.y < centre.y),
			sums((s) => first(s) >= 0 ? s[first(s) + 1] : undefined),
			"callees of " + name);
		await sameTotals(list.filter((f) => f.level === 2 && f.y > centre.y),
			sums((s) => first(s) > 0 ? s[first(s) - 1] : undefined),
			"callers of " + name);
	}
};

cases.reversed = async () => {
	await open(url + "#reversed=1");
	const list = await shownFrames();
	await sameTotals(list.filter((f) => f.level === 2),
		sums((s) => s[s.length - 1]), "self");
	const leaf = widestAt(list, 2), name = nameOf(leaf);
	await click(leaf);
	const want = sums((s) => s[s.length - 1] === name && s.length > 1 ?
		s[s.length - 2] : undefined);
	for (const f of (await shownFrames()).filter((g) => g.level === 3))
		assert.strictEqual(countOf(f), want.get(nameOf(f)), f.words);
};

cases.focus_and_hide = async () => {
	await open(url);
	for (const [key, wants] of [["f", true], ["h", false]]) {
		await search("mod3\\.lua");
		await page.keyboard.press(key);
		const base = (await frames()).find((f) => f.level === 1);
		assert.strictEqual(countOf(base), total((s) =>
			s.some((n) => /mod3\.lua/.test(n)) === wants));
		await page.evaluate(() => [...document.querySelectorAll("nav button")]
			.pop().click());
		assert.strictEqual(countOf((await frames())[0]), all);
	}
};

// Of a dump: lines, and layers, against ljstap fold.
cases.layers = async () => {
	const { dump } = examples(tmp);
	const u = picture("example", ["flame", dump]);
	const check = async (of, what) => {
		const list = await shownFrames();
		for (const f of list.filter((g) => g.level > 1)) {
			const sum = sums((s) => s[f.level - 2] === nameOf(f) ? 1 :
				undefined, of).get(1);
			assert(countOf(f) <= sum, `${what}: ${f.words}`);
		}
		for (const level of [2, 3, 4, 5])
			assert.deepStrictEqual(
				[...new Set(list.filter((f) => f.level === level)
					.map(nameOf))].sort(),
				[...new Set(of.map((s) => s.stack[level - 2])
					.filter((n) => n))].sort(), what);
	};
	const plain = parse(run(["fold", dump]));
	const lines = parse(run(["fold", "--lines", dump]));
	await open(u);
	await check(plain, "functions");
	await page.keyboard.press("l");
	await check(lines, "lines");
	await page.keyboard.press("l");
	await page.evaluate(() => [...document.querySelectorAll(".layer")]
		.find((b) => b.textContent === "LuaJIT VM").click());
	const vm = /^(lj_|\[lj_|\[JIT |\[GC\]|\[trace exit\])/;
	await check(plain.map((s) => ({ count: s.count,
		stack: s.stack.filter((n) => !vm.test(n)) })), "no VM");
};

cases.keyboard = async () => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await open(url);
	for (let i = 0; i < 60 && !/: \d+ samples/.test(await focused()); i++)
		await page.keyboard.press("Tab");
	assert.match(await focused(), /^all: /);
	await page.keyboard.press("ArrowUp");
	const first = await focused();
	assert.strictEqual(first, widestAt(await frames(), 2).words);
	await page.keyboard.press("ArrowRight");
	const beside = await focused();
	await page.keyboard.press("ArrowLeft");
	assert.strictEqual(await focused(), first);
	assert.notStrictEqual(beside, first);
	await page.keyboard.press("c");
	assert.strictEqual(await page.evaluate(() =>
		navigator.clipboard.readText()), nameOf({ words: first }));
	await page.keyboard.press("ArrowUp");
	await page.keyboard.press("C");
	const stack = await page.evaluate(() => navigator.clipboard.readText());
	assert.strictEqual(stack.split(";").length, 2);
	assert(total((s) => starts(s, stack.split(";"))) > 0, stack);
	await page.keyboard.press("Enter");
	assert.strictEqual((await crumbs()).length, 3);
	await page.keyboard.press("Escape");
	assert.strictEqual((await crumbs()).length, 2);
	await page.keyboard.press("0");
	await page.keyboard.press("i");
	await page.keyboard.press("ArrowDown");
	assert.strictEqual(await focused(), first);
	await page.keyboard.press("s");
	assert.match(await hash(), /sandwich=/);
	await page.keyboard.press("ArrowDown");
	assert.doesNotMatch(await focused(), new RegExp("^" + first));
	await page.keyboard.press("Escape");
	assert.doesNotMatch(await hash(), /sandwich=/);
	await page.keyboard.press("?");
	assert(await page.evaluate(() =>
		!document.querySelector(".help").hidden));
	await page.keyboard.press("/");
	assert.strictEqual(await focused(), "Search by regular expression");
};

cases.accessible = async () => {
	const source = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
	const small = picture("small", ["flame"], "a@x.lua:1;C:b 3\na@x.lua:1 1\n" +
		"lj_BC_CALL;[kernel] 2\ntrace#1:x.lua:2;[builtin#3] 1\nz 9999\n");
	for (const scheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme: scheme });
		await open(small + "#q=a");
		await page.keyboard.press("?");
		await page.evaluate(source);
		const faults = await page.evaluate(async () => {
			const r = await window.axe.run(document.documentElement);
			return { passes: r.passes.length, bad: r.violations
				.filter((v) => /serious|critical/.test(v.impact))
				.map((v) => v.id + ": " + v.help + ": " +
					v.nodes[0].html.slice(0, 200)) };
		});
		assert.deepStrictEqual(faults.bad, []);
		assert(faults.passes > 5, `${faults.passes} rules looked`);
	}
	await page.emulateMedia({ colorScheme: "light" });
};

// On a telephone all is inside, and larger than a finger can miss.
cases.narrow = async () => {
	const p = await (await browser.newContext({
		viewport: { width: 360, height: 640 } })).newPage();
	await open(url, p);
	const list = (await frames(p)).concat(await smallFrames(p));
	assert(list.every((f) => f.x >= 0 && f.x + f.w <= 360.1));
	assert(await p.evaluate(() =>
		document.documentElement.scrollWidth <= 360));
	assert(await p.evaluate(() => [...document.querySelectorAll("button")]
		.every((b) => b.getBoundingClientRect().right <= 360)));
	await p.context().close();
};

cases.nasty_names = async () => {
	const u = picture("nasty", ["flame", "--title", "<&\x01>"], Buffer.concat([
		Buffer.from("plain;".repeat(700) + "end 1\n<b>&amp;\"';--> 3\nx]]>y;</script> 2\n\x01\x7f;"),
		Buffer.from([0xff, 0xfe, 0xe2, 0x80, 0xae]),
		Buffer.from(" 4\n" + "n".repeat(4096) + " 1\n\u05e9\u05dc\u05d5 1\n" +
			"constructor;__proto__;toString 5\n"),
	]));
	await open(u);
	const names = (await shownFrames()).map(nameOf);
	for (const n of ["<b>&amp", "\"'", "-->", "x]]>y", "</script>", "__proto__",
		"\u05e9\u05dc\u05d5"])
		assert(names.includes(n), `${n} in ${names}`);
};

// Too deep to be drawn at once, but not to be searched and zoomed into.
cases.deep = async () => {
	const u = picture("deep", ["flame"], "f;".repeat(60000) + "g 1\n");
	await open(u);
	assert.strictEqual((await frames()).length, 3000);
	assert.match(await status(), /Only 3000 rows/);
	await search("^g$");
	assert.match(await found(), /100\.00 %/);
	await page.keyboard.press("r");
	const list = await frames();
	assert.strictEqual(list.length, 3000);
	assert(list.some((f) => /^g: 1 samples/.test(f.words)));
};

// Old and new time are both there; each side can be looked at alone.
cases.diff = async () => {
	const a = path.join(tmp, "before"), b = path.join(tmp, "after");
	fs.writeFileSync(a, "m;same 400\nm;less 300\nm;gone 300\n");
	fs.writeFileSync(b, "m;same 200\nm;less 50\nm;new 250\n");
	await open(picture("diff", ["diff", a, b]));
	const width = (list, n) => list.find((f) => nameOf(f) === n).w / ROOM;
	let list = await frames();
	// Union: 200 + 150 + 150 + 250.
	near(width(list, "gone"), 150 / 750, "gone", 1e-4);
	near(width(list, "less"), 150 / 750, "less", 1e-4);
	near(width(list, "new"), 250 / 750, "new", 1e-4);
	assert.match(list.find((f) => /^less/.test(f.words)).words,
		/300 -> 50 samples, 30\.00 % -> 10\.00 %/);
	const bars = await page.evaluate(() => ["fresh", "gone"].map((c) =>
		[...document.querySelectorAll(".frames ." + c)].length));
	assert.deepStrictEqual(bars, [3, 4]);
	await page.getByText("Before", { exact: true }).click();
	list = await frames();
	near(width(list, "gone"), 0.3, "gone before", 1e-4);
	assert(!list.some((f) => /^new/.test(f.words)));
	await page.getByText("After", { exact: true }).click();
	list = await frames();
	near(width(list, "new"), 0.5, "new after", 1e-4);
	assert(!list.some((f) => /^gone/.test(f.words)));
};

// Folded lines may say what their counts are of; bytes are told in MiB, by the
// picture and by its script alike.
cases.bytes = async () => {
	const head = "# ljstap unit: bytes\n# ljstap title: What is held\n";
	const a = path.join(tmp, "less.heap"), b = path.join(tmp, "more.heap");
	fs.writeFileSync(a, head + "_G;.big 3145728\n_G;.small 1536\n");
	fs.writeFileSync(b, head + "_G;.big 6291456\n_G;.small 1536\n");
	const u = picture("bytes", ["flame", a]);
	const svg = fs.readFileSync(path.join(tmp, "bytes.svg"), "utf8");
	assert.match(svg, /<title>\.big: 3\.0 MiB, 99\.95 %<\/title>/);
	await open(u);
	let list = await frames();
	assert.strictEqual(list.find((f) => nameOf(f) === ".big").words,
		".big: 3.0 MiB, 99.95 %");
	await open(picture("bytes-diff", ["diff", a, b]));
	list = await frames();
	assert.match(list.find((f) => nameOf(f) === ".big").words,
		/3\.0 MiB -> 6\.0 MiB, /);
};

// So are times, in seconds.
cases.times = async () => {
	const a = path.join(tmp, "wait.folded");
	fs.writeFileSync(a, "# ljstap unit: nanoseconds\n" +
		"f;[blocked] 3914047138\nf;[I/O] 98760000\n");
	const u = picture("times", ["flame", a]);
	const svg = fs.readFileSync(path.join(tmp, "times.svg"), "utf8");
	assert.match(svg, /<title>\[blocked\]: 3\.91 s, 97\.54 %<\/title>/);
	await open(u);
	const words = (await frames()).map((f) => f.words);
	assert(words.includes("[blocked]: 3.91 s, 97.54 %"));
	assert(words.includes("[I/O]: 98.8 ms, 2.46 %"));
};

// Frames are where their samples were, whatever is zoomed.
cases.chart = async () => {
	const { dump } = examples(tmp);
	await open(picture("chart", ["flame", "--chart", dump]));
	const ticks = () => page.evaluate(() =>
		[...document.querySelectorAll(".axis text")].map((e) =>
			e.textContent));
	assert((await ticks()).length > 1);
	const list = (await frames()).filter((f) => f.level === 2);
	assert(list.length > 1);
	list.forEach((f, i) => assert(!i || f.x >= list[i - 1].x +
		list[i - 1].w - 0.02, f.words));
	const before = await ticks();
	const last = list[list.length - 1];
	const span = /: ([\d.]+) ms/.exec((await frames())[0].words)[1] / 1e3;
	const from = (last.x - 10) / ROOM * span;
	await click(last);
	const now = (await frames()).find((f) => f.level === 2);
	assert.strictEqual(now.words, last.words);
	near(now.w, ROOM, "zoomed");
	assert.notDeepStrictEqual(await ticks(), before);
	for (const t of await ticks())
		near(parseFloat(t), from + last.w / ROOM * span / 2,
			"time " + t, last.w / ROOM * span / 2 + 1e-4);
};

// Two clicks give the options for the time between them.
cases.heat = async () => {
	const { dump } = examples(tmp);
	await open(picture("heat", ["heat", dump]));
	const said = () => page.evaluate(() =>
		document.querySelector("[role=status]").textContent);
	const cells = await page.evaluate(() =>
		[...document.querySelectorAll(".cells rect:not(.h0)")].map((e) => {
			const b = e.getBoundingClientRect();
			return { x: b.x + b.width / 2, y: b.y + b.height / 2,
				words: e.textContent };
		}));
	await page.mouse.click(cells[0].x, cells[0].y);
	const last = cells[cells.length - 1];
	await page.mouse.click(last.x, last.y);
	const [, from, to, count] =
		/--from ([\d.]+) --to ([\d.]+) +\((\d+) samples/.exec(await said());
	const sum = (lines) => parse(lines).reduce((n, s) => n + s.count, 0);
	assert.strictEqual(Number(count), sum(run(["fold", dump])));
	assert.strictEqual(sum(run(["fold", "--from", from, "--to", to, dump])),
		Number(count));
	near(Number(from), Number(/^[\d.]+/.exec(cells[0].words)[0]), "from");
	// The same by keys: one cell.
	await page.keyboard.press("Escape");
	await page.focus(".cells");
	await page.keyboard.press("Enter");
	await page.keyboard.press("Enter");
	assert.match(await said(), /--from [\d.]+ --to [\d.]+/);
};

function watch(p) {
	p.on("console", (m) => {
		if (/error|warning/.test(m.type()))
			errors.push(m.text());
	});
	p.on("pageerror", (e) => errors.push(String(e.stack || e)));
}

const main = async (wanted) => {
	browser = await launch();
	context = await browser.newContext({
		viewport: { width: WIDTH, height: 900 } });
	page = await context.newPage();
	page.setDefaultTimeout(10000);
	watch(page);
	url = picture("picture", ["flame"], text);
	const quiet = (check) => async () => {
		errors.length = 0;
		await check();
		assert.deepStrictEqual(errors, [], "errors on the console");
	};
	const failed = await runCases(Object.fromEntries(Object.entries(cases)
		.map(([name, check]) => [name, quiet(check)])), wanted);
	await browser.close();
	fs.rmSync(tmp, { recursive: true });
	process.exit(failed);
};

main(process.argv.slice(2));
