#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh: how fast the suite itself is, on this machine. Not a test: nothing
# is expected of the figures. Builds what is missing first. docs/speed.md has
# figures and the targets.
# shellcheck source-path=SCRIPTDIR source=guest-lib.sh
. "$(dirname "$0")/guest-lib.sh"

now_ms() {
	echo $((${EPOCHREALTIME/./} / 1000))
}

# took COMMAND...: sets wall_ms and cpu_ms, children included.
took() {
	local started
	started=$(now_ms)
	TIMEFORMAT='%U %S'
	{ time "$@" >"$tmp/stdout" 2>"$tmp/stderr"; } 2>"$tmp/cpu" || fail "$*"
	wall_ms=$(($(now_ms) - started))
	cpu_ms=$(awk '{ printf "%d", ($1 + $2) * 1000 }' "$tmp/cpu")
}

row() {
	printf '%-44s %8s s\n' "$1" "$(awk -v ms="$2" 'BEGIN { printf "%.2f", ms / 1000 }')"
}

cells=('variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare probed'
	'seeds = 4' 'workloads = thp-collapse fork-munmap')
plan alone "${cells[@]}"
plan beside "${cells[@]}"
plan warm 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare' \
	'seeds = 1' 'workloads = null'
measure 0 warm

run=(./run.sh run --out "$tmp/results" --plan)
took "${run[@]}" "$tmp/alone.ini" --jobs 1
alone_ms=$wall_ms
row "a cell, one at a time: wall" $((wall_ms / 16))
row "a cell, one at a time: CPU" $((cpu_ms / 16))
took "${run[@]}" "$tmp/beside.ini" --jobs 2
printf '%-44s %8s\n' "two at a time: times as fast" \
	"$(awk -v a="$alone_ms" -v b="$wall_ms" 'BEGIN { printf "%.2f", a / b }')"
took "${run[@]}" "$tmp/beside.ini" --jobs 2
row "the same again, all there: wall" "$wall_ms"

# One more variant in built object directories: a copy with other bytes.
extra=kernels/variants/bench-$$
trap 'rm -rf "$tmp" "$ROOT/$extra"' EXIT
cp -r kernels/variants/refcount "$extra"
sed -i 's/0x10000$/0x20000/' "$extra"/*.patch
took kernels/build.sh "${extra##*/}" 64k
row "a further variant: wall" "$wall_ms"
