// SPDX-License-Identifier: GPL-2.0
/* make-run DIR: the run that run_make_sample() (sample_run.h) makes up, for
 * shell tests. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sample_run.h"

int main(int argc, char **argv)
{
	if (argc != 2 || mkdir(argv[1], 0777) || chdir(argv[1])) {
		fprintf(stderr, "make-run: give a new directory\n");
		return 2;
	}
	run_make_sample();
	return 0;
}
