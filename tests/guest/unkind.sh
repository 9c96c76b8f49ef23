#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The workloads of the gate do what they are for, as the probe sees it: a gate
# whose workloads miss what they aim at passes everything.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan unkind 'variants = landed-fixed' 'pages = 64k' 'mmu = radix hash' 'arms = probed' \
	'seeds = 1' 'workloads = walkers races last-fragments kselftest-khugepaged' \
	'[workload last-fragments]' 'rounds = 1' '[workload races]' 'rounds = 1' \
	'[workload walkers]' 'rounds = 2'
measure 0 unkind
# In each of five processes but the one whose last page is full, that page ends
# in pte_frag_destroy(), a moment after the deferral.
equal "pages that ended in pte_frag_destroy()" "4 4" \
	"$(record '*.last-fragments.*' page .freed_by_destroy_count | paste -sd ' ')"
none=$(record '*.last-fragments.*' page '.waited_none_count > 0' | paste -sd ' ')
equal "pages with no full grace period in last-fragments" "true true" "$none"
# Each kind of walk, and of race, was there; and collapses met them. Reclaim takes
# a kernel of the gate (guest.gate).
for cells in '*.walkers.*' '*.races.*'; do
	zero=$(record "$cells" truth '.facts | to_entries[] |
		select(.value == 0 and .key != "collapses_refused_count" and .key != "reclaims_count").key')
	equal "what $cells did not do" "" "$zero"
	equal "deferrals in $cells" "true true" \
		"$(record "$cells" table 'select(.path == "defer" and .level == "pte").unlinked_count > 0' | paste -sd ' ')"
done
equal "selftests run" "4 4" "$(record '*.kselftest-*' truth .facts.tests_count | paste -sd ' ')"

# A selftest that fails is an invalid cell that says which: with hash this one
# does, whatever the variant.
plan broken 'variants = landed-fixed' 'pages = 64k' 'mmu = hash' 'arms = bare' 'seeds = 1' \
	'workloads = kselftest-khugepaged batch-failure' '[workload kselftest-khugepaged]' \
	'madvise_shmem = 0' 'madvise_file = 0' 'khugepaged_shmem = 0' 'khugepaged_file = 0' 'madvise_anon = 1'
measure 3 broken
grep -q 'madvise_anon failed (status 1): Construct PTE page table.*Failed' "$run"/cells/*.kselftest-*/console.log ||
	fail "the failing selftest is not named"
grep -q 'kselftest-khugepaged: | Restore THP' "$run"/cells/*.kselftest-*/console.log ||
	fail "its last lines are not shown"
# So is a kernel that cannot do what is wanted.
grep -q 'batch-failure: this kernel has no .*fail_page_alloc.*: boot one with' \
	"$run"/cells/*.batch-failure.*/console.log || fail "no fault injection, and no word of it"
