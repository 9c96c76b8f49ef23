#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# The one command. It only parses and hands over: scripts/ has the rest.
set -euo pipefail
export PFD_ME=run.sh
# shellcheck source-path=SCRIPTDIR source=scripts/lib.sh
. "$(dirname "$0")/scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"

usage() {
	cat <<'END'
usage: ./run.sh [COMMAND] [OPTIONS]

  run           (default) build what is missing, boot, measure, check, report
  diff A B ...  compare variants
  report        summary and plots of a run, again
  list          variants, bases, workloads, metrics, plans, targets, launchers
  new-variant   a directory to drop patches into
  shell         a shell in a variant's kernel
  verify        the gate: which variants are correct, and where
  reproduce     a run once more, from source, and every byte compared
  crosscheck    the probe's counts against bpftrace, perf and the emulator
  doctor        what this machine has, lacks, and can run
  test          the tests

Each has --help with examples. Exit codes: 0 done; 1 a difference beyond what was
allowed; 2 usage; 3 a run that is not valid; 4 the machine or a tool failed.

examples:
  ./run.sh
  ./run.sh run --plan quick
  ./run.sh diff landed-fixed refcount
END
}

cmd_diff() {
	local options=() names=() results=$PFD_ROOT/results run='' sides=() side
	while (($#)); do
		case $1 in
		--help)
			cat <<'END'
usage: ./run.sh diff A B [C...] [RUN] [--all] [--json|--csv|--mail]
                       [--fail-on METRIC=PCT]... [--try-timed] [--out DIR]

Compares variants of a run (default: the latest) with the first of them. A
variant of another run is RUN:VARIANT; what else differs between the runs is
said before any number. docs/statistics.md says what the columns mean.

  --all                 also RCU callbacks that are not about page tables
  --json, --csv         everything, for programs
  --mail                the metrics that matter most, a subject, and below them
                        what the run was made from and how to repeat it
  --fail-on METRIC=PCT  exit 1 if a variant has more than PCT percent above the
                        first of the metric (./run.sh list metrics)
  --try-timed           takes the time of target tcg for time, to try the
                        statistics on an emulated machine: no figures
  --out DIR             where the runs are (default: results)

examples:
  ./run.sh diff landed-fixed refcount
  ./run.sh diff landed-fixed refcount always-rcu --mail
  ./run.sh diff landed refcount quick-0123456789ab --csv
  ./run.sh diff landed-fixed refcount --fail-on callback.enqueued_count=5%
  ./run.sh diff results/old:refcount results/new:refcount
END
			exit 0
			;;
		--all | --json | --csv | --mail | --try-timed) options+=("$1") ;;
		--fail-on | --out)
			(($# > 1)) || die 2 "option '$1' needs a value: see ./run.sh diff --help"
			if [[ $1 == --out ]]; then results=$2; else options+=("$1" "$2"); fi
			shift
			;;
		-*) die 2 "unknown option '$1': see ./run.sh diff --help" ;;
		*) names+=("$1") ;;
		esac
		shift
	done
	# The last is a run if there is such a run.
	if ((${#names[@]})) && [[ ${names[-1]} != *:* ]] && is_run "$results" "${names[-1]}"; then
		run=${names[-1]}
		unset 'names[-1]'
	fi
	((${#names[@]} > 1)) ||
		die 2 "two variants are needed: ./run.sh diff A B [C...] [RUN]"
	for side in "${names[@]}"; do
		if [[ $side == *:* ]]; then
			find_run "$results" "${side%:*}"
		else
			find_run "$results" "$run"
			[[ $run || $side != "${names[-1]}" || ${#names[@]} == 2 ]] ||
				compgen -G "$run_dir/cells/$side.*" >/dev/null ||
				die 2 "'$side' is neither a run nor a variant of ${run_dir##*/}"
		fi
		look_up_verdicts "$run_dir" 2>/dev/null ||
			say "what the gate found is not looked up again: cannot write to $run_dir"
		sides+=("$run_dir" "${side##*:}")
	done
	build_host
	exec "$pfd_stat" diff "${sides[@]}" "${options[@]}"
}

cmd_report() {
	local results=$PFD_ROOT/results run='' print=()
	while (($#)); do
		case $1 in
		--help)
			cat <<'END'
usage: ./run.sh report [RUN] [--mail] [--try-timed] [--out DIR]

Writes report.txt, report.html and plots/ of a run (default: the latest) into it
once more, and prints the report. report.html is one page with everything in it,
also the plots; docs/report.md says how to read it.
--mail only prints the text, with a subject, and below it what the run was made
from and how to repeat it. --try-timed only prints it as well, and takes the time
of target tcg for time, to try the statistics on an emulated machine: no figures.

examples:
  ./run.sh report
  ./run.sh report --mail
  ./run.sh report quick-0123456789ab
END
			exit 0
			;;
		--out)
			(($# > 1)) || die 2 "option '--out' needs a value: see ./run.sh report --help"
			results=$2
			shift
			;;
		--mail | --try-timed) print+=("$1") ;;
		-*) die 2 "unknown option '$1': see ./run.sh report --help" ;;
		*) [[ ! $run ]] || die 2 "one run is enough: ./run.sh report [RUN]" && run=$1 ;;
		esac
		shift
	done
	find_run "$results" "$run"
	build_host
	if ((${#print[@]})); then
		look_up_verdicts "$run_dir" 2>/dev/null ||
			say "what the gate found is not looked up again: cannot write to $run_dir"
		exec "$pfd_stat" summary "${print[@]}" "$run_dir"
	fi
	write_report "$run_dir"
	cat "$run_dir/report.txt"
	say "report: $run_dir/report.html and report.txt, plots in $run_dir/plots"
}

cmd_list() {
	local what=${1:-}
	if [[ $what == --help ]]; then
		cat <<'END'
usage: ./run.sh list [variants|bases|workloads|metrics|plans|targets|launchers]

examples:
  ./run.sh list
  ./run.sh list workloads
END
		exit 0
	fi
	(($# < 2)) || die 2 "unexpected '$2': see ./run.sh list --help"
	case $what in
	'' | variants | bases | workloads | metrics | plans | targets | launchers) ;;
	*) die 2 "list what? there are variants, bases, workloads, metrics, plans, targets, launchers" ;;
	esac
	build_host
	for each in variants bases workloads metrics plans targets launchers; do
		[[ ! $what || $what == "$each" ]] || continue
		[[ $what ]] || echo "$each:"
		if [[ $each == metrics ]]; then
			"$pfd_stat" metrics
		else
			"$pfd_plan" --root "$PFD_ROOT" list "$each"
		fi
		[[ $what ]] || echo
	done
}

cmd_test() {
	if [[ ${1:-} == --help ]]; then
		cat <<'END'
usage: ./run.sh test [--install] [CTEST-OPTION...]

Everything, by ctest: in a clean clone 30 to 55 minutes on two cores, most of
it for building kernels. --install: as root, install missing packages first.

examples:
  ./run.sh test
  ./run.sh test -L 'unit|lint|shell'
  ./run.sh test -R guest.exact
END
		exit 0
	fi
	local install=()
	if [[ ${1:-} == --install ]]; then
		install=(--install)
		shift
	fi
	"$PFD_ROOT/scripts/packages.sh" --quiet --tests "${install[@]}"
	build_tests
	# Three at a time: many a test waits for one emulator, or a kernel's link.
	(cd "$PFD_ROOT" && ctest --preset host --parallel 3 "$@")
}

command=${1:-run}
case $command in
--help | help)
	usage
	exit 0
	;;
-*) command=run ;; # options of run
*) shift $(($# > 0)) ;;
esac
case $command in
run) exec "$PFD_ROOT/scripts/measure.sh" "$@" ;;
verify | shell | crosscheck | reproduce | doctor | new-variant) exec "$PFD_ROOT/scripts/$command.sh" "$@" ;;
diff | report | list | test) "cmd_$command" "$@" ;;
*) die 2 "unknown command '$command': there are run, diff, report, list, new-variant, shell, verify, reproduce, crosscheck, doctor, test" ;;
esac
