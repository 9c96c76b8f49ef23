// SPDX-License-Identifier: GPL-2.0
/* What a difference is worth; see evidence.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "evidence.h"
#include "rank_test.h"

enum evidence evidence_of_target(const char *target)
{
	if (!strcmp(target, "exact"))
		return EVIDENCE_EXACT;
	return strcmp(target, "tcg") ? EVIDENCE_TIMED : EVIDENCE_NONE;
}

const char *evidence_name(enum evidence evidence)
{
	return evidence == EVIDENCE_EXACT   ? "exact"
	       : evidence == EVIDENCE_TIMED ? "timed"
					    : "none";
}

bool evidence_is_again(const char *arm)
{
	size_t size = strlen(arm), suffix = strlen(EVIDENCE_AGAIN);

	return size > suffix && !strcmp(arm + size - suffix, EVIDENCE_AGAIN);
}

static int median_difference(const double *a, const double *b, size_t count,
			     struct interval *interval)
{
	double *differences = calloc(count, sizeof(*differences));
	int result;
	size_t i;

	if (!differences)
		return -ENOMEM;
	for (i = 0; i < count; i++)
		differences[i] = b[i] - a[i];
	result = bootstrap_median(differences, count, interval);
	free(differences);
	return result;
}

/* No order of what was seen could have come out otherwise. */
static bool all_equal(const double *a, size_t count_a, const double *b,
		      size_t count_b, bool paired)
{
	size_t i;

	for (i = 0; i < count_b; i++) {
		double other = paired ? a[i] : a[0];

		if (b[i] > other || b[i] < other)
			return false;
	}
	for (i = 0; i < count_a && !paired; i++) {
		if (a[i] > a[0] || a[i] < a[0])
			return false;
	}
	return true;
}

int timed_compare(struct timed *timed, const double *a, size_t count_a,
		  const double *b, size_t count_b, bool paired)
{
	struct rank_test test;
	int result;

	*timed = (struct timed){.p = NAN, .floor = NAN, .adjusted = NAN};
	if (all_equal(a, count_a, b, count_b, paired))
		return 0;
	if (paired) {
		result = median_difference(a, b, count_a, &timed->effect);
		if (!result)
			result = rank_wilcoxon(a, b, count_a, &test);
	} else {
		result = bootstrap_difference(a, count_a, b, count_b,
					      &timed->effect);
		if (!result)
			result = rank_mann_whitney(a, count_a, b, count_b,
						   &test);
	}
	if (!result)
		timed->p = test.p;
	return result;
}

int timed_floor(const double *a, const double *again, size_t count,
		double *floor)
{
	struct interval interval;
	int result = median_difference(a, again, count, &interval);

	if (!result)
		*floor = fmax(fabs(interval.low), fabs(interval.high));
	return result;
}

/* What is NaN is less than nothing. */
bool timed_is_claimed(const struct timed *timed)
{
	const struct interval *effect = &timed->effect;

	return timed->adjusted <= EVIDENCE_ALPHA &&
	       (effect->low > 0 || effect->high < 0) &&
	       fabs(effect->estimate) > timed->floor;
}

struct change timed_change(const struct timed *timed, double base)
{
	struct change change = {.percent = {NAN, NAN, NAN}};
	double scale = 100 / fabs(base);

	if (isnan(timed->p)) {
		change.kind = CHANGE_EQUAL;
		change.percent = (struct spread){0, 0, 0};
		return change;
	}
	change.kind = timed_is_claimed(timed) ? CHANGE_VALUE : CHANGE_MIXED;
	if (isfinite(scale))
		change.percent = (struct spread){
			.median = timed->effect.estimate * scale,
			.min = timed->effect.low * scale,
			.max = timed->effect.high * scale,
		};
	else if (change.kind == CHANGE_VALUE) {
		change.kind = CHANGE_NEW;
		change.percent.median =
			copysign(INFINITY, timed->effect.estimate);
	}
	return change;
}
