# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Hosts of PFD_HOSTS and the connections to them; to be sourced after lib.sh. A host
# is a number from 0 on; what is known of it is in $ssh_state/NUMBER/:
#	root	the run's directory there; there once it is prepared
#	cpus	how many
#	out	there if no more cells go there
#	have.*	files that are there
#	m.*	sockets of the connections
# Environment, for the user to set: PFD_SSH, the program (default: ssh);
# PFD_SSH_OPTIONS, words for its command line, before what is here, so that they
# win; PFD_SSH_DIR, the directory there to have one in (default: ~/.cache).

ssh_state=${PFD_STATE:-}/ssh

# ssh_hosts: sets hosts, as they were given.
ssh_hosts() {
	local host seen=, name='[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?'
	# What ends in a comma names one more, without a name.
	IFS=, read -ra hosts <<<"${PFD_HOSTS//[^[:print:]]/?},"
	for host in "${hosts[@]}"; do
		[[ $host =~ ^($name@)?($name|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$ ]] ||
			die 2 "--target ssh: '$host' is no host: [USER@]NAME[:PORT], of letters, digits and ._-"
		[[ $seen != *",$host,"* ]] || die 2 "--target ssh: '$host' is named twice"
		seen+=$host,
	done
}

# far NUMBER MODE WORD ARGUMENT...: runs ssh-remote.sh there and prints what that
# does after its greeting, which goes to $ssh_state/NUMBER/boot. MODE: sent: the script
# comes on standard input, before what else is to; there: it is there. Returns what it
# does, 255 if there is no connection; what is said on stderr goes to $far_error.
# far_slot: which of several connections: sshd allows ten sessions in each.
far_slot=0
far_variables=(PFD_YES PFD_FORCE PFD_TIMEOUT PFD_EMULATOR_OPTIONS)
far_error=$ssh_state/error.$$
far() {
	local number=$1 mode=$2 dir=$ssh_state/$1 host port='' argument command='exec env' options where status=0
	shift 2
	host=${hosts[number]}
	if [[ $host == *@\[* || $host == \[* || ${host//[^:]/} == : ]]; then
		[[ $host != *:+([0-9]) ]] || port=${host##*:} host=${host%:*}
		host=${host//[\[\]]/}
	fi
	# A socket's path has 107 bytes, and ssh adds 17 for a while.
	where=$dir/m.$((far_slot / 8))
	((${#where} < 90)) || where=none
	read -ra options <<<"${PFD_SSH_OPTIONS:-}"
	# One that reboots is soon missed.
	[[ $PFD_TARGET != kexec ]] || options+=(-o ServerAliveCountMax=3)
	options+=(-T -x -a -o BatchMode=yes -o ConnectTimeout=15 -o ConnectionAttempts=1
		-o ServerAliveInterval=5 -o ServerAliveCountMax=6 -o LogLevel=ERROR
		-o ClearAllForwardings=yes -o PermitLocalCommand=no -o RemoteCommand=none
		-o ControlMaster=auto -o ControlPersist=60 -o "ControlPath=$where")
	[[ ! $port ]] || options+=(-p "$port")
	# Words in single quotes are the same to any login shell.
	if [[ $mode == sent ]]; then
		set -- bash -s -- "$@"
	else
		set -- bash "$(<"$dir/root")/ssh-remote.sh" "$@"
	fi
	# What is said to a target here is said to it there.
	for argument in "${far_variables[@]}" "${!PFD_KEXEC_@}" "${!PFD_KVM_@}" "${!PFD_HOST_@}" "${!PFD_QUIET_@}"; do
		[[ ! ${!argument:-} ]] || set -- "$argument=${!argument}" "$@"
	done
	for argument; do command+=" '${argument//\'/\'\\\'\'}'"; done
	"${PFD_SSH:-ssh}" "${options[@]}" -- "$host" "$command" 2>"$far_error" |
		far_answer "$dir/boot" || status=${PIPESTATUS[0]}
	return "$status"
}

# The rest of standard input, from the greeting on.
far_answer() {
	local line
	while IFS= read -r line; do
		[[ $line == 'pfd-ssh '* ]] || continue
		printf '%s\n' "${line#* }" >"$1.$BASHPID" && mv "$1.$BASHPID" "$1"
		cat
		return 0
	done
	return 0
}

# far_send NUMBER WORD ARGUMENT...: far, with the script and what is in targets/.
far_send() {
	local number=$1
	shift
	# There it is no error not to read all of it.
	{
		cat "$PFD_ROOT/launchers/ssh-remote.sh"
		tar -C "$PFD_ROOT" -cf - targets -C launchers ssh-remote.sh || true
	} 2>/dev/null | far "$number" sent "$@"
}

# far_die NUMBER STATUS: a far failed: says why, and exits by its code, if that is one.
far_die() {
	case $2 in
	2 | 3) die "$2" "$(far_why "$1" "$2")" ;;
	*) die 4 "$(far_why "$1" "$2")" ;;
	esac
}

# far_why NUMBER STATUS: one line about a far that failed, for people.
far_why() {
	local text
	text=$(grep -av '^[[:space:]]*$' "$far_error" 2>/dev/null | tail -n 1 | tr -d '\r') || true
	case $2 in
	255) printf '%s cannot be reached by ssh: %s' "${hosts[$1]}" "${text:-no answer}" ;;
	127) printf '%s: no bash there: %s' "${hosts[$1]}" "$text" ;;
	*) printf '%s: %s' "${hosts[$1]}" "${text:-failed with $2}" ;;
	esac
}
