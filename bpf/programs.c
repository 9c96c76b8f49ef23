// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "pfd.skel.h"
#include "kernels.h"
#include "program_table.h"
#include "programs.h"
#include "return_probe.h"

static struct kernel_traits kernel;

static struct bpf_program *find(const struct pfd_bpf *skel,
				const struct program *p)
{
	return bpf_object__find_program_by_name(skel->obj, p->name);
}

static bool is_wanted(const struct program *p, const struct wanted *wanted)
{
	bool by_functions = programs_by_functions();

	switch (p->when) {
	case OFFLOADED:
		return wanted->offloaded || by_functions;
	case NOT_OFFLOADED:
		return !wanted->offloaded && !by_functions;
	case TRACED:
		return !by_functions;
	case BY_FUNCTIONS:
		return by_functions;
	case DEFERS_BY_FUNCTIONS:
		return by_functions && !wanted->no_deferrals;
	case HURRIED:
		return kernel.trampoline && (wanted->offloaded || by_functions);
	case TOLD_APART:
		return wanted->shared && kernel.tables_are_pages;
	case SYMBOL:
		return false;
	case FREES_WANTED:
		return wanted->frees || wanted->contract;
	case CONTRACT_WANTED:
		return wanted->contract;
	case DEFERS:
		return !wanted->no_deferrals;
	default:
		return true;
	}
}

/* by_functions of shared.bpf.h, which the skeleton's object has not. */
static int set_by_functions(const struct pfd_bpf *skel)
{
	struct bpf_map *map =
		bpf_object__find_map_by_name(skel->obj, ".rodata.shared");
	size_t size = 0;
	bool *value = map ? (bool *)bpf_map__initial_value(map, &size) : NULL;

	errno = ENOENT;
	if (size != sizeof(*value))
		return -ENOENT;
	*value = true;
	return 0;
}

struct pfd_bpf *programs_open(bool shared)
{
	struct pfd_bpf *skel = calloc(1, sizeof(*skel));

	if (!skel || kernel_look(&kernel, shared) ||
	    pfd_bpf__create_skeleton(skel)) {
		free(skel);
		return NULL;
	}
	/* All objects have the skeleton's programs and maps, some more. */
	kernel_object(&kernel, &skel->skeleton->data, &skel->skeleton->data_sz);
	if (bpf_object__open_skeleton(skel->skeleton, NULL)) {
		pfd_bpf__destroy(skel);
		return NULL;
	}
	if (kernel.by_functions) {
		if (set_by_functions(skel)) {
			pfd_bpf__destroy(skel);
			return NULL;
		}
		programs_lack("callback_events");
	}
	if (kernel.tables_are_pages)
		programs_lack("levels");
	if (kernel.tlb_at_once)
		programs_lack("tlb_by_rcu");
	return skel;
}

bool programs_by_functions(void)
{
	return kernel.by_functions;
}

void programs_lack(const char *symbol)
{
	size_t i;

	for (i = 0; i < programs_count; i++)
		if (programs[i].when == SYMBOL &&
		    !strcmp(programs[i].name, symbol))
			programs[i].missing = true;
}

void programs_choose(struct pfd_bpf *skel, const struct wanted *wanted)
{
	size_t i;

	for (i = 0; i < programs_count; i++) {
		struct bpf_program *prog = find(skel, &programs[i]);
		const char *function = programs[i].functions[0];
		bool load = is_wanted(&programs[i], wanted);

		if (!prog)
			continue;
		if (load && function && kernel.trampoline)
			load = !kernel.refused &&
			       !bpf_program__set_attach_target(prog, 0,
							       function);
		else if (function && !kernel.trampoline &&
			 (!kernel.multi || programs[i].sleeps))
			bpf_program__set_expected_attach_type(prog, 0);
		bpf_program__set_autoload(prog, load);
	}
}

/* Through fprobe; of any kernel's functions, some may not be there. */
static void attach_multi(const struct bpf_program *prog, struct program *p,
			 size_t count, bool at_once)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = p->functions,
		    .cnt = count, .retprobe = p->at_return);
	size_t i;

	if (at_once) {
		p->links[0] = bpf_program__attach_kprobe_multi_opts(prog, NULL,
								    &opts);
		return;
	}
	for (i = 0, opts.cnt = 1; i < count; i++) {
		opts.syms = &p->functions[i];
		p->links[i] = bpf_program__attach_kprobe_multi_opts(prog, NULL,
								    &opts);
	}
}

static struct bpf_link *attach_one(const struct bpf_program *prog,
				   const struct program *p,
				   const char *function)
{
	return p->sleeps ? return_probe_attach(prog, function)
			 : bpf_program__attach_kprobe(prog, p->at_return,
						      function);
}

/*
 * Returns whether it is there, or else sets errno. A kernel without fprobe may
 * be without the second function (call_rcu_hurry(): 6.1).
 */
