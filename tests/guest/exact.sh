#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The same cell twice gives the same bytes; another seed gives others. And the
# counts are what the workload did: 17 processes x 16 ranges are 272 deferrals a
# pass, the control has none.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

lines=('variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare probed'
	'workloads = thp-collapse anon-collapse' 'seeds = 2'
	'[workload thp-collapse]' 'processes = 17' 'ranges = 16' 'passes = 1')
plan once "${lines[@]}"
plan twice "${lines[@]}"
measure 0 once
first=$run
# On a terminal the table fills in as cells finish.
script -qec "./run.sh run --plan '$tmp/twice.ini' --out '$tmp/results'" "$tmp/screen" \
	>"$tmp/stdout" </dev/null || fail "exit code $? on a terminal"
run=$(readlink -f "$tmp/results/latest")
shows '[1-7] of 8 cells, 0 not valid'
shows '8 of 8 cells, 0 not valid'
[[ $first != "$run" ]] || fail "two plans, one directory"
for cell in "$run"/cells/*/; do
	name=$(basename "$cell")
	cmp "$cell/records.jsonl" "$first/cells/$name/records.jsonl" ||
		fail "$name is not reproducible"
	cmp "$cell/console.log" "$first/cells/$name/console.log" ||
		fail "the console of $name is not reproducible"
done
for arm in bare probed; do
	waits=$(record "*thp-collapse.$arm*" op .latency_ns.sum | sort -u | wc -l)
	((waits == 4)) || fail "two seeds and two kinds of operation, but $waits different sums in arm $arm"
done
equal "deferrals of thp-collapse" "272 272" \
	"$(record '*thp-collapse.probed*' table 'select(.path == "defer").unlinked_count' | paste -sd ' ')"
equal "deferrals of anon-collapse" "" \
	"$(record '*anon-collapse.probed*' table 'select(.path == "defer").unlinked_count')"
equal "valid cells" 8 "$(cat "$run"/cells/*/status | grep -cx valid)"
