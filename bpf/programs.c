// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "pfd.skel.h"
#include "pfd_by_helper.skel.h"
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
#define DEFERRALS    128 /* `table`, of the path defer */
#define PAGE_END     256 /* of `page`, that it was freed */
/*
 * What `contract` needs, besides programs of its own. Not pte_frag_destroy(): a
 * variant without it does not free there.
 */
#define CONTRACT_NEEDS (CONTRACT | CALLBACK | TABLE | FREES | PAGE_END)

#define FUNCTIONS 2

enum when {
	ALWAYS,
	OFFLOADED,
	NOT_OFFLOADED,
	FREES_WANTED,
	CONTRACT_WANTED,
	DEFERS,
	INSTEAD
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
	{.name = "callback_invoked",
	 .what = "trace event rcu:rcu_invoke_callback (CONFIG_RCU_TRACE)",
	 .records = CALLBACK | TABLE | PAGE},
	{.name = "batch_started",
	 .what = "trace event rcu:rcu_batch_start (CONFIG_RCU_TRACE)",
	 .records = SOFTIRQ},
	{.name = "batch_ended",
	 .what = "trace event rcu:rcu_batch_end (CONFIG_RCU_TRACE)",
	 .records = CALLBACK | PAGE | SOFTIRQ},
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
	 .at_return = true},
	{.name = "mm_exits",
	 .functions = {"exit_mmap"},
	 .what = "function exit_mmap to probe",
	 .records = CONTRACT,
	 .when = CONTRACT_WANTED},
	{.name = "grace_period_event",
	 .what = "trace event rcu:rcu_grace_period (CONFIG_RCU_TRACE)",
	 .records = GRACE_PERIOD,
	 .harmless = "events of others than the RCU kthread"},
	{.name = "expedited_event",
	 .what = "trace event rcu:rcu_exp_grace_period (CONFIG_RCU_TRACE)",
	 .records = GRACE_PERIOD},
	{.name = "core_entered",
	 .what = "trace event irq:softirq_entry",
	 .records = SOFTIRQ},
	{.name = "core_left",
	 .what = "trace event irq:softirq_exit",
	 .records = SOFTIRQ},
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

/* Functions are probed through fprobe, or by kprobes where there is none. */
static bool multi;

static const struct {
	const char *name;
	unsigned int bit;
} records[] = {
	{"callback", CALLBACK},	 {"grace_period", GRACE_PERIOD},
	{"table", TABLE},	 {"page", PAGE},
	{"double_rcu", PAGE},	 {"pinned", PAGE},
	{"softirq", SOFTIRQ},	 {"contract", CONTRACT_NEEDS},
	{"table.direct", FREES}, {"table.fallback", FREES},
	{"table.kernel", FREES}, {"table.defer", DEFERRALS},
};

static struct bpf_program *find(const struct pfd_bpf *skel,
				const struct program *p)
{
	return bpf_object__find_program_by_name(skel->obj, p->name);
}

static bool is_wanted(const struct program *p, const struct wanted *wanted)
{
	switch (p->when) {
	case OFFLOADED:
		return wanted->offloaded;
	case NOT_OFFLOADED:
		return !wanted->offloaded;
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

struct pfd_bpf *programs_open(void)
{
	struct pfd_bpf *skel = calloc(1, sizeof(*skel));
	struct btf *btf = btf__load_vmlinux_btf();
	bool casts;

	if (!skel || !btf || pfd_bpf__create_skeleton(skel)) {
		btf__free(btf);
		free(skel);
		return NULL;
	}
	/* Neither is there on powerpc in 6.1; the type comes with fprobe. */
	casts = btf__find_by_name_kind(btf, "bpf_rdonly_cast", BTF_KIND_FUNC) >
		0;
	multi = btf__find_by_name_kind(btf, "bpf_kprobe_multi_link",
				       BTF_KIND_STRUCT) > 0;
	btf__free(btf);
	/* Both objects have the same programs and maps, one skeleton's. */
	if (!casts)
		skel->skeleton->data = (void *)pfd_by_helper_bpf__elf_bytes(
			&skel->skeleton->data_sz);
	if (!bpf_object__open_skeleton(skel->skeleton, NULL))
		return skel;
	pfd_bpf__destroy(skel);
	return NULL;
}

void programs_choose(struct pfd_bpf *skel, const struct wanted *wanted)
{
	size_t i;

	for (i = 0; i < PROGRAMS; i++) {
		struct bpf_program *prog = find(skel, &programs[i]);

		bpf_program__set_autoload(prog,
					  is_wanted(&programs[i], wanted));
		if (programs[i].functions[0] &&
		    (!multi || programs[i].at_return))
			bpf_program__set_expected_attach_type(prog, 0);
	}
}

/*
 * Returns whether it is there, or else sets errno. A kernel without fprobe may
 * be without the second function (call_rcu_hurry(): 6.1).
 */
static bool attach(const struct bpf_program *prog, struct program *p)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, opts, .syms = p->functions);
	int i;

	while (opts.cnt < FUNCTIONS && p->functions[opts.cnt])
		opts.cnt++;
	if (!opts.cnt)
		p->links[0] = bpf_program__attach(prog);
	else if (p->at_return)
		p->links[0] = return_probe_attach(prog, p->functions[0]);
	else if (multi)
		p->links[0] = bpf_program__attach_kprobe_multi_opts(prog, NULL,
								    &opts);
	for (i = 0; !multi && !p->at_return && i < (int)opts.cnt; i++)
		p->links[i] = bpf_program__attach_kprobe(prog, false,
							 p->functions[i]);
	return p->links[0];
}

int programs_attach(struct pfd_bpf *skel, const struct wanted *wanted)
{
	bool page_freed = false;
	size_t i;

	for (i = 0; i < PROGRAMS; i++) {
		struct program *p = &programs[i];

		if (!is_wanted(p, wanted) || (p->when == INSTEAD && page_freed))
			continue;
		if (!wanted->without || strcmp(wanted->without, p->name))
			p->attached = attach(find(skel, p), p);
		else
			errno = ENOENT;
		if (!p->attached && errno != ENOENT && errno != ESRCH &&
		    errno != EINVAL && errno != EOPNOTSUPP) {
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
		if (programs[i].at_return && programs[i].attached)
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
		if (p)
			json_array_append_new(
				list,
				json_pack("{ss, ss+}", "record",
					  records[i].name, "reason",
					  "this kernel has no ", p->what));
	}
	return list;
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
		p->at_return		    ? "kretprobe"
		: p->functions[0] && !multi ? "kprobe"
					    : bpf_program__section_name(prog),
		"missed_count", (json_int_t)info.recursion_misses, "harmless",
		p->harmless, "runs_count",
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
