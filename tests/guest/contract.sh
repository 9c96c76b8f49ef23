#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The contract's checker finds each kernel that is broken on purpose, by what is
# broken about it and nothing else, and accuses none that keeps to it. It finds
# the hole at exit (docs/exit-hole.md), with the function that frees the page.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

export PFD_VARIANTS=$PWD/tests/fixtures/variants
plan contract 'variants = refcount always-rcu free-now never-free destructor-early' \
	'pages = 64k' 'mmu = radix hash' 'arms = checked' 'seeds = 1' 'workloads = thp-collapse'
measure 0 contract --allow-unsafe

# kinds VARIANT MMU: of violations
kinds() {
	record "$1.64k.$2.*" contract '.violations[].kind' | sort -u | tr -d '"' | paste -sd' '
}
for mmu in radix hash; do
	equal "refcount, $mmu" '' "$(kinds refcount "$mmu")"
	equal "never-free, $mmu" leaked "$(kinds never-free "$mmu")"
	equal "destructor-early, $mmu" destructor-early "$(kinds destructor-early "$mmu")"
	[[ $(record "refcount.64k.$mmu.*" contract '.checked | del(.shared_pages_count) | map(. > 0) | all') == true ]] ||
		fail "refcount, $mmu: nothing was checked"
done
# 256 tables to a page, of which others are in use: the page itself waits.
equal "free-now, radix" handed-out-early "$(kinds free-now radix)"
equal "free-now, hash" 'freed-early handed-out-early' "$(kinds free-now hash)"
equal "always-rcu, hash" freed-early "$(kinds always-rcu hash)"
[[ $(record 'always-rcu.64k.hash.*' contract '.violations[] | [.end, .first.stack[1]]') == \
	'["pte_frag_destroy","pte_frag_destroy+0x'* ]] ||
	fail "always-rcu, hash: it is not pte_frag_destroy() that frees too early"

# Tables of PMDs, on the TLB path. (Its collapses are 6.12's, with the hole at exit.)
plan pmds 'variants = pmd-at-once' 'pages = 64k' 'mmu = radix hash' 'arms = checked' 'seeds = 1' \
	'workloads = fork-munmap'
measure 0 pmds --allow-unsafe
for mmu in radix hash; do
	equal "pmd-at-once, $mmu" 'tlb freed-early' \
		"$(record "pmd-at-once.64k.$mmu.*" contract '.violations[] | .unlink + " " + .kind' | tr -d '"')"
done
