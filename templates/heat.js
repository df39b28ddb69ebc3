// heat.js - choosing a span of time in a heat map.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// A click, or Enter, on the first and on the last cell of a span says what
// options of ljstap take just that. Without a script, titles tell the times.
"use strict";
(function () {

const SVG = "http://www.w3.org/2000/svg", LJ = "urn:ljstap:profile:1";
const MARGIN = 10, TOP = 90;	// as in postproc/draw_heat.c
const script = document.currentScript;
const root = (script && script.ownerSVGElement) || document.documentElement;
const data = root.getElementsByTagNameNS(LJ, "heat")[0];
const number = (name) => Number(data.getAttribute(name));
const start = number("start"), column = number("column");
const columns = number("columns"), rows = number("rows");
const wide = number("wide"), tall = number("tall");
const cells = root.querySelector(".cells");

let at = 0;		// where the keyboard is; cells count by time
let first = -1;		// of the span

function svg(element, attributes) {
	const e = document.createElementNS(SVG, element);
	for (const key in attributes)
		e.setAttribute(key, attributes[key]);
	return e;
}

const words = svg("text", { class: "sub", x: MARGIN, y: TOP - 10,
	role: "status" });
const mark = svg("rect", { class: "mark", width: wide, height: tall });

const timeOf = (i) => start + i * column / rows;
const seconds = (t) => String(Math.round(t * 1e4) / 1e4);
const xOf = (i) => MARGIN + Math.floor(i / rows) * wide;
const yOf = (i) => TOP + (rows - 1 - i % rows) * tall;

function cellAt(event) {
	const p = new DOMPoint(event.clientX, event.clientY)
		.matrixTransform(root.getScreenCTM().inverse());
	const c = Math.floor((p.x - MARGIN) / wide);
	const r = rows - 1 - Math.floor((p.y - TOP) / tall);
	return c >= 0 && c < columns && r >= 0 && r < rows ? c * rows + r : -1;
}

function each(f) {
	for (const e of cells.querySelectorAll("rect:not(.h0)")) {
		const c = Math.round((e.x.baseVal.value - MARGIN) / wide);
		const r = rows - 1 - Math.round((e.y.baseVal.value - TOP) / tall);
		f(e, c * rows + r);
	}
}

function show(from, to) {
	let count = 0;
	each((e, i) => {
		const inside = i >= from && i <= to;
		e.classList.toggle("chosen", inside);
		if (inside)
			count += Number(/: (\d+)/.exec(e.textContent)[1]);
	});
	words.textContent = `--from ${seconds(timeOf(from))} --to ` +
		`${seconds(timeOf(to + 1))}   (${count} samples)`;
}

function choose(i) {
	if (i < 0)
		return;
	at = i;
	move();
	if (first < 0) {
		first = i;
		show(i, i);
		words.textContent += "; now the end of the span";
		return;
	}
	show(Math.min(first, i), Math.max(first, i));
	first = -1;
	const options = words.textContent.replace(/ {3}.*/, "");
	if (navigator.clipboard)
		navigator.clipboard.writeText(options).then(() => {
			words.textContent += "; copied";
		}, () => { /* it can be read all the same */ });
}

function move() {
	mark.setAttribute("x", xOf(at));
	mark.setAttribute("y", yOf(at));
	if (first >= 0)
		show(Math.min(first, at), Math.max(first, at));
	else
		words.textContent = `${seconds(timeOf(at))} s`;
}

function onKey(event) {
	const step = { ArrowUp: 1, ArrowDown: -1, ArrowRight: rows,
		ArrowLeft: -rows }[event.key];
	if (step) {
		event.preventDefault();
		at = Math.max(0, Math.min(at + step, columns * rows - 1));
		move();
	} else if (event.key === "Enter" || event.key === " ") {
		event.preventDefault();
		choose(at);
	} else if (event.key === "Escape") {
		first = -1;
		show(0, -1);
		words.textContent = "";
	}
}

cells.setAttribute("tabindex", "0");
cells.setAttribute("role", "application");
cells.setAttribute("aria-label", "Heat map: arrow keys move, Enter on the " +
	"first and the last cell chooses a span");
cells.addEventListener("keydown", onKey);
cells.addEventListener("click", (event) => choose(cellAt(event)));
root.append(words, mark);
mark.setAttribute("x", -99);
words.textContent = "Click on the first and on the last cell of a span.";
})();
