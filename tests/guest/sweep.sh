#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# A sweep: each size runs as such, and the report puts them together.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan sizes 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' \
	'arms = bare probed' 'seeds = 1' 'workloads = exit' \
	'[workload exit]' 'tables = 8' 'rounds = 1' 'processes = 9'
measure 0 sizes --set exit.processes=1,3
for size in 1 3; do
	for arm in bare probed; do
		cell="*.exit-processes$size.$arm.s1"
		equal "what is swept" '"processes"' "$(record "$cell" header .swept)"
		equal "the size" "$size" "$(record "$cell" truth .parameters.processes)"
	done
done
equal "cells" 4 "$(find "$run/cells" -mindepth 1 -maxdepth 1 | wc -l)"
plot=$run/plots/sweep.64k-radix.exit-processes
[[ -s $plot.png && -s $plot.svg ]] || fail "no plot of the sweep"
equal "sizes in the plot" "1 3" "$(grep -oE '^[0-9]+' "$plot.tsv" | sort -nu | paste -sd ' ')"
