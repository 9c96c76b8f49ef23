#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# launcher: other machines, by ssh: see --target ssh:HOST[,HOST...][/TARGET]
#
# What a launcher is: launchers/local.sh. This one also has
#	check		whether PFD_HOSTS are names of hosts; asks none of them
# and in the run hosts.tsv, which cell ran where.
#
# Each host gets a directory of its own, gone afterwards: RUN in ssh-remote.sh, which
# runs there. ssh-queue.sh finds a host for each cell and ships what it needs,
# ssh-cell.sh is what boots it as seen from here.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/../scripts/lib.sh"
# shellcheck source-path=SCRIPTDIR source=ssh-lib.sh
. "$PFD_ROOT/launchers/ssh-lib.sh"

ssh_hosts
have "${PFD_SSH:-ssh}" || die 4 "${PFD_SSH:-ssh} is not installed (in openssh-client): --target ssh needs it"
if [[ $1 != check ]]; then
	for number in "${!hosts[@]}"; do mkdir -p "$ssh_state/$number"; done
fi

# Ends all connections.
hang_up() {
	local socket
	for socket in "$ssh_state"/*/m.*; do
		[[ ! -S $socket ]] || "${PFD_SSH:-ssh}" -o "ControlPath=$socket" -O exit none 2>/dev/null || true
	done
}

describe() {
	local number status answer
	trap hang_up EXIT # kernels may be built before it goes on
	for number in "${!hosts[@]}"; do
		status=0
		answer=$(far_send "$number" describe "$PFD_TARGET") || status=$?
		((status == 0)) || far_die "$number" "$status"
		jq -c --arg host "${hosts[number]}" '{host: $host} + .' <<<"$answer" 2>/dev/null ||
			die 4 "${hosts[number]}: targets/$PFD_TARGET.sh describe says no JSON there"
	done | jq -s .
}

# far_name NUMBER: the run's directory there: no other run has it, from wherever, nor
# the same machine by another name.
far_name() {
	printf 'pte-free-defer-bench.%s.%s' "${PFD_RUN##*/}" \
		"$(printf '%s\n' "$(uname -n)" "$PFD_RUN" "${hosts[$1]}" | sha256sum | cut -c 1-12)"
}

prepare() {
	local number status answer root cpus there here kib
	# All that may be shipped, and as much again for cells.
	kib=$({
		cut -f 3 "$PFD_RUN/kernels.tsv" | sort -u | sed "s,.*,$PFD_BUILD/kernels/&/vmlinux,"
		cut -f 2 "$PFD_RUN/images.tsv" | sort -u | sed "s,.*,$PFD_BUILD/images/&.cpio,"
	} | xargs -d '\n' stat -Lc %s | awk '{ sum += $1 } END { printf "%d", sum / 1024 + 16384 }')
	here=$(qemu-system-ppc64 --version | head -n 1)
	for number in "${!hosts[@]}"; do
		status=0
		: >"$ssh_state/$number/touched"
		answer=$(far_send "$number" prepare "${PFD_SSH_DIR:-}" "$(far_name "$number")" "$PFD_TARGET" "$kib") || status=$?
		if ((status)); then
			((status != 255)) || rm "$ssh_state/$number/touched"
			far_die "$number" "$status"
		fi
		{ read -r root && read -r cpus && read -r there; } <<<"$answer" || true
		# With another emulator these are not the same figures.
		[[ $PFD_TARGET != exact && $PFD_TARGET != tcg || $there == "$here" ]] ||
			die 4 "${hosts[number]} has ${there:-no qemu-system-ppc64}, this machine ${here:-none}: $PFD_TARGET needs the same"
		[[ $root == /* && $cpus =~ ^[1-9][0-9]*$ ]] ||
			die 4 "${hosts[number]}: cannot make sense of its answer"
		echo "$root" >"$ssh_state/$number/root"
		echo "$cpus" >"$ssh_state/$number/cpus"
	done
}

# queue FILE JOBS HOST: HOST is a number, or any.
queue() {
	# A HOME of its own: GNU parallel keeps notes there.
	HOME=$PFD_STATE parallel --will-cite --halt never \
		--termseq TERM,4000,KILL,100 --jobs "$2" --ungroup \
		"$PFD_ROOT/launchers/ssh-queue.sh" "$3" :::: "$1" </dev/null &
	pids+=($!)
}

# Once: no new cells; twice: ends those that run. As GNU parallel has it.
# shellcheck disable=SC2317 # by the trap
stop() {
	kill -TERM "${pids[@]}" 2>/dev/null || true
}

cells() {
	local number cpus total=0 pid
	pids=()
	trap stop TERM
	export PFD_HOME=${HOME:-/} PFD_OWNER=$$
	for number in "${!hosts[@]}"; do
		cpus=$(<"$ssh_state/$number/cpus")
		[[ $PFD_TARGET == exact || $PFD_TARGET == tcg ]] || cpus=1
		cpus=${PFD_JOBS:-$cpus}
		((cpus <= 250)) || cpus=250
		# A cell that runs holds one of these.
		for ((slot = 0; slot < cpus; slot++)); do
			: >"$ssh_state/$number/slot.$slot"
		done
		total=$((total + cpus))
	done
	if [[ $PFD_TARGET == exact || $PFD_TARGET == tcg ]]; then
		queue "$1" "$total" any
	else
		# Of the whole run, for the next ./run.sh is to do the same.
		awk -F '\t' -v hosts="${#hosts[@]}" -v prefix="$ssh_state/" '
			FILENAME == ARGV[1] && !($10 in host) { host[$10] = n++ % hosts }
			FILENAME != ARGV[1] { print >(prefix host[$10] "/todo") }' "$PFD_RUN/cells.tsv" "$1"
		for number in "${!hosts[@]}"; do
			[[ ! -s $ssh_state/$number/todo ]] || queue "$ssh_state/$number/todo" 1 "$number"
		done
	fi
	for pid in "${pids[@]}"; do
		# A signal ends the wait, not what is waited for.
		while kill -0 "$pid" 2>/dev/null; do wait "$pid" || true; done
	done
}

cleanup() {
	local number status failed=
	for number in "${!hosts[@]}"; do
		[[ -e $ssh_state/$number/touched ]] || continue
		status=0
		far_send "$number" cleanup "${PFD_SSH_DIR:-}" "$(far_name "$number")" >/dev/null || status=$?
		if ((status)); then
			failed=y
			printf '%s: %s\n' "$PFD_ME" "$(far_why "$number" "$status"); what is left there is removed by the next run" >&2
		fi
	done
	hang_up
	[[ ! $failed ]] || exit 4
}

case $1 in
check) ;;
prepare | describe | cleanup) "$1" ;;
cells) cells "$2" ;;
*) die 2 "'$1' is none of prepare, describe, cells, cleanup" ;;
esac
