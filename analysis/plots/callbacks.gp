# SPDX-License-Identifier: GPL-2.0
#
# call_rcu() per freed page-table page: a bar for each variant in its colour,
# stacked by callback function, each of which has its own pattern.
# `names`: the functions, one for each block of the data.
width = 900
height = 560
load scripts.'/style.gp'

patterns = '3 1 5 2 4 6 7'
pattern(i) = int(word(patterns, 1 + (i - 1) % words(patterns)))
last = words(names) - 1
stats data index last skip 1 using 1:3 nooutput

bars = STATS_max_x + 1
above = placing(bars)
set title "call_rcu() calls per freed page-table page\n".about."\n".note
set ylabel 'call_rcu() calls per page freed'
set yrange [0:(STATS_max_y > 0 ? (many(bars) ? 1.25 : 1.12) * STATS_max_y : 1)]
set xrange [-0.6:STATS_max_x + 0.6]
set xtics rotate by slope(bars) right
set key outside below center horizontal Left reverse samplen 3 width 2 \
	spacing 1.5
set bmargin (many(bars) ? 14 : 8)

# The SVG terminal draws all of a plot's patterns in its first colour: a plot for
# each bar, and none for what has no height.
plot for [i = 1:words(names)] for [p = 0:int(STATS_max_x)] \
		data index i - 1 skip 1 \
		using ($1 == p && $3 > $2 ? $1 : NaN):2:($1 - 0.35):($1 + 0.35) \
		:2:3:4 with boxxyerror lc variable dt 1 lw 1 \
		fs pattern pattern(i) border notitle, \
	for [i = 1:words(names)] NaN with boxes lc rgb '#404040' dt 1 lw 1 \
		fs pattern pattern(i) border title word(names, i), \
	data index last skip 1 using 1:3:(sprintf('%.3f', $3)):xtic(5) \
		with labels @above notitle
