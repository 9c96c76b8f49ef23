#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# What the guest tests boot: kernels of both page sizes, and the guest image.
# The debug and hardware kernels are last, for they have objects of their own.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

export PFD_VARIANTS=$ROOT/tests/fixtures/variants
build() {
	printf '[plan]\ntitle = what the tests boot\nvariants = %s\npages = %s\nmmu = radix\nworkloads = null\narms = probed\nseeds = 1\n' \
		"$1" "$2" >"$tmp/build.ini"
	./run.sh run --plan "$tmp/build.ini" --allow-unsafe --out "$tmp/results"
}
build 'landed-fixed landed refcount always-rcu per-table free-now never-free destructor-early' 64k
build 'landed-fixed per-table' 4k
kernels/build.sh --flavour debug per-table 64k
for variant in landed-fixed refcount; do
	kernels/build.sh --flavour hardware "$variant" 64k
done
