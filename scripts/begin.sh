# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The directory of a run and its manifest. To be sourced by scripts/measure.sh.
# shellcheck disable=SC2154,SC2317 # variables of the one that sources it

# What it takes to repeat the run; written once, when the run begins.
begin() {
	mkdir -p "$run/cells" && cp "$state/kernels.tsv" "$state/images.tsv" "$run" &&
		cp "$state/cells" "$run/cells.tsv" &&
		mkdir -p "$run/variants" "$run/config" &&
		cp "$PFD_ROOT"/kernels/config/*.config "$run/config" &&
		{ [[ $base == running ]] || cp -r "$PFD_ROOT/kernels/bases/$base" "$run/base"; } || return 1
	cut -f 1 "$state/kernels.tsv" | sort -u | while read -r variant; do
		[[ $variant == running ]] || cp -r "$(variant_dir "$variant")" "$run/variants" || return 1
	done || return 1
	cut -f 3 "$state/kernels.tsv" | while read -r kernel; do
		cat "$PFD_BUILD/kernels/$kernel/manifest.json"
	done | jq -n --arg plan "$plan" --arg base "$base" --arg options "${all_options# }" \
		--arg from "$(jq -r .from "$source/source.json")" \
		--arg target "$target" --arg launcher "$target_sha256" --arg qemu "$qemu" \
		--arg images "$(cat "$state/images.tsv")" --arg libraries "$(cat "$PFD_BUILD/sysroot/packages.txt" 2>/dev/null)" \
		--arg git "$(git -C "$PFD_ROOT" describe --always --dirty --abbrev=40 2>/dev/null)" \
		--arg host "$(uname -srm)" --arg system "$(. /etc/os-release && echo "$PRETTY_NAME")" \
		--arg cpu "$(sed -nE 's/^(model name|cpu)\s*: *//p' /proc/cpuinfo | head -n 1)" \
		--argjson cpus "$(nproc)" --argjson cells "$(wc -l <"$state/cells")" \
		--slurpfile machines "$state/machines.json" \
		--arg began "$(date +%FT%TZ)" '
		[inputs] as $kernels |
		{ schema: 1, plan: $plan, base: $base, options: $options, target: $target,
		  cells_count: $cells, git: $git, began: $began,
		  machines: ($machines[0] | map(select(. != {}))),
		  host: {system: $system, kernel: $host, cpu: $cpu, cpus_count: $cpus},
		  emulator: {version: $qemu, launcher_sha256: $launcher},
		  guest: {images: ($images | split("\n") | map(split("\t") | {name: .[0], sha256: .[1]})),
			  libraries: ($libraries | split("\n") | map(select(. != "")))},
		  source_from: $from, kernels: $kernels }' >"$run/manifest.json.tmp" &&
		mv "$run/manifest.json.tmp" "$run/manifest.json"
}
