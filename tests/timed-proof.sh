#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# timed-proof.sh DIR: tries the statistics of timed evidence (docs/statistics.md)
# on boots, of which every one is different. The machine is emulated, with a
# thread for each CPU (target tcg), so that its times are no figures; but they
# are noise of a real machine, and of one that has other things to do.
#
# Of the same kernel under two names, 20 comparisons are made, of 10 blocks each,
# and none may claim anything. Of a kernel that waits 500 us with each table that
# munmap() frees (tests/fixtures/variants/slowed) 2 are made, and each must find
# that; exits with 1 if not all of this is so. PFD_JOBS: how many boot at a time
# (default: 1). Takes half an hour of two idle cores, or less; begun again, it
# goes on. Not part of ./run.sh test.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

blocks=10 tables=32
(($# == 1)) || die 2 "usage: tests/timed-proof.sh DIR"
make_dir "$1"
dir=$(cd "$1" && pwd -P)
cd "$PFD_ROOT"

# The same patches, of which there are none, under another name.
mkdir -p "$dir/variants"
rm -rf "$dir/variants/twin"
cp -r kernels/variants/landed-fixed "$dir/variants/twin"
export PFD_VARIANTS=$dir/variants:$PWD/tests/fixtures/variants

# boot VARIANT COMPARISONS: their blocks, of landed-fixed twice and the variant
# once; sets run. The plan is one that a user could have: the order is its own.
boot() {
	cat >"$dir/$1.ini" <<-END
		[plan]
		title = landed-fixed, itself again, and $1
		variants = landed-fixed $1
		workloads = fork-munmap
		arms = bare bare-again
		seeds = $(($2 * blocks))
		[workload fork-munmap]
		forks = 8
		tables = $tables
	END
	./run.sh list plans >/dev/null
	build/host/plans/pfd-plan cells --plan "$dir/$1.ini" --target tcg |
		awk -F '\t' '$2 == "landed-fixed" || $9 == "bare"' >"$dir/$1.cells"
	./run.sh run --plan "$dir/$1.ini" --cells "$dir/$1.cells" --target tcg \
		--jobs "${PFD_JOBS:-1}" --out "$dir/$1"
	run=$(readlink -f "$dir/$1/latest")
}

# compare VARIANT NUMBER: of that comparison's blocks alone: rows, p of at most
# 0.05, claims, and munmap's row.
compare() {
	local id
	rm -rf "$dir/part" && mkdir -p "$dir/part/cells"
	awk -F '\t' -v number="$2" -v blocks="$blocks" \
		'int(($10 - 1) / blocks) + 1 == number { print $1 }' "$dir/$1.cells" |
		while read -r id; do ln -s "$run/cells/$id" "$dir/part/cells/$id"; done
	build/host/analysis/pfd-stat diff --try-timed --json "$dir/part" landed-fixed "$dir/part" "$1" |
		jq -r '[.comparisons[].groups[].metrics[] | select(.timed)] as $rows |
			($rows[] | select(.metric == "op.munmap.mean_ns")) as $munmap |
			[.tests_count, ($rows | map(select(.timed.p <= 0.05)) | length),
			 ($rows | map(select(.timed.claimed)) | length),
			 ($munmap.timed | .claimed, .effect, .low, .high, .floor)] | @tsv'
}

bad=0 rows=0 small=0
boot twin 20
for ((number = 1; number <= 20; number++)); do
	IFS=$'\t' read -r tests low claimed _ < <(compare twin "$number")
	printf 'A/A %2d: of %d comparisons %d have p <= 0.05 before correction, %d are claimed\n' \
		"$number" "$tests" "$low" "$claimed"
	bad=$((bad + (claimed > 0))) rows=$((rows + tests)) small=$((small + low))
done
echo "A/A: something is claimed in $bad of 20; of $rows comparisons $small have p <= 0.05"
boot slowed 2
for number in 1 2; do
	IFS=$'\t' read -r tests low claimed munmap effect from to floor < <(compare slowed "$number")
	printf 'slowed by %d us at least: munmap %+.0f us [%+.0f %+.0f], A/A %.0f us, claimed: %s; %d claims of %d\n' \
		$((500 * tables)) "${effect}e-3" "${from}e-3" "${to}e-3" "${floor}e-3" "$munmap" \
		"$claimed" "$tests"
	[[ $munmap == true ]] || bad=$((bad + 1))
done
((bad == 0)) || exit 1
