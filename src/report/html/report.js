/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of runs by word and verdict. Without it, the page shows all of them. */
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
		shown.textContent = n + " of " + rows.length + (rows.length === 1 ? " run" : " runs");
	}

	function filter() {
		var wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean), n = 0;

		rows.forEach(function (row, i) {
			var fits = (!verdict.value || row.dataset.verdict === verdict.value) &&
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
