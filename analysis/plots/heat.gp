# SPDX-License-Identifier: GPL-2.0
#
# What each variant changes against a baseline: a row for each metric, a column
# for each variant, with the change in figures on a shade of it.
# `metrics`: the rows, from the top; `columns`, column_1 ...: the variants
# `baseline`: what they are held against
rows = words(metrics)
width = columns < 7 ? 900 : 340 + 80 * columns
bottom = columns < 5 ? 100.0 : 165.0
height = 80 + 26 * rows + bottom
load scripts.'/style.gp'

name(i) = value(sprintf('column_%d', i))
set label 1 at screen 0.5, screen 1 - 16.0 / height center \
	"Change against ".baseline.": median over seeds\n".about."\n".note
set label 2 at screen 0.5, screen 30.0 / height center \
	"blue and -: less; orange and +: more; =: the same for every seed\n" \
	."~: seeds do not agree on the sign; new: from zero"
set xrange [-0.5:columns - 0.5]
set yrange [rows - 0.5:-0.5]
set xtics () rotate by (columns > 4 ? 90 : 20) right scale 0
set ytics () scale 0
do for [i = 1:columns] {
	set xtics add (name(i) i - 1)
}
do for [i = 1:rows] {
	set ytics add (word(metrics, i) i - 1)
}
unset border
unset grid
unset colorbox
unset key
set lmargin at screen 260.0 / width
set rmargin at screen 1 - 20.0 / width
set tmargin at screen 1 - 75.0 / height
set bmargin at screen bottom / height
set cbrange [-1:1]
set palette defined (-1 '#4393C3', -0.5 '#B0D3E8', 0 '#FFFFFF', \
	0.5 '#FBD3AC', 1 '#EF8A32')

plot data using 1:2:($1 - 0.49):($1 + 0.49):($2 - 0.48):($2 + 0.48):3 \
		with boxxyerror palette fs solid 1 border lc rgb '#D8D8D8' \
		notitle, \
	data using 1:2:4 with labels tc rgb '#000000' notitle
