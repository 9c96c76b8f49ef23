#!/bin/busybox sh
# shellcheck shell=dash
# SPDX-License-Identifier: GPL-2.0
#
# What the emulated box's initrd does: mounts the disk, and goes there.
b=/bin/busybox
$b mount -t devtmpfs devtmpfs /dev
$b mount -t ext4 /dev/vda /root || exec $b sh </dev/hvc0 >/dev/hvc0 2>&1
$b mount -o move /dev /root/dev
exec $b switch_root /root /sbin/init
