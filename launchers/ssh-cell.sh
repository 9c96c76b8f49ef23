#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ssh-cell.sh cell DIR KERNEL IMAGE ARGUMENT...: what targets/cell.sh runs in the place
# of a target: the same on host PFD_SSH_HOST, where ssh-queue.sh has shipped KERNEL and
# IMAGE; what the target leaves there comes back into DIR. Exit: the target's; 124 if
# it took longer than PFD_TIMEOUT; 4 if the connection was lost.
#
# kexec takes the machine away: then it is waited for, and the target called again,
# which collects (docs/targets.md).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR source=ssh-lib.sh
. "$PFD_ROOT/launchers/ssh-lib.sh"

[[ $# -ge 4 && $1 == cell ]] || die 2 "usage: ssh-cell.sh cell DIR KERNEL IMAGE ARGUMENT..."
dir=$2 kernel=${3#"$PFD_BUILD/"} image=${4#"$PFD_BUILD/"}
shift 4
number=$PFD_SSH_HOST far_slot=$PFD_SSH_SLOT far_error=$dir/ssh.error
seconds=$PFD_TIMEOUT late=124
id=${dir##*/}
id=${id%.tmp}
ssh_hosts
boot=${PFD_BOOT_TIMEOUT_S:-900}
if [[ $PFD_TARGET == kexec ]]; then
	# How long the guest may take is its own business.
	seconds=$((seconds + boot)) late=4
fi

stopping=
trap 'stopping=y; echo stop 2>/dev/null >&4 || true' TERM INT HUP

# call first|again: sets status, and puts what came back into dir.
call() {
	local word='' pid beat end=$((SECONDS + seconds + 120))
	# Open here for both, so that it ends with this process, and no write fails.
	exec 4<>"$dir/ssh.in"
	far "$number" there cell "$(<"$ssh_state/$number/root")" "$id" "$1" "$PFD_TARGET" \
		"$seconds" "$late" "$kernel" "$image" "${arguments[@]}" \
		<"$dir/ssh.in" >"$dir/ssh.out" 4>&- &
	pid=$!
	while kill -0 "$pid" 2>/dev/null && ((SECONDS < end)); do
		# Who started all this may have been killed.
		if kill -0 "$PFD_OWNER" 2>/dev/null; then echo alive >&4; else kill -TERM $$; fi
		sleep 5 4>&- &
		beat=$!
		wait -n "$pid" "$beat" || true
		kill "$beat" 2>/dev/null || true
	done
	# Then what runs over there ends.
	exec 4>&-
	status=0
	if kill "$pid" 2>/dev/null; then
		echo "no answer for $((seconds + 120)) s" >"$far_error"
		status=255
	else
		wait "$pid" || status=$?
	fi
	((status == 0)) || return 0
	{ read -r word status && tar -xof - -C "$dir"; } <"$dir/ssh.out" 2>"$far_error" || status=255
	[[ $word == exit && $status =~ ^[0-9]{1,3}$ ]] || status=255
}

# Waits until the host has booted again: for two minutes it may still be going down,
# and its boot the one that was.
wait_back() {
	local was now start=$SECONDS
	was=$(cat "$ssh_state/$number/boot")
	while ((SECONDS - start < seconds)); do
		[[ ! $stopping ]] || return 1
		sleep 5
		if far "$number" there alive </dev/null >/dev/null; then
			now=$(cat "$ssh_state/$number/boot")
			[[ $now == "$was" ]] && ((SECONDS - start < 120)) || return 0
		fi
	done
	return 1
}

mkfifo "$dir/ssh.in"
arguments=("$@")
call first
for ((calls = 1; calls < 4; calls++)); do
	[[ $status == 255 && $PFD_TARGET == kexec && ! $stopping ]] || break
	if ! wait_back; then
		echo "it was not back after $seconds s" >"$far_error"
		break
	fi
	call again
done
[[ ! $stopping ]] || status=130
text=$(tail -n 1 "$far_error" 2>/dev/null) || text=
rm -f "$dir"/ssh.*
if ((status == 255)); then
	echo "the connection to ${hosts[number]} was lost${text:+: $text}"
	exit 4
elif [[ -e $dir/log ]]; then
	cat "$dir/log"
	rm "$dir/log"
elif ((status)); then
	echo "${hosts[number]}: $text"
fi
exit "$status"
