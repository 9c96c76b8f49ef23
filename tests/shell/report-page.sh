#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# report.html in a browser: no error on its console, nothing fetched, tables
# sort, a figure leads to its cells, nothing is wider than a phone or than paper,
# and the dark is dark. Of a run made up for tests; tests/unit/test_html.c has the rest.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

mkdir "$tmp/results"
build/host/tests/unit/make-run "$tmp/results/made-up"
expect 0 ./run.sh report made-up --out "$tmp/results"
page=$tmp/results/made-up/report.html
[[ -s $page ]] || fail "no report.html"
refused 2 "assets" build/host/analysis/pfd-stat html "$tmp/results/made-up"
refused 2 "nosuch" build/host/analysis/pfd-stat html --assets analysis/html "$tmp/nosuch"
refused 4 "nosuch/report.css" build/host/analysis/pfd-stat html --assets "$tmp/nosuch" "$tmp/results/made-up"
refused 2 "nosuch" build/host/analysis/pfd-stat live --once "$tmp/nosuch"

browser=
for name in chromium chromium-browser google-chrome headless_shell; do
	[[ $browser ]] || browser=$(command -v "$name") || true
done
[[ $browser ]] || { echo "SKIPPED: no chromium here to show report.html in" && exit 77; }

# What is looked at is the page with this at its ends: first what notes errors,
# last what tries it, and leaves what it found in the document.
cat >"$tmp/first" <<-'END'
	<script>
	const wrong = [];
	addEventListener("error", event => wrong.push("error: " + event.message), true);
	addEventListener("securitypolicyviolation", event => wrong.push("fetched: " + event.blockedURI));
	</script>
END
cat >"$tmp/last" <<-'END'
	<script>
	function want(true_, text) { if (!true_) wrong.push(text); }
	// Nothing has verified what is made up: "v1?".
	function values(table, column) {
		return Array.from(table.tBodies[0].rows,
			row => row.cells[column].textContent.replace("?", ""));
	}
	addEventListener("load", () => setTimeout(() => {
		const root = document.documentElement;
		const table = document.querySelector("#answer table.sorts");
		const headings = table.tHead.rows[1].cells;
		want(values(table, 1).join() === "v1,v2,v3", "variants: " + values(table, 1));
		headings[1].querySelector("button").click();
		headings[1].querySelector("button").click();
		want(values(table, 1).join() === "v3,v2,v1", "sorted down: " + values(table, 1));
		want(headings[1].getAttribute("aria-sort") === "descending", "aria-sort");
		headings[2].querySelector("button").click();
		headings[2].querySelector("button").click();
		want(values(table, 1)[0] === "v1", "sorted by number: " + values(table, 2));
		want(!headings[1].hasAttribute("aria-sort"), "two columns are sorted by");
		// What is not known comes last, in either direction.
		headings[3].querySelector("button").click();
		want(values(table, 3)[2] === "-", "the unknown: " + values(table, 3));
		headings[3].querySelector("button").click();
		want(values(table, 3)[2] === "-", "the unknown: " + values(table, 3));

		want(root.scrollWidth <= innerWidth, `${root.scrollWidth} wide in ${innerWidth}`);
		want(innerWidth === WIDTH, "innerWidth " + innerWidth);
		want(performance.getEntriesByType("resource").length === 0, "resources were fetched");
		want(getComputedStyle(document.querySelector("figure svg")).backgroundColor ===
			"rgb(255, 255, 255)", "plots are not on white");
		want(document.title !== "1", "a hostile text was run");
		const paper = getComputedStyle(document.body).backgroundColor;

		const figure = document.querySelector("#workloads td a");
		const cells = document.getElementById(figure.hash.slice(1));
		want(!cells.closest("details").open, "the list is open");
		figure.click();
		setTimeout(() => {
			want(cells.closest("details").open, "a figure does not open its cells");
			want(cells.querySelector("a[href$='/records.jsonl']"), "no records");
			parent.postMessage([wrong.join("; ") || "nothing", paper], "*");
		}, 200);
	}, 50));
	</script>
