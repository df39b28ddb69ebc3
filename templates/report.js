// report.js - sort and search the table of a report.
// SPDX-License-Identifier: GPL-2.0-or-later
"use strict";
(function () {

const table = document.getElementById("dumps");
const body = table.tBodies[0];
const find = document.getElementById("find");
const count = document.getElementById("count");

function key(row, column) {
	const cell = row.cells[column];
	return cell.dataset.sort === undefined ? cell.textContent.trim() : Number(cell.dataset.sort);
}

function compare(a, b) {
	if (typeof a === "number")
		return a - b;
	return a.localeCompare(b, undefined, { numeric: true });
}

function sort(header) {
	const down = header.getAttribute("aria-sort") === "ascending";
	const column = header.cellIndex;
	const rows = Array.from(body.rows, row => ({ row, key: key(row, column) }));

	rows.sort((a, b) => down ? compare(b.key, a.key) : compare(a.key, b.key));
	for (const other of table.tHead.rows[0].cells)
		other.removeAttribute("aria-sort");
	header.setAttribute("aria-sort", down ? "descending" : "ascending");
	for (const r of rows)
		body.appendChild(r.row);
}

// Every word must be in the row.
function search() {
	const words = find.value.toLowerCase().split(/\s+/).filter(w => w);
	let shown = 0;

	for (const row of body.rows) {
		const text = row.textContent.toLowerCase();
		row.hidden = !words.every(w => text.includes(w));
		shown += !row.hidden;
	}
	count.textContent = shown + " of " + body.rows.length;
}

for (const header of table.tHead.rows[0].cells) {
	const button = header.querySelector("button");
	if (button)
		button.addEventListener("click", () => sort(header));
}
find.addEventListener("input", search);
search();

})();
