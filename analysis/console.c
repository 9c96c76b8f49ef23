// SPDX-License-Identifier: GPL-2.0
/* Kernel console health; see console.h. */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include "console.h"
#include "message.h"

struct pattern {
	const char *text;
	const char *then; /* must follow in the same line, or NULL */
	const char *what;
};

/* The first of them are no finding: from there on, findings may be lost. */
#define LOSSES 2

/*
 * What the kernel prints when it has found something wrong, and where (files
 * of Linux 6.12). The first that matches a line names it, so special cases
 * come before general ones. A match starts where a word starts: "DEBUG: " is
 * not "BUG: ". Plain "WARNING: " is not here, because a healthy pseries boot
 * has one ("nvram corruption detected", arch/powerpc/kernel/nvram_64.c).
 */
static const struct pattern patterns[] = {
	/* kernel/printk/printk.c: console_prepend_dropped() */
	{"printk messages dropped", NULL, "kernel messages lost"},
	/* lib/debugobjects.c: debug_objects_oom() */
	{"ODEBUG: Out of memory", NULL, "debug objects given up"},
	/* guest/init.c */
	{"init: the kernel is tainted", NULL, "tainted kernel"},
	/* arch/powerpc/include/asm/book3s/64/pgtable.h: pmd_ERROR() ... */
	{"bad pmd ", NULL, "bad page table"},
	{"bad pud ", NULL, "bad page table"},
	{"bad pgd ", NULL, "bad page table"},
	/* mm/swapfile.c: what a page table must have held for that */
	{"Bad swap ", " entry", "bad swap entry"},
	{"Unused swap ", " entry", "bad swap entry"},
	/* lib/debugobjects.c: debug_print_object(), of call_rcu() */
	{"ODEBUG: activate active", "rcu_head", "rcu_head queued twice"},
	{"ODEBUG: ", NULL, "debug objects"},
	/* kernel/watchdog.c */
	{"BUG: soft lockup", NULL, "soft lockup"},
	{"soft lockup", NULL, "soft lockup"},
	{"hard LOCKUP", NULL, "hard lockup"},
	/* mm/page_alloc.c: bad_page() */
	{"BUG: Bad page state", NULL, "bad page state"},
	{"Bad page state", NULL, "bad page state"},
	/* mm/memory.c: print_bad_pte() */
	{"BUG: Bad page map", NULL, "bad page map"},
	{"Bad page map", NULL, "bad page map"},
	/* many: DEBUG_VM, KASAN, sleeping while atomic, rss counters, ... */
	{"BUG: ", NULL, "kernel bug"},
	/* mm/slub.c: slab_bug() */
	{"BUG ", " (", "slab corruption"},
	/* arch/powerpc/kernel/traps.c: __die() */
	{"Oops: ", NULL, "oops"},
	/* arch/powerpc/mm/fault.c: bad_page_fault() */
	{"Unable to handle kernel", NULL, "bad kernel access"},
	/* arch/x86/kernel/traps.c, for targets to come */
	{"general protection", NULL, "general protection fault"},
	/* kernel/panic.c */
	{"Kernel panic", NULL, "panic"},
	/* kernel/rcu/rcu.h: debug_rcu_head_callback(), tree.c: __call_rcu */
	{"Double-freed CB", NULL, "rcu_head queued twice"},
	/* kernel/rcu/tree_stall.h, tree_exp.h: also the expedited stalls */
	{"rcu: INFO: rcu_", "stall", "RCU stall"},
	{"INFO: rcu_", "stall", "RCU stall"},
	/* kernel/hung_task.c */
	{"INFO: task ", "blocked for more than", "hung task"},
	/* mm/oom_kill.c */
	{"Out of memory:", NULL, "out of memory"},
	{"oom-kill:", NULL, "out of memory"},
	{"invoked oom-killer", NULL, "out of memory"},
	/* lib/refcount.c */
	{"refcount_t:", NULL, "reference count"},
	/* lib/list_debug.c */
	{"list_add corruption", NULL, "list corruption"},
	{"list_del corruption", NULL, "list corruption"},
	/* kernel/locking/lockdep.c */
	{"WARNING: possible ", NULL, "lockdep"},
	{"WARNING: suspicious ", NULL, "lockdep"},
	{"WARNING: lock held when returning", NULL, "lockdep"},
	{"possible recursive locking", NULL, "lockdep"},
	{"INFO: possible ", NULL, "lockdep"},
	{"INFO: lockdep", NULL, "lockdep"},
	{"INFO: trying to register non-static key", NULL, "lockdep"},
	/* mm/page_poison.c: check_poison_mem() */
	{"pagealloc: ", "memory corruption", "freed page written to"},
	{"pagealloc: ", "single bit error", "freed page written to"},
	/* mm/kmemleak.c */
	{"unreferenced object", NULL, "memory leak"},
	{"new suspected memory leaks", NULL, "memory leak"},
	/* arch/powerpc/kernel/process.c: show_stack(); whatever the reason */
	{"Call Trace:", NULL, "stack trace"},
};

