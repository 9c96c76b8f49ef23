#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# target: emulated POWER, time is instructions executed: same inputs, same bytes
#
# A launcher: boots one kernel and ends when the guest powers off or panics.
#
#	exact.sh DIR KERNEL IMAGE CPU MMU SMP RCU MEMORY SEED INIT-ARGUMENT...
#
# Leaves in DIR, which it runs in: command (this very line), console.log,
# guest.jsonl. KERNEL and IMAGE are absolute paths. See docs for what each flag is there for; in short: no SLOF, one
# thread and an instruction clock, nothing that waits for the host, and one
# console for the kernel and one for the records.
set -euo pipefail
dir=$1 kernel=$2 image=$3 cpu=$4 mmu=$5 smp=$6 rcu=$7 memory=$8 seed=$9
shift 9

append="console=hvc0 panic=-1"
case $mmu in
radix) append+=" disable_radix=no" ;;
hash) append+=" disable_radix=yes" ;;
*) exit 2 ;;
esac
case $rcu in
default) ;;
nocb) append+=" rcu_nocbs=all" ;;
lazy) append+=" rcu_nocbs=all rcutree.enable_rcu_lazy=1" ;;
*) exit 2 ;;
esac

cd "$dir"
# shellcheck disable=SC2054 # the commas are QEMU's
line=(qemu-system-ppc64
	-M pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off,cap-hpt-max-page-size=16M
	-cpu "$cpu" -smp "$smp" -m "$memory" -nodefaults -nographic -no-reboot
	-serial none -monitor none
	-chardev "file,id=console,path=console.log" -device spapr-vty,chardev=console
	-chardev "file,id=records,path=guest.jsonl" -device spapr-vty,chardev=records
	-accel tcg,thread=single -icount shift=1,sleep=off
	-rtc clock=vm,base=2020-01-01 -seed "$seed"
	-kernel "$kernel" -initrd "$image" -append "$append -- $*")
printf '%s\n' "${line[*]@Q}" >"command"
exec "${line[@]}"
