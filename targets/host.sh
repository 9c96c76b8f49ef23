#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# target: the kernel that is running, as it is: a quick look on any machine with BPF
# emulator: none
#
# Boots nothing, and touches nothing else: the workload and the probe run beside
# whatever else the machine does. KERNEL, CPU, MMU, SMP, RCU and MEMORY are what
# target_describe said this machine is. IMAGE is a guest's image of this machine's
# architecture, of which three programs are unpacked for the time of the cell.
#
# PFD_QUIET_MACHINE=1: noise control all the same (quiet.sh), put back afterwards.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source-path=SCRIPTDIR source=power.sh
. "${BASH_SOURCE[0]%/*}/power.sh"
# shellcheck source-path=SCRIPTDIR source=quiet.sh
. "${BASH_SOURCE[0]%/*}/quiet.sh"
# shellcheck source-path=SCRIPTDIR source=newc.sh
. "${BASH_SOURCE[0]%/*}/newc.sh"

# host_mmu: as the boot record has it (guest/cell.c).
host_mmu() {
	power_cpuinfo MMU || true
	case $found in
	'') echo other ;;
	*Radix*) echo radix ;;
	*) echo hash ;;
	esac
}

# host_cpu: a name for cells: power9, x86-64.
host_cpu() {
	local cpu
	power_cpuinfo cpu || power_architecture
	cpu=$found
	cpu=${cpu%% *}
	cpu=${cpu,,}
	cpu=${cpu//[^a-z0-9]/-}
	echo "${cpu%%-}"
}

# host_rcu: as the plans call it; see Documentation/admin-guide/kernel-parameters.txt.
host_rcu() {
	local line=' '
	line+=$(</proc/cmdline)' '
	case $line in
	*" rcu_nocbs"* | *" nohz_full="*)
		if [[ $line == *" rcutree.enable_rcu_lazy=1 "* ]]; then echo lazy; else echo nocb; fi
		;;
	*) echo default ;;
	esac
}

# host_pages: 64k; there need not be a getconf.
host_pages() {
	local name size
	while read -r name size _; do
		[[ $name != KernelPageSize: ]] || { echo "${size}k" && return; }
	done </proc/self/smaps
	target_die 4 "/proc/self/smaps does not say how large pages are"
}

# host_online: CPUs, of a list such as 0-3,8.
host_online() {
	local range ranges count=0
	IFS=, read -ra ranges </sys/devices/system/cpu/online
	for range in "${ranges[@]}"; do
		count=$((count + ${range#*-} - ${range%-*} + 1))
	done
	echo "$count"
}

host_smp() {
	local cpu count=0
	[[ ${PFD_QUIET_MACHINE:-} && $(quiet_wish) == */smt/control* ]] || { host_online && return; }
	# What is left of them once SMT is off: the first thread of each core.
	for cpu in /sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list; do
		[[ ${cpu%/topology*} != */cpu"$(sed 's/[,-].*//' "$cpu")" ]] || count=$((count + 1))
	done
	echo "$count"
}

target_prepare() {
	[[ -e /sys/kernel/btf/vmlinux ]] ||
		target_die 4 "this kernel has no /sys/kernel/btf/vmlinux (CONFIG_DEBUG_INFO_BTF): the probe cannot read it"
	((EUID == 0)) ||
		target_die 4 "BPF needs root: run it as root, or boot a kernel instead (--target kvm, exact)"
	[[ ! ${PFD_QUIET_MACHINE:-} ]] || quiet_set "$1"
}

target_cleanup() {
	quiet_restore "$1"
}

target_recover() {
	quiet_recover
}

target_describe() {
	local pages quiet=()
	[[ ! ${PFD_QUIET_MACHINE:-} ]] || quiet=("set for the run" "$(quiet_summary)")
	pages=$(host_pages)
	printf '{"running": {"release": %s, "arch": %s, "pages": "%s", "mmu": "%s", "cpu": %s, "smp": %d, "rcu": "%s"}, "quiet": %s, "facts": %s}\n' \
		"$(json_text "$(uname -r)")" "$(json_text "$(uname -m)")" "$pages" "$(host_mmu)" \
		"$(json_text "$(host_cpu)")" "$(host_smp)" "$(host_rcu)" \
		"$([[ ${PFD_QUIET_MACHINE:-} ]] && echo true || echo false)" "$(power_describe "${quiet[@]}")"
}

# shellcheck disable=SC2317 # by the trap
host_stop() {
	trap '' TERM INT HUP
	[[ ! $child ]] || kill -TERM "$child" 2>/dev/null || true
	wait || true
	exit 143
}

target_cell() {
	local dir=$1 image=$3 line=() cpus status=0
	shift 9
	programs=$(mktemp -d) child=
	trap 'rm -rf "$programs"' EXIT
	trap host_stop TERM INT HUP
	newc_unpack "$image" "$programs" bin/pfd-cell bin/pfd-load bin/pfd-probe ||
		target_die 4 "cannot unpack $image into $programs"
	cd "$dir"
	[[ ! ${PFD_QUIET_MACHINE:-} ]] || ! cpus=$(quiet_cpus) || [[ ! $cpus ]] || line=(taskset -c "$cpus")
	line+=("$programs/pfd-cell" "$programs" "$@")
	printf '%s\n' "${line[*]@Q}" >"command"
	"${line[@]}" &
	child=$!
	wait "$child" || status=$?
	child=
	return "$status"
}

target "$@"
