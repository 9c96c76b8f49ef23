#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# slurm-task.sh ROOT TARGET DIR WORD [LOCAL]: what slurm.sh has the nodes run. ROOT:
# the tree, DIR: RUN/slurm. WORD:
#	cells		runs the cells of DIR/tasks/INDEX, INDEX being the task's in
#			its array, that have no result; LOCAL: slurm.sh's
#			PFD_SLURM_LOCAL
#	describe	the node into DIR/machine.json
#	cleanup		puts back what a task that was killed has changed here
#
# Slurm runs a copy of this file: nothing may be looked for beside it. Said is
# only what is wrong: it is shown where ./run.sh runs.
set -euo pipefail
root=$1 target=$2 dir=$3 word=$4 local_dir=${5:-}
run=${dir%/*}
node=${SLURMD_NODENAME:-$(uname -n)}
# TERM is when the task is cancelled, or its time is up.
stopped=
trap 'stopped=y' TERM

# broken TEXT: this node cannot do it; others may.
broken() {
	[[ ! -d $dir ]] || echo "$node" >>"$dir/failed"
	printf 'node %s: %s\n' "$node" "$*" >&2
	exit 4
}
[[ -x $root/targets/cell.sh && -w $dir ]] ||
	broken "no $root here, or no way to write to $dir: both must be on a file system that the nodes share"
export LC_ALL=C
blocks=y
[[ $target != exact && $target != tcg ]] || blocks=
machine() {
	"$root/targets/$target.sh" describe
}

case $word in
describe)
	machine >"$dir/machine.json.tmp" || broken "targets/$target.sh describe failed"
	mv "$dir/machine.json.tmp" "$dir/machine.json"
	exit
	;;
cleanup)
	"$root/targets/$target.sh" cleanup "$dir/nodes/$node" && rm -rf "$dir/nodes/$node"
	exit
	;;
esac

# A task that brings down one node after the other is to end some time.
((${SLURM_RESTART_COUNT:-0} <= 3)) || {
	echo "task $SLURM_ARRAY_TASK_ID was begun four times, and its node died each time" >&2
	exit 4
}

# Is this node what the run wants of it?
for program in plans/pfd-plan analysis/pfd-stat; do
	said=$("$root/build/host/$program" --help 2>&1 >/dev/null) ||
		broken "build/host/$program does not run here ($(uname -m)): $(tail -n 1 <<<"$said")"
done
if [[ $target != host ]]; then
	want=$(jq -r .emulator.version "$run/manifest.json")
	got=$(qemu-system-ppc64 --version 2>/dev/null | head -n 1) || true
	[[ $got == "$want" ]] ||
		broken "its emulator is '${got:-none}', the run's is '$want'"
fi
state=$(mktemp -d) || broken "cannot write to ${TMPDIR:-/tmp}"
trap 'rm -rf "$state"' EXIT

# A block that began on another node begins anew: its cells are to be compared
# with each other. What was measured there is kept, beside the run's cells.
if [[ $blocks ]]; then
	# A task that was killed here may not have put everything back.
	mkdir -p "$dir/nodes/$node"
	"$root/targets/$target.sh" cleanup "$dir/nodes/$node" || true
	[[ $(machine | jq -cS .) == "$(jq -cS '.machines[0]' "$run/manifest.json")" ]] ||
		broken "is not the kind of machine that this run began on: name one kind by PFD_SLURM_OPTIONS=--constraint=..."
	seed=$(head -n 1 "$dir/tasks/$SLURM_ARRAY_TASK_ID" | cut -f 10)
	before=$(cat "$dir/blocks/$seed" 2>/dev/null) || before=$node
	if [[ $before != "$node" ]]; then
		aside=$run/set-aside/$seed.$before.${SLURM_JOB_ID}
		mkdir -p "$aside"
		while IFS=$'\t' read -r id _; do
			[[ ! -e $run/cells/$id ]] || mv -T "$run/cells/$id" "$aside/$id"
		done <"$dir/tasks/$SLURM_ARRAY_TASK_ID"
	fi
	echo "$node" >"$dir/blocks/$seed"
	trap '"$root/targets/$target.sh" cleanup "$dir/nodes/$node" && rm -rf "$dir/nodes/$node"
		rm -rf "$state"' EXIT
	said=$("$root/targets/$target.sh" prepare "$dir/nodes/$node" 2>&1) ||
		broken "$(tail -n 1 <<<"$said")"
fi

# stage KIND NAME: build/KIND/NAME, which never changes, to this node, once.
stage() {
	local to=$artefacts/$1/$2
	[[ -e $to ]] || (
		exec 8>"$artefacts/lock" && flock 8 || exit 1
		[[ ! -e $to ]] || exit 0
		mkdir -p "$artefacts/$1" && rm -rf "$to.tmp" &&
			cp -r "$root/build/$1/$2" "$to.tmp" && mv -T "$to.tmp" "$to"
	) 2>"$state/copy" ||
		broken "cannot copy build/$1/$2 to $artefacts: $(tail -n 1 "$state/copy")"
}
artefacts=$root/build
if [[ $local_dir ]]; then
	artefacts=${local_dir/#\$TMPDIR/${TMPDIR:-/tmp}}
	said=$(mkdir -p "$artefacts" 2>&1) || broken "${said##*: }: PFD_SLURM_LOCAL=$artefacts"
	while read -r kernel; do
		stage kernels "$kernel"
	done < <(cut -f 3 "$run/kernels.tsv")
	while read -r image; do
		stage images "$image.cpio"
	done < <(cut -f 2 "$run/images.tsv")
fi

# Progress is shown where ./run.sh runs, of all tasks together; here is only what
# cell.sh wants to be there.
for file in total before start "done"; do
	echo 0 >"$state/$file"
done
export PFD_ME=$node PFD_RUN=$run PFD_TARGET=$target PFD_STATE=$state PFD_PROGRESS=live
export PFD_ARTEFACTS=$artefacts
export PFD_WORKER=${SLURM_JOB_ID}-${SLURM_RESTART_COUNT:-0}
export PFD_TIMES=$dir/times/$SLURM_JOB_ID
failed=
while IFS= read -r cell <&3; do
	[[ ! $stopped ]] || break
	[[ ! -e $run/cells/${cell%%$'\t'*}/status ]] || continue
	# Before there is a result, for a node may die right after.
	printf '%s\t%s\n' "${cell%%$'\t'*}" "$node" >>"$dir/hosts/$SLURM_JOB_ID"
	status=0
	"$root/targets/cell.sh" "$cell" 3<&- || status=$?
	((status != 130)) || break
	((status == 0 || status == 3)) || failed=y
done 3<"$dir/tasks/$SLURM_ARRAY_TASK_ID"
[[ ! $failed ]] || { echo "$node" >>"$dir/failed" && exit 4; }
