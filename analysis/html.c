// SPDX-License-Identifier: GPL-2.0
/* The report as one page; see html.h. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "html.h"
#include "html_parts.h"
#include "html_text.h"
#include "message.h"
#include "plot.h"
#include "provenance.h"
#include "record.h"
#include "summary_sections.h"

struct page {
	const struct html_request *request;
	const struct run *run;
	struct plot_names names; /* of its plots */
	const json_t *manifest;	 /* NULL: there is none */
	FILE *file;
};

static int write_asset(const struct page *page, const char *name)
{
	char path[PATH_MAX];
	int result = -ENAMETOOLONG;

	if (snprintf(path, sizeof(path), "%s/%s", page->request->assets, name) <
	    PATH_MAX)
		result = html_copy(page->file, path);
	if (result)
		message("cannot read %s/%s: %s", page->request->assets, name,
			strerror(-result));
	return result;
}

/* No figure without what the gate says of its variant. */
static int part_answer(const struct page *page)
{
	struct html_view view;
	int result;

	html_view_init(&view, "gate", page->file);
	view.titles = true;
	result = summary_verified(page->run, &view.view);
	if (!result)
		result = html_answer(page->run, page->file);
	return result ? result : summary_timed(page->run, &view.view);
}

static int part_variants(const struct page *page)
{
	return html_variants(page->run, page->file);
}

static int write_group(const struct page *page, size_t begin, size_t end,
		       struct view *view)
{
	int result;

	fprintf(page->file, "<div class=\"group\" id=\"g%zu\">\n", begin);
	result = summary_job(page->run, begin, end, view);
	if (!result)
		result = html_plots(page->request, &page->names, begin, false,
				    page->file);
	fputs("</div>\n", page->file);
	return result;
}

static void write_group_links(const struct page *page)
{
	const struct run *run = page->run;
	size_t begin, end;

	fputs("<ul class=\"toc\">\n", page->file);
	for (begin = 0; begin < run->valid_count; begin = end) {
		end = run_group_end(run, begin);
		fprintf(page->file, "<li><a href=\"#g%zu\">", begin);
		html_textf(page->file, "%s, %s", run->cells[begin].config,
			   run->cells[begin].job);
		fputs("</a></li>\n", page->file);
	}
	fputs("</ul>\n", page->file);
}

static int part_workloads(const struct page *page)
{
	const struct run *run = page->run;
	struct html_view view;
	size_t begin, end;
	int result = 0;

	html_view_init(&view, "job", page->file);
	if (run->valid_count)
		summary_explain_jobs(run, &view.view);
	write_group_links(page);
	for (begin = 0; begin < run->valid_count && !result; begin = end) {
		end = run_group_end(run, begin);
		result = write_group(page, begin, end, &view.view);
	}
	return result;
}

static int part_model(const struct page *page)
{
	struct html_view view;

	html_view_init(&view, "model", page->file);
	return summary_model(page->run, &view.view);
}

static int part_sweeps(const struct page *page)
{
	const struct run *run = page->run;
	size_t begin, found = 0;
	int result = 0;

	for (begin = 0; begin < run->valid_count && !result;
	     begin = run_group_end(run, begin)) {
		struct plot_size *sizes = NULL;
		size_t count;

		if (!plot_swept(&run->cells[begin]))
			continue;
		result = plot_find_sizes(run, begin, &sizes, &count);
		free(sizes);
		if (result || count < 2)
			continue;
		found++;
		result = html_plots(page->request, &page->names, begin, true,
				    page->file);
	}
	if (!found)
		fputs("<p>This run swept no parameter. <code>./run.sh run "
		      "--plan sweep</code> does.</p>\n",
		      page->file);
	return result;
}

static int part_looking(const struct page *page)
{
	struct html_view view;
	int result;

	html_view_init(&view, "looking", page->file);
	result = summary_looking(page->run, &view.view);
	if (!result)
		result = summary_programs(page->run, &view.view);
	return result;
}

static int part_ledger(const struct page *page)
{
	return html_ledger(page->run, page->manifest, page->file);
}

static int part_provenance(const struct page *page)
{
	return html_provenance(page->manifest, page->file);
}

static int part_repeat(const struct page *page)
{
	return html_repeat(page->run, page->manifest, page->file);
}

static int part_cells(const struct page *page)
{
	return html_cells(page->run, page->file);
}

