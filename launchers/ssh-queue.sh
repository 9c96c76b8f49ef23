#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ssh-queue.sh HOST CELL: runs one cell, the line that 'pfd-plan cells' printed,
# on a host: HOST, a number, or any, which waits for one that has room. For
# launchers/ssh.sh, which is process PFD_OWNER. A host that is gone, or where three cells failed, gets no more;
# with any, what failed on one host is tried on the next. Exit: targets/cell.sh's.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR source=ssh-lib.sh
. "$PFD_ROOT/launchers/ssh-lib.sh"
# ssh.sh gave GNU parallel another.
export HOME=${PFD_HOME:-$HOME}

want=$1 line=$2 child='' tried=,
IFS=$'\t' read -r id variant pages _ _ _ _ _ _ _ _ seconds _ _ _ _ image _ <<<"$line"
ssh_hosts

# shellcheck disable=SC2317 # by the trap
stop() {
	trap '' TERM INT HUP
	[[ ! $child ]] || kill -TERM "$child" 2>/dev/null || true
	wait
	exit 130
}
trap stop TERM INT HUP

# choose: sets number, slot, and holds that place by file 8; fails if no host is
# left to try.
choose() {
	local some
	while :; do
		some=
		for ((slot = 0; slot < 250; slot++)); do
			for number in "${!hosts[@]}"; do
				[[ $want == any || $want == "$number" ]] || continue
				[[ $tried != *",$number,"* && ! -e $ssh_state/$number/out ]] || continue
				[[ -e $ssh_state/$number/slot.$slot ]] || continue
				some=y
				exec 8>>"$ssh_state/$number/slot.$slot"
				! flock -n 8 || return 0
			done
		done
		[[ $some ]] || return 1
		sleep 0.2
	done
}

# give_up TEXT: no more cells to this host; said once.
give_up() {
	! mkdir "$ssh_state/$number/out" 2>/dev/null ||
		printf '%s: %s; no more cells go there\n' "$PFD_ME" "$1" >&2
}

# ship FILE: a file below build/ to the host, unless it is there.
ship() {
	local file=$1 sum status=0 mark
	mark=$ssh_state/$number/have.${file//\//.}
	[[ -e $PFD_BUILD/$file ]] || return 0
	(
		exec 9>>"$ssh_state/$number/shipping"
		flock 9
		[[ ! -e $mark ]] || exit 0
		sum=$(sha256sum <"$PFD_BUILD/$file")
		far "$number" there put "$(<"$ssh_state/$number/root")" "$file" "${sum%% *}" \
			<"$PFD_BUILD/$file" || exit $?
		: >"$mark"
	) 8>&- || status=$?
	((status == 0)) || give_up "$(far_why "$number" "$status")"
	return "$status"
}

kernel=$(awk -F '\t' -v v="$variant" -v p="$pages" '$1 == v && $2 == p { print $3 }' "$PFD_RUN/kernels.tsv")
image=$(awk -F '\t' -v i="$image" '$1 == i { print $2 }' "$PFD_RUN/images.tsv")
# A machine that reboots for each cell is waited for, several times.
boot=${PFD_BOOT_TIMEOUT_S:-900}
export PFD_LIMIT_S=$((seconds + 300)) PFD_TIMEOUT=$seconds
[[ $PFD_TARGET != kexec ]] || PFD_LIMIT_S=$((8 * (seconds + boot)))

status=4
while kill -0 "$PFD_OWNER" 2>/dev/null && choose; do
	tried+=$number,
	far_slot=$slot
	if ship "kernels/$kernel/options" && ship "kernels/$kernel/vmlinux" && ship "images/$image.cpio"; then
		status=0
		PFD_FAILURES=$ssh_state/$number/failures PFD_BOOT=$PFD_ROOT/launchers/ssh-cell.sh \
			PFD_SSH_HOST=$number PFD_SSH_SLOT=$slot \
			"$PFD_ROOT/targets/cell.sh" "$line" 8>&- &
		child=$!
		wait "$child" || status=$?
		child=
		if ((status == 0 || status == 3)); then
			printf '%s\t%s\n' "$id" "${hosts[number]}" >>"$PFD_RUN/hosts.tsv"
			exit "$status"
		fi
		((status == 4)) || exit "$status"
		lost=0
		far "$number" there alive </dev/null >/dev/null || lost=$?
		((lost == 0)) || give_up "$(far_why "$number" "$lost")"
		[[ ! -e $ssh_state/$number/failures ]] || (($(wc -l <"$ssh_state/$number/failures") < 3)) ||
			give_up "${hosts[number]} failed three times"
	fi
	exec 8>&-
done
exit 4
