#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# On the emulated box, for tests/guest/kexec.sh: what ./run.sh run --target kexec
# does on a real one. All of "cells" that have no exit code yet; it is run again
# after each reboot by the hook that targets/kexec.sh leaves.
here=/root/bench
cd "$here" || exit 4
: >begun
export PFD_YES=y PFD_RESUME=$here/bench.sh
say() { echo "bench: $*" >/dev/console; }

# What this machine is not.
if [[ ! -e out/refused ]]; then
	mkdir -p out /tmp/none
	for what in 'power10 radix 1' 'power9 hash 1' 'power9 radix 64'; do
		read -r cpu mmu smp <<<"$what"
		text=$(targets/kexec.sh cell /tmp/none "$here/refcount/vmlinux" "$here/image.cpio" \
			"$cpu" "$mmu" "$smp" default 512M 1 run=bare workload=null 2>&1)
		echo "$? $text" >>out/refused
	done
	rm -rf /tmp/none
fi

targets/kexec.sh prepare "$here" 2>>prepare.log || { say "prepare: $(tail -n 1 prepare.log)" && exit 4; }
while read -r id variant cpu mmu smp rcu memory seed arguments <&3; do
	[[ ! -e out/$id/exit ]] || continue
	mkdir -p "out/$id"
	export PFD_TIMEOUT=60
	[[ $id != trouble ]] || PFD_TIMEOUT=10
	status=0
	# shellcheck disable=SC2086 # a list
	targets/kexec.sh cell "$here/out/$id" "$here/$variant/vmlinux" "$here/image.cpio" \
		"$cpu" "$mmu" "$smp" "$rcu" "$memory" "$seed" $arguments 2>>"out/$id/log" </dev/null ||
		status=$?
	say "$id: exit $status, $(cat /proc/uptime) $(tail -n 1 "out/$id/log")"
	echo "$status" >"out/$id/exit"
	sync
	((status != 4)) || exit 4
done 3<cells
targets/kexec.sh cleanup "$here"
find /etc/pfd-bench /var/lib/pfd-bench -mindepth 1 >out/left 2>/dev/null
find /etc/systemd -name 'pfd-*' >>out/left 2>/dev/null
pgrep -af '^@pfd' >>out/left
say "all is done"
exec poweroff