static bool attach(const struct bpf_program *prog, struct program *p,
		   bool shared)
{
	size_t count = 0, i;

	errno = ENOENT;
	if (!prog || bpf_program__fd(prog) < 0)
		return false;
	while (count < FUNCTIONS && p->functions[count])
		count++;
	if (!count || kernel.trampoline)
		p->links[0] = bpf_program__attach(prog);
	else if (kernel.multi && !p->sleeps)
		attach_multi(prog, p, count, !shared);
	else
		for (i = 0; i < count; i++)
			p->links[i] = attach_one(prog, p, p->functions[i]);
	return p->links[0];
}

/*
 * By kprobe and by trace event, where callbacks are not told of in time to look
 * at what they free: whoever interrupts the program of one does not miss the
 * other.
 */
static bool ends_twice(void)
{
	return kernel.by_functions && !kernel.trampoline;
}

int programs_attach(struct pfd_bpf *skel, const struct wanted *wanted)
{
	bool page_freed = false;
	size_t i;

	for (i = 0; i < programs_count; i++) {
		struct program *p = &programs[i];

		if (!is_wanted(p, wanted) ||
		    (p->when == INSTEAD && page_freed && !ends_twice()))
			continue;
		if (kernel.refused)
			errno = kernel.refused; /* what is left says nothing */
		else if (!wanted->without || strcmp(wanted->without, p->name))
			p->attached = attach(find(skel, p), p, wanted->shared);
		else
			errno = ENOENT;
		if (!p->attached && errno != ENOENT && errno != ESRCH &&
		    errno != EINVAL && errno != EOPNOTSUPP && !wanted->shared) {
			fprintf(stderr, "pfd-probe: cannot attach %s: %s\n",
				p->name, strerror(errno));
			return -errno;
		}
		p->missing = !p->attached;
		page_freed |= p->attached && !strcmp(p->name, "page_freed");
	}
	return 0;
}

void programs_detach(void)
{
	size_t i;
	int f;

	for (i = 0; i < programs_count; i++) {
		for (f = 0; f < FUNCTIONS; f++) {
			if (!programs[i].links[f])
				continue;
			bpf_link__destroy(programs[i].links[f]);
			programs[i].links[f] = NULL;
			if (programs[i].sleeps)
				return_probe_remove(programs[i].functions[f]);
		}
	}
}

/*
 * Where there is no pte_free_defer() nothing is deferred, which is no loss to
 * any other record.
 */
static bool no_deferrals(const struct program *p)
{
	return p->when == DEFERS && !p->attached && !p->missing;
}

/* The first program that a record misses, or NULL. */
static const struct program *missing(unsigned int record)
{
	size_t i;

	for (i = 0; i < programs_count; i++)
		if ((programs[i].missing && programs[i].records & record) ||
		    (no_deferrals(&programs[i]) && record == DEFERRALS))
			return &programs[i];
	return NULL;
}

struct available programs_available(void)
{
	return (struct available){
		.callback = !missing(CALLBACK),
		.grace_period = !missing(GRACE_PERIOD),
		.table = !missing(TABLE),
		.page = !missing(PAGE),
		.softirq = !missing(SOFTIRQ),
		.contract = !missing(CONTRACT_NEEDS),
	};
}

json_t *programs_unavailable(const struct wanted *wanted)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; program_records[i].name; i++) {
		const struct program *p = missing(program_records[i].bit);

		if (program_records[i].bit & CONTRACT && !wanted->contract)
			continue;
		if (p && p->functions[0] && kernel.refused)
			json_array_append_new(
				list,
				json_pack("{ss, ss+}", "record",
					  program_records[i].name, "reason",
					  "no function of this kernel may "
					  "be looked at: fentry: ",
					  strerror(kernel.refused)));
		else if (p)
			json_array_append_new(
				list,
				json_pack("{ss, ss+}", "record",
					  program_records[i].name, "reason",
					  "this kernel has no ", p->what));
	}
	return list;
}

static const char *harmless(const struct program *p)
{
	bool is_end = !strcmp(p->name, "page_freed") || p->when == INSTEAD;

	if (ends_twice() && is_end)
		return "the other of page_freed, page_freed_event sees it";
	/* Nothing is made good there, and only what interrupts itself lost. */
	if (kernel.trampoline && p->functions[0])
		return NULL;
	return p->harmless;
}

static json_t *describe(const struct bpf_program *prog, const struct program *p,
			bool stats)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
		return NULL;
	return json_pack(
		"{ss, ss, sI, ss?, so, so}", "name", p->name, "attach",
		p->sleeps ? "kretprobe"
		: p->functions[0] && !kernel.multi && !kernel.trampoline
			? "kprobe"
			: bpf_program__section_name(prog),
		"missed_count", (json_int_t)info.recursion_misses, "harmless",
		harmless(p), "runs_count",
		stats ? json_integer((json_int_t)info.run_cnt) : json_null(),
		"run_ns",
		stats ? json_integer((json_int_t)info.run_time_ns)
		      : json_null());
}

json_t *programs_describe(const struct pfd_bpf *skel, bool stats)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < programs_count && list; i++) {
		const struct bpf_program *prog = find(skel, &programs[i]);

		if (!programs[i].attached)
			continue;
		if (json_array_append_new(
			    list, describe(prog, &programs[i], stats))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}
