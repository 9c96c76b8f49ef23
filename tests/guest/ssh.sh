#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Cells on other machines, by a real sshd: the same bytes as here; what fails is said in
# one line, before any cell where it can be; nothing is left there, neither file nor
# process, also after a Ctrl-C, a lost connection, or a ./run.sh that was killed.
# shellcheck source-path=SCRIPTDIR/.. source=guest-lib.sh
. "$(dirname "$0")/../guest-lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=sshd.sh
. "$(dirname "$0")/../sshd.sh"

plan some 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare' 'seeds = 2' \
	'workloads = null'
# A cell that is still at it whenever it is interrupted.
plan long 'variants = landed-fixed' 'pages = 64k' 'mmu = radix' 'arms = bare' 'seeds = 2' \
	'workloads = fork-munmap' '[workload fork-munmap]' 'repeats = 100' 'forks = 64' 'tables = 64'
sshd_start
# What a login shell says is not an answer.
echo 'echo welcome, and mind the step' >"$remote/.bashrc"
before=$(find "$remote")

# clean WHEN: nothing runs there, and nothing is left.
clean() {
	local tries
	for ((tries = 0; tries < 150; tries++)); do
		pgrep -f "^[^ ]*(qemu-system-ppc64|bash) .*$remote" >/dev/null || break
		sleep 0.1
	done
	((tries < 150)) || fail "$1: this is left running: $(pgrep -af "$remote")"
	[[ ${2:-} == files ]] || equal "what is left there $1" "$before" "$(find "$remote")"
}

# The names of hosts are not for a shell to read, nor for ssh.
command=(./run.sh run --plan "$tmp/some.ini" --out "$tmp/refused")
# shellcheck disable=SC2016 # as it is
for host in -oProxyCommand=touch '-l root' 'a;b' 'a b' '$(a)' 'a`b' "a'b" 'a,' ',a' 'a@' 'a:b' 'a:1:2' $'a\nb'; do
	refused 2 "no host: \[USER@\]NAME" "${command[@]}" --target "ssh:$host"
done
refused 2 "'box' is named twice" "${command[@]}" --target ssh:box,box
refused 2 "unknown target 'none'" "${command[@]}" --target ssh:box/none

# A host that is not there, one that nobody vouches for, and one without a place.
refused 4 'nobody.invalid cannot be reached by ssh: ' "${command[@]}" --target ssh:box,nobody.invalid
refused 4 'root@127.0.0.1:1 cannot be reached by ssh: .*refused' "${command[@]}" --target ssh:root@127.0.0.1:1
refused 4 "127.0.0.1:$port cannot be reached by ssh: Host key verification failed" \
	"${command[@]}" --target "ssh:127.0.0.1:$port"
PFD_QUIET=y PFD_SSH_DIR=/proc refused 4 'box: cannot create /proc/pte-free-defer-bench' \
	"${command[@]}" --target ssh:box
