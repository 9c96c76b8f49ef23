# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For --target host: instead of kernels that are built, the one that is running,
# here or where the launcher runs cells. To be sourced by scripts/measure.sh,
# after tools.sh.
# shellcheck disable=SC2034,SC2154,SC2317 # variables and functions of the one
# that sources it

running=()

# find_running: what is running there, into running, for pfd-plan; all machines
# have to be alike in it, since the cells are the same for all.
find_running() {
	local facts
	facts=$(jq -r '[.[].running | [.release, .pages, .mmu, .cpu, .smp, .rcu] | map(tostring) | join(",")] |
		unique | .[]' "$state/machines.json") ||
		die 4 "$target on $launcher does not describe what is running there"
	[[ $facts != *$'\n'* ]] ||
		die 2 "the machines do not run the same: ${facts//$'\n'/; }: measure them one by one"
	running=(--running "$facts")
	running_arch=$(jq -r '.[0].running.arch' "$state/machines.json")
	# One cell at a time: they would measure each other.
	jobs=1
}

# use_running: sets source and base, and from here on there is nothing to build
# but the tools that run there.
use_running() {
	base=running source=$state/running
	mkdir -p "$source" && jq -n '{from: "the running kernel"}' >"$source/source.json"

	# Sets kernel_dir: one that says what is running, and has no kernel.
	build_kernel() {
		local manifest
		manifest=$(jq -n --arg variant "$2" --arg pages "$3" \
			--argjson running "$(jq '.[0].running' "$state/machines.json")" \
			'{schema: 1, variant: $variant, pages: $pages, release: $running.release, running: $running}')
		kernel_dir=$PFD_BUILD/kernels/running-$(sha256sum <<<"$manifest" | cut -c 1-16)
		make_dir "$kernel_dir"
		[[ -e $kernel_dir/manifest.json ]] || {
			: >"$kernel_dir/vmlinux" && : >"$kernel_dir/options" &&
				printf '%s\n' "$manifest" >"$kernel_dir/manifest.json.tmp" &&
				mv "$kernel_dir/manifest.json.tmp" "$kernel_dir/manifest.json"
		}
	}
	case $running_arch in
	ppc64le) ;;
	"$(uname -m)") build_guest() { build_native; } ;;
	*) die 4 "no tools for $running_arch can be built here: run it on such a machine" ;;
	esac
}
