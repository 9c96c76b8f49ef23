#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# From a run to what is read: records by their schema, diff, report, plots; and
# records that somebody truncated.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan some 'variants = landed-fixed always-rcu' 'pages = 64k' 'mmu = radix' \
	'arms = bare probed' 'seeds = 2' 'workloads = fork-munmap'
measure 0 some
awk 'length > 80' "$run/report.txt" >"$tmp/wide"
[[ ! -s $tmp/wide ]] || fail "report.txt is wider than 80 columns: $(head -n 1 "$tmp/wide")"
(($(find "$run/plots" -name '*.svg' | wc -l) >= 3)) || fail "no three plots"
grep -q '<svg ' "$run/report.html" || fail "no plot in report.html"
! grep -qE '(src|href)="https?:' "$run/report.html" || fail "report.html wants something from elsewhere"
jq -e '.kernels[0].release and .emulator.version and .git' "$run/manifest.json" >"$tmp/stdout" ||
	fail "the manifest lacks something"

if python3 -c 'import jsonschema' 2>/dev/null; then
	cat "$run"/cells/*/records.jsonl >"$tmp/all.jsonl"
	python3 - records/record.schema.json "$tmp/all.jsonl" <<-'END' || fail "records against their schema"
		import json, sys, jsonschema
		schema = json.load(open(sys.argv[1]))
		validator = jsonschema.Draft7Validator(schema)
		for number, line in enumerate(open(sys.argv[2]), 1):
		    for error in validator.iter_errors(json.loads(line)):
		        sys.exit(f"line {number}: {error.message[:200]}")
	END
fi

diff=(./run.sh diff --out "$tmp/results")
expect 0 "${diff[@]}" landed-fixed always-rcu
shows 'callback.enqueued_count'
awk 'length > 80' "$tmp/stdout" >"$tmp/wide"
[[ ! -s $tmp/wide ]] || fail "diff is wider than 80 columns: $(head -n 1 "$tmp/wide")"
expect 0 "${diff[@]}" landed-fixed always-rcu --json
jq -e . "$tmp/stdout" >/dev/null || fail "diff --json is no JSON"
expect 0 "${diff[@]}" landed-fixed always-rcu --csv
(($(wc -l <"$tmp/stdout") > 20)) || fail "diff --csv has no twenty lines"
for command in "${diff[*]} landed-fixed always-rcu" "./run.sh report --out $tmp/results"; do
	read -ra words <<<"$command"
	expect 0 "${words[@]}" --mail
	shows '^Subject: '
	shows "^Repeat: +git checkout $(git rev-parse HEAD)"
	awk 'length > 80' "$tmp/stdout" >"$tmp/wide"
	[[ ! -s $tmp/wide ]] || fail "a mail is wider than 80 columns: $(head -n 1 "$tmp/wide")"
done
expect 0 "${diff[@]}" landed-fixed always-rcu landed-fixed
shows 'landed-fixed[!?]? +always-rcu[!?]? +landed-fixed'
expect 1 "${diff[@]}" landed-fixed always-rcu --fail-on callback.enqueued_count=5%
expect 0 "${diff[@]}" landed-fixed landed-fixed --fail-on callback.enqueued_count=0
refused 2 "nosuch" "${diff[@]}" landed-fixed always-rcu --fail-on nosuch=5
refused 2 "nosuch.*always-rcu" "${diff[@]}" landed-fixed nosuch

# A record file that lost its end is not used, and the rest still is.
file=$(find "$run" -path '*always-rcu*probed.s1/records.jsonl')
truncate -s -100 "$file"
expect 0 "${diff[@]}" landed-fixed always-rcu
grep -qE 's1.*|records.jsonl' "$tmp/stdout" "$tmp/stderr" || fail "no word of the truncated file"
