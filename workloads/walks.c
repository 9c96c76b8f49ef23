// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>
#include "load.h"
#include "memory.h"
#include "reclaim.h"
#include "walks.h"

/* Of a pipe, by default (PIPE_DEF_BUFFERS): each page takes one. */
#define PIPE_PAGES 16
#define COMPACT	   "/proc/sys/vm/compact_memory"

const char *const walk_names[WALKS] = {
	[WALK_VMSPLICE] = "vmsplices_count",
	[WALK_MINCORE] = "mincores_count",
	[WALK_PAGEMAP] = "pagemap_reads_count",
	[WALK_SMAPS] = "smaps_reads_count",
	[WALK_PROCESS_READ] = "process_reads_count",
	[WALK_COLD] = "madvise_cold_count",
	[WALK_COMPACT] = "compactions_count",
	[WALK_RECLAIM] = "reclaims_count",
};

/* The first byte of each span, but not more than a pipe takes. */
static int first_bytes(const struct walker *w, struct iovec v[PIPE_PAGES])
{
	uint32_t i, n = w->spans < PIPE_PAGES ? w->spans : PIPE_PAGES;

	for (i = 0; i < n; i++)
		v[i] = (struct iovec){w->base + i * memory_span(), 1};
	return n;
}

/* The pages are let go at once: a collapse does not take those that are held.
 */
static int walk_vmsplice(struct walker *w)
{
	struct iovec v[PIPE_PAGES];
	char bytes[PIPE_PAGES];
	int n = first_bytes(w, v);

	if (vmsplice(w->pipe[1], v, n, SPLICE_F_NONBLOCK) != n ||
	    read(w->pipe[0], bytes, n) != n)
		return load_error(w->load, "vmsplice", errno ? -errno : -EIO);
	return 0;
}

static int walk_mincore(struct walker *w)
{
	unsigned char resident[4096];
	size_t pages = memory_span() / sysconf(_SC_PAGESIZE);
	uint32_t i;

	for (i = 0; i < w->spans && pages <= sizeof(resident); i++)
		if (mincore(w->base + i * memory_span(), memory_span(),
			    resident))
			return load_error(w->load, "mincore", -errno);
	return 0;
}

static int walk_pagemap(struct walker *w)
{
	size_t page_size = sysconf(_SC_PAGESIZE), left, size;
	uint64_t entries[512];
	off_t at = (uintptr_t)w->base / page_size * sizeof(entries[0]);

	left = w->spans * memory_span() / page_size * sizeof(entries[0]);
	for (; left; left -= size, at += size) {
		size = left < sizeof(entries) ? left : sizeof(entries);
		if (pread(w->pagemap, entries, size, at) != (ssize_t)size)
			return load_error(w->load, "pagemap", -errno);
	}
	return 0;
}

static int walk_smaps(struct walker *w)
{
	char text[4096];
	ssize_t got;

	if (lseek(w->smaps, 0, SEEK_SET))
		return load_error(w->load, "smaps", -errno);
	while ((got = read(w->smaps, text, sizeof(text))) > 0)
		;
	return got < 0 ? load_error(w->load, "smaps", -errno) : 0;
}

static int walk_process_read(struct walker *w)
{
	struct iovec remote[PIPE_PAGES], local;
	char bytes[PIPE_PAGES];
	int n = first_bytes(w, remote);

	local = (struct iovec){bytes, sizeof(bytes)};
	return process_vm_readv(w->other, &local, 1, remote, n, 0) == n
		       ? 0
		       : load_error(w->load, "process_vm_readv", -errno);
}

static int walk_cold(struct walker *w)
{
	return madvise(w->base, w->spans * memory_span(), MADV_COLD)
		       ? load_error(w->load, "MADV_COLD", -errno)
		       : 0;
}

/*
 * Moves what is mapped to other pages, and so has every mapping of it looked up
 * and changed (try_to_migrate()).
 */
static int walk_compact(struct walker *w)
{
	int fd = open(COMPACT, O_WRONLY | O_CLOEXEC), error = 0;

	if (fd < 0 || write(fd, "1", 1) != 1)
		error = load_error(w->load, COMPACT, -errno);
	if (fd >= 0)
		close(fd);
	return error;
}

/* folio_referenced(), try_to_unmap() */
static int walk_reclaim(struct walker *w)
{
	return reclaim_some(w->load);
}

static int (*const functions[WALKS])(struct walker *w) = {
	[WALK_VMSPLICE] = walk_vmsplice,	 [WALK_MINCORE] = walk_mincore,
	[WALK_PAGEMAP] = walk_pagemap,		 [WALK_SMAPS] = walk_smaps,
	[WALK_PROCESS_READ] = walk_process_read, [WALK_COLD] = walk_cold,
	[WALK_COMPACT] = walk_compact,		 [WALK_RECLAIM] = walk_reclaim,
};

static int open_proc(const struct walker *w, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", w->other, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

int walker_open(struct walker *w)
{
	memset(w->done, 0, sizeof(w->done));
	w->pagemap = open_proc(w, "pagemap");
	w->smaps = open_proc(w, "smaps");
	if (w->pagemap >= 0 && w->smaps >= 0 && !pipe2(w->pipe, O_CLOEXEC))
		return 0;
	return load_error(w->load, "/proc", -errno);
}

int walker_walk_all(struct walker *w)
{
	int walk, error;

	for (walk = 0; walk < WALKS; walk++) {
		if (walk == WALK_COMPACT && !w->of_all)
			continue;
		if (walk == WALK_RECLAIM && (!w->of_all || !reclaim_possible()))
			continue;
		errno = 0;
		error = functions[walk](w);
		if (error)
			return error;
		w->done[walk]++;
	}
	return 0;
}

void walker_close(struct walker *w)
{
	close(w->pipe[0]);
	close(w->pipe[1]);
	close(w->pagemap);
	close(w->smaps);
}
