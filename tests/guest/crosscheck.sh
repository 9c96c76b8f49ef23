#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Four instruments count the same of a workload whose numbers are known, and of
# one that gives bpftrace reason to miss some.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

expect 0 ./run.sh crosscheck --variant always-rcu
shows '^pte_free_defer\(\)( +816){5} =$'
shows '^__tlb_remove_table\(\): PTE( +[1-9][0-9]*){5} =$'
shows '^pte_frag_free_user queued +-( +16){3} +- [=m]$'
shows '^pte_frag_free_user invoked +-( +16){4} =$'
shows '^instructions, thousands +[0-9]+ +- +- +[0-9]+ +- w$'
(($(wc -L <"$tmp/stdout") <= 80)) || fail "a line of more than 80 columns"

expect 0 ./run.sh crosscheck --variant per-table --pages 4k passes=1
shows '^pte_free_deferred queued +-( +272){3} +- [=m]$'

# A workload that does not end in good order is not counted.
refused 3 "probe: .*guest ended with" env PFD_QUIET=1 ./run.sh crosscheck processes=0
