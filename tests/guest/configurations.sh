#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Every machine shape boots, and its ledger closes.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

common=('variants = landed-fixed' 'arms = probed' 'seeds = 1')
plan shapes "${common[@]}" "timeout_s = 60" 'pages = 64k 4k' 'mmu = radix hash' \
	'workloads = thp-collapse fork-munmap'
measure 0 shapes
equal "4K with hash has no huge pages to collapse" 0 \
	"$(find "$run/cells" -name '*.4k.hash*thp-collapse*' | wc -l)"
# Several emulated POWER10s are not reliable: docs/method.md.
plan newer "${common[@]}" "timeout_s = 60" 'pages = 64k 4k' 'mmu = radix hash' 'cpu = power10' \
	'smp = 1' 'workloads = thp-collapse fork-munmap'
measure 0 newer
plan cpus "${common[@]}" 'pages = 64k' 'mmu = radix hash' 'smp = 1 4' \
	'workloads = thp-collapse exit'
measure 0 cpus
plan rcu "${common[@]}" 'pages = 64k' 'mmu = radix' 'rcu = nocb lazy' \
	'workloads = fork-munmap thp-collapse' 'timeout_s = 60'
measure 0 rcu
lazy=$(record '*.lazy.fork-munmap.*' callback 'select(.function == "tlb_remove_table_rcu").wait_ns.max')
((lazy > 1000000000)) || fail "lazy callbacks waited $lazy ns at most: RCU is not lazy"
