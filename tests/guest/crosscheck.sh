#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Four instruments count the same of a workload whose numbers are known, and of
# one that gives bpftrace reason to miss some.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

expect 0 ./run.sh crosscheck --variant always-rcu
shows '^tables given to pte_free_defer\(\)( +816){5} =$'
shows '^PTE tables, __tlb_remove_table\(\)( +[1-9][0-9]*){5} =$'
shows '^call_rcu\(pte_frag_free_user\) +-( +16){3} +- [=m]$'
shows '^  invoked +-( +16){4} =$'
shows '^instructions of the workload +[0-9]+ +- +- +[0-9]+ +- w$'
(($(wc -L <"$tmp/stdout") <= 80)) || fail "a line of more than 80 columns"

expect 0 ./run.sh crosscheck --variant per-table --pages 4k passes=1
shows '^call_rcu\(pte_free_deferred\) +-( +272){3} +- [=m]$'

# A workload that does not end in good order is not counted.
refused 3 "probe: .*guest ended with" env PFD_QUIET=1 ./run.sh crosscheck processes=0
