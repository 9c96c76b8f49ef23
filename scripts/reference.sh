#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# reference.sh RUN [DIR]: packs a finished run, every cell of it valid, into
# DIR (default: results/reference), for everybody to reproduce.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"

(($# == 1 || $# == 2)) || die 2 "usage: scripts/reference.sh RUN [DIR]"
find_run "$PFD_ROOT/results" "$1"
dir=${2:-$PFD_ROOT/results/reference}
[[ ! -e $dir ]] || die 2 "$dir is there already: remove it first"
build_host
cut -f 1 "$run_dir/cells.tsv" | while read -r id; do
	[[ $(cat "$run_dir/cells/$id/status" 2>/dev/null) == valid ]] ||
		die 3 "$run_dir: the cell $id is not there, or not valid"
done
checked=$("$pfd_stat" recheck "$run_dir") || die 3 "$run_dir: ${checked##*$'\n'}"
pack_run "$run_dir" "$dir.tmp" || die 4 "cannot write $dir.tmp"
[[ ! -e $run_dir/report.txt ]] || cp "$run_dir/report.txt" "$dir.tmp"
mv "$dir.tmp" "$dir"
say "$dir: $(du -sh "$dir" | cut -f 1), $checked"
