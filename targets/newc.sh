# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# newc_unpack ARCHIVE DIR NAME...: those files of a cpio archive (newc, as
# initramfs has it: Documentation/driver-api/early-userspace/
# buffer-format.rst), without their directories, executable. For machines that
# have no cpio, too: then dd and tr take some seconds for it. Fails unless all were there. To be sourced.

newc_unpack() {
	local archive=$1 dir=$2 header name name_size size at=0 left
	shift 2
	if command -v cpio >/dev/null 2>&1; then
		(cd "$dir" && cpio -i -d --quiet "$@" <"$archive" 2>/dev/null) || return 1
		for name; do
			mv "$dir/$name" "$dir/${name##*/}" || return 1
		done
		return
	fi
	left=$#
	while ((left)); do
		# 13 numbers of 8 digits behind the magic; [6] is the file's size,
		# [11] that of its name.
		header=$(dd if="$archive" bs=1 skip="$at" count=110 2>/dev/null | tr -d '\0') &&
			[[ $header == 07070[12]* ]] || return 1
		size=$((16#${header:54:8})) name_size=$((16#${header:94:8}))
		name=$(dd if="$archive" bs=1 skip=$((at + 110)) count="$name_size" 2>/dev/null | tr -d '\0')
		[[ $name != TRAILER!!! ]] || return 1
		at=$(((at + 110 + name_size + 3) & ~3))
		if [[ " $* " == *" $name "* ]]; then
			tail -c "+$((at + 1))" "$archive" 2>/dev/null | head -c "$size" >"$dir/${name##*/}" || true
			[[ $(wc -c <"$dir/${name##*/}") -eq $size ]] && chmod 755 "$dir/${name##*/}" || return 1
			left=$((left - 1))
		fi
		at=$(((at + size + 3) & ~3))
	done
}