# The same where nobody reads to the end of what is sent, for that is not needed.
cat >"$tmp/hasty" <<'END'
#!/usr/bin/env bash
[[ ${!#} != *"'cleanup'"* ]] || exec < <(head -c "$(stat -c %s launchers/ssh-remote.sh)")
exec ssh "$@"
END
chmod +x "$tmp/hasty"
PFD_QUIET=y PFD_SSH=$tmp/hasty PFD_SSH_DIR=/proc refused 4 'box: cannot create /proc/pte-free-defer-bench' \
	"${command[@]}" --target ssh:box
if mkdir "$tmp/full" && mount -t tmpfs -o size=8m none "$tmp/full" 2>/dev/null; then
	PFD_QUIET=y PFD_SSH_DIR=$tmp/full refused 4 'box: no space left in .*: [0-9]+ MiB are needed, 8 MiB free' \
		"${command[@]}" --target ssh:box
	left=$(ls -A "$tmp/full")
	umount "$tmp/full"
	equal "what is left in a full place" "" "$left"
fi
# What runs there finds only what is in $tmp/there.
mkdir "$tmp/there"
sshd_user bare "$tmp/there"
refused 4 'bare: no bash there' "${command[@]}" --target ssh:bare
ln -s /usr/bin/* "$tmp/there"
rm "$tmp"/there/qemu-system-ppc*
PFD_QUIET=y refused 4 'bare has no qemu-system-ppc64, this machine QEMU emulator .* exact needs the same' \
	"${command[@]}" --target ssh:bare
rm -rf "$tmp/there"
clean "after refusals"
# Nor is what arrived in another way than it was sent.
mkdir "$tmp/run"
refused 4 'x/y did not arrive as it was sent' bash launchers/ssh-remote.sh put "$tmp/run" x/y 0123
equal "files that did not arrive" "" "$(find "$tmp/run" -type f)"

# Two machines, and this one: the same bytes.
command[-1]=$tmp/far
expect 0 "${command[@]}" --target ssh:box,other/exact --jobs 1
clean "after a run"
far=$(readlink -f "$tmp/far/latest")
measure 0 some
equal "the name of the run" "${run##*/}" "${far##*/}"
for cell in "$run"/cells/*/; do
	for file in records.jsonl console.log status; do
		cmp "$cell/$file" "$far/cells/$(basename "$cell")/$file" || fail "$cell over ssh is not the same"
	done
	[[ -s $far/cells/$(basename "$cell")/command ]] || fail "$cell over ssh has no command"
done
equal "hosts of cells" "box other" "$(cut -f 2 "$far/hosts.tsv" | sort -u | paste -sd ' ')"
equal "cells in hosts.tsv" "$(cut -f 1 "$far/cells.tsv" | sort)" "$(cut -f 1 "$far/hosts.tsv" | sort)"
equal "machines" '["box","other"]' "$(jq -c '.machines | map(.host)' "$far/manifest.json")"

# begin: runs until a cell is in the emulator there.
begin() {
	TMPDIR=$tmp setsid env --default-signal=INT ./run.sh run --plan "$tmp/long.ini" --out "$tmp/far" \
		--target ssh:box --jobs 1 >"$tmp/stdout" 2>"$tmp/stderr" </dev/null &
	pid=$!
	for ((i = 0; i < 300; i++)); do
		kill -0 "$pid" 2>/dev/null || break
		! emulator=$(pgrep -f "^qemu-system-ppc64 .*$remote") || return 0
		sleep 0.1
	done
	fail "no cell ran over ssh"
}
ended() {
	code=0
	wait "$pid" 2>/dev/null || code=$?
	equal "exit code after $1" "$2" "$code"
}

# The connection is cut: what ran by it ends, that cell has no result; by a connection
# of its own the next one runs.
begin
sshd_cut
for ((i = 0; i < 50; i++)); do
	kill -0 "$emulator" 2>/dev/null || break
	sleep 0.1
done
((i < 50)) || fail "after a lost connection the emulator runs"
for ((i = 0; i < 300; i++)); do
	! pgrep -f "^qemu-system-ppc64 .*$remote" >/dev/null || break
	sleep 0.1
done
((i < 300)) || fail "after a lost connection no other cell runs"
grep -q 'the connection to box was lost.*run again by the same command' "$tmp/stderr" ||
	fail "no word of the lost connection"

# Nobody is left to clean up.
kill -KILL -- "-$pid"
ended "a kill" 137
clean "after a kill" files
[[ $(find "$remote") != "$before" ]] || fail "a killed run left nothing: it ended before"

# The next run, which continues, removes what it left.
begin
kill -INT -- "-$pid"
ended "a Ctrl-C" 130
clean "after a Ctrl-C"

# A machine that goes away and does not come back.
begin
sshd_cut all
ended "a machine that is gone" 4
grep -q 'box cannot be reached by ssh: .*no more cells go there' "$tmp/stderr" ||
	fail "no word of the gone machine"
clean "on a machine that is gone" files
