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
#include "programs.h"
#include "return_probe.h"

/* The records that need a program. */
#define CALLBACK     1
#define GRACE_PERIOD 2
#define TABLE	     4
#define PAGE	     8
#define SOFTIRQ	     16
#define FREES	     32 /* `table`, of the paths direct, fallback, kernel */
#define CONTRACT     64
#define DEFERRALS    128  /* `table`, of the path defer */
#define PAGE_END     256  /* of `page`, that it was freed */
#define OTHERS	     512  /* `callback`, of other functions than of tables */
#define UPPER	     1024 /* `table`, of levels above PTE */
/*
 * What `contract` needs, besides programs of its own. Not pte_frag_destroy(): a
 * variant without it does not free there.
 */
#define CONTRACT_NEEDS (CONTRACT | CALLBACK | TABLE | FREES | PAGE_END)

#define FUNCTIONS 2

/* unseen.c */
#define MADE_GOOD "the pages that it frees give it away"

enum when {
	ALWAYS,
	OFFLOADED,
	NOT_OFFLOADED,
	FREES_WANTED,
	CONTRACT_WANTED,
	DEFERS,
	INSTEAD,
	/* Of shared.bpf.h: */
	TRACED,	      /* where callbacks have trace events */
	BY_FUNCTIONS, /* where they have none */
	DEFERS_BY_FUNCTIONS,
	HURRIED,    /* a second program for a second function */
	TOLD_APART, /* batches do not tell levels */
	SYMBOL,	    /* no program at all: programs_lack() */
};

/*
 * harmless: why a miss loses nothing. A program is missed if it interrupts
 * itself or, as a kprobe, another kprobe's program on the same CPU. NULL: a
 * miss is a loss.
 */
