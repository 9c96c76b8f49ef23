#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The gate finds what it must find, names who judged, and lets the others pass.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

# gate CODE OPTION...: its verdict in $tmp/stdout.
gate() {
	local code=$1
	shift
	expect "$code" ./run.sh verify "$@" --seeds 1 --out "$tmp/results"
}
quick=(--quick --flavour release --smp 2)

# Upstream's bug of two years: an exit frees a page that is still marked.
gate 0 "${quick[@]}" --variants landed --workloads last-fragments
shows '^FAIL: landed on 64k radix'
shows '^FAIL: landed on 64k hash'
shows 'the kernel: console: bad page state'
shows 'verify --quick --flavour release --smp 2 --seeds 1 --variants landed .*--mmu hash'

# Its fix frees that page at once: no race strikes, and the contract is broken.
# Every design that shares pages and needs no kernel of its own from scratch.
correct=(refcount side-masks reuse tlb-direct tlb-early-put)
gate 0 "${quick[@]}" --variants "landed-fixed,$(IFS=, && echo "${correct[*]}")" --workloads last-fragments
shows '^FAIL: landed-fixed on 64k hash'
shows 'the contract: freed-early: a table that pte_free_defer\(\) took,'
shows '^ +pte_frag_destroy'
for variant in "${correct[@]}"; do
	shows "^$variant +pass +pass"
done

# With all judges: among lockless walkers, and without memory for a batch.
gate 0 --quick --smp 2 --variants refcount --mmu radix --workloads walkers,batch-failure
shows '^refcount +pass'

# One rcu_head for many tables: the kernel's word for it, and the contract's.
gate 0 --quick --smp 2 --variants per-table --mmu radix --workloads thp-collapse
shows '^FAIL: per-table on 64k radix'
shows 'the kernel: console: rcu_head queued twice'
shows '^ +__call_rcu_common'
gate 0 "${quick[@]}" --variants per-table --mmu radix --workloads thp-collapse
shows 'the contract: queued-twice'
gate 0 --flavour release --smp 2 --variants per-table --pages 4k --mmu radix --workloads thp-collapse
shows '^per-table +- +- +pass'

