/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks at an HTML report with Chromium: accessibility by axe, colours and widths, the
 * keyboard, and that nothing comes from elsewhere. Prints "ok NAME" or "not ok NAME" lines
 * and "# WHY" below.
 *
 *	node pages.js MODULES CHROMIUM REPORT WHAT=PAGE...
 *
 * One of them is the "failure", of a run with a ladder and another failure after it, and one
 * is "planted", of the same run without a language and too wide, and with pale text.
 */
"use strict";
const path = require("path");
const { pathToFileURL } = require("url");
const [modules, chromium, report, ...pages] = process.argv.slice(2);
const names = pages.map((page) => [page.split("=")[0], page.slice(page.indexOf("=") + 1)]);
const load = (name) => require(require.resolve(name, { paths: [modules] }));
const puppeteer = load("puppeteer-core");
const axe = load("axe-core");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"];
const address = (name) => pathToFileURL(path.join(report, name)).href;
const page = (wanted) => names.find(([what]) => what === wanted)[1];
const troubles = [];	/* errors and foreign requests, of all pages */

function tell(name, faults) {
	console.log((faults.length ? "not ok " : "ok ") + name);
	for (const fault of faults.slice(0, 10))
		console.log("# " + String(fault).replace(/\s+/g, " ").slice(0, 300));
}

async function open(browser, width, scheme) {
	const page = await browser.newPage();

	await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
	await page.setViewport({ width, height: 740 });
	page.on("console", (m) => {
		if (m.type() === "error" || m.type() === "warn")
			troubles.push(page.url() + ": " + m.text());
	});
	page.on("pageerror", (e) => troubles.push(page.url() + ": " + e.message));
	page.on("dialog", (d) => {
		troubles.push(page.url() + ": a dialog: " + d.message());
		d.dismiss();
	});
	page.on("request", (r) => {
		if (!r.url().startsWith("file:"))
			troubles.push(page.url() + ": asks for " + r.url());
	});
	return page;
}

/* Everything on the page, also what is folded. */
async function unfold(page) {
	await page.evaluate(() => {
		document.querySelectorAll("details").forEach((d) => {
			d.open = true;
		});
	});
}

async function violations(page) {
	/* The page's own policy would not let it in. */
	await page.evaluate(axe.source);
	const found = await page.evaluate((rules) =>
		window.axe.run(document, { preload: false, runOnly: { type: "tag", values: rules } }),
				      RULES);

	return found.violations.map((v) => v.id + ": " + v.nodes.length + " times, first " +
		v.nodes[0].html + " " + v.nodes[0].failureSummary);
}

async function overflow(page) {
	return page.evaluate(() => {
		const root = document.documentElement;

		return root.scrollWidth > root.clientWidth ?
			[root.scrollWidth + " pixels wide, of " + root.clientWidth] : [];
	});
}

/* What each text of the ladder stands on, by eye: axe does not look at SVG. */
async function pale(page) {
	return page.evaluate(() => {
		const light = (c) => {
			const part = c.match(/[\d.]+/g).slice(0, 3).map((v) => {
				v /= 255;
				return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
			});

			return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
		};
		const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) /
			(Math.min(light(a), light(b)) + 0.05);
		const paper = getComputedStyle(document.body).backgroundColor;
		const bad = [];

		document.querySelectorAll(".ladder svg").forEach((svg) => {
			const band = svg.querySelector(".band");

			svg.querySelectorAll("text").forEach((t) => {
				const below = band && t.closest(".failed") ?
					getComputedStyle(band).fill : paper;
				const got = ratio(getComputedStyle(t).fill, below);

				if (got < 4.5)
					bad.push(t.textContent + ": " + got.toFixed(2));
			});
		});
		return bad;
	});
}

async function look(browser, names) {
	for (const scheme of ["light", "dark"])
		for (const width of [1280, 360, 320]) {
			const page = await open(browser, width, scheme);

			for (const [what, name] of names) {
				const where = what + ", " + scheme + ", " + width + " pixels: ";

				await page.goto(address(name));
				await unfold(page);
				tell(where + "no sideways scrolling", await overflow(page));
				if (width === 320)
					continue;
				tell(where + "axe finds nothing", await violations(page));
				tell(where + "the ladder can be read", await pale(page));
			}
			await page.close();
		}
}

/* A checker that finds nothing anywhere checks nothing. */
async function planted(browser, name) {
	const page = await open(browser, 320, "light");

	await page.goto(address(name));
	tell("planted: axe finds a page without a language",
	     (await violations(page)).some((v) => v.startsWith("html-has-lang")) ? [] : ["nothing"]);
	tell("planted: what is too wide is found", (await overflow(page)).length ? [] : ["nothing"]);
	tell("planted: pale text is found", (await pale(page)).length ? [] : ["nothing"]);
	await page.close();
}

