#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What the guest tests boot: kernels of both page sizes, and the guest image.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

plan=$tmp/build.ini
printf '[plan]\ntitle = what the tests boot\nvariants = safe\npages = 64k 4k\nmmu = radix\nworkloads = null\narms = probed\nseeds = 1\n' >"$plan"
./run.sh run --plan "$plan" --out "$tmp/results"
for variant in per-table landed; do
	./run.sh run --plan "$plan" --variants "$variant" --pages 64k --allow-unsafe \
		--out "$tmp/results"
done