static const struct {
	const char *id, *title;
	int (*write)(const struct page *page);
} parts[] = {
	{"answer", "The answer", part_answer},
	{"variants", "The variants", part_variants},
	{"workloads", "Workloads", part_workloads},
	{"model", "Predicted and measured", part_model},
	{"sweeps", "Sweeps", part_sweeps},
	{"looking", "What looking costs", part_looking},
	{"ledger", "Ledger", part_ledger},
	{"provenance", "Provenance", part_provenance},
	{"repeat", "How to repeat it", part_repeat},
	{"cells", "Cells", part_cells},
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

static int write_head(const struct page *page)
{
	int result;

	/* The policy is what makes sure that nothing is fetched. */
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\""
	      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
	      "script-src 'unsafe-inline'; base-uri 'none'; form-action "
	      "'none'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width, "
	      "initial-scale=1\">\n<meta name=\"color-scheme\" "
	      "content=\"light dark\">\n"
	      "<link rel=\"icon\" href=\"data:,\">\n<title>",
	      page->file);
	fputs("What freeing page tables by RCU costs</title>\n<style>\n",
	      page->file);
	result = write_asset(page, "report.css");
	fputs("</style>\n</head>\n<body>\n", page->file);
	return result;
}

static void write_top(const struct page *page)
{
	const struct run *run = page->run;
	const char *target = "";
	size_t i;

	if (run->valid_count)
		target = record_text(run->cells[0].header, "target");
	fputs("<header>\n<h1>What does it cost to free a page table by RCU, on "
	      "powerpc?</h1>\n<p>Freeing every page-table page through "
	      "<code>call_rcu()</code> is simple, but <code>munmap</code> and "
	      "<code>exit</code> then wait for two grace periods where they "
	      "waited for one. This run measured what that costs, in the "
	      "kernel of each variant.</p>\n<p>",
	      page->file);
	html_textf(page->file, "%zu cells: %zu valid, %zu not valid. ",
		   run->count, run->valid_count, run->count - run->valid_count);
	if (!strcmp(target, "exact"))
		fputs("Emulated: <strong>time is instructions executed (2 ns "
		      "each) and waiting for ticks</strong>, a cost model, "
		      "not the speed of a machine.",
		      page->file);
	else if (run_has_evidence(run, EVIDENCE_TIMED))
		html_textf(page->file,
			   "Timed (target %s): a sample is a %s, and what "
			   "differs from one to the other is noise.",
			   target,
			   cell_of_one_boot(&run->cells[0])
				   ? "cell, all of one boot"
				   : "boot");
	else if (run_has_evidence(run, EVIDENCE_NONE))
		html_textf(page->file,
			   "Target %s: CPUs that race, and times that mean "
			   "nothing.",
			   target);
	fputs("</p>\n<nav aria-label=\"Parts\"><ul>\n", page->file);
	for (i = 0; i < PARTS; i++)
		fprintf(page->file, "<li><a href=\"#%s\">%s</a></li>\n",
			parts[i].id, parts[i].title);
	fputs("</ul></nav>\n</header>\n<main>\n", page->file);
}

static int write_page(const struct page *page)
{
	int result = write_head(page);
	size_t i;

	if (result)
		return result;
	write_top(page);
	for (i = 0; i < PARTS && !result; i++) {
		fprintf(page->file, "<section id=\"%s\">\n<h2>%s</h2>\n",
			parts[i].id, parts[i].title);
		result = parts[i].write(page);
		fputs("</section>\n", page->file);
	}
	if (result) {
		message("cannot report on %s: %s", page->run->dir,
			strerror(-result));
		return result;
	}
	fputs("</main>\n<script>\n", page->file);
	result = write_asset(page, "report.js");
	fputs("</script>\n</body>\n</html>\n", page->file);
	return result;
}

int html_loaded(const struct html_request *request, const struct run *run,
		FILE *file)
{
	struct page page = {.request = request, .run = run, .file = file};
	struct manifest manifest = {};
	int status = STAT_FAILED;

	if (!manifest_read(&manifest, request->run_dir)) {
		page.manifest = manifest.json;
		plot_names_init(&page.names, run);
		if (!write_page(&page))
			status = STAT_OK;
	}
	manifest_free(&manifest);
	return status;
}

int html_report(const struct html_request *request, FILE *file, size_t *invalid)
{
	struct run run = {};
	int status;

	status = run_load(&run, request->run_dir);
	if (!status)
		status = html_loaded(request, &run, file);
	*invalid = run.count - run.valid_count;
	run_free(&run);
	return status;
}
