#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The gate with debug kernels, which are built last (tests/CMakeLists.txt): the
# kernel is a judge too.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

# With all judges: among lockless walkers, and without memory for a batch.
gate 0 --quick --smp 2 --variants refcount --mmu radix --workloads walkers,batch-failure
shows '^refcount +pass'
# Where there is swap, memory pressure walks shared memory by the rmap.
reclaims=$(jq 'select(.type == "truth").facts.reclaims_count' "$tmp"/results/verify/verify-quick-*/cells/*.walkers.*/records.jsonl)
((reclaims > 0)) || fail "nothing was reclaimed: '$reclaims'"

# One rcu_head for many tables: the kernel's word for it.
gate 0 --quick --smp 2 --variants per-table --mmu radix --workloads thp-collapse
shows '^FAIL: per-table on 64k radix'
shows 'the kernel: console: rcu_head queued twice'
shows '^ +__call_rcu_common'

# With no memory for a batch there have to be IPIs, or it is no weaker wait but none.
PFD_VARIANTS=$PWD/tests/fixtures/variants gate 0 --quick --smp 2 --variants no-ipi --mmu hash --workloads batch-failure
shows '^FAIL: no-ipi on 64k hash'
shows 'the contract: freed-early: a table that tlb_remove_table\(\) took, at-once'
