#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bench-read.sh RUN [COUNT...]: how long pfd-stat takes, and how much memory, for
# runs of so many cells, made out of those of RUN (tests/many-cells.sh), on one
# CPU; `report` is all that ./run.sh report does, gnuplot included. Not a test:
# nothing is expected of the figures. docs/speed.md has some.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../scripts/packed.sh
. "$ROOT/scripts/packed.sh"
(($#)) || { echo "usage: tests/bench-read.sh RUN [COUNT...]" >&2 && exit 2; }
from=$1
counts=("${@:2}")
((${#counts[@]})) || counts=(100 300 1000 3000 10000)
pfd_stat=$ROOT/build/host/analysis/pfd-stat
[[ -x $pfd_stat && -x /usr/bin/time ]] ||
	fail "needs /usr/bin/time, and what './run.sh list' builds"

# row COUNT WHAT ARGUMENT...: CPU time, with that of gnuplot, and the most memory
# that either ever had.
row() {
	local count=$1 what=$2
	shift 2
	taskset -c 0 /usr/bin/time -o "$tmp/time" -f '%U %S %M' \
		"$pfd_stat" "$@" >"$tmp/stdout" 2>"$tmp/stderr" || fail "pfd-stat $*"
	awk -v count="$count" -v what="$what" \
		'{ printf "%7d  %-8s %7.2f s %6.0f MB\n", count, what, $1 + $2, $3 / 1024 }' "$tmp/time"
}

variants=$(cut -f 1 "$from/kernels.tsv" | sort -u)
a=$(head -n 1 <<<"$variants") b=$(tail -n 1 <<<"$variants")
for count in "${counts[@]}"; do
	tests/many-cells.sh "$from" "$count" "$tmp/run$count"
	copy_parts "$from" "$tmp/run$count"
	row "$count" report report --scripts "$ROOT/analysis/plots" \
		--assets "$ROOT/analysis/html" "$tmp/run$count"
	plots=("$tmp/run$count/plots/"*.svg)
	echo "         plots    ${#plots[@]}"
	row "$count" recheck recheck "$tmp/run$count"
	row "$count" summary summary "$tmp/run$count"
	row "$count" diff diff "$tmp/run$count" "$a" "$tmp/run$count" "$b"
	rm -rf "$tmp/run$count"
done
