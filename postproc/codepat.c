/* codepat.c - patterns of machine code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "codepat.h"

static int hex(char c)
{
	return c >= 'A' ? c - 'A' + 10 : c - '0';
}

static int32_t get32(const unsigned char *p)
{
	int32_t v;

	memcpy(&v, p, 4);
	return v;
}

/* The bytes that the word of a pattern is for; *len: its own. */
static size_t word_size(const char *pat, size_t *len)
{
	*len = strcspn(pat, " ");
	if (pat[0] != 'i' && pat[0] != '?')
		return 1;
	return *len == 3 || pat[1] == '4' ? 4 : 1;
}

size_t codepat_size(const char *pat)
{
	size_t all = 0, len;

	for (; *pat; pat += len + (pat[len] == ' '))
		all += word_size(pat, &len);
	return all;
}

/* Does the pattern match at p? Sets *value, if it has one. */
static int match(const char *pat, const unsigned char *p, size_t n,
		 int64_t *value)
{
	size_t len, size;

	for (; *pat; pat += len + (pat[len] == ' '), p += size, n -= size) {
		size = word_size(pat, &len);
		if (size > n)
			return 0;
		if (pat[0] == 'i')
			*value = size == 4 ? get32(p) : (signed char)*p;
		else if (pat[0] != '?' && *p != hex(pat[0]) * 16 + hex(pat[1]))
			return 0;
	}
	return 1;
}

const unsigned char *codepat_next(const char *pat, const unsigned char *p,
				  size_t n, int64_t *value)
{
	const unsigned char *end = p + n;
	int first = hex(pat[0]) * 16 + hex(pat[1]);

	for (; n && (p = memchr(p, first, end - p)); p++)
		if (match(pat, p, end - p, value))
			return p;
	return NULL;
}

static void vote(struct codepat_votes *votes, int64_t value)
{
	votes->all++;
	for (unsigned i = 0; i < votes->n; i++)
		if (votes->v[i].value == value) {
			votes->v[i].n++;
			return;
		}
	if (votes->n < CODEPAT_VOTES)
		votes->v[votes->n++] = (struct codepat_vote){ value, 1 };
}

void codepat_collect(const char *pat, const unsigned char *p, size_t n,
		     struct codepat_votes *votes)
{
	const unsigned char *end = p + n;
	int64_t value = 0;

	memset(votes, 0, sizeof(*votes));
	for (; (p = codepat_next(pat, p, end - p, &value)); p++)
		vote(votes, value);
}

const struct codepat_vote *codepat_best(const struct codepat_votes *votes)
{
	const struct codepat_vote *top = NULL;

	for (unsigned i = 0; i < votes->n; i++)
		if (!top || votes->v[i].n > top->n)
			top = &votes->v[i];
	return top;
}

int codepat_unanimous(const char *pat, const unsigned char *p, size_t n,
		      unsigned least, int64_t *value)
{
	struct codepat_votes votes;

	codepat_collect(pat, p, n, &votes);
	if (votes.n != 1 || votes.all < least)
		return -1;
	*value = votes.v[0].value;
	return 0;
}

int codepat_most(const char *pat, const unsigned char *p, size_t n,
		 unsigned least, int64_t *value)
{
	const struct codepat_vote *top;
	struct codepat_votes votes;

	codepat_collect(pat, p, n, &votes);
	top = codepat_best(&votes);
	if (!top || top->n < least)
		return -1;
	for (unsigned i = 0; i < votes.n; i++)
		if (&votes.v[i] != top && votes.v[i].n == top->n)
			return -1;
	*value = top->value;
	return 0;
}
