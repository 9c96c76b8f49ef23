#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ./run.sh crosscheck calls counts equal that are, and no others; and counts what
# the emulator wrote down as it is meant.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. "$ROOT/scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/counts.sh
. "$ROOT/scripts/counts.sh"
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/counts-table.sh
. "$ROOT/scripts/counts-table.sh"

# marked MARK NAME [MODEL]
marked() {
	judge "$2" "${3:-page}"
	equal "mark of $2" "$1" "$mark"
}

counts=(["truth deferred"]=9 ["probe deferred"]=9 ["bpftrace deferred"]=9
	["perf deferred"]=9 ["emulator deferred"]=9)
marked '=' deferred
counts[bpftrace deferred]=7
marked '!' deferred
# The kernel dropped as many hits as are lacking; fewer do not explain it.
counts[missed bpftrace pte_free_defer]=1
marked '!' deferred
counts[missed bpftrace pte_free_defer]=2
marked m deferred
# More than there were cannot be explained by that, nor the probe's lack.
counts[bpftrace deferred]=10
marked '!' deferred
counts[bpftrace deferred]=9
counts[probe deferred]=8
marked '!' deferred

# Each instrument is held to the truth of its own boot.
counts=(["truth put 0"]=64 ["emulator put 0"]=64 ["perf put 0"]=80 ["truth of perf put 0"]=80)
marked '=' "put 0"

# How often a callback is queued need not be the same with a variant that does so
# once a grace period; that it is invoked as often as queued must.
counts=(["probe queued f"]=5 ["probe invoked f"]=5 ["perf queued f"]=6 ["perf invoked f"]=6)
marked '!' "queued f" page
marked '~' "queued f" page-and-grace-period
marked '~' "invoked f" page-and-grace-period
counts[perf invoked f]=5
marked '!' "invoked f" page-and-grace-period
counts=(["probe queued tlb_remove_table_rcu"]=5 ["perf queued tlb_remove_table_rcu"]=6)
marked '!' "queued tlb_remove_table_rcu" page-and-grace-period

counts=(["truth instructions"]=1000000 ["perf instructions"]=1100000)
marked w instructions
counts[perf instructions]=999999
marked '!' instructions
counts[perf instructions]=1200000
marked '!' instructions

# The emulator: only what is in the window; blocks that were left before their
# first instruction did not happen; a callback is what is called by a pointer.
mkdir "$tmp/emulator"
printf '%s\n' 'sys_getcpu c000000000000100 8' 'pte_free_defer c000000000000200 8' \
	'pte_fragment_free c000000000000300 8' 'pmd_fragment_free c000000000000400 8' \
	'__tlb_remove_table c000000000000500 8' 'pte_free_now c000000000000600 8' \
	'tlb_remove_table_rcu c000000000000ff8 8' >"$tmp/symbols"
for low in 208 100 208 308 508 308 508 408 508 ff8 608 600 300 stopped 1000 100 208; do
	if [[ $low == stopped ]]; then
		echo 'Stopped execution of TB chain before 0x7f0 [c000000000000300] pte_fragment_free'
	else
		printf 'Trace 0: 0x7f0 [0000000000000000/c00000000000%04x/0/0] f\n' "0x$low"
	fi
done >"$tmp/emulator/trace"
count_trace "$tmp" >"$tmp/stdout"
for line in 'deferred 1' 'fragment_free 2' 'frag_destroy 0' 'put 0 1' 'put 1 1' 'put 2 1' \
	'invoked tlb_remove_table_rcu 1' 'invoked pte_free_now 1'; do
	shows "^${line% *}	${line##* }\$"
done
sed -i '$d;/0100/d' "$tmp/emulator/trace"
! count_trace "$tmp" >/dev/null || fail "a trace without a window is counted"
