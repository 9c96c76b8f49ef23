#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh doctor: what this machine has, lacks, and can run.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

if [[ ${1:-} == --help ]]; then
	cat <<'END'
usage: ./run.sh doctor [--install]

Says what this machine has and what it lacks, with the command that installs
that; --install, as root, does so. The numbered lines are docs/power.md's checklist
for a POWER machine; the last say which targets can run here.

examples:
  ./run.sh doctor
  sudo ./run.sh doctor --install
END
	exit 0
fi

# version COMMAND [ARGUMENT]: the first line that has a digit.
version() {
	local text
	have "$1" || { printf '%-26s not installed\n' "$1" && return; }
	text=$("$1" "${2:---version}" 2>&1 | grep -m 1 '[0-9]') || text="no version"
	printf '%-26s %s\n' "$1" "$text"
}

printf '%-26s %s\n' system "$(. /etc/os-release 2>/dev/null && echo "${PRETTY_NAME:-unknown}"), $(uname -m), $(nproc) CPUs"
printf '%-26s %s\n' memory "$(awk '/MemAvailable/ { print int($2 / 1024) " MiB available" }' /proc/meminfo)"
printf '%-26s %s\n' disk "$(df -Pm "$PFD_ROOT" | awk 'NR == 2 { print $4 " MiB free (a first run takes 4000)" }')"
for tool in powerpc64le-linux-gnu-gcc clang pahole bpftool qemu-system-ppc64 cmake \
	ninja parallel jq git curl; do
	version "$tool"
done
version gnuplot
for base in "$PFD_ROOT"/kernels/bases/*/base.ini; do
	base=${base%/base.ini}
	base=${base##*/}
	what="none yet (kernels/source.sh --base $base finds one)"
	source=$("$PFD_ROOT/kernels/source.sh" --prepared --base "$base") &&
		what=$(sed -n 's/.*"from": "\(.*\)".*/\1/p' "$source/source.json")
	printf '%-26s %s\n' "kernel source $base" "$what"
done
printf '%-26s %s\n' "kernels built" "$(find "$PFD_BUILD/kernels" -name manifest.json 2>/dev/null | wc -l)"
for image in stress-ng full; do
	what="not built yet (guest/extra.sh takes Debian's ppc64el packages)"
	[[ ! -e $PFD_BUILD/guest/$image.cpio ]] ||
		what=$(du -m "$PFD_BUILD/guest/$image.cpio" | awk '{ print $1 " MiB" }')
	printf '%-26s %s\n' "guest image $image" "$what"
done
missing=0
"$PFD_ROOT/scripts/packages.sh" "$@" || missing=$?
"$PFD_ROOT/scripts/machine.sh"
exit "$missing"
