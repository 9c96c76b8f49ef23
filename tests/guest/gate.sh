#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The gate finds what it must find, names who judged, and lets the others pass.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

quick=(--quick --flavour release --smp 2)

# Upstream's bug of two years: an exit frees a page that is still marked.
gate 0 "${quick[@]}" --variants landed --workloads last-fragments
shows '^FAIL: landed on 64k radix'
shows '^FAIL: landed on 64k hash'
shows 'the kernel: console: bad page state'
shows 'verify --quick --flavour release --smp 2 --seeds 1 --variants landed .*--mmu hash'

# Its fix frees that page at once: no race strikes, and the contract is broken.
# Every design that shares pages and needs no kernel of its own from scratch, and the
# repaired siblings of those with the hole.
correct=(refcount side-masks reuse tlb-direct tlb-early-put landed-rcu-exit always-rcu-exit)
gate 0 "${quick[@]}" --variants "landed-fixed,always-rcu,$(IFS=, && echo "${correct[*]}")" --workloads last-fragments
for variant in landed-fixed always-rcu; do
	shows "^$variant +FAIL +FAIL"
	shows "^FAIL: $variant on 64k radix"
	shows "^FAIL: $variant on 64k hash"
done
shows 'the contract: freed-early: a table that pte_free_defer\(\) took,'
shows '^ +pte_frag_destroy'
for variant in "${correct[@]}"; do
	shows "^$variant +pass +pass"
done

# Nor does what is broken on purpose.
PFD_VARIANTS=$PWD/tests/fixtures/variants gate 0 "${quick[@]}" --mmu hash --workloads thp-collapse \
	--variants free-now,never-free,destructor-early
for kind in 'free-now:freed-early' never-free:leaked destructor-early:destructor-early; do
	shows "^FAIL: ${kind%:*} on 64k hash"
	shows "the contract: ${kind#*:}"
	shows "verify .*--variants ${kind%:*} "
done

# One rcu_head for many tables; where a table fills its page there are none.
gate 0 "${quick[@]}" --variants per-table --mmu radix --workloads thp-collapse
shows 'the contract: queued-twice'
gate 0 --flavour release --smp 2 --variants per-table --pages 4k --mmu radix --workloads thp-collapse
shows '^per-table +- +- +pass'
