// SPDX-License-Identifier: GPL-2.0
/* Workloads of a plan and their parameters; see plan.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

const struct workload *plan_workload(const char *name, struct plan_error *error)
{
	const struct workload *workload = workload_find(name);
	const struct workload *const *w;
	struct names names = {0};
	char *joined = NULL;
	int err = 0;

	if (workload)
		return workload;
	for (w = workloads; !err && *w; w++)
		if (!(*w)->for_tests)
			err = names_add(&names, (*w)->name, strlen((*w)->name));
	if (!err)
		joined = names_join(&names, ", ");
	plan_fail(error, "unknown workload '%s': there are %s", name,
		  joined ? joined : "others");
	free(joined);
	names_free(&names);
	return NULL;
}

static struct workload_settings *find_settings(const struct plan *plan,
					       const struct workload *workload)
{
	size_t i;

	for (i = 0; i < plan->settings_count; i++)
		if (plan->settings[i].workload == workload)
			return &plan->settings[i];
	return NULL;
}

static struct workload_settings defaults(const struct workload *workload)
{
	struct workload_settings settings = {.workload = workload};

	workload_defaults(workload, settings.values);
	return settings;
}

void plan_settings(const struct plan *plan, const struct workload *workload,
		   struct workload_settings *settings)
{
	const struct workload_settings *own = find_settings(plan, workload);

	*settings = own ? *own : defaults(workload);
}

/* Those of the plan, to change; NULL without memory. */
static struct workload_settings *own_settings(struct plan *plan,
					      const struct workload *workload)
{
	struct workload_settings *settings = find_settings(plan, workload);

	if (settings)
		return settings;
	settings = reallocarray(plan->settings, plan->settings_count + 1,
				sizeof(*settings));
	if (!settings)
		return NULL;
	plan->settings = settings;
	settings = &plan->settings[plan->settings_count++];
	*settings = defaults(workload);
	return settings;
}

static const struct param *find_param(const struct workload *workload,
				      const char *name)
{
	const struct param *param = workload->params;

	for (; param && param->name; param++)
		if (!strcmp(param->name, name))
			return param;
	return NULL;
}

/* Reads one value of a list; `text` has it alone. */
static int add_value(struct workload_settings *settings, const char *name,
		     const char *text, uint64_t *list, size_t *count,
		     struct plan_error *error)
{
	const struct workload *workload = settings->workload;
	char setting[256], why[256];
	uint64_t value;
	size_t i;

	snprintf(setting, sizeof(setting), "%s=%s", name, text);
	if (workload_set_param(workload, setting, settings->values, why,
			       sizeof(why)))
		return plan_fail(error, "[workload %s] %s", workload->name,
				 why);
	value = settings->values[find_param(workload, name) - workload->params];
	for (i = 0; i < *count; i++)
		if (list[i] == value)
			return plan_fail(error,
					 "[workload %s] %s: %s is given twice",
					 workload->name, name, text);
	if (*count == PLAN_SWEEP_MAX)
		return plan_fail(error,
				 "[workload %s] %s has more than %d values",
				 workload->name, name, PLAN_SWEEP_MAX);
	list[(*count)++] = value;
	return 0;
}

int plan_set_parameter(struct plan *plan, const char *workload,
		       const char *name, const char *value,
		       struct plan_error *error)
{
	const struct workload *w = plan_workload(workload, error);
	struct workload_settings *own, settings;
	uint64_t list[PLAN_SWEEP_MAX];
	char *copy, *rest, *text;
	const struct param *param;
	size_t count = 0;
	int err = 0;

	if (!w)
		return -EINVAL;
	copy = strdup(value);
	own = own_settings(plan, w);
	if (!copy || !own) {
		free(copy);
		return plan_fail(error, "out of memory");
	}
	settings = *own;
	for (text = strtok_r(copy, NAMES_SEPARATORS, &rest); text && !err;
	     text = strtok_r(NULL, NAMES_SEPARATORS, &rest))
		err = add_value(&settings, name, text, list, &count, error);
	if (!err && !count) /* which is no value, and told so */
		err = add_value(&settings, name, "", list, &count, error);
	free(copy);
	if (err)
		return err;
	param = find_param(w, name);
	settings.values[param - w->params] = list[0];
	if (count > 1) {
		if (settings.swept && settings.swept != param)
			return plan_fail(error,
					 "[workload %s] sweeps %s already: "
					 "give it or %s one value",
					 w->name, settings.swept->name, name);
		settings.swept = param;
		settings.sweep_count = count;
		memcpy(settings.sweep, list, sizeof(list));
	} else if (settings.swept == param) {
		settings.swept = NULL;
	}
	*own = settings;
	return 0;
}

int plan_set_option(struct plan *plan, const char *option,
		    struct plan_error *error)
{
	char *workload = strdup(option);
	char *name = NULL, *value = NULL;
	int err;

	if (!workload)
		return plan_fail(error, "out of memory");
	value = strchr(workload, '=');
	if (value) {
		*value++ = '\0';
		name = strchr(workload, '.');
	}
	if (!name) {
		err = plan_fail(error,
				"--set '%s' is not "
				"WORKLOAD.PARAMETER=VALUE[,VALUE...]",
				option);
		goto out;
	}
	*name++ = '\0';
	err = plan_set_parameter(plan, workload, name, value, error);
	if (!err)
		find_settings(plan, workload_find(workload))->by_option = true;
out:
	free(workload);
	return err;
}

int plan_check_parameters(const struct plan *plan, struct plan_error *error)
{
	const struct workload_settings *settings;
	size_t i;

	for (i = 0; i < plan->settings_count; i++) {
		settings = &plan->settings[i];
		if (!names_has(&plan->workloads, settings->workload->name)) {
			if (!settings->by_option)
				continue;
			return plan_fail(error,
					 "--set: '%s' is not among the plan's "
					 "workloads: name it with --workloads",
					 settings->workload->name);
		}
		if (settings->swept && names_has(&plan->sweep, PLAN_SWEEP_SMP))
			return plan_fail(
				error,
				"[workload %s] sweeps %s, and the "
				"plan smp: a cell belongs to one sweep",
				settings->workload->name,
				settings->swept->name);
	}
	return 0;
}
