#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# launcher: a Slurm cluster, as a job array: cells share out over its nodes
#
# launchers/local.sh says what a launcher is; docs/targets.md what this one
# needs and how to direct it:
#	PFD_SLURM_OPTIONS	more options of sbatch: --partition=power ...
#	PFD_SLURM_LOCAL		a directory of each node: kernels and images are
#				copied there; without it nodes read this tree's
#	PFD_SLURM_TASKS		at most so many tasks in one array
#
# PFD_RUN/slurm is where this machine and the nodes meet:
#	job	the array's id and name, while there may be one
#	tasks	a file for each task: its cells
#	times	a file for each task, which it adds a line to for each cell that
#		has a result (the format of times.tsv)
#	hosts	the same for each cell that it began, with its node; they become the
#		run's hosts.tsv, where a cell's last line counts
#	blocks	a file for each seed: the node that its cells run on, where time is
#		measured
#	log	a file for each task, which has something only if something is wrong
#	failed	nodes that could not run cells
#	nodes	targets' STATE, a directory for each node
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/progress.sh
. "$PFD_ROOT/scripts/progress.sh"

# Some two minutes of cells make a task, if there are enough of them.
cells_per_task=60
# A cluster that does not answer is waited for so long; its tasks run meanwhile.
patience_s=600

task=$PFD_ROOT/launchers/slurm-task.sh
[[ ${PFD_SLURM_TASKS:-1} =~ ^[1-9][0-9]{0,5}$ ]] ||
	die 2 "PFD_SLURM_TASKS='$PFD_SLURM_TASKS' is no number from 1 to 999999"
read -ra options <<<"${PFD_SLURM_OPTIONS:-}"
declare -A seen=() shown=()

# Where time is measured, a seed's cells are compared with each other: they run
# on one node, one after the other, and nothing else runs there.
blocks=y
[[ $PFD_TARGET != exact && $PFD_TARGET != tcg ]] || blocks=

# What all our jobs have in common. One node: a cell is one machine.
common=(--nodes=1 --ntasks=1 --chdir=/)
[[ ! $blocks ]] || common+=(--exclusive)

# setting NAME: of the cluster's configuration
setting() {
	scontrol show config | awk -v name="$1" '$1 == name { print $3 }'
}

# check: whether there is a cluster, and it would take such a job.
check() {
	local answer program
	[[ $PFD_TARGET != kexec ]] ||
		die 2 "kexec restarts the machine, which Slurm takes for its death: use --target ssh:HOST/kexec"
	for program in sbatch squeue scancel scontrol sinfo; do
		have "$program" ||
			die 4 "$program is not installed: --launcher slurm is for a machine that submits to a Slurm cluster (Debian: slurm-client)"
	done
	answer=$(timeout 90 sbatch --test-only --array=0 "${common[@]}" "${options[@]}" "$task" 2>&1) ||
		die 4 "Slurm takes no such job: $(tail -n 1 <<<"$answer"); see PFD_SLURM_OPTIONS ('${options[*]}')"
}

# submit OPTION... -- ARGUMENT...: sets job. A node that failed is avoided, as
# long as there are others.
submit() {
	local given=() answer attempt exclude=()
	while [[ $1 != -- ]]; do
		given+=("$1")
		shift
	done
	shift
	[[ ! -s $dir/failed ]] || exclude=("--exclude=$(sort -u "$dir/failed" | paste -sd ,)")
	for attempt in 1 2; do
		answer=$(sbatch --parsable --job-name="$name" "${common[@]}" "${given[@]}" "${exclude[@]}" \
			"${options[@]}" "$task" "$PFD_ROOT" "$PFD_TARGET" "$dir" "$@" 2>"$PFD_STATE/sbatch") && break
		((attempt == 1 && ${#exclude[@]})) ||
			die 4 "sbatch failed: $(tail -n 1 "$PFD_STATE/sbatch")"
		exclude=()
	done
	# With several clusters the answer is JOB;CLUSTER.
	job=${answer%%;*}
	printf '%s\t%s\n' "$job" "$name" >"$dir/job"
}

# cancel: ends what is left of a job, of this ./run.sh or of one that crashed.
cancel() {
	local id job_name i
	[[ -s $dir/job ]] && IFS=$'\t' read -r id job_name <"$dir/job" || return 0
	have scancel || return 0
	# Ids are used again; the name is this run's.
	timeout 30 scancel --name="$job_name" "$id" 2>/dev/null || true
	# A node that is gone is not waited for.
	for ((i = 0; i < 60; i++)); do
		[[ $(timeout 10 squeue --noheader --jobs="$id" --name="$job_name" --states=RUNNING,COMPLETING \
			--format=%i 2>/dev/null) ]] || break
		sleep 0.5
	done
	rm -f "$dir/job"
}

# tasks: sets running, waiting and reason from what is left of the job; fails if
# nothing is. A task whose node died is put off by Slurm for two minutes, in case
# the node has yet to clean up: another node need not wait for that.
silent_since=
tasks() {
	local answer index state why restarts
	running=0 waiting=0 reason=
	if ! answer=$(squeue --noheader --array --jobs="$job" \
		--Format='ArrayTaskID:12,State:14,Reason:32,RestartCnt:8' 2>&1); then
		[[ $answer != *'Invalid job id'* ]] || return 1
		[[ $silent_since ]] || say "Slurm does not answer (${answer##*: }); its tasks go on"
		silent_since=${silent_since:-$SECONDS}
		((SECONDS - silent_since < patience_s)) ||
			die 4 "Slurm has not answered for $patience_s s: ${answer##*: }"
		running=1
		return 0
	fi
	silent_since=
	while read -r index state why restarts; do
		case $state in
		'') continue ;;
		PENDING) waiting=$((waiting + 1)) reason=$why ;;
		*) running=$((running + 1)) ;;
		esac
		if [[ $state == PENDING && $why == BeginTime && $restarts =~ ^[1-9] ]]; then
			say "task $index: its node died; Slurm starts it again"
			scontrol update JobId="${job}_$index" StartTime=now >/dev/null 2>&1 || true
		fi
	done <<<"$answer"
	((running + waiting))
}

