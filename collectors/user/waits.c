/* waits.c - samples of threads or coroutines that wait, until it is known for
 * how long.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "ljtypes.h"
#include "dump.h"
#include "mem.h"
#include "waits.h"

struct wait {
	union {
		struct ljd_sample *sample;	/* NULL: it is back */
		void *rec;
	};
};

struct waits {
	FILE *out;
	struct wait *wait;
	size_t n, max;
	struct index *places;	/* number -> place in wait[] */
};

struct waits *waits_new(FILE *out)
{
	struct waits *w = xcalloc(1, sizeof(*w));

	w->out = out;
	w->places = index_new();
	return w;
}

void waits_free(struct waits *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->n; i++)
		free(w->wait[i].rec);
	free(w->wait);
	index_free(w->places);
	free(w);
}

static struct wait *wait_of(struct waits *w, uint64_t who)
{
	long i = index_get(w->places, who);

	if (i >= 0)
		return &w->wait[i];
	index_put(w->places, who, w->n);
	w->wait = xgrow(w->wait, w->n, &w->max, sizeof(*w->wait));
	w->wait[w->n] = (struct wait){ 0 };
	return &w->wait[w->n++];
}

static int end(struct waits *w, struct wait *one, uint64_t time)
{
	struct ljd_sample *r = one->sample;
	int ret = 0;

	one->sample = NULL;
	if (r && time > r->time) {
		r->weight = time - r->time;
		r->h.sum = ljd_sum(r);
		ret = fwrite(r, r->h.len, 1, w->out) == 1 ? 0 : -1;
	}
	free(r);
	return ret;
}

int waits_begin(struct waits *w, uint64_t who, const void *sample,
		size_t len)
{
	const struct ljd_sample *r = sample;
	struct wait *one = wait_of(w, who);
	int ret = end(w, one, r->time);	/* its return was lost */

	one->rec = xmalloc(len);
	memcpy(one->rec, sample, len);
	return ret;
}

int waits_end(struct waits *w, uint64_t who, uint64_t time)
{
	return end(w, wait_of(w, who), time);
}

void waits_end_all(struct waits *w, uint64_t time)
{
	for (size_t i = 0; i < w->n; i++)
		end(w, &w->wait[i], time);
}
