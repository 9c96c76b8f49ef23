#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Events of the PMU by name: the machine's instructions are those that the
# workload counts of itself, and little more. What is not on this CPU has a
# reason, and no count. Without being told, nothing of it is in the records.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan plain 'variants = always-rcu' 'pages = 64k' 'mmu = radix' 'seeds = 1' \
	'arms = bare' 'workloads = fork-munmap'
PFD_COUNTERS=named measure 0 plain
cell=$(echo "$run"/cells/*.bare.s1)
kernel=$PWD/build/kernels/$(awk -F '\t' '{ print $3 }' "$run/kernels.tsv")/vmlinux
release=$(awk -F '\t' '{ print $4 }' "$run/kernels.tsv")
image=$(readlink -f build/guest/initramfs.cpio)
equal "not in an exact cell" '' "$(record '*' hardware .)"

# boot STATUS ARGUMENT...: the same with one CPU; into $tmp/cell.
boot() {
	local status=$1
	shift
	rm -rf "$tmp/cell"
	mkdir "$tmp/cell"
	head -n 1 "$cell/records.jsonl" | jq -c '.smp = 1' >"$tmp/cell/header.json"
	timeout -k 5 60 targets/exact.sh cell "$tmp/cell" "$kernel" "$image" power9 radix 1 \
		default 1G 1 run=bare "release=$release" rcu=default "$@" \
		seed=1 >"$tmp/qemu.log" 2>&1 || fail "QEMU: $(<"$tmp/qemu.log")"
	expect "$status" build/host/analysis/pfd-stat check --header "$tmp/cell/header.json" \
		--guest "$tmp/cell/guest.jsonl" --console "$tmp/cell/console.log" \
		--out "$tmp/cell/records.jsonl"
}
# here TYPE FILTER: of the records of $tmp/cell.
here() {
	jq -c "select(.type == \"$1\") | $2" "$tmp/cell/records.jsonl"
}

boot 0 workload=fork-munmap work=1
work=$(here work .instructions_count)
boot 0 counters=instructions,PM_EXEC_STALL_DERAT_DTLB_MISS workload=fork-munmap
named=$(here hardware '.events[] | select(.name == "instructions").count')
((work > 0 && named > work * 9 / 10 && named < work * 5 / 4)) ||
	fail "$named instructions by name, and $work of the workload's own"
equal "never scaled" true "$(here hardware '.events | all(.enabled_ns == .running_ns)')"
equal "of another CPU" \
	'[{"name":"PM_EXEC_STALL_DERAT_DTLB_MISS","reason":"an event of power10, and this is power9"}]' \
	"$(here hardware .unavailable)"

boot 3 counters=instruction workload=fork-munmap
grep -q "pfd-load: 'counters=instruction' is not" "$tmp/cell/console.log" ||
	fail "an event that there is not: $(tail -n 3 "$tmp/cell/console.log")"