async function focused(page) {
	return page.evaluate(() => {
		const e = document.activeElement, box = e.getBoundingClientRect();

		return {
			css: e.className, name: e.getAttribute("aria-label") || e.textContent,
			href: e.getAttribute("href") || "", left: e.scrollLeft,
			ring: getComputedStyle(e).outlineStyle !== "none",
			seen: box.width > 1 && box.bottom > 0 && box.top < innerHeight,
		};
	});
}

/* Tabs until something fits; null when the page has no such place. */
async function tabTo(page, fits) {
	for (let i = 0; i < 60; i++) {
		await page.keyboard.press("Tab");
		const at = await focused(page);

		if (!at.ring || !at.seen)
			troubles.push(page.url() + ": the focus does not show on " + at.name);
		if (fits(at))
			return at;
	}
	return null;
}

async function follow(page) {
	await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
	return page.url();
}

async function walk(browser, failure) {
	const page = await open(browser, 360, "light");

	await page.goto(address("index.html"));
	const first = await tabTo(page, () => true);
	tell("keyboard: the first stop is the link to the content",
	     first && first.css === "skip" ? [] : [JSON.stringify(first)]);
	await page.keyboard.press("Enter");
	const run = await tabTo(page, (at) => at.href !== "");
	tell("keyboard: the next stop is in the content", run && run.href.startsWith("run/") ? [] :
	     [JSON.stringify(run)]);
	await tabTo(page, (at) => decodeURIComponent(at.href) === failure);
	tell("keyboard: Enter opens a run", decodeURIComponent(await follow(page)).endsWith(failure) ?
	     [] : [page.url()]);
	const region = await tabTo(page, (at) => at.css.includes("listing"));
	tell("keyboard: a region that scrolls is a stop", region ? [] : ["none"]);
	await page.keyboard.press("ArrowRight");
	await page.waitForFunction(() => document.activeElement.scrollLeft > 0, { timeout: 5000 })
		.then(() => tell("keyboard: an arrow key scrolls it", []),
		      (e) => tell("keyboard: an arrow key scrolls it", [e.message]));
	const fold = await tabTo(page, (at) => at.name === "The same as a table");
	await page.keyboard.press("Enter");
	tell("keyboard: the ladder unfolds as a table", fold && await page.evaluate(() =>
		document.querySelector("details").open) ? [] : ["it does not"]);
	const here = page.url();
	const next = await tabTo(page, (at) => at.name.startsWith("Next failure"));
	tell("keyboard: there is a next failure", next && await follow(page) !== here ? [] : ["none"]);
	const home = await tabTo(page, (at) => at.name === "All runs");
	tell("keyboard: and a way back", home && (await follow(page)).endsWith("/index.html") ? [] :
	     [page.url()]);
	await page.close();
}

const rows = () => Array.from(document.querySelectorAll(".runs tbody tr"))
	.filter((row) => row.offsetParent !== null).map((row) => row.dataset.verdict);

async function filter(browser) {
	const page = await open(browser, 1280, "light");

	await page.goto(address("index.html"));
	const all = await page.evaluate(rows);
	await page.select("#verdict", "FAIL");
	const failed = await page.evaluate(rows);
	tell("filter: by verdict", failed.length && failed.length < all.length &&
	     failed.every((v) => v === "FAIL") ? [] : [failed.join()]);
	await page.select("#verdict", "");
	await page.type("#words", "PASSIVE s/packet");
	await page.waitForFunction(() => /^1 of /.test(document.getElementById("shown").textContent),
				   { timeout: 5000 })
		.then(() => tell("filter: by words", []), (e) => tell("filter: by words", [e.message]));
	await page.setJavaScriptEnabled(false);
	await page.goto(address("index.html"));
	const still = await page.$$eval(".runs tbody tr", (list) => list.length);
	const hidden = await page.$eval("#filter", (e) => getComputedStyle(e).display === "none");
	tell("without JavaScript, all runs and no filter", still === all.length && hidden ? [] :
	     [still + " rows, filter " + (hidden ? "hidden" : "shown")]);
	await page.close();
}

async function main() {
	const browser = await puppeteer.launch({
		executablePath: chromium, headless: true,
		args: process.getuid() === 0 ? ["--no-sandbox"] : [],
	});

	try {
		await look(browser, names.filter(([what]) => what !== "planted"));
		await planted(browser, page("planted"));
		await walk(browser, page("failure"));
		await filter(browser);
		tell("no error, no dialog, no focus that cannot be seen, nothing from elsewhere", troubles);
	} finally {
		await browser.close();
	}
}

main().catch((e) => {
	console.log("not ok the pages could be looked at\n# " + e.stack.replace(/\n/g, "\n# "));
	process.exitCode = 1;
});
