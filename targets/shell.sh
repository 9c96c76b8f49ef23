#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# shell.sh KERNEL IMAGE CPU MMU SMP RCU MEMORY: boots a kernel into a busybox
# shell on this terminal. Real time and real threads: for looking around, not
# for measuring. Ctrl-A X ends it by force.
set -euo pipefail
kernel=$1 image=$2 cpu=$3 mmu=$4 smp=$5 rcu=$6 memory=$7
# shellcheck source-path=SCRIPTDIR source=pseries.sh
. "${BASH_SOURCE[0]%/*}/pseries.sh"

pseries_boot "$kernel" "$mmu" "$rcu"
# shellcheck disable=SC2154 # by pseries_boot
exec qemu-system-ppc64 "${machine[@]}" -cpu "$cpu" -smp "$smp" -m "$memory" \
	-chardev stdio,id=console,mux=on,signal=off -device spapr-vty,chardev=console \
	-chardev null,id=records -device spapr-vty,chardev=records \
	-accel tcg -kernel "$kernel" -initrd "$image" -append "$append -- run=shell"
