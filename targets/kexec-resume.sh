# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A run that goes on by itself after each reboot of this machine; to be sourced
# by kexec.sh. ETC is /etc, but for tests.

resume_log=/var/log/pfd-bench.log

# resume_install ETC COMMAND: runs COMMAND at each boot, until resume_remove. Where
# there is no systemd it says what is to be done instead.
resume_install() {
	local etc=$1 unit=$1/systemd/system/pfd-bench-resume.service name
	mkdir -p "$etc/pfd-bench"
	{
		printf '#!/bin/bash\n# Of pte-free-defer-bench, while a run with --target kexec goes on; it removes it.\n'
		printf '# The end of all this: rm %s\n' "$etc/pfd-bench/resume"
		printf 'exec >>%s 2>&1 </dev/null\n' "$resume_log"
		for name in PFD_VARIANTS "${!PFD_KEXEC_@}"; do
			[[ ! ${!name:-} ]] || printf 'export %s=%q\n' "$name" "${!name}"
		done
		printf '%s\n' "$2"
	} >"$etc/pfd-bench/resume.tmp"
	chmod 755 "$etc/pfd-bench/resume.tmp"
	mv "$etc/pfd-bench/resume.tmp" "$etc/pfd-bench/resume"
	if [[ ! -d $etc/systemd/system ]]; then
		printf '%s: no systemd here: run the same command again after each reboot, or have %s run at boot\n' \
			"${0##*/}" "$etc/pfd-bench/resume" >&2
		return 0
	fi
	cat >"$unit" <<-END
		[Unit]
		Description=pte-free-defer-bench goes on after a reboot
		Documentation=file:$etc/pfd-bench/resume
		ConditionPathExists=$etc/pfd-bench/resume
		After=multi-user.target network-online.target remote-fs.target
		Wants=network-online.target

		[Service]
		Type=simple
		Environment=HOME=/root
		ExecStart=$etc/pfd-bench/resume
		# Its cells end by a reboot.
		KillMode=mixed
		TimeoutStopSec=20

		[Install]
		WantedBy=multi-user.target
	END
	mkdir -p "$etc/systemd/system/multi-user.target.wants"
	ln -sfn "$unit" "$etc/systemd/system/multi-user.target.wants/${unit##*/}"
}

# resume_remove ETC
resume_remove() {
	rm -f "$1/pfd-bench/resume" "$1/systemd/system/pfd-bench-resume.service" \
		"$1/systemd/system/multi-user.target.wants/pfd-bench-resume.service"
	rmdir "$1/pfd-bench" 2>/dev/null || true
}
