#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# --launcher slurm, on a real cluster: cells have the same bytes as without it; a
# node that dies costs no cell; a Ctrl-C leaves nothing running, and the same
# command continues; what cannot work is said in one line. And where time is
# measured, no block is of two nodes.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"

cluster=$tmp/cluster
trap 'tests/cluster.sh stop "$cluster"; rm -rf "$tmp"' EXIT
tests/cluster.sh start "$cluster" 3 || fail "no cluster"
export SLURM_CONF=$cluster/slurm.conf

plan some 'variants = refcount' 'pages = 64k' 'mmu = radix' 'arms = bare' 'seeds = 6' \
	'workloads = null'
command=(./run.sh run --plan "$tmp/some.ini" --out "$tmp/slurm" --launcher slurm --jobs 2)
finished() {
	find "$tmp/slurm" -name status 2>/dev/null | wc -l
}
# until_finished N: waits until so many cells have a result.
until_finished() {
	for ((i = 0; i < 600; i++)); do
		(($(finished) < $1)) || return 0
		sleep 0.1
	done
	fail "no $1 cells after a minute"
}

# What cannot work.
PFD_SLURM_OPTIONS=--partition=none refused 4 'Invalid partition.*PFD_SLURM_OPTIONS' "${command[@]}"
mkdir "$tmp/bin"
ln -s /usr/bin/* "$tmp/bin"
rm "$tmp/bin/sbatch"
PATH=$tmp/bin refused 4 'sbatch is not installed' "${command[@]}"
sed 's/^SlurmctldPort=.*/SlurmctldPort=1/' "$SLURM_CONF" >"$tmp/elsewhere.conf"
SLURM_CONF=$tmp/elsewhere.conf refused 4 'Unable to contact' "${command[@]}"

# A Ctrl-C.
setsid env --default-signal=INT "${command[@]}" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
pid=$!
until_finished 1
kill -INT -- -"$pid"
code=0
wait "$pid" || code=$?
((code == 130)) || fail "exit code $code after Ctrl-C, not 130"
equal "what Slurm has after Ctrl-C" "" "$(squeue --noheader --states=RUNNING,PENDING)"
! pgrep -f "$tmp/slurm" >/dev/null || fail "something still runs after Ctrl-C"
before=$(finished)
((before > 0 && before < 6)) || fail "$before cells after Ctrl-C"

# A node dies, in the middle of a cell. Artefacts are each node's own.
PFD_SLURM_LOCAL=$tmp/local "${command[@]}" >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
pid=$!
for ((i = 0; i < 600; i++)); do
	! pgrep -f "^qemu-system-ppc64 .*$tmp/local/images" >/dev/null || break
	sleep 0.1
done
victim=$(squeue --noheader --states=RUNNING --format=%N | head -n 1)
tests/cluster.sh kill "$cluster" "${victim:-n1}"
code=0
wait "$pid" || code=$?
((code == 0)) || fail "exit code $code of a run whose node died"
[[ $victim ]] || fail "no task was running"
grep -q 'its node died; Slurm starts it again' "$tmp/stderr" || fail "no word of the node"
equal "cells in the end" 6 "$(finished)"
equal "leftovers" "" "$(find "$tmp"/slurm/some-*/ -name '*.tmp' -o -name slurm)"
equal "cells in hosts.tsv" 6 "$(cut -f 1 "$tmp"/slurm/some-*/hosts.tsv | sort -u | wc -l)"

# The same cells here, without any of this.
measure 0 some
for file in "$run"/cells/*/{records.jsonl,console.log,status} "$run/report.txt"; do
	cmp "$file" "${file/"$tmp/results"/"$tmp/slurm"}" || fail "not what it is without Slurm: $file"
done

# A block of two cells, whose node dies after the first: both run on another. The
# target is the exact one by another name, in a tree that has what nodes need.
tree=$tmp/tree
mkdir "$tree"
cp -r launchers scripts targets "$tree"
ln -s "$ROOT/build" "$tree/build"
cat >"$tree/targets/host.sh" <<'TARGET'
#!/usr/bin/env bash
set -euo pipefail
. "${BASH_SOURCE[0]%/*}/target.sh"
target_prepare() { : >"$1/changed"; }
target_cleanup() { rm -f "$1/changed"; }
target_cell() { exec "${BASH_SOURCE[0]%/*}/exact.sh" cell "$@"; }
target "$@"
TARGET
chmod +x "$tree/targets/host.sh"
block=$tmp/block
mkdir -p "$block/cells" "$tmp/state"
cp "$run"/{kernels,images}.tsv "$block"
head -n 2 "$run/cells.tsv" | awk -v FS='\t' -v OFS='\t' '{ $10 = 1; print }' >"$block/cells.tsv"
jq '.machines = [{}]' "$run/manifest.json" >"$block/manifest.json"
echo 2 >"$tmp/state/total"
echo 0 | tee "$tmp/state/before" >"$tmp/state/start"
export PFD_RUN=$block PFD_TARGET=host PFD_STATE=$tmp/state PFD_PROGRESS=quiet
"$tree/launchers/slurm.sh" cells "$block/cells.tsv" 2 >"$tmp/stdout" 2>"$tmp/stderr" &
pid=$!
for ((i = 0; i < 600; i++)); do
	! compgen -G "$block/cells/*/status" >/dev/null || break
	sleep 0.1
done
victim=$(<"$block/slurm/blocks/1")
tests/cluster.sh kill "$cluster" "$victim"
wait "$pid" || fail "exit code $? of the launcher"
equal "cells set aside" 1 "$(find "$block"/set-aside -name status | wc -l)"
equal "cells in the end" 2 "$(cat "$block"/cells/*/status | grep -cx valid)"
equal "nodes of the block" 1 "$(tail -n 2 "$block/hosts.tsv" | cut -f 2 | sort -u | wc -l)"
[[ -e $block/slurm/nodes/$victim/changed ]] || fail "nothing was prepared on $victim"
equal "nodes left changed" "$victim" "$(ls "$block/slurm/nodes")"
