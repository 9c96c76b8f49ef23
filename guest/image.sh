#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# guest/image.sh [NAME]: packs build/guest/initramfs.cpio from the guest's
# tools, and prints its SHA-256. With NAME (see guest/extra.sh): build/guest/
# NAME.cpio, the same and programs from Debian's packages. The same tools and
# packages give the same bytes, on any machine. 'native': build/native/
# initramfs.cpio, the tools of this machine's own architecture (--target host).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

# What busybox is called by in `./run.sh shell`.
applets=(awk cat chmod cp cut date dd df dmesg echo env find free grep head hexdump
	kill less ln ls mkdir mknod more mount mv od poweroff printf ps pwd reboot
	rm sed seq sh sleep sort stat strings tail tee time top touch tr umount
	uname uniq uptime vi watch wc xargs zcat)

guest=$PFD_BUILD/guest
cross=powerpc64le-linux-gnu-
busybox=$PFD_BUILD/sysroot/bin/busybox
if [[ ${1:-} == native ]]; then
	shift
	guest=$PFD_BUILD/native cross='' busybox='' applets=()
elif [[ $(uname -m) == ppc64le ]]; then
	cross=
	busybox=$(command -v busybox) || die 4 "busybox is not installed: './run.sh doctor' names the package"
fi
image=$guest/initramfs.cpio
inputs=("$guest/guest/init" "$guest/guest/pfd-cell" "$guest/workloads/pfd-load" "$guest/bpf/pfd-probe"
	${busybox:+"$guest/guest/pfd-kexec" "$busybox"})
for file in "${inputs[@]}"; do
	[[ -x $file ]] || die 4 "$file is not built: './run.sh' builds it"
done

# Stamp: hash of the inputs and of this script, hash of the image.
packed() {
	[[ -e $1 ]] && read -r was sum <"$1.stamp" 2>/dev/null && [[ $was == "$2" ]]
}

# finish IMAGE STAMP: IMAGE.tmp is complete.
finish() {
	sum=$(sha256sum <"$1.tmp" | cut -c 1-64)
	mv "$1.tmp" "$1"
	echo "$2 $sum" >"$1.stamp"
}

work=$guest/image.tmp
begin() {
	need cpio
	rm -rf "$work"
	trap 'rm -rf "$work" "$image.tmp" "$guest/own.cpio"' EXIT
	umask 022
	mkdir -p "$work"
}

# archive FILE: what is in $work.
archive() {
	find "$work" -exec touch -h -d @0 {} +
	(cd "$work" && find . -mindepth 1 -printf '%P\n' | sort |
		cpio --quiet -o -H newc --reproducible --owner=0:0 >"$1") ||
		die 4 "cannot write $1: is the disk full?"
}

pack_tools() {
	local name file
	begin
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
	archive "$image.tmp"
	finish "$image" "$stamp"
}

# pack_full ARCHIVE: what the image full has of this repository.
pack_full() {
	begin
	mkdir -p "$work"/{bpftrace,full}
	{ cp "$PFD_ROOT"/bpf/*.bt "$work/bpftrace" && cp "${full[@]}" "$work/full"; } ||
		die 4 "cannot copy ${full[*]} to $work"
	chmod 755 "$work"/full/*
	chmod 644 "$work"/bpftrace/*
	archive "$1"
}

stamp=$(cat "${inputs[@]}" "$PFD_ROOT/guest/image.sh" | sha256sum | cut -c 1-64)
packed "$image" "$stamp" || pack_tools
if (($#)); then
	"$PFD_ROOT/guest/extra.sh" "$1"
	parts=("$image" "$guest/$1.extra.cpio")
	full=("$guest/guest/pfd-window" "$PFD_ROOT"/guest/full/*)
	stamp=$({
		echo "$sum"
		cat "$guest/$1.extra.cpio.stamp"
		[[ $1 != full ]] || cat "${full[@]}" "$PFD_ROOT"/bpf/*.bt
	} | sha256sum | cut -c 1-64)
	image=$guest/$1.cpio
	if ! packed "$image" "$stamp"; then
		[[ $1 != full ]] || { pack_full "$guest/own.cpio" && parts+=("$guest/own.cpio"); }
		trap 'rm -rf "$work" "$image.tmp" "$guest/own.cpio"' EXIT
		# The kernel unpacks one archive after the other (init/initramfs.c).
		cat "${parts[@]}" >"$image.tmp" || die 4 "cannot write $image: is the disk full?"
		finish "$image" "$stamp"
	fi
fi
rm -rf "$work"
echo "$sum"
