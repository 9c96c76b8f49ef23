#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Each workload does what it says it does, by its claims, in one configuration
# where tables share pages and one where they do not; and the kernel agrees with
# what the workload counted of itself.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

names='stream mixed drain khugepaged file-collapse pte-mapped fork-server fallback kernel-tables'
plan claims 'variants = landed-fixed' 'pages = 64k 4k' 'mmu = radix' 'arms = probed' \
	'seeds = 1' "workloads = $names"
measure 0 claims
# unlinked WORKLOAD PATH: by the probe, in both configurations
unlinked() {
	record "*.$1.*" table "select(.path == \"$2\" and .level == \"pte\").unlinked_count" | paste -sd ' '
}
equal "deferrals of stream" "768 768" "$(unlinked stream defer)"
equal "deferrals of mixed" "192 192" "$(unlinked mixed defer)"
equal "unmapped tables of mixed" "3072 3072" "$(unlinked mixed munmap)"
equal "deferrals of drain" "3072 3072" "$(unlinked drain defer)"
equal "deferrals of khugepaged" "384 384" "$(unlinked khugepaged defer)"
equal "deferrals of file-collapse" "408 408" "$(unlinked file-collapse defer)"
equal "deferrals of pte-mapped" "384 384" "$(unlinked pte-mapped defer)"
equal "kernel tables" "48 48" "$(unlinked kernel-tables kernel)"
equal "exits with a batch in fallback" "" "$(unlinked fallback exit)"
# The same collapses by the kernel's own count.
collapsed() {
	record "*.$1.*" vm '.after.thp_collapse_alloc - .before.thp_collapse_alloc' | paste -sd ' '
}
equal "huge pages of khugepaged" "48 48" "$(collapsed khugepaged)"
equal "huge pages of pte-mapped" "0 0" "$(collapsed pte-mapped)"
# Where a deferral marks its page, the others of the page wait once more.
twice=$(record '*64k*.mixed.*' page '.waited_more_count == .freed_count')
equal "pages of mixed that waited twice" true "$twice"

# Instructions are counted, and no more of them than there was time for.
plan counted 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare' 'seeds = 1' \
	'workloads = thp-collapse exit'
measure 0 counted
record '*thp-collapse*' op '[.instructions_count.count == .latency_ns.count,
	.instructions_count.sum * 2 <= .latency_ns.sum,
	.instructions_count.sum * 4 > .latency_ns.sum,
	.cycles_count.count == .latency_ns.count]' >"$tmp/stdout"
equal "collapses whose instructions fit their time" "[true,true,true,true]" "$(tail -n 1 "$tmp/stdout")"
equal "exits with instructions" "null null" \
	"$(record '*.exit.*' op .instructions_count | paste -sd ' ')"
