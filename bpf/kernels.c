// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "kernels.h"
#include "pfd_by_helper.skel.h"
#include "pfd_shared.skel.h"
#include "pfd_trampoline.skel.h"

static bool has(const struct btf *btf, const char *name, __u32 kind)
{
	return btf__find_by_name_kind(btf, name, kind) > 0;
}

static bool has_member(const struct btf *btf, const char *type,
		       const char *member)
{
	__s32 id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, id) : NULL;
	int i;

	for (i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf,
						btf_members(t)[i].name_off),
			    member))
			return true;
	return false;
}

/* Whether a program that does nothing may be put on call_rcu(). */
static int try_trampoline(const struct btf *btf)
{
	const struct bpf_insn nothing[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts,
		    .expected_attach_type = BPF_TRACE_FENTRY,
		    .attach_btf_id = btf__find_by_name_kind(btf, "call_rcu",
							    BTF_KIND_FUNC));
	int fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "nothing", "GPL", nothing,
			       2, &opts);

	if (fd < 0)
		return -fd;
	close(fd);
	return 0;
}

int kernel_look(struct kernel_traits *kernel, bool shared)
{
	struct btf *btf = btf__load_vmlinux_btf();

	if (!btf)
		return -errno;
	*kernel = (struct kernel_traits){.shared = shared};
	kernel->casts = has(btf, "bpf_rdonly_cast", BTF_KIND_FUNC);
	/* On powerpc it is not there in 6.1; the type comes with fprobe. */
	kernel->multi = has(btf, "bpf_kprobe_multi_link", BTF_KIND_STRUCT);
	if (shared) {
		/* The event's type, kernel/rcu/tree.c by <trace/events/rcu.h>.
		 */
		kernel->by_functions = !has(
			btf, "btf_trace_rcu_invoke_callback", BTF_KIND_TYPEDEF);
		kernel->tables_are_pages = TABLES_ARE_PAGES;
		/* x86 up to 6.14: only under some hypervisors it does. */
		kernel->tlb_at_once =
			has_member(btf, "pv_mmu_ops", "tlb_remove_table");
		/*
		 * powerpc has them from 6.13 on, but not for all functions: no
		 * first choice there.
		 */
		kernel->trampoline =
			TABLES_ARE_PAGES ||
			(!kernel->multi &&
			 access("/sys/bus/event_source/devices/kprobe", F_OK));
		if (kernel->trampoline)
			kernel->refused = try_trampoline(btf);
	}
	btf__free(btf);
	return 0;
}

void kernel_object(const struct kernel_traits *kernel, const void **data,
		   size_t *size)
{
	if (kernel->trampoline)
		*data = pfd_trampoline_bpf__elf_bytes(size);
	else if (kernel->shared)
		*data = pfd_shared_bpf__elf_bytes(size);
	else if (!kernel->casts)
		*data = pfd_by_helper_bpf__elf_bytes(size);
}
