/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of runs, or of requirements, by word and verdict. Without it, the page shows all of them. */
(function () {
	"use strict";
	var box = document.getElementById("filter");
	var words = document.getElementById("words");
	var verdict = document.getElementById("verdict");
	var shown = document.getElementById("shown");
	var rows = Array.prototype.slice.call(document.querySelectorAll(".runs tbody tr"));
	var texts = rows.map(function (row) {
		return row.textContent.toLowerCase();
	});
	var waiting;

	function say(n) {
		var what = shown.dataset.what || "run";

		shown.textContent = n + " of " + rows.length + " " + what + (rows.length === 1 ? "" : "s");
	}

	function filter() {
		var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean), n = 0;

		rows.forEach(function (row, i) {
			var fits = (!verdict.value || row.dataset.verdict.split(" ").indexOf(verdict.value) >= 0) &&
				wanted.every(function (word) {
					return texts[i].indexOf(word) >= 0;
				});

			row.hidden = !fits;
			n += fits ? 1 : 0;
		});
		say(n);
	}

	if (!box || !rows.length)
		return;
	box.hidden = false;
	words.addEventListener("input", function () {
		clearTimeout(waiting);
		waiting = setTimeout(filter, 100);
	});
	verdict.addEventListener("change", filter);
	/* A browser that goes back fills in what was there. */
	filter();
})();
