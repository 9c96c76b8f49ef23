#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest/image.sh: packs build/guest/initramfs.cpio from the guest's tools, and
# prints its SHA-256. The same tools give the same bytes, on any machine.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

# What busybox is called by in `./run.sh shell`.
applets=(awk cat chmod cp cut date dd df dmesg echo env find free grep head hexdump
	kill less ln ls mkdir mknod more mount mv od poweroff printf ps pwd reboot
	rm sed seq sh sleep sort stat strings tail tee time top touch tr umount
	uname uniq uptime vi watch wc xargs zcat)

guest=$PFD_BUILD/guest
image=$guest/initramfs.cpio
cross=powerpc64le-linux-gnu-
busybox=$PFD_BUILD/sysroot/bin/busybox
if [[ $(uname -m) == ppc64le ]]; then
	cross=
	busybox=$(command -v busybox) || die 4 "busybox is not installed: './run.sh doctor' names the package"
fi
inputs=("$guest/guest/init" "$guest/workloads/pfd-load" "$guest/bpf/pfd-probe" "$busybox")
for file in "${inputs[@]}"; do
	[[ -x $file ]] || die 4 "$file is not built: './run.sh' builds it"
done

# Stamp: hash of the inputs and of this script, hash of the image.
stamp=$(cat "${inputs[@]}" "$PFD_ROOT/guest/image.sh" | sha256sum | cut -c 1-64)
if [[ -e $image ]] && read -r was sum <"$image.stamp" 2>/dev/null &&
	[[ $was == "$stamp" ]]; then
	echo "$sum"
	exit 0
fi

need cpio
work=$guest/image.tmp
rm -rf "$work"
trap 'rm -rf "$work" "$image.tmp"' EXIT
umask 022
mkdir -p "$work"/{bin,dev,proc,sys,tmp}
for file in "${inputs[@]}"; do
	name=bin/${file##*/}
	[[ $name != bin/init ]] || name=init
	"${cross}strip" -s -o "$work/$name" "$file" 2>/dev/null ||
		cp "$file" "$work/$name" || die 4 "cannot copy $file to $work"
	chmod 755 "$work/$name"
done
for applet in "${applets[@]}"; do
	ln -s busybox "$work/bin/$applet"
done
find "$work" -exec touch -h -d @0 {} +
(cd "$work" && find . -mindepth 1 -printf '%P\n' | sort |
	cpio --quiet -o -H newc --reproducible --owner=0:0 >"$image.tmp") ||
	die 4 "cannot write $image: is the disk full?"
sum=$(sha256sum <"$image.tmp" | cut -c 1-64)
mv "$image.tmp" "$image"
echo "$stamp $sum" >"$image.stamp"
echo "$sum"
