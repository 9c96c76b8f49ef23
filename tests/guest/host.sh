#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# The kernel that is running can be measured, on this machine and on a POWER box:
# what the workload says it did is what the probe saw, though others use the
# machine meanwhile; what cannot be seen is said with a reason, and never 0; and
# nothing else of the machine changes.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan host 'arms = bare probed' 'workloads = thp-collapse' 'seeds = 1' \
	'[workload thp-collapse]' 'processes = 5' 'ranges = 4' 'passes = 1'
deferrals=20

expect 2 ./run.sh run --target host --plan "$tmp/host.ini" --variants landed --out "$tmp/results"
grep -q 'the running kernel is what it is: leave --variants out' "$tmp/stderr" ||
	fail "nothing says that there is no choice of variants"

settings() {
	cat /sys/kernel/mm/transparent_hugepage/enabled /proc/sys/kernel/randomize_va_space
	cat /sys/devices/system/cpu/online /sys/devices/system/cpu/smt/control
} 2>/dev/null

# judge RECORDS: either it counted all of them, or it says why not.
judge() {
	jq -se --argjson want $deferrals '
		(map(select(.type == "probe"))[0].unavailable | map({(.record): .reason}) | add // {}) as $lacks |
		(map(select(.type == "table" and .path == "defer"))[0].unlinked_count) as $seen |
		if $lacks["table"] or $lacks["table.defer"]
		then ($seen == null) and (($lacks["table"] // $lacks["table.defer"]) | length > 10)
		else $seen == $want end' "$1" >/dev/null ||
		fail "neither $deferrals deferrals nor a reason in $1"
}

measured=()
# This machine.
if ((EUID)) || [[ ! -e /sys/kernel/btf/vmlinux ]]; then
	echo "not on this machine: BPF needs root and CONFIG_DEBUG_INFO_BTF" >&2
elif [[ $(uname -m) != ppc64le ]] && ! pkg-config --exists libbpf; then
	echo "not on this machine: its own libbpf is not installed" >&2
else
	before=$(settings)
	measure 0 host --target host
	equal "this machine's settings" "$before" "$(settings)"
	judge "$(echo "$run"/cells/*.probed.s1)/records.jsonl"
	equal "valid cells" 2 "$(cat "$run"/cells/*/status | grep -cx valid)"
	equal "the kernel" "$(uname -r)" "$(jq -r '.kernels[0].release' "$run/manifest.json")"
	measured+=(here)
fi

# A POWER box, which is emulated, from outside: what a launcher does there.
box() {
	local word=$1
	shift
	tests/box/box.sh "$word" "$tmp/box" "$@"
}
if [[ -x tests/box/make.sh ]]; then
	expect 0 tests/box/make.sh "$tmp/box"
	box start
	# shellcheck disable=SC2064 # the value of now
	trap "tests/box/box.sh cut '$tmp/box'; rm -rf '$tmp'" EXIT
	# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
	. scripts/lib.sh
	# shellcheck source-path=SCRIPTDIR/../.. source=scripts/tools.sh
	. scripts/tools.sh
	build_guest
	box up 90
	tar -c targets -C build/images "$guest_hash.cpio" | box ssh 'mkdir /tmp/host && tar -x -C /tmp/host'
	box ssh 'cd /tmp/host && targets/host.sh prepare /tmp/host && targets/host.sh describe' >"$tmp/box.json" ||
		fail "the box does not describe itself"
	jq -e '.facts["cpuinfo cpu"] | startswith("POWER9")' "$tmp/box.json" >/dev/null ||
		fail "not what the box is: $(<"$tmp/box.json")"
	facts=$(jq -r '.running | [.release, .pages, .mmu, .cpu, .smp, .rcu] | map(tostring) | join(",")' "$tmp/box.json")
	"$pfd_plan" cells --plan "$tmp/host.ini" --arms probed --running "$facts" >"$tmp/cell"
	IFS=$'\t' read -r _ _ _ mmu cpu smp rcu workload arm seed memory _ <"$tmp/cell"
	release=${facts%%,*} parameters=$(cut -f 18 "$tmp/cell")
	# Somebody else, who uses the machine and frees page tables there.
	box ssh 'while sleep 0.3; do (bash -c true); done' &
	box ssh "mkdir /tmp/cell && cd / && /tmp/host/targets/host.sh cell /tmp/cell none /tmp/host/$guest_hash.cpio $cpu $mmu $smp $rcu $memory $seed run=$arm release=$release rcu=$rcu workload=$workload $parameters seed=$seed" \
		>"$tmp/stdout" 2>"$tmp/stderr" || fail "the cell did not run in the box"
	mkdir "$tmp/cell.d"
	box ssh 'cd /tmp/cell && tar -c command console.log guest.jsonl' | tar -x -C "$tmp/cell.d"
	"$pfd_plan" header --release "$release" --target host "$(<"$tmp/cell")" >"$tmp/header.json"
	expect 0 "$pfd_stat" check --header "$tmp/header.json" --guest "$tmp/cell.d/guest.jsonl" \
		--console "$tmp/cell.d/console.log" --exit-status 0 --out "$tmp/cell.d/records.jsonl"
	shows '^valid$'
	judge "$tmp/cell.d/records.jsonl"
	equal "what is left there" "" "$(box ssh 'ls -d /tmp/tmp.* 2>/dev/null')"
	measured+=(box)
fi
((${#measured[@]})) || exit 77
