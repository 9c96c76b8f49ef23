// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "vm.h"

/* The names begin like this, or are this. */
static const char *const wanted[] = {
	"thp_",
	"nr_page_table_pages",
	"nr_anon_pages",
	"nr_shmem",
	"nr_file_pages",
	"nr_free_pages",
	"pgalloc_",
	"pgfree",
	"pgfault",
	"compact_",
	"allocstall_",
	"oom_kill",
	"pgscan_",
	"pgsteal_",
	"nr_anon_transparent_hugepages",
};

static const struct {
	const char *line, *name;
} meminfo[] = {
	{"MemTotal:", "mem_total_bytes"},
	{"MemFree:", "mem_free_bytes"},
	{"MemAvailable:", "mem_available_bytes"},
	{"PageTables:", "page_tables_bytes"},
	{"AnonHugePages:", "anon_huge_pages_bytes"},
	{"ShmemHugePages:", "shmem_huge_pages_bytes"},
	{"FileHugePages:", "file_huge_pages_bytes"},
	{"SUnreclaim:", "slab_unreclaimable_bytes"},
	{"VmallocUsed:", "vmalloc_used_bytes"},
};

static int read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;
	size_t n = 0;

	if (fd < 0)
		return -errno;
	while (got > 0 && n < size - 1) {
		got = read(fd, text + n, size - 1 - n);
		if (got > 0)
			n += got;
	}
	if (got)
		got = got < 0 ? -errno : -EFBIG;
	text[n] = '\0';
	close(fd);
	return got;
}

int vm_read(struct vm_snapshot *vm)
{
	int error = read_file("/proc/vmstat", vm->vmstat, sizeof(vm->vmstat));

	return error ? error
		     : read_file("/proc/meminfo", vm->meminfo,
				 sizeof(vm->meminfo));
}

static int is_wanted(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (!strncmp(name, wanted[i], strlen(wanted[i])))
			return 1;
	return 0;
}

json_t *vm_to_json(const struct vm_snapshot *vm)
{
	json_t *object = json_object();
	unsigned long long value;
	const char *line;
	char name[64];
	int error = !object;
	size_t i;

	for (line = vm->vmstat; line && *line && !error;
	     line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (sscanf(line, "%63s %llu", name, &value) == 2 &&
		    is_wanted(name))
			error = json_object_set_new(object, name,
						    json_integer(value));
	for (i = 0; i < sizeof(meminfo) / sizeof(meminfo[0]) && !error; i++) {
		line = strstr(vm->meminfo, meminfo[i].line);
		if (line && sscanf(line, "%*s %llu", &value) == 1)
			error = json_object_set_new(object, meminfo[i].name,
						    json_integer(value * 1024));
	}
	if (!error)
		return object;
	json_decref(object);
	return NULL;
}