# gather: shows and adds to times.tsv what is new from the nodes.
gather() {
	local id took status log line
	while IFS=$'\t' read -r id took status; do
		[[ ! ${seen[$id]:-} ]] || continue
		seen[$id]=y
		printf '%s\t%s\t%s\n' "$id" "$took" "$status" >>"$PFD_RUN/times.tsv"
		[[ $status == valid ]] || status=$(<"$PFD_RUN/cells/$id/status") || true
		progress_line "$total" "$before" "${#seen[@]}" "$started" "$id" "$status" "$took"
	done < <(cat "$dir"/times/* 2>/dev/null)
	for log in "$dir"/log/*; do
		[[ -s $log ]] || continue
		while read -r line; do
			shown[$log]=$((${shown[$log]:-0} + 1))
			((${shown[$log]} > 5)) || say "$line"
		done < <(tail -n "+$((${shown[$log]:-0} + 1))" "$log")
	done
}

# nap SECONDS: sleep, but a signal ends it.
nap() {
	sleep "$1" &
	wait $! || true
}

# follow FILE: until no task is left, or none that has anything to do.
# FILE: the cells of all rounds.
follow() {
	local last=$SECONDS pause=0.5 todo parent
	todo=$(wc -l <"$1")
	while tasks; do
		# A ./run.sh that was killed leaves this behind; the next is to find nobody.
		read -r _ _ _ parent _ </proc/$$/stat
		((parent == PPID)) || { collect && exit 4; }
		gather
		((running || ${#seen[@]} < todo)) || break
		if ((SECONDS - last >= 60)); then
			last=$SECONDS pause=5
			say "slurm job $job: $running tasks run, $waiting wait${reason:+ ($reason)}; ${#seen[@]} of $todo cells done"
		fi
		nap "$pause"
	done
	collect
}

# collect: ends what is left of the job, and takes what came of it.
collect() {
	cancel
	gather
	cat "$dir"/hosts/* >>"$PFD_RUN/hosts.tsv" 2>/dev/null || true
	rm -f "$dir"/hosts/*
}

# without_result FILE: those of its cells
without_result() {
	find "$PFD_RUN/cells" -mindepth 2 -maxdepth 2 -name status -printf '%h\n' |
		awk -F '\t' -v OFS='\t' 'FILENAME == "-" { sub(/.*\//, "", $1); done[$1]; next }
			!($1 in done)' - "$1"
}

# share_out FILE: its cells into dir/tasks; sets count, and what tasks need of a
# node: cpus, and mib of memory.
share_out() {
	local cells most most_jobs
	cells=$(wc -l <"$1")
	most=$(setting MaxArraySize)
	most_jobs=$(setting MaxJobCount)
	# Others have jobs there, too.
	((most_jobs / 2 >= most)) || most=$((most_jobs / 2))
	most=${PFD_SLURM_TASKS:-$((most - 1))}
	count=$(((cells + cells_per_task - 1) / cells_per_task))
	((count >= at_once)) || count=$((at_once < cells ? at_once : cells))
	((count <= most)) || count=$most
	{ rm -rf "$dir/tasks" && mkdir -p "$dir/tasks"; } || die 4 "cannot write to $dir"
	if [[ $blocks ]]; then
		# All of a block, since it begins anew if it continues elsewhere.
		count=$(awk -F '\t' -v dir="$dir/tasks" -v file="$1" '
			FILENAME == file { wanted[$10]; next }
			$10 in wanted {
				if (!($10 in number)) number[$10] = n++
				print >(dir "/" number[$10])
			}
			END { print n + 0 }' "$1" "$PFD_RUN/cells.tsv")
	else
		awk -F '\t' -v dir="$dir/tasks" -v count="$count" '
			{ print >(dir "/" (NR - 1) % count) }' "$1"
	fi
	# The emulator needs some memory besides its guest's.
	read -r cpus mib < <(awk -F '\t' '
		{ m = $11 * ($11 ~ /G$/ ? 1024 : 1) }
		m > mib { mib = m } $6 > cpus { cpus = $6 }
		END { print cpus, mib + 512 }' "$1")
	# Its CPUs take turns on one thread; and the running kernel has those it has.
	[[ $PFD_TARGET != exact && $PFD_TARGET != host ]] || cpus=1
}

# cells FILE N
cells() {
	local todo=$PFD_STATE/slurm.todo round
	at_once=$2
	read -r total <"$PFD_STATE/total"
	read -r before <"$PFD_STATE/before"
	started=$(<"$PFD_STATE/start")
	trap 'trap "" INT TERM; PFD_PROGRESS=live PFD_QUIET=y collect; exit 130' INT TERM
	rm -rf "$dir"/{times,hosts,log,failed} "$PFD_RUN"/cells/*.tmp
	mkdir -p "$dir"/{times,hosts,log,nodes,blocks} || die 4 "cannot write to $dir"
	# What a dead node left undone is submitted once more; what is missing then
	# is the next ./run.sh's.
	for round in 1 2; do
		without_result "$1" >"$todo"
		[[ -s $todo ]] || break
		share_out "$todo"
		submit --array="0-$((count - 1))%$at_once" --requeue --open-mode=append \
			--output="$dir/log/%A_%a" --cpus-per-task="$cpus" --mem="${mib}M" \
			-- cells "${PFD_SLURM_LOCAL:-}"
		say "slurm job $job: $(wc -l <"$todo") cells in $count tasks$( ((round == 1)) || echo ', once more')"
		follow "$1"
	done
	rm -rf "$PFD_RUN"/cells/*.tmp
	without_result "$1" >"$todo"
	[[ -s $todo ]] || rm -rf "$dir"/{tasks,times,hosts,log,failed,blocks}
	[[ ! -s $todo || -n $(find "$dir/log" -type f -size +0) ]] ||
		say "tasks of slurm job $job left neither results nor a word: do all nodes see $PFD_RUN, and may they write there?"
}

# describe: of one node; each task sees to it that its node is alike
describe() {
	check
	if [[ ! $blocks ]]; then
		"$PFD_ROOT/targets/$PFD_TARGET.sh" describe | jq -s .
		return
	fi
	# Where nodes can write, which the usual place of PFD_STATE is not.
	dir=$(mktemp -d "$PFD_BUILD/slurm.XXXXXX") || die 4 "cannot write to $PFD_BUILD"
	name=pfd-describe-${dir##*.}
	trap 'cancel; rm -rf "$dir"' EXIT
	trap 'exit 130' INT TERM
	submit --output="$dir/log" -- describe
	while tasks; do nap 0.5; done
	[[ -s $dir/machine.json ]] ||
		die 4 "no node could tell what it is: $(tail -n 1 "$dir/log" 2>/dev/null || echo "do nodes see $PFD_BUILD?")"
	jq -s . "$dir/machine.json"
}

# put_back: a task that was killed may have left its node changed. A node that is
# down cannot be asked.
put_back() {
	local node
	for node in "$dir"/nodes/*; do
		[[ -d $node ]] || continue
		if sinfo --noheader --nodes="${node##*/}" --format=%T | grep -qE '^(idle|mixed|allocated)$'; then
			submit --nodelist="${node##*/}" --output=/dev/null -- cleanup
			SECONDS=0
			while tasks && ((SECONDS < 120)); do nap 0.5; done
			cancel
		fi
		[[ ! -d $node ]] ||
			say "node ${node##*/} may not be as it was before: if it is back, run targets/$PFD_TARGET.sh cleanup $node there"
	done
}

job=
if [[ ${PFD_RUN:-} ]]; then
	dir=$PFD_RUN/slurm
	name=pfd-${PFD_RUN##*/}
fi
case $1 in
describe) describe ;;
# describe has looked whether there is a cluster.
prepare) cancel ;;
cells) cells "$2" "$3" ;;
cleanup)
	cancel
	put_back
	rmdir "$dir/nodes" "$dir" 2>/dev/null || true
	;;
*) die 2 "'$1' is none of prepare, describe, cells, cleanup" ;;
esac
