#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# cell.sh CELL: runs one cell, the line that 'pfd-plan cells' printed, for
# scripts/measure.sh, which sets
#	PFD_RUN		the run's directory
#	PFD_TARGET	what boots it: targets/PFD_TARGET.sh
#	PFD_BOOT	what to run instead of that, with the same arguments
#	PFD_LIMIT_S	how long that may take, if it holds the guest to its limit
#			(PFD_TIMEOUT, for it) itself
#	PFD_FAILURES	a file that counts failures of the machine, if not this one
#	PFD_STATE	a directory for progress: start, total, before, done
#	PFD_COUNTERS	events for the PMU to count (pfd-load's counters=), or
#			empty: none; unset: TLB misses and table walks
#	PFD_PROGRESS	quiet: a line for some cells, and for all that are not
#			valid; live: none, since somebody else shows them
# and, where others may be at the same run on other machines (launchers/slurm.sh),
#	PFD_WORKER	a name that none of them has
#	PFD_TIMES	where the cell's time goes, instead of the run's times.tsv
#	PFD_ARTEFACTS	where kernels/ and images/ are, instead of build/
#
# What the guest does wrong is a result: an invalid cell, kept with its console.
# What this machine does wrong is not: no cell is left, and the next run does it
# again. Exit: 0 valid, 3 invalid, 4 no result, 130 stopped.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/progress.sh
. "$PFD_ROOT/scripts/progress.sh"

IFS=$'\t' read -r id variant pages mmu cpu smp rcu workload arm seed memory \
	timeout_s _correct _callbacks _model _swept image parameters <<<"$1"
final=$PFD_RUN/cells/$id
work=$final${PFD_WORKER:+.$PFD_WORKER}.tmp
# A target whose machine reboots for a cell keeps the guest's time itself, and
# says how long the reboots may take.
reboot_s=$(sed -n 's/^# reboot_s: //p' "$PFD_ROOT/targets/$PFD_TARGET.sh")
limit_s=${PFD_LIMIT_S:-$((timeout_s + ${reboot_s:-0}))}
export PFD_TIMEOUT=$timeout_s
failures=${PFD_FAILURES:-$PFD_STATE/failures}
artefacts=${PFD_ARTEFACTS:-$PFD_BUILD}
child=

# After a few failures of the machine it is no use to try the rest.
[[ ! -e $failures ]] || (($(wc -l <"$failures") < 3)) || exit 4

# fail TEXT: this machine failed.
fail() {
	[[ -e $PFD_STATE/stopped ]] && exit 130
	echo "$id" >>"$failures" || true
	rm -rf "$work"
	die 4 "$id: $*; the cell will be run again by the same command"
}

# shellcheck disable=SC2317 # by the trap
stop() {
	trap '' TERM INT HUP
	: >"$PFD_STATE/stopped"
	[[ ! $child ]] || kill -TERM "$child" 2>/dev/null || true
	wait
	rm -rf "$work"
	exit 130
}
trap stop TERM INT HUP

# progress TEXT SECONDS: one line, with counts over all workers.
progress() {
	local total before ran
	exec 7>>"$PFD_STATE/lock"
	flock 7
	read -r total <"$PFD_STATE/total"
	read -r before <"$PFD_STATE/before"
	read -r ran <"$PFD_STATE/done"
	echo $((++ran)) >"$PFD_STATE/done"
	progress_line "$total" "$before" "$ran" "$(<"$PFD_STATE/start")" "$id" "$1" "$2"
	printf '%s\t%s\t%s\n' "$id" "$2" "${1%%:*}" >>"${PFD_TIMES:-$PFD_RUN/times.tsv}"
	exec 7>&-
}

IFS=$'\t' read -r kernel release < <(awk -F '\t' -v v="$variant" -v p="$pages" \
	'$1 == v && $2 == p { print $3 "\t" $4 }' "$PFD_RUN/kernels.tsv") ||
	fail "no kernel for $variant $pages in kernels.tsv"

