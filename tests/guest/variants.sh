#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The variants differ in what they are meant to differ in, and in nothing that
# they have in common; an unsafe one is refused, and caught when forced.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan variants 'variants = landed-fixed refcount always-rcu' 'pages = 64k' 'mmu = radix' 'arms = probed' 'seeds = 1' \
	'workloads = thp-collapse fork-munmap'
measure 0 variants
# count VARIANT WORKLOAD FUNCTION: its callbacks
count() {
	record "$1.*.$2.*" callback "select(.function == \"$3\").enqueued_count" |
		jq -s 'add // 0'
}
pages() {
	record "$1.*.$2.*" page .freed_count
}
# TLB path, no deferral: always-rcu queues one for each page, the others none.
equal "always-rcu on the TLB path" "$(pages always-rcu fork-munmap)" \
	"$(count always-rcu fork-munmap pte_frag_free_user)"
equal "landed-fixed on the TLB path" 0 "$(count landed-fixed fork-munmap pte_free_now)"
# Collapse path: the mark is sticky, so one for each page at its end.
equal "landed-fixed on the collapse path" "$(pages landed-fixed thp-collapse)" \
	"$(count landed-fixed thp-collapse pte_free_now)"
equal "refcount on the TLB path" 0 "$(count refcount fork-munmap pte_free_deferred)"
(($(count refcount thp-collapse pte_free_deferred) >= 16)) ||
	fail "refcount queued less than one callback a process"
# What the processes did is the same whatever the variant; what they unlinked
# too, but for the tables that ASLR gives a process or not.
equal "kinds of truth" 2 "$(record '*' truth '[.facts, (.tables | map(select(.path != "exit")))]' |
	sort -u | wc -l)"

plan unsafe 'variants = per-table' 'pages = 64k' 'mmu = radix' 'arms = probed' 'seeds = 1' \
	'workloads = thp-collapse'
refused 2 'per-table.*--allow-unsafe' ./run.sh run --plan "$tmp/unsafe.ini" --out "$tmp/results"
measure 3 unsafe --allow-unsafe
grep -q '^invalid: ' "$run"/cells/*/status || fail "per-table passed on 64K"

# A bug that upstream shipped from 6.6 on: an exit frees a page still marked.
plan shipped 'variants = landed' 'pages = 64k' 'mmu = hash' 'arms = probed' 'seeds = 1' \
	'workloads = thp-collapse'
measure 3 shipped --allow-unsafe
grep -q '^invalid: console: bad page state' "$run"/cells/*/status ||
	fail "landed passed on 64K with hash: $(cat "$run"/cells/*/status)"
