#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# many-cells.sh RUN COUNT DIR: makes DIR/cells with COUNT cells out of those of
# a real run, over and over: twenty times with other seeds, then with a new
# parameter of the workload and seeds from the start. Nobody measured them: they
# are for timing pfd-stat (tests/bench-read.sh), and for nothing else.
set -euo pipefail
if (($# != 3)) || [[ ! $2 =~ ^[1-9][0-9]{0,5}$ || ! -d $1/cells || -e $3 ]]; then
	echo "usage: tests/many-cells.sh RUN COUNT DIR; RUN has cells, DIR is not there yet" >&2
	exit 2
fi
run=$1 count=$2 dir=$3
# Of fewer cells than the run has, some of every variant.
mapfile -t records < <(printf '%s\n' "$run"/cells/*/records.jsonl | awk -v count="$count" '
	{ all[NR] = $0 }
	END {
		n = count < NR ? count : NR
		for (i = 0; i < n; i++)
			print all[int(i * NR / n) + 1]
	}')
mkdir -p "$dir/cells"
for ((i = 0; i < count; i++)); do
	echo "$dir/cells/cell$i"
done | xargs mkdir
# Seeds below 1000 are the run's own: the n-th time, n thousand more.
for ((first = 0, round = 0; first < count; first += ${#records[@]}, round++)); do
	awk -v first="$first" -v round="$round" -v count="$count" -v dir="$dir/cells/cell" '
		FNR == 1 { close(out); out = dir first++ "/records.jsonl" }
		first > count { exit }
		/"type":"(header|truth)"/ && match($0, /"seed":[0-9]+/) {
			seed = substr($0, RSTART + 7, RLENGTH - 7) + round % 20 * 1000
			$0 = substr($0, 1, RSTART + 6) seed substr($0, RSTART + RLENGTH)
			sub(/"cell":"[^"]*"/, "\"cell\":\"cell" first - 1 "\"")
			sub(/"parameters":\{/, "&\"copy\":" int(round / 20) ",")
			sub(/,\}/, "}")
		}
		{ print >out }' "${records[@]}"
done