image_hash=$(awk -F '\t' -v i="$image" '$1 == i { print $2 }' "$PFD_RUN/images.tsv") || true
[[ $image_hash ]] || fail "no image $image in images.tsv"

{
	rm -rf "$work" && mkdir -p "$work" &&
		"$PFD_BUILD/host/plans/pfd-plan" header --release "$release" \
			--target "$PFD_TARGET" "$1" >"$work/header.json" &&
		: >"$work/console.log" && : >"$work/guest.jsonl"
} 2>"$PFD_STATE/error.$$" || fail "$(tail -n 1 "$PFD_STATE/error.$$")"

# As many as POWER9 has counters for, so that none is scaled. Not where the PMU is
# emulated, which counts no TLB misses, nor beside work=1.
counters=${PFD_COUNTERS-dTLB-load-misses,iTLB-load-misses,PM_TABLEWALK_CYC,PM_RADIX_PWC_L2_HIT}
if [[ $PFD_TARGET == exact || $PFD_TARGET == tcg || " $parameters " == *' work=1 '* ]]; then
	counters=
fi

started=${EPOCHREALTIME/./}
# The guest is not told that it is the second of an A/A pair.
# shellcheck disable=SC2086 # parameters is a list
timeout --foreground --kill-after=5 "$limit_s" \
	"${PFD_BOOT:-$PFD_ROOT/targets/$PFD_TARGET.sh}" cell "$work" \
	"$artefacts/kernels/$kernel/vmlinux" \
	"$artefacts/images/$image_hash.cpio" "$cpu" "$mmu" "$smp" "$rcu" "$memory" "$seed" \
	"run=${arm%-again}" "release=$release" "rcu=$rcu" ${counters:+"counters=$counters"} "workload=$workload" $parameters \
	"seed=$seed" >"$work/qemu.log" 2>&1 </dev/null &
child=$!
exit_status=0
{ wait "$child" || exit_status=$?; } 2>/dev/null
child=
took_ms=$(((${EPOCHREALTIME/./} - started) / 1000))

outcome=()
if ((exit_status == 124 || took_ms >= limit_s * 1000)); then
	outcome=(--timed-out)
elif ((exit_status > 128)); then
	fail "the emulator was killed by signal $((exit_status - 128))"
elif ((exit_status)); then
	fail "the emulator failed with $exit_status: $(tail -n 1 "$work/qemu.log" 2>/dev/null)"
fi
# A full disk truncates the guest's output without anybody saying so.
read -r blocks size < <(stat -f -c '%a %S' "$work")
((blocks * size > 1 << 20)) || fail "no space left in $PFD_RUN"

verdict=0
status=$("$PFD_BUILD/host/analysis/pfd-stat" check --header "$work/header.json" \
	--guest "$work/guest.jsonl" --console "$work/console.log" "${outcome[@]}" \
	--exit-status "$exit_status" --out "$work/records.jsonl" 2>"$PFD_STATE/error.$$") ||
	verdict=$?
status=${status%%$'\n'*}
[[ $status && ($verdict == 0 || $verdict == 3) ]] ||
	fail "the check failed: $(tail -n 1 "$PFD_STATE/error.$$")"
rm -f "$PFD_STATE/error.$$" "$work/header.json"
# The guest's own lines are in records.jsonl, unless something is wrong there.
((verdict)) || rm -f "$work/guest.jsonl"
[[ -s $work/qemu.log ]] || rm -f "$work/qemu.log"
if ! { echo "$status" >"$work/status" && mv -T "$work" "$final"; } 2>/dev/null; then
	[[ -e $final/status ]] || fail "cannot write to $PFD_RUN"
	# Somebody was first, who had been taken for dead.
	rm -rf "$work"
fi
progress "$status" "$(printf '%d.%d' $((took_ms / 1000)) $((took_ms % 1000 / 100)))"
exit "$verdict"
