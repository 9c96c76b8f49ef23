// SPDX-License-Identifier: GPL-2.0
// The page is whole without this: it sorts tables, and opens what is closed.
"use strict";

function sortKey(row, column) {
	const cell = row.cells[column];
	const number = parseFloat(cell.dataset.v);
	return Number.isNaN(number) ? cell.textContent.trim() : number;
}

// Numbers before words; what is not known ("-") comes last either way.
function compare(a, b, direction) {
	const unknownA = a === "-" || a === "", unknownB = b === "-" || b === "";
	if (unknownA || unknownB)
		return unknownA - unknownB;
	if (typeof a === "number" && typeof b === "number")
		return direction * (a - b);
	if (typeof a !== typeof b)
		return typeof a === "number" ? -1 : 1;
	return direction * a.localeCompare(b, "en", {numeric: true});
}

function sortBy(table, heading) {
	const row = heading.parentNode;
	const column = Array.prototype.indexOf.call(row.cells, heading);
	const direction = heading.ariaSort === "ascending" ? -1 : 1;
	const body = table.tBodies[0];
	const rows = Array.from(body.rows);
	for (const other of row.cells)
		other.removeAttribute("aria-sort");
	heading.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
	rows.sort((a, b) => compare(sortKey(a, column), sortKey(b, column), direction));
	body.append(...rows);
}

for (const table of document.querySelectorAll("table.sorts")) {
	const rows = table.tHead.rows;
	for (const heading of rows[rows.length - 1].cells) {
		if (!heading.textContent)
			continue;
		const button = document.createElement("button");
		button.type = "button";
		button.append(...heading.childNodes);
		heading.append(button);
		button.addEventListener("click", () => sortBy(table, heading));
	}
}

// What moves in its own box must move by keyboard, too.
function markScrolling() {
	for (const box of document.querySelectorAll(".scroll")) {
		if (box.scrollWidth > box.clientWidth)
			box.tabIndex = 0;
		else
			box.removeAttribute("tabindex");
	}
}
addEventListener("resize", markScrolling);
addEventListener("toggle", markScrolling, true);
markScrolling();

function openTarget() {
	const target = document.getElementById(location.hash.slice(1));
	if (!target)
		return;
	for (let box = target.closest("details"); box; box = box.parentElement.closest("details"))
		box.open = true;
	target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
openTarget();

// Paper shows everything; afterwards what was closed is closed again.
let opened = [];
addEventListener("beforeprint", () => {
	opened = Array.from(document.querySelectorAll("details:not([open])"));
	for (const box of opened)
		box.open = true;
});
addEventListener("afterprint", () => {
	for (const box of opened)
		box.open = false;
	opened = [];
});