END

# The same for paper: with the rules for print, the page is as wide as A4 between
# its margins. Nothing to click on, nothing cut, nothing closed.
cat >"$tmp/paper" <<-'END'
	<script>
	function want(true_, text) { if (!true_) wrong.push(text); }
	function start(element) { return element.textContent.slice(0, 40).replace(/\s+/g, " "); }
	addEventListener("load", () => setTimeout(() => {
		const root = document.documentElement;
		const style = document.createElement("style");
		for (const rule of document.styleSheets[0].cssRules) {
			if (rule.media && rule.media.mediaText === "print")
				style.append(...Array.from(rule.cssRules, each => each.cssText));
		}
		want(style.textContent, "no rules for print");
		document.head.append(style);
		const closed = document.querySelectorAll("details:not([open])").length;
		dispatchEvent(new Event("beforeprint"));
		want(closed && !document.querySelector("details:not([open])"), "something is closed");
		want(root.scrollWidth <= innerWidth, `${root.scrollWidth} wide on ${innerWidth}`);
		for (const box of document.querySelectorAll(".scroll, figure svg"))
			want(box.scrollWidth <= root.clientWidth, `cut: ${start(box)}`);
		for (const part of document.querySelectorAll("nav, .toc, .links, button, #cells details"))
			want(!part.getClientRects().length, `printed: ${start(part)}`);
		dispatchEvent(new Event("afterprint"));
		want(document.querySelectorAll("details:not([open])").length === closed, "not closed again");
		parent.postMessage([wrong.join("; ") || "nothing",
			getComputedStyle(document.body).backgroundColor], "*");
	}, 50));
	</script>
END

# look WIDTH [OPTION...]: in a frame, since a window is never as narrow as a
# phone; sets paper, the colour behind the text.
script=$tmp/last
look() {
	local width=$1
	shift
	sed -e "/^<head>/r $tmp/first" -e "s/WIDTH/$width/" "$page" >"$tmp/page.html"
	sed "s/WIDTH/$width/" "$script" >>"$tmp/page.html"
	cat >"$tmp/frame.html" <<-END
		<!DOCTYPE html><meta name="color-scheme" content="light dark">
		<script>
		addEventListener("message", event => {
			document.documentElement.dataset.wrong = event.data[0];
			document.documentElement.dataset.paper = event.data[1];
		});
		</script>
		<iframe src="page.html" style="width: ${width}px; height: 900px; border: 0"></iframe>
	END
	# Its policy allows what is in the page, so that these scripts do run.
	timeout -k 5 120 "$browser" --headless --no-sandbox --disable-gpu \
		--disable-background-networking --user-data-dir="$tmp/profile" \
		--enable-logging=stderr --virtual-time-budget=5000 \
		--window-size=1300,1000 "$@" --dump-dom "file://$tmp/frame.html" \
		>"$tmp/stdout" 2>"$tmp/console" </dev/null ||
		fail "$browser failed: $(tail -n 1 "$tmp/console")"
	! grep -a ':CONSOLE' "$tmp/console" >"$tmp/stderr" || fail "console at $width"
	wrong=$(grep -oam 1 'data-wrong="[^"]*"' "$tmp/stdout") || fail "the scripts did not end"
	paper=$(grep -oam 1 'data-paper="[^"]*"' "$tmp/stdout")
	: >"$tmp/stdout"
	equal "what is wrong at $width" 'data-wrong="nothing"' "$wrong"
}

look 1200
equal "paper" 'data-paper="rgb(255, 255, 255)"' "$paper"
look 400
look 1200 --blink-settings=preferredColorScheme=0
[[ $paper != *255* ]] || fail "the dark is $paper"
# A browser prints light, whatever it shows.
script=$tmp/paper
look 703 --blink-settings=preferredColorScheme=0
equal "paper" 'data-paper="rgb(255, 255, 255)"' "$paper"
