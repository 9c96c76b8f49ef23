#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh shell: a busybox shell in a variant's kernel.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR/.. source=scripts/tools.sh
. "$PFD_ROOT/scripts/tools.sh"

usage() {
	cat <<'END'
usage: ./run.sh shell --variant V [--full] [--pages 64k|4k] [--mmu radix|hash]
                      [--cpu power9|power10] [--smp N] [--rcu default|nocb|lazy]
                      [--base NAME] [--linux DIR|TARBALL]

Boots a variant's kernel into a shell on this terminal. pfd-load and pfd-probe
are there. 'exit' powers off; Ctrl-A X ends it by force. --full: bpftrace, perf
and stress-ng from Debian's packages, and bpf/*.bt in /bpftrace.

examples:
  ./run.sh shell --variant refcount
  ./run.sh shell --variant landed --pages 4k --mmu hash --smp 4
  ./run.sh shell --base 6.1 --variant pre-series
  ./run.sh shell --full --variant always-rcu
END
}

variant='' pages=64k mmu=radix cpu=power9 smp=2 rcu=default base=$PFD_BASE linux=()
image=() memory=1G
while (($#)); do
	case $1 in
	--help) usage && exit 0 ;;
	--full)
		image=(full) memory=2G
		shift
		;;
	--variant | --pages | --mmu | --cpu | --smp | --rcu | --base | --linux)
		(($# > 1)) || die 2 "option '$1' needs a value: see ./run.sh shell --help"
		case $1 in
		--linux) linux=(--linux "$2") ;;
		*) declare "${1#--}=$2" ;;
		esac
		shift 2
		;;
	*) die 2 "unknown argument '$1': see ./run.sh shell --help" ;;
	esac
done
[[ $variant ]] || die 2 "which kernel? ./run.sh shell --variant V; './run.sh list variants' has them"
trap stop_child EXIT
trap 'exit 130' INT TERM HUP
"$PFD_ROOT/scripts/packages.sh" --quiet
build_host
# The plan's checks are good for these, too.
"$pfd_plan" --root "$PFD_ROOT" kernels --plan quick --allow-unsafe --base "$base" \
	--variants "$variant" \
	--pages "$pages" --mmu "$mmu" --cpu "$cpu" --smp "$smp" --rcu "$rcu" \
	--workloads null >/dev/null || exit $?
source=$("$PFD_ROOT/kernels/source.sh" --base "$base" "${linux[@]}")
build_kernel "$source" "$variant" "$pages" release "kernel $variant $pages"
build_guest "${image[@]}"
exec "$PFD_ROOT/targets/shell.sh" "$kernel_dir/vmlinux" "$guest_image" "$cpu" "$mmu" \
	"$smp" "$rcu" "$memory"
