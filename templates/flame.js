// flame.js - the script in a flame graph: zoom, search and other views.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// Without it the picture is complete for the eye; with it every frame of the
// profile can be reached, whatever its width. What a picture carries is told
// in postproc/treetext.h.
//
//   decode() -> weigh() -> layout() -> draw()
//
// A view never makes a second tree: a frame on the screen is a list of nodes
// of the one tree, and only frames wide enough to be seen are looked below
// of. So the cost of everything is that of the pixels, not of the profile.
"use strict";
(function () {

const SVG = "http://www.w3.org/2000/svg";
const HTML = "http://www.w3.org/1999/xhtml";
const LJ = "urn:ljstap:profile:1";
// As in postproc/draw_flame.c, flame.c and caption.h.
const ROW = 17, TALL = 16, BASELINE = 12, PAD = 3, MARGIN = 10, CHAR = 7.23;
const SMALL = 2;	// px; narrower frames are no elements of their own
const DEPTHS = 3000;	// rows beyond what is zoomed into
const AXIS = 18, SHADES = 4, SHORTEST = 3, LEGEND_LINE = "line", LEGEND_GAP = "gap";

const script = document.currentScript;
const root = (script && script.ownerSVGElement) || document.documentElement;
const data = root.getElementsByTagNameNS(LJ, "profile")[0];
const kind = data.getAttribute("kind");
const unit = data.getAttribute("unit");
// Those that are told in multiples: steps, and names.
const multiples = { bytes: [1024, "bytes", "KiB", "MiB", "GiB"],
	nanoseconds: [1000, "ns", "\u00b5s", "ms", "s"] }[unit];
// What a count of 1 is in the numbers of the tree.
const one = Number(data.getAttribute("one") || 1);
const minwidth = Number(data.getAttribute("minwidth"));
const scale = Number(data.getAttribute("scale") || 1);
const isDiff = kind === "diff", isChart = kind === "chart";

// -- The profile ------------------------------------------------------------

// All text of the elements of one name.
function textOf(element) {
	const parts = data.getElementsByTagNameNS(LJ, element);
	let text = "";
	for (let i = 0; i < parts.length; i++)
		text += parts[i].textContent;
	return text;
}

// The layers: class and legend of each.
const layers = Array.from(data.getElementsByTagNameNS(LJ, "layer"),
	(e) => ({ name: e.getAttribute("class"), words: e.textContent }));
const LINE = layers.findIndex((l) => l.name === LEGEND_LINE);
const GAP = layers.findIndex((l) => l.name === LEGEND_GAP);

let names, layerOf, idOf;	// by name id
let n, name, parent, end;	// by node
let total, self;		// by node, as counted; of a diff: after
let total2, self2;		// of a diff: before

function decodeNames() {
	const lines = textOf("names").split("\n");

	names = new Array(lines.length);
	layerOf = new Uint8Array(lines.length);
	idOf = new Map();
	for (let i = 0; i < lines.length; i++) {
		layerOf[i] = lines[i].charCodeAt(0) - 48;
		names[i] = lines[i].slice(1);
		idOf.set(names[i], i);
	}
}

function countNodes(text) {
	let count = 0;
	for (let i = 0; i < text.length; i++) {
		const c = text.charCodeAt(i);
		if (c >= 65 && c < 90)
			count++;
	}
	return count;
}

function decodeTree() {
	const text = textOf("tree"), length = text.length;
	const open = [];	// the way to the node before, by depth
	let at = 0, depth = -1;

	// A number of base 36, after its separator.
	function number() {
		let v = 0;
		for (; at < length; at++) {
			const c = text.charCodeAt(at);
			if (c >= 48 && c < 58)
				v = v * 36 + c - 48;
			else if (c >= 97)
				v = v * 36 + c - 87;
			else
				break;
		}
		return v;
	}

	n = countNodes(text);
	name = new Int32Array(n);
	parent = new Int32Array(n);
	end = new Int32Array(n);
	total = new Float64Array(n);
	total2 = new Float64Array(isDiff ? n : 0);
	for (let i = 0; i < n; i++) {
		let up = 0, c;
		while ((c = text.charCodeAt(at++)) === 90)
			up += 25;
		depth += 1 - up - (c - 65);
		const above = depth ? open[depth - 1] : 0;
		open[depth] = i;
		parent[i] = above;
		name[i] = number();
		total[i] = total[above];
		if (isDiff)
			total2[i] = total2[above];
		if (text.charCodeAt(at) === 46) {
			at++;
			total[i] = number();
		}
		if (text.charCodeAt(at) === 46) {
			at++;
			total2[i] = number();
		}
	}
}

function selfOf(totals) {
	const own = Float64Array.from(totals);
	for (let i = 1; i < totals.length; i++)
		own[parent[i]] -= totals[i];
	return own;
}

let startOf;	// of a chart, by node: ns from its start

function decodeTimes() {
	const next = new Float64Array(n);
	startOf = new Float64Array(n);
	for (let i = 1; i < n; i++) {
		startOf[i] = next[parent[i]];
		next[parent[i]] += total[i];
		next[i] = startOf[i];
	}
}

function decode() {
	decodeNames();
	decodeTree();
	for (let i = n - 1; i >= 0; i--) {
		if (end[i] <= i)
			end[i] = i + 1;
		if (i && end[parent[i]] < end[i])
			end[parent[i]] = end[i];
	}
	self = selfOf(total);
	self2 = selfOf(total2);
	if (isChart)
		decodeTimes();
}

// -- State: all of it is in the URL -----------------------------------------

const defaults = {
	path: [],	// zoom: { id, k } from below the base; k: the how-manieth
	half: "down",	// of a sandwich, the zoom is in
	query: "", focus: "", hide: "",
	reversed: false, sandwich: -1,
	icicle: data.getAttribute("icicle") === "1",
	lines: data.getAttribute("lines") === "1",
	off: new Set(),	// layers
	side: "delta",	// of a diff
};
let S = Object.assign({}, defaults);

function pathText(path) {
	return path.map((p) => names[p.id] + (p.k ? ";;" + p.k : "")).join(";");
}

// As far as the names are known.
function pathFrom(text) {
	const parts = text ? text.split(";") : [], path = [];
	for (let i = 0; i < parts.length; i++) {
		const id = idOf.get(parts[i]);
		if (id === undefined)
			break;
		let k = 0;
		if (parts[i + 1] === "" && /^\d+$/.test(parts[i + 2] || "")) {
			k = Number(parts[i + 2]);
			i += 2;
		}
		path.push({ id, k });
	}
	return path;
}

function hashOf() {
	const p = new URLSearchParams();
	if (S.path.length)
		p.set("z", pathText(S.path));
	if (S.half !== "down")
		p.set("half", S.half);
	if (S.query)
		p.set("q", S.query);
	if (S.focus)
		p.set("focus", S.focus);
	if (S.hide)
		p.set("hide", S.hide);
	if (S.reversed)
		p.set("reversed", "1");
	if (S.sandwich >= 0)
		p.set("sandwich", names[S.sandwich]);
	if (S.icicle !== defaults.icicle)
		p.set("icicle", S.icicle ? "1" : "0");
	if (S.lines !== defaults.lines)
		p.set("lines", S.lines ? "1" : "0");
	if (S.off.size)
		p.set("off", [...S.off].map((i) => layers[i].name).join(","));
	if (S.side !== "delta")
		p.set("side", S.side);
	return p.toString();
}

function stateFrom(hash) {
	const p = new URLSearchParams(hash.replace(/^#/, ""));
	const flag = (key, other) => p.has(key) ? p.get(key) === "1" : other;
	const known = idOf.get(p.get("sandwich"));
	const off = (p.get("off") || "").split(",")
		.map((l) => layers.findIndex((x) => x.name === l))
		.filter((i) => i > 0);

	return {
		path: pathFrom(p.get("z")),
		half: p.get("half") === "up" ? "up" : "down",
		query: p.get("q") || "", focus: p.get("focus") || "",
		hide: p.get("hide") || "",
		reversed: flag("reversed", false),
		sandwich: known === undefined ? -1 : known,
		icicle: flag("icicle", defaults.icicle),
		lines: flag("lines", defaults.lines),
		off: new Set(off),
		side: ["before", "after"].includes(p.get("side")) ?
			p.get("side") : "delta",
	};
}

// keep: replace the place in the history, as while typing.
function remember(keep) {
	const hash = hashOf();
	if (hash === location.hash.replace(/^#/, ""))
		return;
	try {
		history[keep ? "replaceState" : "pushState"](null, "",
			"#" + hash);
	} catch (e) {
		// A frame may not be allowed to; the view works without.
	}
}

// -- Weights: what counts, under the filters --------------------------------

let W;			// width of a node, with all below it
let fresh, gone;	// of a diff
let hidden;		// by name id: not shown, its time is its caller's
let anyHidden;

function compile(text) {
	return new RegExp(text, /[A-Z]/.test(text) ? "" : "i");
}

// By name id, whether it matches; null if the text is no expression.
function matching(text) {
	let re;
	try {
		re = compile(text);
	} catch (e) {
		return null;
	}
	const m = new Uint8Array(names.length);
	for (let i = 1; i < names.length; i++)
		m[i] = re.test(names[i]) ? 1 : 0;
	return m;
}

// By node, whether it or a caller of it matches.
function onWay(m) {
	const way = new Uint8Array(n);
	for (let i = 1; i < n; i++)
		way[i] = way[parent[i]] ||
			(m[name[i]] && !hidden[name[i]] ? 1 : 0);
	return way;
}

function sumUp(own) {
	const sums = Float64Array.from(own);
	for (let i = n - 1; i > 0; i--)
		sums[parent[i]] += sums[i];
	return sums;
}

function applyFilters(own) {
	const only = S.focus ? matching(S.focus) : null;
	const without = S.hide ? matching(S.hide) : null;
	const yes = only && onWay(only), no = without && onWay(without);

	if (!yes && !no)
		return own;
	return own.map((v, i) => (yes && !yes[i]) || (no && no[i]) ? 0 : v);
}

let weighed = "";	// what the weights were made for

function weigh() {
	const key = [[...S.off], S.lines, S.focus, S.hide, S.side].join("\n");
	if (key === weighed)
		return;
	weighed = key;
	hidden = new Uint8Array(names.length);
	anyHidden = false;
	for (let i = 1; i < names.length; i++) {
		if (S.off.has(layerOf[i]) || (!S.lines && layerOf[i] === LINE)) {
			hidden[i] = 1;
			anyHidden = true;
		}
	}
	if (!isDiff) {
		W = S.focus || S.hide ? sumUp(applyFilters(self)) : total;
		return;
	}
	const a = applyFilters(self2), b = applyFilters(self);
	const width = S.side === "before" ? (i) => a[i] * scale :
		S.side === "after" ? (i) => b[i] :
		(i) => Math.max(a[i] * scale, b[i]);
	W = sumUp(b.map((v, i) => width(i)));
	fresh = sumUp(b.map((v, i) => Math.max(v - a[i] * scale, 0)));
	gone = sumUp(a.map((v, i) => Math.max(v * scale - b[i], 0)));
}

// -- Groups: nodes that are one frame of a view -----------------------------
//
// Down the tree a group's value is the sum of its nodes' widths. Up the tree,
// to callers, a node stands for a part of its width only, told in w.

function sum(nodes, w) {
	let v = 0;
	if (w)
		for (let i = 0; i < w.length; i++)
			v += w[i];
	else
		for (let i = 0; i < nodes.length; i++)
			v += W[nodes[i]];
	return v;
}

// Visible callees of a node, those of hidden callees included.
function eachCallee(i, f) {
	for (let c = i + 1; c < end[i]; ) {
		if (hidden[name[c]]) {
			c++;
			continue;
		}
		if (W[c] > 0)
			f(c);
		c = end[c];
	}
}

function visibleCaller(i) {
	do
		i = parent[i];
	while (i && hidden[name[i]]);
	return i;
}

function addTo(groups, byId, i, weight) {
	let g = byId.get(name[i]);
	if (!g) {
		g = { id: name[i], v: 0, k: 0, nodes: [],
			w: weight === undefined ? null : [] };
		byId.set(name[i], g);
		groups.push(g);
	}
	g.nodes.push(i);
	if (g.w)
		g.w.push(weight);
	g.v += weight === undefined ? W[i] : weight;
}

const byName = (a, b) => a.id - b.id;

// In a flame chart what comes later stays apart, unless it is next to it.
function calleesInOrder(nodes) {
	const groups = [], times = new Map();
	let last = null;
	for (const node of nodes) {
		eachCallee(node, (c) => {
			if (last && last.id === name[c] && anyHidden) {
				last.nodes.push(c);
				last.v += W[c];
				return;
			}
			const k = times.get(name[c]) || 0;
			times.set(name[c], k + 1);
			last = { id: name[c], v: W[c], k, nodes: [c], w: null };
			groups.push(last);
		});
	}
	return groups;
}

function callees(nodes) {
	if (isChart && !S.reversed && S.sandwich < 0)
		return calleesInOrder(nodes);
	const groups = [], byId = new Map();
	for (let i = 0; i < nodes.length; i++)
		eachCallee(nodes[i], (c) => addTo(groups, byId, c));
	return groups.sort(byName);
}

function callers(nodes, w) {
	const groups = [], byId = new Map();
	for (let i = 0; i < nodes.length; i++) {
		const p = visibleCaller(nodes[i]);
		if (p)
			addTo(groups, byId, p, w[i]);
	}
	return groups.sort(byName);
}

const next = (g, up) => up ? callers(g.nodes, g.w) : callees(g.nodes);

// What time is spent in, wherever it is called from.
function leaves() {
	const groups = [], byId = new Map();
	for (let i = 1; i < n; i++) {
		let own = W[i];
		for (let c = i + 1; c < end[i]; c = end[c])
			own -= W[c];
		const at = hidden[name[i]] ? visibleCaller(i) : i;
		if (own > 1e-9 && at && layerOf[name[at]] !== GAP)
			addTo(groups, byId, at, own);
	}
	return groups.sort(byName);
}

// The calls of a function that are not inside another call of it.
function outermost(id) {
	const nodes = [];
	for (let i = 1; i < n; ) {
		if (name[i] === id && W[i] > 0) {
			nodes.push(i);
			i = end[i];
		} else {
			i++;
		}
	}
	return nodes;
}

// -- Layout -----------------------------------------------------------------

let frames;	// { id, more, d, x, w, v, g, up, par, k }, w and x in px
let zoomed;	// the group at the base of what is shown, { nodes, w, v, up }
let missing;	// a part of the zoom's path that does not exist
let shown;	// px, all frames are in
let tooDeep;	// not all rows are there

function baseOf() {
	if (S.sandwich >= 0) {
		const nodes = outermost(S.sandwich);
		return { id: S.sandwich, v: sum(nodes), k: 0, nodes, w: null };
	}
	return { id: 0, v: W[0], k: 0, nodes: [0], w: null };
}

// What is below, or above, the base of a view.
function firstOf(base, up) {
	if (S.sandwich >= 0)
		return up ? callers(base.nodes, base.nodes.map((i) => W[i])) :
			callees(base.nodes);
	return up ? leaves() : callees(base.nodes);
}

function push(g, d, x, par, up, pxPerUnit) {
	frames.push({ id: g.id, more: 0, d, x, w: g.v * pxPerUnit, v: g.v, g,
		up, par, k: g.k });
	return frames.length - 1;
}

function pushMore(count, v, d, x, par, up, pxPerUnit) {
	frames.push({ id: -1, more: count, d, x, w: v * pxPerUnit, v, g: null,
		up, par, k: 0 });
}

// Frames next to each other; those too narrow are one block. Frames placed
// are queued, to be looked beyond of.
function place(groups, d, x, par, up, min, px) {
	let count = 0, v = 0, from = x;
	for (const g of groups) {
		if (g.v >= min) {
			if (count && v > 0 && v >= min)
				pushMore(count, v, d, from, par, up, px);
			count = v = 0;
			push(g, d, x, par, up, px);
		} else {
			if (!count++)
				from = x;
			v += g.v;
		}
		x += g.v * px;
	}
	if (count && v > 0 && v >= min)
		pushMore(count, v, d, from, par, up, px);
}

// The same for the callees of one node, without making groups of all.
function placeCallees(i, d, x, par, min, px) {
	let count = 0, v = 0, from = x;
	const times = isChart ? new Map() : null;
	for (let c = i + 1; c < end[i]; c = end[c]) {
		const wide = W[c];
		let k = 0;
		if (times) {
			k = times.get(name[c]) || 0;
			times.set(name[c], k + 1);
		}
		if (wide >= min && wide > 0) {
			if (count && v > 0 && v >= min)
				pushMore(count, v, d, from, par, false, px);
			count = v = 0;
			push({ id: name[c], v: wide, k, nodes: [c], w: null },
				d, x, par, false, px);
		} else if (wide > 0) {
			if (!count++)
				from = x;
			v += wide;
		}
		x += wide * px;
	}
	if (count && v > 0 && v >= min)
		pushMore(count, v, d, from, par, false, px);
}

// All beyond the frames that are placed; as many rows as can be drawn, from
// the one that is zoomed into.
function spread(from, base, min, px) {
	for (let i = from; i < frames.length; i++) {
		const f = frames[i], step = f.up && S.sandwich >= 0 ? -1 : 1;
		if (f.more || layerOf[f.id] === GAP)
			continue;
		if (Math.abs(f.d - base) >= DEPTHS - 1) {
			tooDeep = true;
			break;	// all that follow are as deep
		}
		if (!f.up && !anyHidden && f.g.nodes.length === 1)
			placeCallees(f.g.nodes[0], f.d + step, f.x, i, min, px);
		else
			place(next(f.g, f.up), f.d + step, f.x, i, f.up, min, px);
	}
}

// Follow the zoom's path; its frames are drawn over the whole width.
function follow(base, up, groups) {
	const step = up && S.sandwich >= 0 ? -1 : 1;
	let g = base, d = 0, par = 0;

	missing = "";
	for (let i = 0; i < S.path.length; i++) {
		const p = S.path[i];
		const found = groups.find((x) => x.id === p.id && x.k === p.k);
		if (!found) {
			missing = names[p.id];
			S.path = S.path.slice(0, i);
			break;
		}
		g = found;
		d += step;
		par = push(g, d, MARGIN, par, up, shown / g.v);
		if (i + 1 < S.path.length)
			groups = next(g, up);
	}
	return { g, d, par };
}

function layout(width) {
	const base = baseOf();
	const up = S.sandwich >= 0 ? S.half === "up" : S.reversed;

	shown = width - 2 * MARGIN;
	frames = [];
	tooDeep = false;
	if (!S.path.length && S.sandwich >= 0) {
		layoutSandwich(base);
		return;
	}
	const first = S.path.length || up ? firstOf(base, up) : null;
	push(base, 0, MARGIN, -1, false, shown / (base.v || 1));
	const at = follow(base, up, first);
	const min = minwidth * at.g.v / shown, px = at.g.v ? shown / at.g.v : 0;
	for (const f of frames) {
		f.above = f.g !== at.g;
		f.w = shown;
	}
	zoomed = { nodes: at.g.nodes, w: at.g.w, v: at.g.v, up: up && at.d !== 0 };
	if (at.d === 0 && up) {
		place(first, 1, MARGIN, 0, true, min, px);
		spread(1, 0, min, px);
	} else {
		spread(at.par, at.d, min, px);
	}
}

function layoutSandwich(base) {
	const min = minwidth * base.v / shown, px = base.v ? shown / base.v : 0;

	zoomed = { nodes: base.nodes, w: null, v: base.v, up: false };
	missing = "";
	push(base, 0, MARGIN, -1, false, px);
	place(firstOf(base, false), 1, MARGIN, 0, false, min, px);
	spread(1, 0, min, px);
	const from = frames.length;
	place(firstOf(base, true), -1, MARGIN, 0, true, min, px);
	spread(from, 0, min, px);
}

// -- Search -----------------------------------------------------------------

let match = null;	// by name id; null: no search
let way = null;		// onWay(match), made when needed
let matched = { v: 0, frames: 0 };

function search() {
	match = S.query ? matching(S.query) : null;
	way = null;
}

const isHit = (id) => match !== null && id > 0 && match[id] && !hidden[id];

// Adds what matches in a node's subtree; each stack counts once.
function matchedBelow(i, found) {
	for (let j = i, to = end[i], skip = i; j < to; j++) {
		if (!match[name[j]] || hidden[name[j]] || !(W[j] > 0))
			continue;
		found.frames++;
		if (j >= skip) {
			found.v += W[j];
			skip = end[j];
		}
	}
}

function countMatches() {
	const found = { v: 0, frames: 0 };

	matched = found;
	if (!match)
		return;
	if (!zoomed.up) {
		const above = S.sandwich >= 0 && !S.path.length &&
			(way || (way = onWay(match)));
		for (const i of zoomed.nodes) {
			const v = found.v;
			matchedBelow(i, found);
			if (above && above[i])
				found.v = v + W[i];
		}
		return;
	}
	way = way || onWay(match);
	for (let i = 0; i < zoomed.nodes.length; i++)
		if (way[zoomed.nodes[i]])
			found.v += zoomed.w[i];
	found.frames = -1;
}

// -- Words ------------------------------------------------------------------

function percent(part, whole) {
	return (whole ? 100 * part / whole : 0).toFixed(2) + " %";
}

// As amount_text() does it.
function scaled(v) {
	let i = 0;
	for (; v >= multiples[0] && i < 3; i++)
		v /= multiples[0];
	return (i ? v.toFixed(i === 3 ? 2 : 1) : Math.round(v)) + " " +
		multiples[i + 1];
}

function amount(v) {
	if (isChart)
		return (v / 1e6).toFixed(3) + " ms";
	return one === 1 && multiples ? scaled(v) :
		String(Math.round(v) / one) + " " + unit;
}

// What both sides of a diff have of a frame: before, after.
function sides(f) {
	let was = 0, is = 0;
	for (const i of f.g.nodes) {
		was += total2[i];
		is += total[i];
	}
	return [was, is];
}

function sideWords(f) {
	if (f.up || S.focus || S.hide)
		return amount(f.v) + ", " + percent(f.v, W[0]);
	const [was, is] = sides(f);
	return (multiples ? amount(was) : was) + " -> " + amount(is) + ", " + percent(was, total2[0]) +
		" -> " + percent(is, total[0]);
}

// The whole of what a frame says.
function words(f) {
	if (f.more)
		return "+" + f.more + ", " + percent(f.v, W[0]) +
			": too narrow to draw";
	return names[f.id] + ": " + (isDiff ? sideWords(f) :
		amount(f.v) + ", " + percent(f.v, W[0]));
}

function ownOf(f) {
	if (f.more)
		return 0;
	let v = f.v;
	if (f.up)
		return S.reversed && f.d === 1 ? v : NaN;
	for (const g of callees(f.g.nodes))
		v -= layerOf[g.id] === GAP ? 0 : g.v;
	return Math.max(v, 0);
}

function details(f) {
	const lines = [words(f)];
	const own = ownOf(f);
	if (!f.more && own === own)
		lines.push("self " + amount(own) + ", " + percent(own, W[0]));
	if (S.path.length && !f.above)
		lines.push(percent(f.v, zoomed.v) + " of what is shown");
	return lines;
}

// -- Labels, as flame_label() in postproc/flame.c ---------------------------

function wideOf(c) {
	return (c >= 0x3000 && c < 0xe000) || c >= 0x10000 ? 2 : 1;
}

function columns(s) {
	let wide = 0;
	for (const ch of s)
		wide += wideOf(ch.codePointAt(0));
	return wide;
}

function cut(s, chars) {
	if (columns(s) <= chars)
		return s;
	if (chars < SHORTEST)
		return null;
	let out = "", left = chars - 2;
	for (const ch of s) {
		left -= wideOf(ch.codePointAt(0));
		if (left < 0)
			break;
		out += ch;
	}
	return out + "..";
}

function withoutDirs(s) {
	const slash = s.lastIndexOf("/");
	let at = s.lastIndexOf("@");
	if (s.startsWith("C:") || slash < 0 ||
	    (s.startsWith("[") && !s.startsWith("[main]@")))
		return s;
	if (at < 0 && s.startsWith("trace#"))
		at = s.indexOf(":");
	if (at < 0)
		return s.slice(slash + 1);
	return slash < at ? s : s.slice(0, at + 1) + s.slice(slash + 1);
}

function bare(s) {
	const paren = s.indexOf("(");
	const length = paren < 0 ? s.length : paren;
	let depth = 0, from = 0;
	if (!length || s.startsWith("operator"))
		return s;
	for (let i = 0; i < length; i++) {
		if (s[i] === "<")
			depth++;
		if (depth && s[i] === ">")
			depth--;
		else if (!depth && s[i] === ":" && i + 1 < length)
			from = i + 1;
	}
	s = s.slice(from, length);
	return s.includes("<") ? s.slice(0, s.indexOf("<")) : s;
}

function withoutPlace(s) {
	let at = s.indexOf("@");
	if (s.startsWith("C:"))
		return bare(s.slice(2));
	if (s.startsWith("?@"))
		return s.slice(2);
	if (s.startsWith("trace#"))
		at = s.indexOf(":");
	if (at < 0 && s[0] !== "[" && /[^:].*:(\d+|\?)$/.test(s))
		return s.slice(s.lastIndexOf(":"));
	return at <= 0 ? s : s.slice(0, at);
}

function labelOf(s, chars) {
	if (columns(s) <= chars)
		return s;
	s = withoutDirs(s);
	if (columns(s) <= chars)
		return s;
	return cut(withoutPlace(s), chars);
}

// As shade() in postproc/draw_flame.c: of the bytes of UTF-8.
const encoder = new TextEncoder();
const shades = new Map();

function shade(id) {
	let s = shades.get(id);
	if (s === undefined) {
		let h = 2166136261;
		for (const byte of encoder.encode(names[id]))
			h = Math.imul(h ^ byte, 16777619) >>> 0;
		s = (h >>> 16) % SHADES;
		shades.set(id, s);
	}
	return s;
}

// -- Drawing ----------------------------------------------------------------

const panel = {};	// elements of the page above the picture
let tree, labels, axis, tip;
let now = 0;		// frame with the keyboard's focus
let rows = { up: 0, down: 0 };	// of the view, kept while zooming
let rowsKey = "";
let topY = 0;

function svg(element, attributes, text) {
	const e = document.createElementNS(SVG, element);
	for (const key in attributes)
		e.setAttribute(key, attributes[key]);
	if (text !== undefined)
		e.textContent = text;
	return e;
}

function html(element, attributes, text) {
	const e = document.createElementNS(HTML, element);
	for (const key in attributes)
		e.setAttribute(key, attributes[key]);
	if (text !== undefined)
		e.textContent = text;
	return e;
}

function yOf(f) {
	return topY + (S.icicle ? f.d + rows.up : rows.down - f.d) * ROW;
}

function round(v) {
	return Math.round(v * 100) / 100;
}

function classOf(f) {
	if (f.more)
		return "more";
	let c = isDiff && S.side === "delta" ? "kept" :
		layers[layerOf[f.id]].name + " s" + shade(f.id);
	if (f.above)
		c += " above";
	return isHit(f.id) ? c + " hit" : c;
}

// Most frames are too small to be told apart: one path for all of a colour.
let small = new Map();

function drawSmall(cls, x, y, w) {
	small.set(cls, (small.get(cls) || "") +
		`M${round(x)} ${y}h${round(w)}v${TALL}h${-round(w)}z`);
}

function drawChanges(into, f, y) {
	const sumOf = (parts) => {
		let v = 0;
		for (const i of f.g.nodes)
			v += parts[i];
		return f.v ? v / f.v * f.w : 0;
	};
	if (f.more || f.up)
		return;
	const g = sumOf(gone), b = sumOf(fresh);
	const bar = (cls, x, w) => f.w < SMALL ? drawSmall(cls, x, y, w) :
		into.appendChild(svg("rect", { class: cls,
			x: round(x), y, width: round(w), height: TALL,
			"pointer-events": "none", "aria-hidden": "true" }));
	if (b > 0.05)
		bar("fresh", f.x + f.w - g - b, b);
	if (g > 0.05)
		bar("gone", f.x + f.w - g, g);
}

function drawLabel(f, y) {
	const chars = f.w > 2 * PAD ? Math.floor((f.w - 2 * PAD) / CHAR) : 0;
	if (chars < 1)
		return;
	const text = f.more || !f.id ? cut(words(f), chars) :
		labelOf(names[f.id], chars);
	if (text && (!f.more || chars >= SHORTEST))
		labels.appendChild(svg("text", { x: round(f.x + PAD),
			y: y + BASELINE, class: isHit(f.id) ? "onhit" : "" },
			text));
}

function drawFrames() {
	const into = svg("g", { class: "frames", role: "tree",
		"aria-label": "Frames of the " + kind + ": arrow keys move, " +
			"Enter zooms, question mark tells all keys" });
	const template = svg("rect", { height: TALL, role: "treeitem" });

	labels = svg("g", { class: "labels", "aria-hidden": "true" });
	small = new Map();
	atRow = null;
	for (const f of frames) {
		if (!f.more && layerOf[f.id] === GAP)
			continue;
		const y = yOf(f);
		if (f.w < SMALL && !isHit(f.id)) {
			drawSmall(classOf(f), f.x, y, f.w);
		} else {
			const e = template.cloneNode(false);
			e.setAttribute("class", classOf(f));
			e.setAttribute("x", round(f.x));
			e.setAttribute("y", y);
			e.setAttribute("width", round(f.w));
			e.setAttribute("aria-level", Math.abs(f.d) + 1);
			e.setAttribute("aria-label", words(f));
			f.e = e;
			into.appendChild(e);
			drawLabel(f, y);
		}
		if (isDiff && S.side === "delta")
			drawChanges(into, f, y);
	}
	for (const [cls, d] of small)
		into.appendChild(svg("path", { class: cls, d,
			"aria-hidden": "true" }));
	root.replaceChild(into, tree);
	root.insertBefore(labels, tip);
	tree = into;
}

// As axis_step() in postproc/axis.c.
function stepOf(span, most) {
	let step = 1;
	while (span / step > most)
		step *= 10;
	while (span > 0 && span / (step / 10) <= most)
		step /= 10;
	return span / (step / 5) <= most ? step / 5 :
		span / (step / 2) <= most ? step / 2 : step;
}

// The times below a chart, as axis_draw(); not for views out of order.
function drawAxis() {
	axis.remove();
	if (!isChart || S.reversed || S.sandwich >= 0 || S.focus || S.hide)
		return;
	const first = zoomed.nodes[0], last = zoomed.nodes[zoomed.nodes.length - 1];
	const from = (startOf[first] + Number(data.getAttribute("from"))) / 1e9;
	const span = (startOf[last] + total[last] - startOf[first]) / 1e9;
	const step = stepOf(span, shown / 100);
	const y = topY + (rows.up + rows.down + 1) * ROW;
	axis = svg("g", { class: "axis", "aria-hidden": "true" });
	axis.appendChild(svg("rect", { x: MARGIN, y, width: shown, height: 1 }));
	for (let i = Math.ceil(from / step); span > 0 && i * step <= from + span; i++) {
		const x = MARGIN + (i * step - from) / span * shown;
		axis.appendChild(svg("rect", { x: round(x), y, width: 1, height: 5 }));
		if (x + 30 < MARGIN + shown)
			axis.appendChild(svg("text", { x: round(x + 2), y: y + 14,
				class: "sub" }, Number((i * step).toPrecision(8)) + " s"));
	}
	root.insertBefore(axis, tip);
}

function countRows() {
	const key = [S.sandwich, S.reversed, S.lines, [...S.off], S.focus,
		S.hide, root.clientWidth].join(" ");
	let up = 0, down = 0;
	for (const f of frames) {
		if (f.d < -up)
			up = -f.d;
		if (f.d > down)
			down = f.d;
	}
	// The base stays where it is while zooming.
	if (key === rowsKey) {
		up = Math.max(up, rows.up);
		down = Math.max(down, rows.down);
	}
	rowsKey = key;
	rows = { up, down };
}

function widthNow() {
	return Math.max(document.documentElement.clientWidth ||
		window.innerWidth, 200);
}

function draw() {
	const width = widthNow();
	const had = tree.contains(document.activeElement);

	layout(width);
	countMatches();
	drawPanel();
	countRows();
	topY = Math.ceil(panel.box.getBoundingClientRect().height) + 6;
	panel.frame.setAttribute("height", topY);
	labels.remove();
	hideTip();
	drawFrames();
	drawAxis();
	root.setAttribute("height", topY + (rows.up + rows.down + 1) * ROW +
		MARGIN + (isChart ? AXIS : 0));
	now = Math.max(frames.findIndex((f) => !f.above && f.e), 0);
	focusable(now, had);
	if (widthNow() !== width && !draw.again) {
		draw.again = true;	// a scroll bar came
		draw();
		draw.again = false;
	}
}

// -- What the pointer is on -------------------------------------------------

function hideTip() {
	if (!tip.ljFrame)
		return;
	tip.setAttribute("visibility", "hidden");
	tip.ljFrame = null;
}

function showTip(f, x, y) {
	const width = widthNow();
	const chars = Math.floor((width - 2 * MARGIN) / CHAR) - 2;
	const text = details(f).map((l) => cut(l, Math.max(chars, 10)) || "");
	const wide = Math.max(...text.map(columns)) * CHAR + 12;
	const tall = text.length * 16 + 8;

	tip.replaceChildren(svg("rect", { width: round(wide), height: tall,
		rx: 3 }));
	text.forEach((l, i) => tip.appendChild(svg("text",
		{ x: 6, y: 16 + i * 16 }, l)));
	x = Math.max(2, Math.min(x + 12, width - wide - 2));
	y = y - tall - 10 < window.scrollY ? y + 22 : y - tall - 10;
	tip.setAttribute("transform", `translate(${round(x)},${round(y)})`);
	tip.setAttribute("visibility", "visible");
	tip.ljFrame = f;
	panel.info.textContent = details(f).join("; ");
}

let atRow = null;	// frames by depth, in order of x; made when needed

function rowsOf() {
	const byDepth = new Map();
	for (const f of frames) {
		if (!byDepth.has(f.d))
			byDepth.set(f.d, []);
		if (f.more || layerOf[f.id] !== GAP)
			byDepth.get(f.d).push(f);
	}
	return byDepth;
}

// The frame at a place, whether it is an element or not.
function frameAt(event) {
	const row = Math.floor((event.pageY - topY) / ROW);
	const d = S.icicle ? row - rows.up : rows.down - row;
	if (!atRow)
		atRow = rowsOf();
	const list = atRow.get(d);
	if (!list || event.pageY < topY)
		return null;
	let low = 0, high = list.length;
	while (low < high) {
		const mid = (low + high) >> 1;
		if (list[mid].x + list[mid].w <= event.pageX)
			low = mid + 1;
		else
			high = mid;
	}
	const f = list[low];
	return f && f.x <= event.pageX ? f : null;
}

function onMove(event) {
	const f = frameAt(event);
	if (!f)
		hideTip();
	else if (f !== tip.ljFrame)
		showTip(f, event.pageX, event.pageY);
}

// -- Keyboard ---------------------------------------------------------------

function focusable(i, take) {
	if (tree.querySelector("[tabindex='0']"))
		tree.querySelector("[tabindex='0']").removeAttribute("tabindex");
	if (i < 0 || !frames[i].e)
		return;
	now = i;
	frames[i].e.setAttribute("tabindex", "0");
	if (take)
		frames[i].e.focus({ preventScroll: false });
}

function goTo(i) {
	if (i < 0)
		return;
	focusable(i, true);
	const f = frames[i];
	showTip(f, f.x, yOf(f));
}

// The frame beside it in its row; over it, or under it, the widest.
function neighbour(key) {
	const f = frames[now];
	const outwards = f.d < 0 || (f.d === 0 && isDown(key)) ? -1 : 1;
	const away = (key === "ArrowUp") === !S.icicle ? 1 : -1;
	let best = -1;

	if (key === "ArrowLeft" || key === "ArrowRight") {
		const sign = key === "ArrowLeft" ? -1 : 1;
		frames.forEach((o, i) => {
			if (o.e && o.d === f.d && (o.x - f.x) * sign > 0 &&
			    (best < 0 || (frames[best].x - o.x) * sign > 0))
				best = i;
		});
		return best;
	}
	if (f.d !== 0 && away !== outwards)
		return f.par;
	frames.forEach((o, i) => {
		if (o.e && o.par === now && Math.sign(o.d - f.d) === away &&
		    (best < 0 || o.w > frames[best].w))
			best = i;
	});
	return best;
}

function isDown(key) {
	return (key === "ArrowDown") === !S.icicle;
}

function nextMatch(step) {
	const hits = [];
	frames.forEach((f, i) => {
		if (f.e && !f.more && isHit(f.id) && !f.above)
			hits.push(i);
	});
	if (!hits.length) {
		say(match ? "No match is wide enough to be shown here." :
			"Nothing is searched for: press / first.");
		return;
	}
	const at = hits.indexOf(now);
	const to = at < 0 ? (step > 0 ? 0 : hits.length - 1) :
		(at + step + hits.length) % hits.length;
	goTo(hits[to]);
	say(`Match ${to + 1} of ${hits.length} shown. ` + matchWords());
}

// -- Commands ---------------------------------------------------------------

function change(changes, keep) {
	Object.assign(S, changes);
	weigh();
	search();
	draw();
	remember(keep);
	sayWhatIs();
}

function sayWhatIs() {
	say(missing ? `${missing} is not here: zoomed as far as possible.` :
		tooDeep ? `Only ${DEPTHS} rows are drawn: zoom in to see more.` :
		matchWords());
}

function stackOf(f) {
	const stack = [];
	for (let g = f; g; g = g.par >= 0 ? frames[g.par] : null)
		if (g.id > 0)
			stack.push(g);
	return stack.reverse();
}

function zoom(f) {
	if (f.more) {
		say("Too narrow to draw: zoom into what is below them.");
		return;
	}
	if (f.d === 0) {
		change({ path: [], half: "down" });
		return;
	}
	const base = S.sandwich >= 0 ? 1 : 0;
	change({ path: stackOf(f).slice(base).map((g) => ({ id: g.id, k: g.k })),
		half: f.up && S.sandwich >= 0 ? "up" : "down" });
}

function unzoom() {
	if (S.path.length)
		change({ path: S.path.slice(0, -1) });
	else if (S.sandwich >= 0)
		change({ sandwich: -1, half: "down" });
	else if (S.query)
		change({ query: "" });
}

function exactly(id) {
	return "^" + names[id].replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&") + "$";
}

function selected() {
	const f = frames[now];
	if (f && f.id > 0)
		return f;
	say("Choose a frame first, with the arrow keys or by Tab.");
	return null;
}

// What is searched for, else the frame chosen.
function filter(which) {
	const f = match ? null : selected();
	if (match || f)
		change({ [which]: match ? S.query : exactly(f.id), path: [],
			query: "" });
}

function sandwich() {
	const f = selected();
	if (f)
		change({ sandwich: f.id, path: [], half: "down" });
}

async function copy(text, what) {
	try {
		await navigator.clipboard.writeText(text);
	} catch (e) {
		const area = html("textarea", {});
		area.value = text;
		panel.box.appendChild(area);
		area.select();
		document.execCommand("copy");
		area.remove();
	}
	say("Copied the " + what + ".");
}

function copyName() {
	const f = selected();
	if (f)
		copy(names[f.id], "name");
}

function copyStack() {
	const f = selected();
	if (!f)
		return;
	const stack = stackOf(f).map((g) => names[g.id]);
	copy((f.up ? stack.reverse() : stack).join(";"), "stack");
}

const keys = [
	["/", "search; a regular expression, upper case matters if there is any",
		() => { panel.field.focus(); panel.field.select(); }],
	["n", "next match", () => nextMatch(1)],
	["N", "match before", () => nextMatch(-1)],
	["Escape", "zoom out by one; leave the sandwich; end the search", unzoom],
	["0", "zoom out fully", () => change({ path: [], half: "down" })],
	["s", "sandwich: callers and callees of the function", sandwich],
	["r", "reversed: where time is spent, below it who called", () =>
		change({ reversed: !S.reversed, path: [], sandwich: -1 })],
	["i", "icicle: the root on top", () => change({ icicle: !S.icicle })],
	["l", "lines on or off", () =>
		hasLines && change({ lines: !S.lines, path: [] })],
	["f", "focus: only stacks with a match, or with this function",
		() => filter("focus")],
	["h", "hide: no stacks with a match, or with this function",
		() => filter("hide")],
	["c", "copy the name", copyName],
	["C", "copy the stack", copyStack],
	["?", "these keys", () => toggleHelp()],
];
let hasLines = false;

function onKey(event) {
	if (event.ctrlKey || event.metaKey || event.altKey)
		return;
	if (event.target === panel.field) {
		if (event.key === "Enter") {
			event.preventDefault();
			nextMatch(event.shiftKey ? -1 : 1);
		} else if (event.key === "Escape") {
			change({ query: "" }, true);
			focusable(now, true);
		}
		return;
	}
	if (/^(INPUT|BUTTON)$/i.test(event.target.localName || "") &&
	    /^(Enter| |Arrow)/.test(event.key))
		return;
	const key = keys.find((k) => k[0] === event.key);
	if (key) {
		event.preventDefault();
		key[2]();
	} else if (event.key.startsWith("Arrow")) {
		event.preventDefault();
		goTo(tree.contains(document.activeElement) ?
			neighbour(event.key) : now);
	} else if (event.key === "Home" && tree.contains(document.activeElement)) {
		event.preventDefault();
		goTo(0);
	} else if (event.key === "Enter" || event.key === " ") {
		if (!tree.contains(document.activeElement))
			return;
		event.preventDefault();
		zoom(frames[now]);
	}
}

// -- The page above the picture ---------------------------------------------

function say(text) {
	panel.say.textContent = text;
}

function matchWords() {
	if (S.query && !match)
		return "Not a regular expression: " + S.query;
	if (!match)
		return "";
	const count = matched.frames < 0 ? "" :
		` in ${matched.frames} frame${matched.frames === 1 ? "" : "s"}`;
	return `Matched: ${percent(matched.v, zoomed.v)}${count}` +
		(S.path.length ? " of what is shown" : "");
}

function button(into, text, title, run) {
	const b = html("button", { type: "button", title }, text);
	b.addEventListener("click", run);
	into.appendChild(b);
	return b;
}

function toggleHelp() {
	panel.help.hidden = !panel.help.hidden;
	draw();
}

function press(b, on) {
	b.setAttribute("aria-pressed", on ? "true" : "false");
}

function drawCrumbs() {
	const nav = panel.nav;
	const crumb = (text, title, run) => button(nav, text, title, run);

	nav.replaceChildren();
	crumb(S.sandwich >= 0 ? cut(names[S.sandwich], 60) : "all",
		"zoom out fully", () => change({ path: [], half: "down" }));
	S.path.forEach((p, i) => {
		// The way in between is in the picture.
		if (S.path.length > 5 && i > 1 && i < S.path.length - 2) {
			if (i === 2)
				nav.appendChild(html("span", {}, "> ..."));
			return;
		}
		nav.appendChild(html("span", {}, ">"));
		crumb(labelOf(names[p.id], 40), names[p.id],
			() => change({ path: S.path.slice(0, i + 1) }));
	});
	if (S.sandwich >= 0)
		crumb("\u00d7 end sandwich", "back to the whole graph",
			() => change({ sandwich: -1, path: [], half: "down" }));
	if (S.focus)
		crumb("\u00d7 only stacks with " + S.focus, "show all again",
			() => change({ focus: "", path: [] }));
	if (S.hide)
		crumb("\u00d7 without stacks with " + S.hide, "show all again",
			() => change({ hide: "", path: [] }));
}

function drawPanel() {
	drawCrumbs();
	if (panel.field.value !== S.query)
		panel.field.value = S.query;
	const wrong = S.query !== "" && !match;
	panel.field.classList.toggle("wrong", wrong);
	panel.field.setAttribute("aria-invalid", wrong ? "true" : "false");
	panel.found.textContent = matchWords();
	press(panel.reversed, S.reversed);
	press(panel.icicle, S.icicle);
	if (panel.lines)
		press(panel.lines, S.lines);
	for (const [i, b] of panel.layers)
		press(b, !S.off.has(i));
	for (const [side, b] of panel.sides)
		press(b, S.side === side);
}

function layerButtons(bar) {
	const used = new Set(layerOf);
	panel.layers = [];
	layers.forEach((l, i) => {
		if (!l.words || !used.has(i) || i === 0 || i === LINE)
			return;
		const b = button(bar, "", "show or hide this layer", () => {
			const off = new Set(S.off);
			if (!off.delete(i))
				off.add(i);
			change({ off, path: [] });
		});
		b.className = "layer";
		const s = svg("svg", { width: 11, height: 11, class: "swatch",
			"aria-hidden": "true" });
		const g = svg("g", { class: l.name + " s0" });
		g.appendChild(svg("rect", { width: 11, height: 11 }));
		s.appendChild(g);
		b.append(s, l.words);
		panel.layers.push([i, b]);
	});
	if (panel.layers.length === 1) {
		panel.layers[0][1].remove();
		panel.layers = [];
	}
}

function sideButtons(bar) {
	panel.sides = [];
	if (!isDiff)
		return;
	for (const [side, text] of [["delta", "Difference"],
			["before", "Before"], ["after", "After"]])
		panel.sides.push([side, button(bar, text, "what widths show",
			() => change({ side, path: [] }))]);
	for (const [cls, text] of [["kept", "in both"], ["fresh", "new or more"],
			["gone", "gone or less"]]) {
		const s = svg("svg", { width: 11, height: 11, class: "swatch",
			"aria-hidden": "true" });
		s.appendChild(svg("rect", { width: 11, height: 11,
			class: cls }));
		const item = html("span", {});
		item.append(s, text);
		bar.appendChild(item);
	}
}

let typing = 0;

function onType() {
	clearTimeout(typing);
	typing = setTimeout(() => change({ query: panel.field.value }, true), 120);
}

function searchBar(bar) {
	panel.field = html("input", { type: "text", placeholder: "Search (regex)",
		"aria-label": "Search by regular expression",
		spellcheck: "false", autocomplete: "off" });
	panel.field.addEventListener("input", onType);
	bar.appendChild(panel.field);
	button(bar, "\u2039", "match before (N)", () => nextMatch(-1))
		.setAttribute("aria-label", "match before");
	button(bar, "\u203a", "next match (n)", () => nextMatch(1))
		.setAttribute("aria-label", "next match");
	panel.found = bar.appendChild(html("span", { class: "found" }));
}

function commandBar(bar) {
	button(bar, "Reset zoom", "zoom out fully (0)",
		() => change({ path: [], half: "down" }));
	panel.reversed = button(bar, "Reversed", "merge by leaf (r)",
		keys.find((k) => k[0] === "r")[2]);
	panel.icicle = button(bar, "Icicle", "root on top (i)",
		() => change({ icicle: !S.icicle }));
	hasLines = layerOf.includes(LINE);
	if (hasLines)
		panel.lines = button(bar, "Lines", "lines on or off (l)",
			() => change({ lines: !S.lines, path: [] }));
	button(bar, "Sandwich", "callers and callees (s)", sandwich);
	button(bar, "Focus", "only stacks with it (f)", () => filter("focus"));
	button(bar, "Hide", "no stacks with it (h)", () => filter("hide"));
	button(bar, "Copy name", "copy the name (c)", copyName);
	button(bar, "Copy stack", "copy the stack (C)", copyStack);
	button(bar, "Keys", "all keys (?)", toggleHelp);
}

function helpBox() {
	const box = html("div", { class: "help" });
	const add = (key, what) => {
		const line = html("div", {});
		line.append(html("kbd", {}, key), " " + what);
		box.appendChild(line);
	};
	add("arrows", "caller, callee, frames beside; Enter: zoom in; Home: base");
	for (const k of keys)
		add(k[0], k[1]);
	box.hidden = true;
	return box;
}

function factOf(key) {
	const facts = data.getElementsByTagNameNS(LJ, "fact");
	for (let i = 0; i < facts.length; i++)
		if (facts[i].getAttribute("key") === key)
			return facts[i].textContent;
	return "";
}

function makePanel() {
	panel.frame = svg("foreignObject", { x: 0, y: 0, width: "100%",
		height: 150 });
	panel.box = html("div", { class: "panel" });
	panel.box.appendChild(html("h1", {}, factOf("title")));
	for (const key of ["target", "taken"])
		if (factOf(key))
			panel.box.appendChild(html("p", {}, factOf(key)));
	const bars = [0, 1].map(() => html("div", { class: "bar" }));
	searchBar(bars[0]);
	commandBar(bars[0]);
	sideButtons(bars[1]);
	layerButtons(bars[1]);
	panel.nav = html("nav", { "aria-label": "Zoom" });
	panel.info = html("div", { class: "say info", "aria-hidden": "true" });
	panel.say = html("div", { class: "say", role: "status" });
	panel.help = helpBox();
	panel.box.append(...bars, panel.help, panel.nav, panel.info, panel.say);
	panel.frame.appendChild(panel.box);
	root.appendChild(panel.frame);
}

// The static picture makes room for the one that can be used.
function takeOver() {
	for (const cls of ["caption", "legend", "axis"]) {
		const e = root.querySelector(":scope > ." + cls);
		if (e)
			e.remove();
	}
	root.removeAttribute("viewBox");
	root.setAttribute("width", "100%");
	tree = root.querySelector(":scope > .frames");
	tree.replaceChildren();	// before anything asks for sizes
	labels = svg("g", {});
	axis = svg("g", {});
	tip = svg("g", { class: "tip", visibility: "hidden",
		"aria-hidden": "true", "pointer-events": "none" });
	root.appendChild(labels);
	makePanel();
	root.appendChild(tip);
}

function start() {
	decode();
	S = stateFrom(location.hash);
	takeOver();
	weigh();
	search();
	draw();
	sayWhatIs();
	root.addEventListener("pointermove", onMove);
	root.addEventListener("pointerleave", hideTip);
	root.addEventListener("click", (event) => {
		const f = frameAt(event);
		if (f)
			zoom(f);
	});
	document.addEventListener("keydown", onKey);
	window.addEventListener("popstate", () => {
		S = stateFrom(location.hash);
		change({}, true);
	});
	let width = widthNow();
	window.addEventListener("resize", () => {
		if (widthNow() !== width) {
			width = widthNow();
			draw();
		}
	});
}

start();
})();
