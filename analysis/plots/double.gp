# SPDX-License-Identifier: GPL-2.0
#
# What the second grace period adds: the mean wait of the pages whose last table
# went the TLB path, a bar for each variant, with the part that came after the
# batch's callback set apart; above it, how many pages had such a part.
width = 900
height = 560
load scripts.'/style.gp'

array patterns[2] = [3, 1]
array names[2] = ['last unlink to the callback of its batch', \
	'second wait: call_rcu() of its own to its end']
stats data using 1:($2 + $3) nooutput

bars = STATS_max_x + 1
above = placing(bars)
set title "Wait of pages whose last table went the TLB path\n".about."\n".note
set ylabel 'mean wait (ms), arm probed'
set yrange [0:(STATS_max_y > 0 ? (many(bars) ? 1.75 : 1.12) * STATS_max_y : 1)]
set xrange [-0.6:STATS_max_x + 0.6]
set xtics rotate by slope(bars) right
set key outside below center horizontal Left reverse samplen 3 width 2 \
	spacing 1.5
set bmargin (many(bars) ? 12 : 8)

# The SVG terminal draws all of a plot's patterns in its first colour: a plot for
# each bar, and none for what has no height.
plot for [p = 0:int(STATS_max_x)] data \
		using ($1 == p && $2 > 0 ? $1 : NaN):2:($1 - 0.35):($1 + 0.35) \
		:(0):2:6 with boxxyerror lc variable dt 1 lw 1 \
		fs pattern patterns[1] border notitle, \
	for [p = 0:int(STATS_max_x)] data \
		using ($1 == p && $3 > 0 ? $1 : NaN):($2 + $3) \
		:($1 - 0.35):($1 + 0.35):2:($2 + $3):6 \
		with boxxyerror lc variable dt 1 lw 1 \
		fs pattern patterns[2] border notitle, \
	for [i = 1:2] NaN with boxes lc rgb '#404040' dt 1 lw 1 \
		fs pattern patterns[i] border title names[i], \
	data using 1:($2 + $3):(sprintf('%d of %d twice', $4, $5)):xtic(7) \
		with labels @above notitle
