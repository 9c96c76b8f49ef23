#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# launcher: this machine, so many cells at a time as it has CPUs
#
# A launcher: where cells run. `launchers/NAME.sh WORD ARGUMENT...`, with these
# in the environment:
#	PFD_RUN		the run's directory
#	PFD_TARGET	what boots the cells there: targets/PFD_TARGET.sh
#	PFD_STATE	a directory of this ./run.sh, gone afterwards
#	PFD_PROGRESS	as for targets/cell.sh
#	PFD_HOSTS	what follows the colon of --target ssh:
#
#	prepare		once before the cells, whatever the machine(s) need
#	describe	a JSON array of the machines (targets/target.sh)
#	cells FILE N	runs targets/cell.sh for each line of FILE, N at a time, and
#			returns when all ended; told to stop (TERM), ends them
#	cleanup		undoes prepare, also after a crash
#
# Exit codes of prepare and describe are those of targets/target.sh; whether a
# cell has a result is seen in PFD_RUN.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"

target=$PFD_ROOT/targets/$PFD_TARGET.sh
case $1 in
prepare | cleanup) exec "$target" "$1" "$PFD_RUN" ;;
describe) "$target" describe | jq -s . ;;
cells)
	# A HOME of its own: GNU parallel keeps notes there.
	HOME=$PFD_STATE exec parallel --will-cite --halt never --termseq TERM,3000,KILL,100 \
		--jobs "$3" --ungroup "$PFD_ROOT/targets/cell.sh" :::: "$2" </dev/null
	;;
*) die 2 "'$1' is none of prepare, describe, cells, cleanup" ;;
esac
