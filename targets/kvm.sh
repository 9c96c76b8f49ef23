#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# target: POWER under KVM, on a ppc64le host: the guest of exact, in real time
#
# Nothing about the machine is known here: QEMU is asked to make it, and where
# this KVM lacks something, QEMU says which option it wants; that option is in
# describe. kvm-host.sh has what is asked of /proc and /sys.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=target.sh
. "${BASH_SOURCE[0]%/*}/target.sh"
# shellcheck source-path=SCRIPTDIR source=pseries.sh
. "${BASH_SOURCE[0]%/*}/pseries.sh"
# shellcheck source-path=SCRIPTDIR source=kvm-host.sh
. "${BASH_SOURCE[0]%/*}/kvm-host.sh"
# shellcheck source-path=SCRIPTDIR source=kvm-guest.sh
. "${BASH_SOURCE[0]%/*}/kvm-guest.sh"
# shellcheck source-path=SCRIPTDIR source=power.sh
. "${BASH_SOURCE[0]%/*}/power.sh"
# shellcheck source-path=SCRIPTDIR source=quiet.sh
. "${BASH_SOURCE[0]%/*}/quiet.sh"

# able: ends with a line unless a guest can run here.
able() {
	local kvm=${PFD_MACHINE_ROOT:-}/dev/kvm module="sudo modprobe kvm_hv"
	[[ $(uname -m) == ppc64le ]] ||
		target_die 4 "KVM is for a ppc64le host, and this is $(uname -m): --target ssh:HOST/kvm measures on one"
	command -v "$emulator" >/dev/null ||
		target_die 4 "$emulator is not installed: './run.sh doctor' names the package"
	"$emulator" -accel help 2>/dev/null | grep -qx kvm ||
		target_die 4 "$emulator is built without KVM: take the distribution's for ppc64le"
	[[ $(host_platform) != pSeries ]] ||
		module+=" (a partition must be allowed to have guests: docs/power.md)"
	# /dev/kvm is there with kvm.ko alone, which can do nothing.
	[[ -e $kvm && -d ${PFD_MACHINE_ROOT:-}/sys/module/kvm_hv ]] ||
		target_die 4 "KVM-HV is not there: $module"
	[[ -w $kvm ]] || target_die 4 "$kvm is not to be written: be root, or in its group $(stat -c %G "$kvm")"
}

target_prepare() {
	able
	ask "$(machine_for radix)" -cpu host -m 256M >/dev/null
	quiet_set "$1"
}

target_recover() {
	quiet_recover
}

target_cleanup() {
	quiet_restore "$1"
}

target_describe() {
	local machine qemu facts
	able
	machine=$(ask "$(machine_for radix)" -cpu host -m 256M) || exit $?
	qemu=$("$emulator" --version | head -n 1)
	facts=$(power_describe "set for the run" "$(quiet_summary)")
	printf '{"kvm": {"machine": %s, "qemu": %s, "kernel": %s, "cores": %d}, "facts": %s}\n' \
		"$(json_text "$machine")" "$(json_text "$qemu")" "$(json_text "$(uname -r)")" \
		"$(host_cores | wc -l)" "$facts"
}

target_cell() {
	local dir=$1 kernel=$2 image=$3 cpu=$4 mmu=$5 smp=$6 rcu=$7 size=$8 seed=$9 line
	local memory backend cpus node_cpus options
	shift 9
	able
	[[ $cpu == "$(host_cpu)" ]] ||
		target_die 4 "KVM's guest has this host's CPU, which is $(host_cpu), not $cpu: --cpu $(host_cpu)"
	take "$smp"
	memory_for "$size" "$mmu"
	options=$(ask "$(machine_for "$mmu")$backend" -cpu host -smp "$smp" "${memory[@]}") || exit $?
	pseries_boot "$kernel" "$mmu" "$rcu"
	machine=(-M "$options" -nodefaults -nographic -no-reboot -serial none -monitor none)
	cd "$dir"
	pseries_channels
	# shellcheck disable=SC2054,SC2154 # QEMU's commas; by pseries_boot
	line=(taskset -c "$node_cpus" "$emulator" -name pfd,debug-threads=on "${machine[@]}"
		-accel "$accelerator" -cpu host -smp "$smp" "${memory[@]}" -seed "$seed"
		-kernel "$kernel" -initrd "$image" -append "$append -- $*")
	printf '%s\n' "${line[*]@Q}" >"command"
	pin $$ &
	exec "${line[@]}"
}

target "$@"
