// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include "pfd.skel.h"
#include "answers.h"
#include "programs.h"

static void name_by(struct pfd_bpf *skel, const struct bpf_program *program,
		    uint64_t address, char *name)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);

	skel->bss->function_address = address;
	skel->bss->function_name[0] = '\0';
	if (bpf_prog_test_run_opts(bpf_program__fd(program), &run) ||
	    !skel->bss->function_name[0])
		snprintf(name, NAME_SIZE, "%llx", (unsigned long long)address);
	else
		snprintf(name, NAME_SIZE, "%s", skel->bss->function_name);
}

static void name_function(void *context, uint64_t address, char *name)
{
	struct pfd_bpf *skel = context;

	name_by(skel, skel->progs.name_function, address, name);
}

static void name_address(void *context, uint64_t address, char *name)
{
	struct pfd_bpf *skel = context;

	name_by(skel, skel->progs.name_address, address, name);
}

static bool read_stack(void *context, uint32_t id, uint64_t *addresses)
{
	struct pfd_bpf *skel = context;

	return !bpf_map_lookup_elem(bpf_map__fd(skel->maps.stacks), &id,
				    addresses);
}

static bool is_table(void *context, uint64_t page)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	struct pfd_bpf *skel = context;

	skel->bss->page_address = page;
	return !bpf_prog_test_run_opts(
		       bpf_program__fd(skel->progs.look_at_page), &run) &&
	       skel->bss->page_is_table;
}

/* A kernel of ours has all of it. */
static int lack(bool shared, const char *symbol)
{
	if (!shared)
		return -ENOENT;
	programs_lack(symbol);
	return 0;
}

int answers_find(struct pfd_bpf *skel, struct machine *machine, bool shared)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	const struct pfd_bpf__bss *bss = skel->bss;
	int error;

	error = bpf_prog_test_run_opts(
		bpf_program__fd(skel->progs.find_symbols), &run);
	if (!error && !bss->vmemmap_address && !machine->tables_are_pages)
		error = lack(shared, "vmemmap");
	if (!error && !bss->table_batch_callback)
		error = lack(shared, "tlb_remove_table_rcu");
	if (!error && !bss->rcu_state_address)
		error = lack(shared, "rcu_state");
	if (error)
		return error;
	machine->vmemmap_address = bss->vmemmap_address;
	machine->page_struct_bytes = bss->page_struct_bytes;
	machine->table_batch_callback = bss->table_batch_callback;
	machine->name_function = name_function;
	machine->name_address = name_address;
	machine->read_stack = read_stack;
	machine->is_table = is_table;
	machine->context = skel;
	return 0;
}
