#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ./run.sh reproduce: the same cells again are the same to the byte; what is not
# the same is found and named, in records and in what they were made from; and
# a packed run, which may be a stranger's, does no harm.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

plan some 'variants = refcount' 'pages = 64k' 'mmu = radix' 'arms = bare probed' 'seeds = 1' \
	'workloads = fork-munmap'
measure 0 some
again=(./run.sh reproduce --out "$tmp/again")
expect 0 "${again[@]}" "$run"
shows '^every input is that of some-'
shows '^2 of 2 cells are the same to the byte'

# Another emulator, and a record that it could be to blame for.
expect 0 scripts/reference.sh "$run" "$tmp/packed"
[[ ! -d $tmp/packed/cells ]] || fail "a packed run with cells/"
(($(stat -c %s "$tmp/packed/cells.tar.xz") < 32768)) || fail "two cells packed are larger than 32 KB"
# repack FILE SED-SCRIPT: changes a file of the packed run's cells.
repack() {
	rm -rf "$tmp/open" && mkdir "$tmp/open"
	tar -C "$tmp/open" -xf "$tmp/packed/cells.tar.xz"
	sed -i -E "$2" "$tmp/open/cells/$1"
	tar -C "$tmp/open" -cJf "$tmp/packed/cells.tar.xz" cells
}
bare=$(cd "$run/cells" && echo *.bare.s1) probed=$(cd "$run/cells" && echo *.probed.s1)
sed -i 's/"version": "QEMU/"version": "another QEMU/' "$tmp/packed/manifest.json"
repack "$bare/records.jsonl" 's/"mem_free_bytes":[0-9]+/"mem_free_bytes":7/'
expect 1 "${again[@]}" "$tmp/packed" --cells '*.bare.s1'
shows '^1 inputs are not those of packed'
shows 'was another QEMU'
shows '^1 of 1 cells are not the same'
shows '\(vm\): before.mem_free_bytes was 7, is '
shows 'of these cells are equal$'

# A count that its own ledger does not bear out: nothing is run for that.
repack "$probed/records.jsonl" 's/("unlinked_count"):[0-9]+/\1:7/'
refused 3 "1 that say they are valid and are not" "${again[@]}" "$tmp/packed"

cp -r "$tmp/packed" "$tmp/bad"
sed -i "1s,^,../../," "$tmp/bad/cells.tsv"
refused 2 "cells.tsv: line 1 column 1" "${again[@]}" "$tmp/bad"
cp "$tmp/packed/cells.tsv" "$tmp/bad"
sed -i '1s/forks=/;reboot=/' "$tmp/bad/cells.tsv"
refused 2 "cells.tsv: line 1 column 18" "${again[@]}" "$tmp/bad"
cp "$tmp/packed/cells.tsv" "$tmp/bad"
refused 2 "no cell of bad matches 'nothing'" "${again[@]}" "$tmp/bad" --cells nothing
echo '{' >"$tmp/bad/manifest.json"
refused 2 "manifest.json" "${again[@]}" "$tmp/bad"
cp "$tmp/packed/manifest.json" "$tmp/bad"
echo nonsense >"$tmp/bad/cells.tar.xz"
refused 4 "cannot unpack" "${again[@]}" "$tmp/bad"
