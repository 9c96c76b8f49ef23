# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What this machine is, as far as a POWER user asks of a figure; to be sourced.
#
#	power_describe [NAME TEXT]
#			prints one JSON object on one line: each fact from the
#			place that the kernel documents for it, absent where that
#			is absent. The same state gives the same bytes: nothing
#			that changes by itself (a clock's speed now) is in it.
#
# Needs bash and coreutils only. PFD_MACHINE_ROOT: where /proc and /sys are, for
# tests. On other architectures it says what is there too.

# Nothing is forked for a fact: on an emulated machine that alone took 20 s. So
# functions leave what they found in $found, and fail if there is nothing.
found=

# json_text TEXT: prints a JSON string.
json_text() {
	local text=$1 out='' c i
	if [[ $text != *[\"\\[:cntrl:]]* ]]; then
		printf '"%s"' "$text"
		return
	fi
	for ((i = 0; i < ${#text}; i++)); do
		c=${text:i:1}
		case $c in
		'"' | \\) out+=\\$c ;;
		[[:cntrl:]]) printf -v c '\\u%04x' "'$c" && out+=$c ;;
		*) out+=$c ;;
		esac
	done
	printf '"%s"' "$out"
}

# power_given TEXT: what the caller knows.
power_given() {
	found=$1
}

# power_text FILE: its words on one line; a device tree's strings end with NUL.
power_text() {
	local file=${PFD_MACHINE_ROOT:-}$1 part
	found=
	[[ -f $file && -r $file ]] || return 1
	while IFS= read -r -d '' part || [[ $part ]]; do
		found+=${found:+ }$part
		part=
	done 2>/dev/null <"$file"
	found=${found//[$'\n\t']/ }
	found=${found%"${found##*[! ]}"}
	[[ $found ]]
}

# power_cpuinfo NAME: of the first CPU that has it.
power_cpuinfo() {
	local name value
	while IFS=: read -r name value; do
		name=${name%"${name##*[![:space:]]}"}
		[[ $name == "$1" && ${value# } ]] || continue
		found=${value# }
		return
	done <"${PFD_MACHINE_ROOT:-}/proc/cpuinfo"
	found=
	return 1
}

# power_lparcfg NAME
power_lparcfg() {
	local line file=${PFD_MACHINE_ROOT:-}/proc/ppc64/lparcfg
	found=
	[[ -r $file ]] || return 1
	while read -r line; do
		[[ $line != "$1="* ]] || { found=${line#*=} && return; }
	done <"$file"
	return 1
}

# power_all GLOB: what such files say, each different text once.
power_all() {
	local file texts=/
	# shellcheck disable=SC2231 # a glob
	for file in "${PFD_MACHINE_ROOT:-}"/$1; do
		power_text "${file#"${PFD_MACHINE_ROOT:-}"}" || continue
		[[ $texts == */"$found"/* ]] || texts+=$found/
	done
	found=${texts#/}
	found=${found%/}
	[[ $found ]]
}

# power_fact NAME COMMAND...: prints what the command finds, if it does.
power_fact() {
	local name=$1
	shift
	"$@" || return 0
	[[ ! $power_facts ]] || printf ', '
	power_facts=y
	json_text "$name"
	printf ': '
	json_text "$found"
}

# power_files PREFIX GLOB: a fact for each such file, by its name.
power_files() {
	local file
	# shellcheck disable=SC2231 # a glob
	for file in "${PFD_MACHINE_ROOT:-}"/$2; do
		power_fact "$1${file##*/}" power_text "${file#"${PFD_MACHINE_ROOT:-}"}"
	done
}

# power_partition: whether there is a hypervisor under the kernel, and whose.
power_partition() {
	local tree=/proc/device-tree
	if power_text $tree/hypervisor/compatible && [[ $found == *linux,kvm* ]]; then
		found="KVM guest"
	elif power_cpuinfo platform && [[ $found == PowerNV* ]]; then
		found="bare metal"
	elif power_text $tree/ibm,partition-name || power_lparcfg partition_id; then
		found=LPAR
	else
		return 1
	fi
}

# power_idle: the states of the first CPU, with a minus where one is switched off.
power_idle() {
	local state name out=
	for state in "${PFD_MACHINE_ROOT:-}"/sys/devices/system/cpu/cpu0/cpuidle/state*; do
		state=${state#"${PFD_MACHINE_ROOT:-}"}
		power_text "$state/name" || continue
		name=$found
		! power_text "$state/disable" || [[ $found != [1-9]* ]] || name=-$name
		out+=${out:+ }$name
	done
	found=$out
	[[ $found ]]
}

# power_nodes: NUMA nodes with their CPUs.
power_nodes() {
	local node out=
	for node in "${PFD_MACHINE_ROOT:-}"/sys/devices/system/node/node[0-9]*; do
		[[ -d $node ]] || continue
		power_text "${node#"${PFD_MACHINE_ROOT:-}"}/cpulist" || found=
		out+=${out:+ }${node##*/}=$found
	done
	found=$out
	[[ $found ]]
}

power_architecture() {
	found=$(uname -m)
}

power_describe() {
	local power_facts='' LC_ALL=C cpu=/sys/devices/system/cpu tree=/proc/device-tree name
	printf '{'
	power_fact architecture power_architecture
	# Machine and firmware: the device tree (PAPR, OPAL), DMI elsewhere.
	power_fact model power_text $tree/model
	power_fact compatible power_text $tree/compatible
	power_fact partition power_partition
	for name in shared_processor_mode capped partition_entitled_capacity; do
		power_fact "lpar $name" power_lparcfg $name
	done
	power_files "firmware " 'proc/device-tree/openprom/ibm,fw-*'
	power_fact "firmware opal" power_text $tree/ibm,opal/firmware/version
	power_files "firmware opal " 'proc/device-tree/ibm,firmware-versions/*'
	for name in sys_vendor product_name bios_version; do
		power_fact "dmi $name" power_text /sys/class/dmi/id/$name
	done
	# The processor: arch/powerpc/kernel/setup-common.c, show_cpuinfo().
	for name in platform machine firmware cpu "model name" revision "cpu family" model stepping microcode MMU; do
		power_fact "cpuinfo $name" power_cpuinfo "$name"
	done
	# Documentation/ABI/testing/sysfs-devices-system-cpu
	power_fact "cpus online" power_text $cpu/online
	power_fact "smt" power_text $cpu/smt/control
	power_fact "smt threads of cpu0" power_text $cpu/cpu0/topology/thread_siblings_list
	for name in scaling_driver scaling_governor scaling_min_freq scaling_max_freq; do
		power_fact "frequency $name" power_all "${cpu#/}/cpu[0-9]*/cpufreq/$name"
	done
	power_fact "idle driver" power_text $cpu/cpuidle/current_driver
	power_fact "idle governor" power_text $cpu/cpuidle/current_governor
	power_fact "idle states" power_idle
	power_fact "numa nodes" power_nodes
	power_files "vulnerability " 'sys/devices/system/cpu/vulnerabilities/*'
	power_fact "thp" power_text /sys/kernel/mm/transparent_hugepage/enabled
	power_fact "aslr" power_text /proc/sys/kernel/randomize_va_space
	[[ ! ${1:-} ]] || power_fact "$1" power_given "$2"
	printf '}\n'
}
