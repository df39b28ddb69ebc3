/* heat.c - samples -> how many there were when, in small steps of time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "axis.h"
#include "heat.h"
#include "mem.h"

#define SECOND		1000000000ull
#define MOST_COLUMNS	390	/* 3 px each in a picture of 1200 */

static void count(struct heat *h, uint64_t at, uint64_t weight)
{
	uint64_t i = (at - h->start) / (h->column / HEAT_ROWS);
	uint64_t *c = &h->count[i];

	*c = *c + weight < *c ? UINT64_MAX : *c + weight;
	if (*c > h->most)
		h->most = *c;
	h->samples++;
}

/* From the first to the last of those wanted. */
static int range(const struct profile *p, const struct pipeline_opts *o,
		 uint64_t *from, uint64_t *to)
{
	int any = 0;

	for (size_t i = 0; i < p->nsums; i++) {
		uint64_t at = pipeline_time(p, &p->sum[i]);

		if (!pipeline_wants(p, &p->sum[i], o))
			continue;
		if (!any || at < *from)
			*from = at;
		if (!any || at > *to)
			*to = at;
		any = 1;
	}
	return any;
}

struct heat *heat_new(const struct profile *p, const struct pipeline_opts *o)
{
	struct heat *h = xcalloc(1, sizeof(*h));
	uint64_t from = 0, to = 0;
	double seconds;

	h->column = SECOND;
	if (!range(p, o, &from, &to))
		return h;
	seconds = (to - from) / 1e9 + 1;
	if (seconds > MOST_COLUMNS)
		h->column = axis_step(seconds, MOST_COLUMNS) * SECOND;
	h->start = from / h->column * h->column;
	h->columns = (to - h->start) / h->column + 1;
	h->count = xcalloc(h->columns * HEAT_ROWS, sizeof(*h->count));
	for (size_t i = 0; i < p->nsums; i++)
		if (pipeline_wants(p, &p->sum[i], o))
			count(h, pipeline_time(p, &p->sum[i]),
			      p->sum[i].weight);
	return h;
}

void heat_free(struct heat *h)
{
	if (!h)
		return;
	free(h->count);
	free(h);
}
