#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What targets/kexec.sh refuses before it touches a machine, one line each: a
# machine that does not come back, or that somebody was working on, is worse than
# no measurement. And the unit that goes on after a reboot is one for systemd.
# shellcheck source-path=SCRIPTDIR/.. source=lib.sh
. "$(dirname "$0")/../lib.sh"

# Root enough to get past the first question, with no terminal, and nobody here.
as_root=(setsid --wait) as_somebody=(setsid --wait)
if ((EUID == 0)); then
	as_somebody+=(setpriv --reuid 65534 --regid 65534 --clear-groups)
else
	as_root+=(unshare --map-root-user)
fi
mkdir "$tmp/bin" "$tmp/crowd"
for name in who loginctl; do
	printf '#!/bin/sh\n' >"$tmp/bin/$name"
done
printf '#!/bin/sh\necho "jane pts/0 2026-01-01 00:00"\n' >"$tmp/crowd/who"
printf '#!/bin/sh\necho "1 1000 jane seat0 tty1"\n' >"$tmp/crowd/loginctl"
chmod 755 "$tmp"/{bin,crowd}/*
chmod 755 "$tmp"
export PATH=$tmp/bin:$PATH PFD_KEXEC_STATE=$tmp/state PFD_YES=y
cp -r targets "$tmp"
prepare=("$tmp/targets/kexec.sh" prepare "$tmp/run")

refused 4 "only root" "${as_somebody[@]}" "${prepare[@]}"
refused 2 "twice for each cell: --yes" "${as_root[@]}" env -u PFD_YES "${prepare[@]}"
refused 4 "others are logged in here \(jane\).*--force" "${as_root[@]}" env "PATH=$tmp/crowd:$PATH" "${prepare[@]}"
export PFD_KEXEC_KERNEL=$tmp/nosuch
refused 4 "no kernel $tmp/nosuch to come back to" "${as_root[@]}" env PFD_FORCE=y "PATH=$tmp/crowd:$PATH" "${prepare[@]}"
echo text >"$tmp/vmlinuz"
export PFD_KEXEC_KERNEL=$tmp/vmlinuz PFD_KEXEC_INITRD=$tmp/noinitrd
refused 4 "no initrd $tmp/noinitrd" "${as_root[@]}" "${prepare[@]}"
export PFD_KEXEC_INITRD=$tmp/vmlinuz
refused 4 "vmlinuz is no ELF file" "${as_root[@]}" "${prepare[@]}"
if [[ $(uname -m) != ppc64le ]]; then
	PFD_KEXEC_KERNEL=$(readlink -f "$(command -v env)")
	refused 4 "this machine is $(uname -m)" "${as_root[@]}" "${prepare[@]}"
fi
[[ ! -e $tmp/state ]] || fail "it wrote to the disk before it refused"

# Words that there are not.
refused 2 "none of recover, prepare" targets/kexec.sh reboot
refused 2 "cell DIR" targets/kexec.sh cell "$tmp"

# The hook: run with what the run was started with, and gone afterwards.
cat >"$tmp/hook.sh" <<-END_HOOK
	. targets/kexec-resume.sh
	if [[ \$1 == install ]]; then resume_install "$tmp/etc" "cd '$tmp' && exec ./run.sh run --yes"; else resume_remove "$tmp/etc"; fi
END_HOOK
expect 0 bash "$tmp/hook.sh" install
grep -q 'no systemd here: run the same command again' "$tmp/stderr" || fail "no word of what to do without systemd"
mkdir -p "$tmp/etc/systemd/system"
expect 0 bash "$tmp/hook.sh" install
[[ ! -s $tmp/stderr ]] || fail "it has something to say where there is systemd"
unit=$tmp/etc/systemd/system/pfd-bench-resume.service
grep -qx "export PFD_KEXEC_INITRD=$tmp/vmlinuz" "$tmp/etc/pfd-bench/resume" || fail "the environment is lost"
if command -v systemd-analyze >/dev/null; then
	expect 0 systemd-analyze verify "$unit"
	[[ ! -s $tmp/stderr ]] || fail "systemd finds fault with the unit"
fi
expect 0 bash "$tmp/hook.sh" remove
equal "what is left of the hook" "" "$(find "$tmp/etc" -type f -o -type l)"
