#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# shell.sh KERNEL IMAGE CPU MMU SMP RCU MEMORY: boots a kernel into a busybox
# shell on this terminal. Real time and real threads: for looking around, not
# for measuring. Ctrl-A X ends it by force.
set -euo pipefail
kernel=$1 image=$2 cpu=$3 mmu=$4 smp=$5 rcu=$6 memory=$7
append="console=hvc0 panic=-1 disable_radix=$([[ $mmu == hash ]] && echo yes || echo no)"
[[ $rcu == default ]] || append+=" rcu_nocbs=all"
[[ $rcu != lazy ]] || append+=" rcutree.enable_rcu_lazy=1"
exec qemu-system-ppc64 \
	-M pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off,cap-hpt-max-page-size=16M \
	-cpu "$cpu" -smp "$smp" -m "$memory" -nodefaults -nographic -no-reboot \
	-serial none -monitor none \
	-chardev stdio,id=console,mux=on,signal=off -device spapr-vty,chardev=console \
	-chardev null,id=records -device spapr-vty,chardev=records \
	-accel tcg -kernel "$kernel" -initrd "$image" -append "$append -- run=shell"
