/* lines.c - bytes of an input -> lines of text.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "mem.h"

struct lines {
	struct input *in;
	const char *p;		/* what is left of the input's window */
	size_t n, used;		/* and what of it the lines so far took */
	char *part;		/* a line which began in windows before */
	size_t npart, max;
	int skipping;		/* the rest of a line that is too long */
	uint64_t toolong;
};

struct lines *lines_new(struct input *in)
{
	struct lines *l = xcalloc(1, sizeof(*l));

	l->in = in;
	return l;
}

void lines_free(struct lines *l)
{
	if (!l)
		return;
	free(l->part);
	free(l);
}

uint64_t lines_toolong(const struct lines *l)
{
	return l->toolong;
}

/* More to read, 0 at the end of it. */
static int refill(struct lines *l)
{
	const unsigned char *p;

	input_skip(l->in, l->used);
	l->used = 0;
	l->n = input_window(l->in, 1, &p);
	l->p = (const char *)p;
	return l->n > 0;
}

static void eat(struct lines *l, size_t n)
{
	l->p += n;
	l->n -= n;
	l->used += n;
}

static void keep_part(struct lines *l, const char *s, size_t n)
{
	if (l->skipping)
		return;
	if (l->npart + n > LINES_MAX) {
		l->skipping = 1;
		l->toolong++;
		return;
	}
	if (l->npart + n > l->max) {
		l->max = (l->npart + n) * 2;
		l->part = xrealloc(l->part, l->max, 1);
	}
	memcpy(l->part + l->npart, s, n);
	l->npart += n;
}

/* The line that is in part[], if it was not too long. */
static int end_part(struct lines *l, const char **s, size_t *n)
{
	int whole = !l->skipping;

	*s = l->part;
	*n = l->npart;
	l->npart = 0;
	l->skipping = 0;
	return whole;
}

static int next(struct lines *l, const char **s, size_t *n)
{
	for (;;) {
		const char *nl;
		size_t len;

		if (!l->n && !refill(l))
			return l->npart && end_part(l, s, n);
		nl = memchr(l->p, '\n', l->n);
		len = nl ? (size_t)(nl - l->p) : l->n;
		*s = l->p;
		*n = len;
		eat(l, len + (nl != NULL));
		if (nl && !l->npart && !l->skipping)
			return 1;
		keep_part(l, *s, *n);
		if (nl && end_part(l, s, n))
			return 1;
	}
}

int lines_next(struct lines *l, const char **s, size_t *n)
{
	if (!next(l, s, n))
		return 0;
	if (*n && (*s)[*n - 1] == '\r')
		--*n;
	return 1;
}
