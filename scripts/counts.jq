# SPDX-License-Identifier: GPL-2.0
# The counts in records, which no compiler or emulator should change: "cell,
# name, value" with TABs between. Not those of instructions and cycles.

# A member of a list goes by what it is about, not by its place.
def names($path): [range($path | length) as $n
	| if $path[$n] | type == "number"
	  then [getpath($path[:$n + 1]) | .path?, .level?, .name? | strings] | join(" ")
	  else $path[$n] end];

foreach inputs as $record ("";
	if $record.type == "header" then $record.cell else . end;
	. as $cell
	| $record
	| [.type, .function, .path, .level, .kind | strings] as $name
	| if .type == "verdict" then [$cell, "valid", .valid]
	  else paths(numbers) as $path
		| select($path[-1] | tostring | endswith("_count"))
		| select($path[-1] | test("^(instructions|cycles|missed|runs)_") | not)
		| [$cell, ($name + names($path) | join(".")), getpath($path)]
	  end
	| map(tostring) | @tsv)
