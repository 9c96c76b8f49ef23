#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# cluster.sh WORD DIR [ARGUMENT]: a Slurm cluster on this machine, of Debian's
# daemons, for tests. Everything of it is below DIR, its ports are on loopback,
# and it knows nothing of a cluster that this machine may belong to.
#	start DIR NODES		with so many nodes of one CPU: n1, n2 ..., in the
#				partition `power`; use it with SLURM_CONF=DIR/slurm.conf
#	kill DIR NODE		as if its power failed: the daemon and all it runs
#	stop DIR		all of it
# Exit: 0 done, 2 usage, 4 it does not work, with the logs' last words.
set -euo pipefail
(($# >= 2)) || { echo "usage: tests/cluster.sh start|kill|stop DIR [NODES|NODE]" >&2 && exit 2; }
word=$1 dir=$2
PATH=$PATH:/usr/sbin

# A free port, and not the last one that was given.
port=$((20000 + RANDOM % 10000))
next_port() {
	while :; do
		port=$((port + 1))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
}

give_up() {
	tail -n 3 "$dir"/log/* >&2 2>/dev/null || true
	"$0" stop "$dir"
	exit 4
}

# pids_of NODE: its daemon and steps, which have its log open, and what they run;
# children before their parents.
pids_of() {
	{
		find /proc/[0-9]*/fd -lname "$(readlink -f "$dir")/log/$1" || true
		grep -lzxF "SLURM_CONF=$dir/slurm.conf" /proc/[0-9]*/environ |
			xargs -r grep -lzxF "SLURMD_NODENAME=$1" || true
	} 2>/dev/null | cut -d / -f 3 | sort -rnu
}

kill_node() {
	local pids='' before
	# Nobody is to see that another died: all stand still before any is killed. And
	# no parent before its children: the kernel wakes a stopped process group that
	# has lost the last one outside, and the task would put its node back.
	for _ in 1 2 3 4 5; do
		before=$pids pids=$(pids_of "$1")
		[[ $pids != "$before" ]] || break
		# shellcheck disable=SC2086 # a list
		kill -STOP $pids 2>/dev/null || true
	done
	for _ in 1 2 3 4 5; do
		[[ $pids ]] || return 0
		# shellcheck disable=SC2086
		kill -KILL $pids 2>/dev/null || true
		sleep 0.1
		pids=$(pids_of "$1")
	done
	echo "node $1 does not die: $pids" >&2
	return 4
}

start() {
	local nodes=$1 i user lines='' names=''
	mkdir -p "$dir"/{log,state,run}
	(umask 077 && head -c 128 /dev/urandom >"$dir/munge.key")
	user=$(id -un)
	next_port
	local controller=$port
	for ((i = 1; i <= nodes; i++)); do
		mkdir -p "$dir/n$i"
		next_port
		lines+="NodeName=n$i NodeHostname=localhost NodeAddr=127.0.0.1 Port=$port CPUs=1 RealMemory=4000"$'\n'
		names+=${names:+,}n$i
	done
	# A node is taken for dead after seconds, instead of minutes.
	cat >"$dir/slurm.conf" <<-CONF
		ClusterName=pfd-test
		SlurmctldHost=localhost(127.0.0.1)
		SlurmctldPort=$controller
		SlurmUser=$user
		SlurmdUser=$user
		AuthType=auth/munge
		AuthInfo=socket=$dir/run/munge
		CredType=cred/munge
		StateSaveLocation=$dir/state
		SlurmdSpoolDir=$dir/%n
		SlurmctldPidFile=$dir/run/slurmctld.pid
		SlurmdPidFile=$dir/run/%n.pid
		SlurmctldLogFile=$dir/log/slurmctld
		SlurmdLogFile=$dir/log/%n
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		MpiDefault=none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		SchedulerParameters=batch_sched_delay=0,sched_min_interval=0,bf_interval=1
		MessageTimeout=5
		SlurmdTimeout=10
		KillWait=5
		ReturnToService=2
		${lines}PartitionName=power Nodes=$names Default=YES MaxTime=INFINITE State=UP
	CONF
	munged --force --socket="$dir/run/munge" --key-file="$dir/munge.key" \
		--pid-file="$dir/run/munged.pid" --seed-file="$dir/run/seed" \
		--log-file="$dir/log/munged" 2>/dev/null || give_up
	export SLURM_CONF=$dir/slurm.conf
	slurmctld -c 2>/dev/null || give_up
	for ((i = 1; i <= nodes; i++)); do
		slurmd -N "n$i" 2>/dev/null || give_up
	done
	for ((i = 0; i < 100; i++)); do
		(($(sinfo --noheader --Node --states=idle --format=%N 2>/dev/null | wc -l) == nodes)) && return
		sleep 0.1
	done
	give_up
}

case $word in
start) start "$3" ;;
kill) kill_node "$3" ;;
stop)
	for node in "$dir"/n[0-9]*; do
		[[ ! -d $node ]] || kill_node "${node##*/}" || true
	done
	for file in "$dir"/run/{slurmctld,munged}.pid; do
		[[ ! -s $file ]] || kill -KILL "$(<"$file")" 2>/dev/null || true
	done
	;;
*) echo "'$word' is none of start, kill, stop" >&2 && exit 2 ;;
esac
