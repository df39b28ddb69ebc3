/* amount.c - a number and its unit, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "amount.h"

static const struct scale {
	const char *unit;
	double step;
	const char *name[4];
} scales[] = {
	{ "bytes", 1024, { "bytes", "KiB", "MiB", "GiB" } },
	{ "nanoseconds", 1000, { "ns", "\302\265s", "ms", "s" } },
};

static const struct scale *scale_of(const char *unit)
{
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++)
		if (!strcmp(unit, scales[i].unit))
			return &scales[i];
	return NULL;
}

int amount_scaled(const char *unit)
{
	return scale_of(unit) != NULL;
}

const char *amount_text(double v, const char *unit, char buf[AMOUNT_TEXT])
{
	const struct scale *s = scale_of(unit);
	int i = 0;

	for (; s && v >= s->step && i < 3; i++)
		v /= s->step;
	snprintf(buf, AMOUNT_TEXT, "%.*f %s", i == 3 ? 2 : i > 0, v,
		 s ? s->name[i] : unit);
	return buf;
}
