# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every target that is an emulated pseries machine needs; to be sourced.
#
# kernel_options KERNEL MMU RCU: sets append, the kernel's command line without
# init's arguments, for a machine of any kind.
# pseries_boot KERNEL MMU RCU: that, and machine, QEMU's options for a machine
# without SLOF that TCG can be and whose hash MMU has huge pages.
# shellcheck disable=SC2034,SC2054 # for the one that sources it; QEMU's commas

kernel_options() {
	append="console=hvc0 panic=-1"
	case $2 in
	radix) append+=" disable_radix=no" ;;
	hash) append+=" disable_radix=yes" ;;
	*) exit 2 ;;
	esac
	case $3 in
	default) ;;
	nocb) append+=" rcu_nocbs=all" ;;
	lazy) append+=" rcu_nocbs=all rcutree.enable_rcu_lazy=1" ;;
	*) exit 2 ;;
	esac
	# What kernels/build.sh says that this kernel is to be told.
	append+=" $(<"${1%/*}/options")"
}

pseries_boot() {
	kernel_options "$@"
	# Of what kernels have for real machines: an idle CPU would spin before it sleeps,
	# and what looks for lockups now and then is not what is measured.
	append+=" cpuidle.off=1 nowatchdog"
	machine=(-M "pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off,cap-hpt-max-page-size=16M"
		-nodefaults -nographic -no-reboot -serial none -monitor none)
}

# pseries_channels: adds one console for the kernel and one for the records,
# both files in the current directory, to machine.
pseries_channels() {
	machine+=(-chardev "file,id=console,path=console.log" -device spapr-vty,chardev=console
		-chardev "file,id=records,path=guest.jsonl" -device spapr-vty,chardev=records)
}
