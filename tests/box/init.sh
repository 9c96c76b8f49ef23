#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The emulated box's init: what a distribution's does, as far as the tests need
# it. At each boot it runs /etc/pfd-bench/resume (left there by targets/kexec.sh)
# and /etc/rc.local (of the test), then waits to be told to stop.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=linux

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mountpoint -q /dev || mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=0,mode=620 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t tmpfs tmpfs /tmp
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t bpf bpf /sys/fs/bpf 2>/dev/null
mount -t pstore pstore /sys/fs/pstore
ln -sfn /proc/self/fd /dev/fd
ln -sfn /proc/self/fd/0 /dev/stdin
ln -sfn /proc/self/fd/1 /dev/stdout
ln -sfn /proc/self/fd/2 /dev/stderr
echo box >/proc/sys/kernel/hostname
# Where dropbear writes who is logged in.
: >/run/utmp
mkdir -p /var/run
[[ -e /var/run/utmp ]] || ln -sfn /run/utmp /var/run/utmp

# -R: it makes its own host keys.  -s: keys only.
dropbear -R -s 2>/dev/console
echo "box: up, Linux $(uname -r), $(cat /proc/uptime)" >/dev/console
for script in /etc/pfd-bench/resume /etc/rc.local; do
	[[ ! -x $script ]] || "$script" </dev/null >/dev/console 2>&1 &
done
# bash as process 1 collects what others leave behind.
while :; do
	sleep infinity &
	wait
done
