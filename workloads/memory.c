// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "load.h"
#include "memory.h"

#define MIB (1024 * 1024ul)
#define GIB (1024 * MIB)

static size_t huge_page_size(void)
{
	unsigned long size = 0;
	FILE *f = fopen("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
			"re");

	if (f) {
		if (fscanf(f, "%lu", &size) != 1)
			size = 0;
		fclose(f);
	}
	return size;
}

bool memory_has_huge_pages(void)
{
	return huge_page_size();
}

size_t memory_span(void)
{
	size_t size = huge_page_size();

	/* Without huge pages, that is with 4K pages and the hash MMU. */
	return size ? size : 2 * MIB;
}

bool memory_is_radix(void)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[256];
	bool radix = false;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "MMU", 3) && strstr(line, "Radix"))
			radix = true;
	if (f)
		fclose(f);
	return radix;
}

uint64_t memory_tables_in_page(void)
{
	if (sysconf(_SC_PAGESIZE) != 65536)
		return 1;
	return memory_is_radix() ? 256 : 16;
}

static void *map_at(char *where, size_t size, int flags, int fd, off_t offset)
{
	void *got =
		mmap(where, size, PROT_READ | PROT_WRITE,
		     flags | MAP_FIXED_NOREPLACE | MAP_NORESERVE, fd, offset);

	return got == MAP_FAILED ? NULL : got;
}

void *memory_share(struct load *load, size_t size)
{
	/*
	 * Somewhere from 8 to 16 TiB: above the program, below its stack and
	 * libraries. At the start of what a PMD table maps: 1 GiB with radix,
	 * 16 GiB or a part of it with hash.
	 */
	load->area = (char *)(8192 * GIB + load_random(load, 512) * 16 * GIB);
	/* All at once: no operation has to wait for a page of it. */
	return map_at(load->area, size,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
}

char *memory_map(struct load *load, size_t spans, int flags, int fd)
{
	return memory_map_at(load, 0, spans, flags, fd, 0);
}

char *memory_address(const struct load *load, size_t first)
{
	return load->area + (1 + first) * memory_span();
}

char *memory_map_at(struct load *load, size_t first, size_t spans, int flags,
		    int fd, size_t file_first)
{
	size_t span = memory_span();

	return map_at(memory_address(load, first), spans * span, flags, fd,
		      file_first * span);
}

int memory_file(struct load *load, size_t spans)
{
	int fd = memfd_create(load->workload->name, MFD_CLOEXEC), error;

	if (fd < 0)
		return load_error(load, "memfd", -errno);
	if (!ftruncate(fd, spans * memory_span()))
		return fd;
	error = load_error(load, "memfd", -errno);
	close(fd);
	return error;
}

int memory_file_empty(struct load *load, int fd, size_t first, size_t spans)
{
	return fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			 first * memory_span(), spans * memory_span())
		       ? load_error(load, "fallocate", -errno)
		       : 0;
}

int memory_collapse(struct load *load, char *span)
{
	return madvise(span, memory_span(), MADV_COLLAPSE)
		       ? load_error(load, "MADV_COLLAPSE", -errno)
		       : 0;
}

int memory_try_collapse(struct load *load, char *span)
{
	if (!madvise(span, memory_span(), MADV_COLLAPSE))
		return 0;
	/* madvise_collapse_errno() (mm/khugepaged.c) */
	if (errno == EAGAIN || errno == EBUSY || errno == EINVAL ||
	    errno == ENOMEM)
		return 1;
	return load_error(load, "MADV_COLLAPSE", -errno);
}

static int touch(struct load *load, char *base, uint32_t spans, uint32_t pages,
		 bool write)
{
	uint32_t *order = malloc(spans * sizeof(*order)), i, page;
	size_t span = memory_span(), page_size = sysconf(_SC_PAGESIZE);
	volatile char *at;

	if (!order)
		return load_error(load, "populate", -ENOMEM);
	if (!pages || pages > span / page_size)
		pages = span / page_size;
	load_shuffle(load, order, spans);
	for (i = 0; i < spans; i++) {
		at = base + order[i] * span;
		for (page = 0; page < pages; page++, at += page_size) {
			if (write)
				*at = 1;
			else
				(void)*at;
		}
	}
	free(order);
	return 0;
}

int memory_populate(struct load *load, char *base, uint32_t spans,
		    uint32_t pages)
{
	return touch(load, base, spans, pages, true);
}

int memory_read(struct load *load, char *base, uint32_t spans, uint32_t pages)
{
	return touch(load, base, spans, pages, false);
}

/* Whether any page of start..end is present or swapped out. */
static int populated(int pagemap, unsigned long start, unsigned long end)
{
	unsigned long page_size = sysconf(_SC_PAGESIZE);
	uint64_t entry[512];
	size_t left = (end - start) / page_size, n, i;
	off_t at = start / page_size * sizeof(*entry);
	ssize_t got;

	for (; left; left -= n, at += n * sizeof(*entry)) {
		n = left < 512 ? left : 512;
		got = pread(pagemap, entry, n * sizeof(*entry), at);
		if (got != (ssize_t)(n * sizeof(*entry)))
			return got < 0 ? -errno : -EIO;
		for (i = 0; i < n; i++)
			if (entry[i] >> 62) /* present, swapped */
				return 1;
	}
	return 0;
}

/*
 * pagemap does not show the kernel's data pages for the vDSO. Which of them the
 * clock uses differs between kernels; the first is touched, to be there for
 * sure, and the others are in its span or in the vDSO's.
 */
static int vvar_populated(unsigned long at, unsigned long start)
{
	if (at != start)
		return 0;
	(void)*(const volatile char *)start;
	return 1;
}

int64_t memory_tables_count(void)
{
	unsigned long span = memory_span(), start, end, at, next, last = -1ul;
	int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	int64_t count = 0;
	int found = 0;

	if (!maps || pagemap < 0)
		found = -errno;
	while (found >= 0 && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx", &start, &end) != 2) {
			found = -EINVAL;
			break;
		}
		/* x86: in the kernel's own page table, of all processes. */
		if (strstr(line, "[vsyscall]"))
			continue;
		for (at = start; at < end && found >= 0; at = next) {
			next = (at / span + 1) * span;
			if (next > end)
				next = end;
			if (at / span == last)
				continue;
			found = strstr(line, "[vvar]")
					? vvar_populated(at, start)
					: populated(pagemap, at, next);
			if (found > 0) {
				last = at / span;
				count++;
			}
		}
	}
	if (maps)
		fclose(maps);
	if (pagemap >= 0)
		close(pagemap);
	return found < 0 ? found : count;
}
