# SPDX-License-Identifier: GPL-2.0
# What two runs were made of, from their manifests ($was, $now): a line for each
# input that is not the same, "name, was, now", with TABs between. Only the
# kernels that both have are compared.
def name: "\(.variant) \(.pages)";
def short: .[:12];
def all(f): map(f) | unique | join(", ");

($was[0].kernels | map(name)) as $old
| def common: .kernels | map(select(name as $n | any($old[]; . == $n)));
  ($now[0] | common | map(name)) as $both
| def kernels: .kernels | map(select(name as $n | any($both[]; . == $n)));
  def inputs:
	kernels as $k
	| {"kernel source": ($k | all("\(.source.version) \(.source.identity | short)")),
	   "compiler": ($k | all(.toolchain.cc)),
	   "linker": ($k | all(.toolchain.ld)),
	   "pahole": ($k | all(.toolchain.pahole)),
	   "emulator": .emulator.version,
	   "launcher": "\(.target) \(.emulator.launcher_sha256 | short)"}
	+ ([$k[] | {"configuration \(.pages)": (.config_sha256 | short)}] | add // {})
	+ ([$k[] | {"patches of \(.variant)":
		((.base | map(sub(": .*"; ""))) + (.patches | map("\(.file) \(.sha256 | short)")) | join(", "))}] | add // {})
	+ ([.guest.images[]? | {"guest image \(.name)": (.sha256 | short)}] | add // {});
  def made: kernels | map({(name): {hash, vmlinux_sha256}}) | add // {};
  ($was[0] | inputs) as $a | ($now[0] | inputs) as $b
| ($was[0] | made) as $k | ($now[0] | made) as $l
| [$b | keys_unsorted[] | select($a[.] != $b[.] and ($a[.] or (startswith("guest image") | not)))
	| [., $a[.] // "-", $b[.]]] as $differ
| [$l | keys_unsorted[] | select($k[.].hash != $l[.].hash)] as $others
| $differ[],
  (if ($others | length) > 0 and all($differ[]; .[0] | test("^(emulator|launcher|guest)"))
   then ["kernels/build.sh", "kernel \($others[0]) \($k[$others[0]].hash)", $l[$others[0]].hash] else empty end),
  ($l | keys_unsorted[] | select($k[.].hash == $l[.].hash and $k[.].vmlinux_sha256 != $l[.].vmlinux_sha256)
	| ["vmlinux", "\(.) \($k[.].vmlinux_sha256 | short)", ($l[.].vmlinux_sha256 | short)])
| @tsv
