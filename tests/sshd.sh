# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For tests that need a machine to log in to; to be sourced. It is
# this one, behind an sshd with a port, keys and configuration of its own, on the
# loopback address. The one who logs in has another HOME.
#
# sshd_start: sets port, sshd_pid and remote, the HOME there; PFD_SSH_OPTIONS, by which the
# hosts box and other are that machine. Skips the test if there is no sshd.

# shellcheck source-path=SCRIPTDIR source=lib.sh
[[ ${tmp:-} ]] || . "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sshd_pid=''
sshd_start() {
	local sshd tries
	sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || exit 77
	remote=$tmp/remote
	mkdir -p "$tmp/sshd" "$remote"
	chmod 700 "$tmp" "$tmp/sshd"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/sshd/host"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/sshd/user"
	cp "$tmp/sshd/user.pub" "$tmp/sshd/authorized"
	# Where root's sshd goes before it knows who comes.
	((EUID)) || mkdir -p /run/sshd
	for ((tries = 0; tries < 20; tries++)); do
		port=$((20000 + RANDOM % 20000))
		cat >"$tmp/sshd/config" <<END
Port $port
ListenAddress 127.0.0.1
HostKey $tmp/sshd/host
AuthorizedKeysFile $tmp/sshd/authorized
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
SetEnv HOME=$remote TMPDIR=$remote PATH=$PATH
END
		"$sshd" -D -e -f "$tmp/sshd/config" 2>"$tmp/sshd/log" &
		sshd_pid=$!
		sleep 0.3
		! kill -0 "$sshd_pid" 2>/dev/null || break
	done
	kill -0 "$sshd_pid" || fail "no sshd: $(tail -n 1 "$tmp/sshd/log")"
	trap 'sshd_stop; rm -rf "$tmp"' EXIT
	sed "s/^/[127.0.0.1]:$port /" "$tmp/sshd/host.pub" >"$tmp/sshd/known"
	cat >"$tmp/sshd/client" <<END
Host box other
	HostName 127.0.0.1
	Port $port
	IdentityFile $tmp/sshd/user
	IdentitiesOnly yes
	UserKnownHostsFile $tmp/sshd/known
END
	export PFD_SSH_OPTIONS="-F $tmp/sshd/client"
}

# sshd_user HOST PATH: makes HOST that machine too, with another PATH.
sshd_user() {
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/sshd/$1"
	# shellcheck disable=SC2016 # for the shell there
	printf 'command="PATH=%s; eval \\"$SSH_ORIGINAL_COMMAND\\"" %s\n' "$2" "$(<"$tmp/sshd/$1.pub")" \
		>>"$tmp/sshd/authorized"
	sed "s/^Host .*/Host $1/; s,sshd/user$,sshd/$1," "$tmp/sshd/client" >"$tmp/sshd/client.$1"
	cat "$tmp/sshd/client.$1" >>"$tmp/sshd/client"
}

# sshd_cut [all]: cuts the connections there are; all: and lets no other in.
sshd_cut() {
	local session sessions
	sessions=$(pgrep -P "$sshd_pid") || true
	[[ ! ${1:-} ]] || kill "$sshd_pid"
	for session in $sessions; do
		# Unless it is root's, the connection is its child's.
		pkill -KILL -P "$session" -f '^sshd: ' || true
		kill -KILL "$session" 2>/dev/null || true
	done
}

sshd_stop() {
	[[ ! $sshd_pid ]] || kill "$sshd_pid" 2>/dev/null || true
}
