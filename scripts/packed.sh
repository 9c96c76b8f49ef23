# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A packed run: cells.tar.xz in the place of cells/, a twentieth of the size,
# with the records, console and status of every cell. To be sourced after
# lib.sh.

# copy_parts RUN DIR: what a run is, besides its cells; it need not have all.
copy_parts() {
	local run=$1 dir=$2 part
	mkdir -p "$dir" || return 1
	for part in manifest.json cells.tsv kernels.tsv images.tsv verified.tsv variants config; do
		[[ ! -e $run/$part ]] || cp -r "$run/$part" "$dir" || return 1
	done
}

is_packed() {
	[[ -f $1/cells.tar.xz && ! -d $1/cells ]]
}

# pack_run RUN DIR: DIR, which is made, becomes RUN packed. The same cells give
# the same bytes.
pack_run() {
	local run=$1 dir=$2 file
	copy_parts "$run" "$dir" || return 1
	for file in records.jsonl console.log status; do
		cut -f 1 "$run/cells.tsv" | sort | sed "s,.*,cells/&/$file,"
	done | tar -C "$run" -c -T - --format=gnu --mtime=@0 --owner=0 --group=0 \
		--numeric-owner --mode=u=rw,go=r | xz -9e >"$dir/cells.tar.xz"
}

# unpack_run RUN DIR: the other way. RUN may be from anybody: nothing is written
# elsewhere, there are no links, and it ends at 1 GiB.
unpack_run() {
	local run=$1 dir=$2
	copy_parts "$run" "$dir" || return 1
	xz -dc "$run/cells.tar.xz" | head -c $((1 << 30)) |
		tar -C "$dir" -x --no-same-owner --no-same-permissions || return 1
	if [[ ! -d $dir/cells || $(find "$dir" ! -type f ! -type d -print -quit) ]]; then
		echo "error: there are no cells in it, or more than files and directories" >&2
		return 1
	fi
}
