# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A packed run: cells.tar.xz in the place of cells/, a twentieth of the size,
# with the records, console and status of every cell. To be sourced after
# lib.sh.

# What a run is, besides its cells.
packed_parts=(manifest.json cells.tsv kernels.tsv images.tsv variants config)

is_packed() {
	[[ -f $1/cells.tar.xz && ! -d $1/cells ]]
}

# pack_run RUN DIR: DIR, which is made, becomes RUN packed. The same cells give
# the same bytes.
pack_run() {
	local run=$1 dir=$2 file
	mkdir -p "$dir" && cp -r "${packed_parts[@]/#/$run/}" "$dir" || return 1
	for file in records.jsonl console.log status; do
		cut -f 1 "$run/cells.tsv" | sort | sed "s,.*,cells/&/$file,"
	done | tar -C "$run" -c -T - --format=gnu --mtime=@0 --owner=0 --group=0 \
		--numeric-owner --mode=u=rw,go=r | xz -9e >"$dir/cells.tar.xz"
}

# unpack_run RUN DIR: the other way. RUN may be from anybody: nothing is written
# elsewhere, there are no links, and it ends at 1 GiB.
unpack_run() {
	local run=$1 dir=$2
	mkdir -p "$dir" && cp -r "${packed_parts[@]/#/$run/}" "$dir" || return 1
	xz -dc "$run/cells.tar.xz" | head -c $((1 << 30)) |
		tar -C "$dir" -x --no-same-owner --no-same-permissions || return 1
	[[ -d $dir/cells && ! $(find "$dir" ! -type f ! -type d -print -quit) ]]
}
