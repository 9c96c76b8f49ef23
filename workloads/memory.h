/* SPDX-License-Identifier: GPL-2.0 */
/* Memory laid out by page table. */
#ifndef PFD_MEMORY_H
#define PFD_MEMORY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>

/* include/uapi/asm-generic/mman-common.h, Linux 6.1; newer than some libc. */
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

struct load;

/*
 * Bytes that one PTE table maps, which is also the size of a huge page where
 * the kernel has any: 2 MiB, or 16 MiB with 64K pages and the hash MMU.
 */
size_t memory_span(void);

/* With 4K pages and the hash MMU the kernel has no huge pages. */
bool memory_has_huge_pages(void);

/* Whether the MMU is radix; it is hash if not. */
bool memory_is_radix(void);

/*
 * PTE tables that share a page: PTE_FRAG_NR, asm/book3s/64/pgtable.h. 1 with 4K
 * pages.
 */
uint64_t memory_tables_in_page(void);

/*
 * Chooses, by the seed, where this workload's memory lies: the same place in
 * every variant, which the kernel's own ASLR would not give, since it depends
 * on the kernel's very instructions. Places the shared memory of `size` bytes
 * there, zeroed. Returns it, or NULL with errno set.
 */
void *memory_share(struct load *load, size_t size);

/*
 * Maps `spans` spans, aligned to a span, readable and writable, with mmap()'s
 * flags and fd. Ordinary pages only. Always at the same address, behind the
 * shared memory: as that stays mapped, unmapping the spans unlinks their PTE
 * tables but not the PMD table over them, as it is with most of a process's
 * memory. (Spans beyond the first PMD table's range have tables of their own:
 * from the 512th on with radix, the 128th with 4K pages and hash.)
 * Returns NULL with errno set on failure.
 */
char *memory_map(struct load *load, size_t spans, int flags, int fd);

/*
 * Where memory_map() maps the span number `first`, for workloads that map some
 * of their memory there themselves.
 */
char *memory_address(const struct load *load, size_t first);

/*
 * As memory_map(), from the span number `first` on, with the file's contents
 * from the span number `file_first` on.
 */
char *memory_map_at(struct load *load, size_t first, size_t spans, int flags,
		    int fd, size_t file_first);

/* A file in memory (memfd) of so many spans, or a negative errno value. */
int memory_file(struct load *load, size_t spans);

/*
 * Frees the memory of so many spans of a memory_file() in all mappings: the
 * next to touch it gets small pages again. Returns 0 or a negative errno value
 * after one line.
 */
int memory_file_empty(struct load *load, int fd, size_t first, size_t spans);

/*
 * MADV_COLLAPSE of one span; takes its page table away in all processes that
 * have one. Returns 0 or a negative errno value after one line.
 */
int memory_collapse(struct load *load, char *span);

/*
 * The same where others may hold, change or unmap the memory meanwhile: 1 if
 * the kernel refused it for such a reason.
 */
int memory_try_collapse(struct load *load, char *span);

/*
 * Writes to the first `pages` pages of each span, or to all if that is 0, the
 * spans in an order drawn from the seed. memory_read() only reads them.
 * Return 0 or a negative errno value after one line.
 */
int memory_populate(struct load *load, char *base, uint32_t spans,
		    uint32_t pages);
int memory_read(struct load *load, char *base, uint32_t spans, uint32_t pages);

/*
 * PTE tables this process has, or a negative errno value: the spans with a
 * page in them, by /proc/self/pagemap.
 */
int64_t memory_tables_count(void);

#endif
