/* usage.c - the CPU usage that dumps tell of, as a table over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "mem.h"
#include "read_dump.h"
#include "usage.h"

struct point {
	uint64_t time, cpu;
};

struct series {
	struct point *p;
	size_t n, max;
	char script[64];
};

static void take_meta(struct series *s, const unsigned char *text, size_t n)
{
	static const char key[] = "script=";

	if (n > sizeof(key) - 1 && !memcmp(text, key, sizeof(key) - 1))
		snprintf(s->script, sizeof(s->script), "%.*s",
			 (int)(n - (sizeof(key) - 1)),
			 (const char *)text + sizeof(key) - 1);
}

static void take_point(struct series *s, const struct ljd_usage *u)
{
	/* Lanes are not in order; the odd one out is left out. */
	if (s->n && (u->time <= s->p[s->n - 1].time ||
		     u->cpu < s->p[s->n - 1].cpu))
		return;
	s->p = xgrow(s->p, s->n, &s->max, sizeof(*s->p));
	s->p[s->n++] = (struct point){ u->time, u->cpu };
}

static void take(void *ctx, const struct dump_record *r)
{
	switch (r->type ? r->type->kind : 0) {
	case LJD_KIND_meta:
		take_meta(ctx, r->tail, r->n);
		break;
	case LJD_KIND_usage:
		take_point(ctx, &r->fixed.usage);
		break;
	}
}

static int read_one(struct series *s, struct input *in)
{
	struct dump_handler handler = { take, NULL, s };
	struct dump_stats stats;

	if (read_dump(in, &handler, &stats))
		return -1;
	read_dump_losses(&stats, input_name(in));
	if (s->n > 1)
		return 0;
	diag_error("%s: no CPU usage in this dump; give one of lj-cpu-usage or "
		   "lj-cpu-flame", input_name(in));
	return -1;
}

static double seconds(const struct series *s, size_t i)
{
	return (s->p[i].time - s->p[0].time) / 1e9;
}

/* Percent between point i - 1 and point i. */
static double percent(const struct series *s, size_t i)
{
	return 100.0 * (s->p[i].cpu - s->p[i - 1].cpu) /
	       (s->p[i].time - s->p[i - 1].time);
}

/* At a time between two points, what was used between them. */
static double at(const struct series *s, double time)
{
	for (size_t i = 1; i < s->n; i++)
		if (time <= seconds(s, i))
			return percent(s, i);
	return NAN;
}

static struct curve *tabulate(const struct series *s, struct input *const *in,
			      size_t n)
{
	const struct series *longest = s;
	char *name[CURVE_SERIES + 1] = { xstrdup("time") };
	double row[CURVE_SERIES + 1];
	struct curve *c;

	for (size_t k = 0; k < n; k++) {
		if (seconds(&s[k], s[k].n - 1) >
		    seconds(longest, longest->n - 1))
			longest = &s[k];
		name[k + 1] = xasprintf("%s%s%s", input_name(in[k]),
					*s[k].script ? ": " : "", s[k].script);
	}
	c = curve_new((const char *const *)name, n + 1);
	for (size_t i = 1; i < longest->n; i++) {
		row[0] = seconds(longest, i);
		for (size_t k = 0; k < n; k++)
			row[k + 1] = at(&s[k], row[0]);
		curve_add(c, row);
	}
	for (size_t k = 0; k <= n; k++)
		free(name[k]);
	return c;
}

struct curve *usage_read(struct input *const *in, size_t n)
{
	struct series s[CURVE_SERIES] = { 0 };
	struct curve *c = NULL;

	for (size_t k = 0; k < n; k++)
		if (read_one(&s[k], in[k]))
			goto out;
	c = tabulate(s, in, n);
out:
	for (size_t k = 0; k < n; k++)
		free(s[k].p);
	return c;
}
