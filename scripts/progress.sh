# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# How a run is getting on, for those who do not look at the live table; to be
# sourced.

# progress_line TOTAL BEFORE RAN STARTED ID STATUS SECONDS: of TOTAL cells BEFORE
# had a result when this ./run.sh began (STARTED, seconds since 1970), and RAN have
# got one since: the last was ID. A line for some cells, and for all that are not
# valid; none if PFD_PROGRESS is live, since somebody else shows them.
progress_line() {
	local total=$1 finished=$(($2 + $3)) left step
	[[ $PFD_PROGRESS != live ]] || return 0
	left=$(((total - finished) * (EPOCHSECONDS - $4) / $3))
	step=$((total / 20 + 1))
	[[ $6 != valid ]] || ((finished % step == 0 || finished == total)) || return 0
	printf '[%*d/%d %3d %% %2dm%02ds left] %s  %s  %s s\n' ${#total} "$finished" "$total" \
		$((100 * finished / total)) $((left / 60)) $((left % 60)) "$5" "$6" "$7"
}
