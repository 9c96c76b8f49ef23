#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The probe on a kernel that lacks something: what needs it is not available, by
# name and with the reason, the rest is as ever. The end of pages by another
# instrument: the same pages. A log that is too small: an invalid cell.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan plain 'variants = always-rcu' 'pages = 64k' 'mmu = radix' 'seeds = 1' \
	'arms = probed stats' 'workloads = fork-munmap'
measure 0 plain
cell=$(echo "$run"/cells/*.probed.s1)
kernel=$PWD/build/kernels/$(awk -F '\t' '{ print $3 }' "$run/kernels.tsv")/vmlinux
release=$(awk -F '\t' '{ print $4 }' "$run/kernels.tsv")
image=$(readlink -f build/guest/initramfs.cpio)

# probed WANT OPTION: the same cell with a probe's option; into $tmp/cell.
probed() {
	rm -rf "$tmp/cell"
	mkdir "$tmp/cell"
	head -n 1 "$cell/records.jsonl" >"$tmp/cell/header.json"
	timeout -k 5 60 targets/exact.sh cell "$tmp/cell" "$kernel" "$image" power9 radix 2 \
		default 1G 1 run=probed "release=$release" rcu=default "probe.$2" \
		workload=fork-munmap seed=1 >"$tmp/qemu.log" 2>&1 || fail "QEMU: $(<"$tmp/qemu.log")"
	expect "$1" build/host/analysis/pfd-stat check --header "$tmp/cell/header.json" \
		--guest "$tmp/cell/guest.jsonl" --console "$tmp/cell/console.log" \
		--out "$tmp/cell/records.jsonl"
}
# here TYPE FILTER: of the records of $tmp/cell.
here() {
	jq -c "select(.type == \"$1\") | $2" "$tmp/cell/records.jsonl"
}

# By the trace event mm_page_free instead of a kprobe on __free_pages().
pages='[.tracked_count, .freed_count, .two_callbacks_count, .freed_by_own_count]'
probed 0 without=page_freed
equal "pages by mm_page_free" "$(record '*.probed.s1' page "$pages")" "$(here page "$pages")"
equal "the program that saw them" '"page_freed_event"' \
	"$(here probe '.programs[].name' | grep page_freed)"

# No rcu:rcu_invoke_callback: as in a distribution's kernel, without RCU_TRACE.
probed 0 without=callback_invoked
equal "not available" '["callback","table","page","double_rcu","pinned"]' \
	"$(here probe '[.unavailable[].record]')"
here probe '.unavailable[0].reason' | grep -q 'no trace event rcu:rcu_invoke_callback' ||
	fail "no reason: $(here probe .unavailable)"
for type in callback table page double_rcu pinned; do
	equal "records $type" "" "$(here $type .)"
done
for type in op grace_period softirq vm truth; do
	[[ $(here $type .type) ]] || fail "no record $type"
done

probed 3 log=8192
here verdict '.reasons[] | select(.code == "loss").text' | grep -q log_full_count ||
	fail "a log that is full: $(here verdict .)"

# The kernel's own statistics of the programs, and only in the arm stats.
equal "run counts in arm probed" null "$(record '*.probed.s1' probe '.programs[0].runs_count')"
runs=$(record '*.stats.s1' probe '.programs[] | select(.name == "callback_queued").runs_count')
queued=$(record '*.stats.s1' callback .enqueued_count | awk '{ n += $1 } END { print n }')
((runs >= queued && queued > 0)) || fail "callback_queued ran $runs times for $queued callbacks"