static struct program {
	const char *name;
	const char *functions[FUNCTIONS]; /* to probe; none: a trace event */
	const char *what;		  /* has to be there */
	unsigned int records;
	enum when when;
	const char *harmless;
	bool at_return;
	bool sleeps; /* and tasks sleep in the function: return_probe.h */
	bool missing, attached;
	struct bpf_link *links[FUNCTIONS];
} programs[] = {
	{.name = "callback_queued",
	 .what = "trace event rcu:rcu_callback (CONFIG_RCU_TRACE)",
	 .records = CALLBACK | TABLE | PAGE,
	 .when = NOT_OFFLOADED},
	{.name = "callback_passed",
	 .functions = {"call_rcu", "call_rcu_hurry"},
	 .what = "functions call_rcu and call_rcu_hurry to probe",
	 .records = CALLBACK | TABLE | PAGE,
	 .when = OFFLOADED},
	{.name = "callback_hurried",
	 .functions = {"call_rcu_hurry"},
	 .when = HURRIED},
	{.name = "callback_invoked",
	 .what = "trace event rcu:rcu_invoke_callback (CONFIG_RCU_TRACE)",
	 .records = CALLBACK | TABLE | PAGE,
	 .when = TRACED},
	{.name = "batch_entered",
	 .functions = {"tlb_remove_table_rcu"},
	 .what = "function tlb_remove_table_rcu to probe",
	 .records = CALLBACK | TABLE | PAGE,
	 .harmless = MADE_GOOD,
	 .when = BY_FUNCTIONS},
	{.name = "batch_left",
	 .functions = {"tlb_remove_table_rcu"},
	 .what = "return of function tlb_remove_table_rcu to probe",
	 .records = CALLBACK | TABLE | PAGE,
	 .harmless = MADE_GOOD,
	 .when = BY_FUNCTIONS,
	 .at_return = true},
	{.name = "page_entered",
	 .functions = {"pte_free_now"},
	 .what = "function pte_free_now to probe",
	 .records = CALLBACK | PAGE,
	 .harmless = MADE_GOOD,
	 .when = DEFERS_BY_FUNCTIONS},
	{.name = "page_left",
	 .functions = {"pte_free_now"},
	 .what = "return of function pte_free_now to probe",
	 .records = CALLBACK | PAGE,
	 .harmless = MADE_GOOD,
	 .when = DEFERS_BY_FUNCTIONS,
	 .at_return = true},
	/* Linux 6.14 and later, and not everywhere. */
	{.name = "one_entered",
	 .functions = {"__tlb_remove_table_one_rcu"},
	 .when = BY_FUNCTIONS},
	{.name = "one_left",
	 .functions = {"__tlb_remove_table_one_rcu"},
	 .when = BY_FUNCTIONS,
	 .at_return = true},
	{.name = "pte_table_unlinked",
	 .functions = {"___pte_free_tlb"},
	 .what = "function ___pte_free_tlb to probe",
	 .records = TABLE | PAGE,
	 .when = TOLD_APART},
	{.name = "batch_started",
	 .what = "trace event rcu:rcu_batch_start (CONFIG_RCU_TRACE)",
	 .records = SOFTIRQ},
	{.name = "batch_ended",
	 .what = "trace event rcu:rcu_batch_end (CONFIG_RCU_TRACE)",
	 .records = CALLBACK | PAGE | SOFTIRQ,
	 .when = TRACED},
	{.name = "table_deferred",
	 .functions = {"pte_free_defer"},
	 .what = "function pte_free_defer to probe",
	 .records = TABLE | PAGE,
	 .when = DEFERS},
	/* What no variant but some has: then batches have all there is. */
	{.name = "tables_put", .functions = {"arch_tlb_put_tables"}},
	{.name = "table_put",
	 .functions = {"arch_tlb_put_table"},
	 .when = FREES_WANTED},
	/* Where a mm has no page of its own there is nothing to destroy. */
	{.name = "fragments_destroyed", .functions = {"pte_frag_destroy"}},
	{.name = "page_freed",
	 .functions = {"__free_pages"},
	 .what = "function __free_pages to probe",
	 .harmless = "the page is looked at when its callback is over"},
	{.name = "page_freed_event",
	 .what = "function __free_pages or trace event kmem:mm_page_free",
	 .records = PAGE | PAGE_END,
	 .when = INSTEAD},
	{.name = "table_freed",
	 .functions = {"pte_fragment_free"},
	 .what = "function pte_fragment_free to probe",
	 .records = FREES,
	 .when = FREES_WANTED,
	 .harmless = "frees in RCU callbacks, which do not count"},
	{.name = "fragment_asked",
	 .functions = {"pte_fragment_alloc"},
	 .what = "function pte_fragment_alloc to probe",
	 .records = CONTRACT,
	 .when = CONTRACT_WANTED},
	{.name = "fragment_handed",
	 .functions = {"pte_fragment_alloc"},
	 .what = "return of function pte_fragment_alloc to probe",
	 .records = CONTRACT,
	 .when = CONTRACT_WANTED,
	 .at_return = true,
	 .sleeps = true},
	{.name = "mm_exits",
	 .functions = {"exit_mmap"},
	 .what = "function exit_mmap to probe",
	 .records = CONTRACT,
	 .when = CONTRACT_WANTED},
	{.name = "grace_period_event",
	 .what = "trace event rcu:rcu_grace_period (CONFIG_RCU_TRACE)",
	 .records = GRACE_PERIOD,
	 .when = TRACED,
	 .harmless = "events of others than the RCU kthread"},
	{.name = "expedited_event",
	 .what = "trace event rcu:rcu_exp_grace_period (CONFIG_RCU_TRACE)",
	 .records = GRACE_PERIOD,
	 .when = TRACED},
	{.name = "grace_period_started",
	 .functions = {"rcu_gp_init"},
	 .what = "function rcu_gp_init to probe",
	 .records = GRACE_PERIOD,
	 .when = BY_FUNCTIONS},
	{.name = "grace_period_ended",
	 .functions = {"rcu_gp_cleanup"},
	 .what = "function rcu_gp_cleanup to probe",
	 .records = GRACE_PERIOD,
	 .when = BY_FUNCTIONS},
	{.name = "grace_period_forced",
	 .functions = {"force_qs_rnp"},
	 .what = "function force_qs_rnp to probe",
	 .records = GRACE_PERIOD,
	 .when = BY_FUNCTIONS},
	{.name = "expedited_ended",
	 .functions = {"rcu_exp_wait_wake"},
	 .what = "function rcu_exp_wait_wake to probe",
	 .records = GRACE_PERIOD,
	 .when = BY_FUNCTIONS},
	{.name = "core_entered",
	 .what = "trace event irq:softirq_entry",
	 .records = SOFTIRQ},
	{.name = "core_left",
	 .what = "trace event irq:softirq_exit",
	 .records = SOFTIRQ},
	{.name = "tlb_remove_table_rcu",
	 .what = "function tlb_remove_table_rcu",
	 .records = CALLBACK | TABLE | PAGE,
	 .when = SYMBOL},
	{.name = "tlb_by_rcu",
	 .what = "TLB path that waits for RCU",
	 .records = TABLE | PAGE,
	 .when = SYMBOL},
	{.name = "vmemmap",
	 .what = "symbol vmemmap (CONFIG_KALLSYMS_ALL)",
	 .records = PAGE,
	 .when = SYMBOL},
	{.name = "rcu_state",
	 .what = "symbol rcu_state (CONFIG_KALLSYMS_ALL)",
	 .records = PAGE,
	 .when = SYMBOL},
	{.name = "callback_events",
	 .what = "trace event rcu:rcu_invoke_callback (CONFIG_RCU_TRACE)",
	 .records = OTHERS | CONTRACT,
	 .when = SYMBOL},
	{.name = "levels",
	 .what = "level beside a table that it has unlinked",
	 .records = UPPER,
	 .when = SYMBOL},
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static struct kernel_traits kernel;

static const struct {
	const char *name;
	unsigned int bit;
} records[] = {
	{"callback", CALLBACK},	    {"grace_period", GRACE_PERIOD},
	{"table", TABLE},	    {"page", PAGE},
	{"double_rcu", PAGE},	    {"pinned", PAGE},
	{"softirq", SOFTIRQ},	    {"contract", CONTRACT_NEEDS},
	{"table.direct", FREES},    {"table.fallback", FREES},
	{"table.kernel", FREES},    {"table.defer", DEFERRALS},
	{"table.pmd", UPPER},	    {"table.pud", UPPER},
	{"callback.other", OTHERS},
};

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

	for (i = 0; i < PROGRAMS; i++)
		if (programs[i].when == SYMBOL &&
		    !strcmp(programs[i].name, symbol))
			programs[i].missing = true;
}

