/* read_folded.c - folded text -> a fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "clean.h"
#include "lines.h"
#include "namecache.h"
#include "read_folded.h"

#define MAXDIGITS	18	/* of a count; more do not fit */

struct folded {
	struct fold *f;
	struct namecache *cache;
};

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static uint32_t decimals(const char *s, size_t n)
{
	uint32_t parts = 0, one = FOLD_PARTS;

	for (size_t i = 0; i < n && one > 1; i++) {
		one /= 10;
		parts += (s[i] - '0') * one;
	}
	return parts;
}

int read_folded_count(const char *s, size_t *n, uint64_t *whole,
		      uint32_t *parts)
{
	size_t end = *n, i = end, dot = end;

	while (i && is_digit(s[i - 1]))
		i--;
	if (i && s[i - 1] == '.') {
		dot = i - 1;
		for (i = dot; i && is_digit(s[i - 1]); i--)
			;
	}
	if (i == dot || dot - i > MAXDIGITS || !i || !is_blank(s[i - 1]))
		return -1;
	*whole = 0;
	for (size_t k = i; k < dot; k++)
		*whole = *whole * 10 + (s[k] - '0');
	*parts = dot < end ? decimals(s + dot + 1, end - dot - 1) : 0;
	while (i && is_blank(s[i - 1]))
		i--;
	*n = i;
	return 0;
}

static uint64_t scaled(struct fold *f, uint64_t whole, uint32_t parts)
{
	uint64_t count;

	if (parts)
		fold_fractions(f);
	if (f->scale == 1)
		return whole;
	if (__builtin_mul_overflow(whole, f->scale, &count) ||
	    __builtin_add_overflow(count, parts, &count))
		return UINT64_MAX;
	return count;
}

static int add_line(struct folded *t, const char *s, size_t n)
{
	const char *end, *semi;
	uint64_t whole;
	uint32_t parts;

	while (n && is_blank(s[n - 1]))
		n--;
	if (!n)
		return 0;
	if (read_folded_count(s, &n, &whole, &parts))
		return -1;
	for (end = s + n; (semi = memchr(s, ';', end - s)); s = semi + 1)
		fold_push(t->f, namecache_get(t->cache, s, semi - s));
	fold_push(t->f, namecache_get(t->cache, s, end - s));
	fold_end(t->f, scaled(t->f, whole, parts));
	return 0;
}

int read_folded(struct fold *f, struct input *in, uint64_t *bad)
{
	struct folded t = { .f = f };
	struct lines *lines = lines_new(in);
	const char *s;
	size_t n;

	t.cache = namecache_new(f->names, clean_name);
	*bad = 0;
	while (lines_next(lines, &s, &n))
		if (n < 2 || s[0] != '#' || fold_head(f, s, n))
			*bad += add_line(&t, s, n) != 0;
	*bad += lines_toolong(lines);
	fold_settle(f);
	lines_free(lines);
	namecache_free(t.cache);
	return input_failed(in) ? -1 : 0;
}
