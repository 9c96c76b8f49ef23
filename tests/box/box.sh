#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# tests/box/box.sh WORD DIR ...: the emulated POWER machine of tests/box/make.sh.
#
#	start DIR [OPTION...]	switches it on, and returns at once. OPTIONs are
#				more for QEMU. What its console says goes to
#				DIR/console.log, at the end of what is there.
#				PFD_BOX_LIFE: after so many seconds it is switched
#				off come what may (600); PFD_BOX_APPEND: more words
#				for the kernel's command line; PFD_BOX_CPUS: how
#				many (2)
#	wait DIR PATTERN SECONDS  until its console says PATTERN (grep -E), counted
#				from its last start; fails if it does not, or stops
#	ended DIR SECONDS	until it is off
#	up DIR [SECONDS]	until ssh answers (60)
#	ssh DIR [COMMAND...]	as root; by 127.0.0.1, port in DIR/port
#	cut DIR			cuts its power
#	file DIR PATH		prints a file of its disk, while it is off
#
# A reboot is one: the machine comes back with its own kernel and the same disk.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/../.. source=scripts/lib.sh
. "$(dirname "$0")/../../scripts/lib.sh"

(($# >= 2)) || die 2 "box.sh start|wait|ended|up|ssh|cut|file DIR ..."
word=$1 dir=$2
shift 2
[[ -e $dir/disk ]] || die 2 "$dir has no machine: tests/box/make.sh makes one"

running() {
	[[ -e $dir/pid ]] && kill -0 "$(<"$dir/pid")" 2>/dev/null
}

# The part of the console since the last start.
console() {
	tail -c "+$(($(<"$dir/from") + 1))" "$dir/console.log"
}

start() {
	local port line try
	! running || die 2 "$dir: it is on"
	touch "$dir/console.log"
	stat -c %s "$dir/console.log" >"$dir/from"
	# A port that is free now may not be in a moment.
	for try in 1 2 3 4 5; do
		port=$((20000 + (RANDOM + try) % 30000))
		echo "$port" >"$dir/port"
		# romfile=: nothing boots from the net, and the ROM for it is in a package
		# that QEMU only recommends.
		# shellcheck disable=SC2054 # the commas are QEMU's
		line=(qemu-system-ppc64
			-M "pseries,x-vof=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off,cap-hpt-max-page-size=16M"
			-nodefaults -nographic -serial none -cpu power9 -smp "${PFD_BOX_CPUS:-2}" -m 2G
			-accel "tcg,thread=multi" -action "panic=none,reboot=reset"
			-chardev "file,id=console,path=$dir/console.log,append=on"
			-device spapr-vty,chardev=console -monitor none
			-drive "file=$dir/disk,format=raw,if=none,id=disk" -device virtio-blk-pci,drive=disk
			-drive "file=$dir/nvram,format=raw,if=pflash"
			-netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:22"
			-device virtio-net-pci,netdev=net,romfile=
			-kernel "$dir/vmlinux" -initrd "$dir/initrd"
			-append "console=hvc0 root=/dev/vda rw panic=5 ip=10.0.2.15::10.0.2.2:255.255.255.0:box:eth0:off ${PFD_BOX_APPEND:-}"
			"$@")
		setsid nice -n 5 timeout -k 5 "${PFD_BOX_LIFE:-600}" "${line[@]}" \
			>"$dir/qemu.log" 2>&1 </dev/null &
		echo $! >"$dir/pid"
		sleep 0.5
		! running || return 0
		grep -q hostfwd "$dir/qemu.log" || break
	done
	die 4 "$dir: $(tail -n 1 "$dir/qemu.log")"
}

ssh_box() {
	ssh -i "$dir/key" -p "$(<"$dir/port")" -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=5 \
		-o ServerAliveInterval=5 -F /dev/null root@127.0.0.1 "$@"
}

case $word in
start) start "$@" ;;
wait)
	for ((i = 0; i < 5 * $2; i++)); do
		! console | grep -aqE -- "$1" || exit 0
		running || break
		sleep 0.2
	done
	! console | grep -aqE -- "$1" || exit 0
	die 4 "$dir: the console does not say '$1': $(tail -n 1 "$dir/console.log")"
	;;
ended)
	for ((i = 0; i < 5 * $1; i++)); do
		running || exit 0
		sleep 0.2
	done
	die 4 "$dir: still on after $1 s"
	;;
up)
	end=$((SECONDS + ${1:-60}))
	while ((SECONDS < end)); do
		! ssh_box true 2>/dev/null || exit 0
		running || break
		sleep 0.5
	done
	die 4 "$dir: no answer by ssh: $(tail -n 1 "$dir/console.log")"
	;;
ssh) ssh_box "$@" ;;
cut)
	! running || kill -KILL -- -"$(<"$dir/pid")"
	for ((i = 0; i < 50; i++)); do
		running || exit 0
		sleep 0.1
	done
	die 4 "$dir: QEMU does not end"
	;;
file) debugfs -R "cat $1" "$dir/disk" 2>/dev/null ;;
*) die 2 "'$word' is none of start, wait, ended, up, ssh, cut, file" ;;
esac
