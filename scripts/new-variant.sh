#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
#
# ./run.sh new-variant NAME: a directory to drop patches into.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR/.. source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"

if [[ ${1:-} == --help ]]; then
	cat <<'END'
usage: ./run.sh new-variant NAME

Makes kernels/variants/NAME/ with a variant.ini to fill in. Drop a patch series
against the base (6.12.y) into it, as git format-patch writes it.

examples:
  ./run.sh new-variant my-idea
  git format-patch -o kernels/variants/my-idea v6.12.117..my-idea
END
	exit 0
fi
(($# == 1)) || die 2 "one name is needed: ./run.sh new-variant NAME"
[[ $1 =~ ^[a-z0-9][a-z0-9-]{0,31}$ ]] ||
	die 2 "'$1' is no name for a variant: up to 32 of a-z, 0-9 and -"
[[ $1 != safe && $1 != all ]] || die 2 "'$1' means several variants in a plan: choose another name"
dir=kernels/variants/$1
[[ ! -e $PFD_ROOT/$dir ]] || die 2 "$dir exists already: choose another name"
make_dir "$PFD_ROOT/$dir"
cat >"$PFD_ROOT/$dir/variant.ini" <<END
; SPDX-License-Identifier: GPL-2.0
[variant]
title = $1
author =
link =
; Which kernels its patches are for (./run.sh list bases).
bases = $PFD_BASE
; Where it is correct: PAGES-MMU. Elsewhere it is not measured.
correct = 64k-radix 64k-hash 4k-radix 4k-hash
; The functions that its patches hand to call_rcu() for page-table pages.
callbacks = pte_free_now

; How often call_rcu() is called: never, table, page, page-if-deferred,
; page-if-last, page-and-grace-period, page-at-put. Leave a line out if you do not know.
[cost]
;defer_call_rcu = page
;tlb_call_rcu = never
;tlb_grace_periods_min = 1
;tlb_grace_periods_max = 1
; Pages of tables, none in use, that each CPU may keep (0 to 9).
;pages_kept = 0
END
cat <<END
$dir/variant.ini: fill in what the variant is
$dir/*.patch: put the series here (git format-patch, against Linux 6.12.y)
then: ./run.sh run --plan quick --variants landed-fixed,$1
      ./run.sh diff landed-fixed $1
END
