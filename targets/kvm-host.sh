# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What this machine has for a guest under KVM, as far as /proc and /sys tell; to
# be sourced by targets/kvm.sh and scripts/doctor.sh. PFD_MACHINE_ROOT is put in front
# of both names, for tests.

# host_platform: PowerNV (bare metal), pSeries (a partition), or nothing.
host_platform() {
	sed -nE 's/^platform[[:space:]]*: *//p' "${PFD_MACHINE_ROOT:-}/proc/cpuinfo" | head -n 1
}

# host_cpu: power9, power10 ..., or nothing.
host_cpu() {
	sed -nE 's/^cpu[[:space:]]*: *(POWER[0-9]+).*/\1/p' "${PFD_MACHINE_ROOT:-}/proc/cpuinfo" |
		head -n 1 | tr '[:upper:]' '[:lower:]'
}

# expand LIST: the numbers of a kernel's list like 0-3,8, one a line.
expand() {
	local part
	for part in ${1//,/ }; do
		seq "${part%-*}" "${part#*-}"
	done
}

# host_cores: a line for each core that this process may use: its NUMA node and
# its CPUs, those of the nodes with most cores first. In a node, the first core
# comes last: interrupts go there.
host_cores() {
	local dir node allowed siblings mine cpu
	allowed=" $(expand "$(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' \
		"${PFD_MACHINE_ROOT:-}/proc/self/status")" | paste -sd ' ') "
	for dir in "${PFD_MACHINE_ROOT:-}"/sys/devices/system/cpu/cpu[0-9]*; do
		siblings=$(cat "$dir/topology/thread_siblings_list" 2>/dev/null) || continue
		mine=
		for cpu in $(expand "$siblings"); do
			[[ $allowed != *" $cpu "* ]] || mine+=${mine:+,}$cpu
		done
		[[ $mine ]] || continue
		node=0
		for cpu in "$dir"/node[0-9]*; do
			[[ ! -e $cpu ]] || node=${cpu##*/node}
		done
		echo "$node $mine"
	done | sort -u | awk '
		{ count[$1]++; core[NR] = $0; node[NR] = $1 }
		END { for (i = 1; i <= NR; i++) print count[node[i]], core[i] }' |
		sort -k 1,1nr -k 2,2n -k 3,3nr | cut -d ' ' -f 2-
}

# bytes SIZE: of a size like 512M or 1G.
bytes() {
	local number=${1%[MG]}
	case $1 in
	*G) echo $((number << 30)) ;;
	*) echo $((number << 20)) ;;
	esac
}

# host_hugepage SIZE MMU: the largest huge page in kB of which enough are free for
# so much memory, or nothing. A hash guest's 16M pages need 16M behind them.
host_hugepage() {
	local wanted dir size
	wanted=$(bytes "$1")
	for dir in "${PFD_MACHINE_ROOT:-}"/sys/kernel/mm/hugepages/hugepages-*kB; do
		size=${dir##*-}
		size=${size%kB}
		[[ -r $dir/free_hugepages ]] || continue
		((wanted % (size << 10) == 0 && $(<"$dir/free_hugepages") >= wanted / (size << 10))) ||
			continue
		[[ $2 != hash ]] || ((size >= 16384)) || continue
		echo "$size"
	done | sort -n | tail -n 1
}

# host_threads: of a core, those that are there (SMT mode).
host_threads() {
	local core
	read -r _ core < <(host_cores)
	expand "$core" | wc -l
}
