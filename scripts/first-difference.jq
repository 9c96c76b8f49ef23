# SPDX-License-Identifier: GPL-2.0
# Where the records of a cell, $was and $now, differ first: one line.
def leaves: paths(type != "object" and type != "array");
def at($path): try getpath($path) catch null;

first(range([$was, $now] | map(length) | max) | select($was[.] != $now[.])) as $i
| $was[$i] as $a | $now[$i] as $b
| "records.jsonl line \($i + 1): " +
  if $a == null then "was not there"
  elif $b == null then "is not there"
  else ([$a.type, $a.function, $a.path, $a.level, $a.kind | strings] | join(" ")) as $name
	| [first(($a | leaves), ($b | leaves)
		| select(. as $p | ($a | at($p)) != ($b | at($p))))][0] as $path
	| "(\($name)): \($path | map(tostring) | join(".")) was \($a | at($path)), is \($b | at($path))"
  end