/*
 * kernel/panic.c: WARN(), and what lib/bug.c prints for BUG(). What it is about
 * is in the next line, which also may be one of the above.
 */
static const char cut_here[] = "------------[ cut here ]------------";
static const struct pattern after_cut = {"", NULL, "kernel warning"};

#define PATTERNS   (sizeof(patterns) / sizeof(patterns[0]))
#define CHUNK_SIZE 4096
#define QUOTE_SIZE 120
/* Longer than any match of one pattern's text, for lines cut in two. */
#define OVERLAP_SIZE 256

static const char *find_word(const char *line, const char *word)
{
	const char *found = line;

	while ((found = strstr(found, word))) {
		if (found == line || !isalnum((unsigned char)found[-1]))
			return found;
		found++;
	}
	return NULL;
}

static const struct pattern *find_pattern(const char *line)
{
	size_t i;

	for (i = 0; i < PATTERNS; i++) {
		const char *found = find_word(line, patterns[i].text);

		if (found && patterns[i].then)
			found = strstr(found + strlen(patterns[i].text),
				       patterns[i].then);
		if (found)
			return &patterns[i];
	}
	return NULL;
}

/* What has been reported of a console so far, each kind once. */
struct seen {
	bool patterns[PATTERNS], after_cut;
	bool cut; /* the line before was cut_here */
};

/* Whether it is new, and from now on it is not. */
static bool see(struct seen *seen, const struct pattern *pattern)
{
	bool *is_seen = pattern == &after_cut
				? &seen->after_cut
				: &seen->patterns[pattern - patterns];
	size_t i;

	if (*is_seen)
		return false;
	*is_seen = true;
	for (i = 0; i < PATTERNS; i++) {
		if (!strcmp(patterns[i].what, pattern->what))
			seen->patterns[i] = true;
	}
	return true;
}

static void check_text(char *line, struct seen *seen, unsigned long number,
		       struct reasons *reasons)
{
	const struct pattern *pattern = find_pattern(line);
	bool is_loss = pattern && pattern < patterns + LOSSES;

	if (!pattern && seen->cut)
		pattern = &after_cut;
	seen->cut = find_word(line, cut_here);
	if (!pattern || !see(seen, pattern))
		return;
	line[strcspn(line, "\r\n")] = '\0';
	reasons_add(reasons, is_loss ? REASON_LOSS : REASON_CONSOLE,
		    "%s, line %lu: %.*s", pattern->what, number, QUOTE_SIZE,
		    line);
}

/*
 * Reads up to the end of the line or of the room left behind `kept` bytes.
 * Returns the size of what is in chunk then, and 0 at the end of the file.
 * NUL bytes become '?': what comes after them is to be searched as well.
 */
static size_t read_chunk(FILE *console, char *chunk, size_t kept)
{
	size_t size = kept;
	int c = 0;

	while (size < CHUNK_SIZE - 1 && c != '\n') {
		c = getc_unlocked(console);
		if (c == EOF)
			break;
		chunk[size++] = c ? c : '?';
	}
	chunk[size] = '\0';
	return size == kept && c == EOF ? 0 : size;
}

int console_check(FILE *console, struct reasons *reasons)
{
	struct seen seen = {};
	char chunk[CHUNK_SIZE];
	unsigned long number = 1;
	size_t kept = 0;
	size_t size;

	errno = 0;
	while ((size = read_chunk(console, chunk, kept))) {
		bool ends = chunk[size - 1] == '\n';

		check_text(chunk, &seen, number, reasons);
		kept = 0;
		if (ends) {
			number++;
		} else if (size == CHUNK_SIZE - 1) {
			/* A very long line: search its cut as well. */
			kept = OVERLAP_SIZE;
			memmove(chunk, chunk + size - kept, kept);
		}
	}
	if (seen.cut)
		reasons_add(reasons, REASON_CONSOLE,
			    "%s, line %lu: and no more of it", after_cut.what,
			    number);
	if (ferror(console))
		return errno ? -errno : -EIO;
	return 0;
}