void programs_choose(struct pfd_bpf *skel, const struct wanted *wanted)
{
	size_t i;

	for (i = 0; i < PROGRAMS; i++) {
		struct bpf_program *prog = find(skel, &programs[i]);
		const char *function = programs[i].functions[0];
		bool load = is_wanted(&programs[i], wanted);

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
	else if (p->sleeps)
		p->links[0] = return_probe_attach(prog, p->functions[0]);
	else if (kernel.multi)
		attach_multi(prog, p, count, !shared);
	for (i = 0;
	     !kernel.multi && !kernel.trampoline && !p->sleeps && i < count;
	     i++)
		p->links[i] = bpf_program__attach_kprobe(prog, p->at_return,
							 p->functions[i]);
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

	for (i = 0; i < PROGRAMS; i++) {
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

	for (i = 0; i < PROGRAMS; i++) {
		for (f = 0; f < FUNCTIONS; f++) {
			bpf_link__destroy(programs[i].links[f]);
			programs[i].links[f] = NULL;
		}
		if (programs[i].sleeps && programs[i].attached)
			return_probe_remove(programs[i].functions[0]);
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

	for (i = 0; i < PROGRAMS; i++)
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

	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		const struct program *p = missing(records[i].bit);

		if (records[i].bit & CONTRACT && !wanted->contract)
			continue;
		if (p && p->functions[0] && kernel.refused)
			json_array_append_new(
				list,
				json_pack("{ss, ss+}", "record",
					  records[i].name, "reason",
					  "no function of this kernel may "
					  "be looked at: fentry: ",
					  strerror(kernel.refused)));
		else if (p)
			json_array_append_new(
				list,
				json_pack("{ss, ss+}", "record",
					  records[i].name, "reason",
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

	for (i = 0; i < PROGRAMS && list; i++) {
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
