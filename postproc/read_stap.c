/* read_stap.c - stacks as SystemTap prints them -> a fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The forms of a frame are those of _stp_snprint_addr() in SystemTap's
 * runtime/sym.c.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "lines.h"
#include "namecache.h"
#include "read_stap.h"

#define MAXDIGITS	18	/* of a count; more do not fit */

struct stap {
	struct fold *f;
	struct namecache *cache;
	struct read_stap_losses *losses;
	unsigned *name;		/* of the frames so far, innermost first */
	size_t n, max;
};

/* A piece of a line. */
struct piece {
	const char *s;
	size_t n;
};

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static struct piece strip(const char *s, size_t n)
{
	while (n && is_blank(*s)) {
		s++;
		n--;
	}
	while (n && is_blank(s[n - 1]))
		n--;
	return (struct piece){ s, n };
}

static int ends_with(struct piece p, const char *end)
{
	size_t n = strlen(end);

	return p.n >= n && !memcmp(p.s + p.n - n, end, n);
}

static int starts_with(struct piece p, const char *start)
{
	size_t n = strlen(start);

	return p.n >= n && !memcmp(p.s, start, n);
}

/* -- Frames ------------------------------------------------------------- */

/* Bytes of the "0x..." at the start of a piece, 0 if there is none. */
static size_t hex_at_start(struct piece p)
{
	size_t n = 2;

	if (!starts_with(p, "0x"))
		return 0;
	while (n < p.n && is_hex(p.s[n]))
		n++;
	return n > 2 ? n : 0;
}

/* Cut the last "<sign>0x..." off; 0 if there is none. */
static int cut_hex(struct piece *p, char sign)
{
	size_t i = p->n;

	while (i && is_hex(p->s[i - 1]))
		i--;
	if (i == p->n || i < 4 || p->s[i - 1] != 'x' || p->s[i - 2] != '0' ||
	    p->s[i - 3] != sign)
		return 0;
	p->n = i - 3;
	return 1;
}

/* Cut "+0xOFFSET" or "+0xOFFSET/0xSIZE" off. */
static int cut_offset(struct piece *p)
{
	struct piece whole = *p;

	cut_hex(p, '/');
	if (cut_hex(p, '+'))
		return 1;
	*p = whole;
	return 0;
}

/* Cut " [FILE]" off, and what is in it. */
static int cut_file(struct piece *p, struct piece *file)
{
	size_t i = p->n;

	if (!ends_with(*p, "]"))
		return 0;
	while (i && p->s[i - 1] != '[')
		i--;
	if (i < 2 || p->s[i - 2] != ' ')
		return 0;
	*file = (struct piece){ p->s + i, p->n - 1 - i };
	p->n = i - 2;
	return 1;
}

/* Cut " at FILE:LINE" off, if it follows the offset of a symbol. */
static void cut_line(struct piece *p)
{
	for (size_t i = p->n; i >= 4; i--) {
		struct piece before = { p->s, i - 4 };

		if (memcmp(p->s + i - 4, " at ", 4) || !cut_offset(&before))
			continue;
		p->n = i - 4;
		return;
	}
}

static unsigned file_name(struct pool *names, struct piece file)
{
	const char *slash;

	cut_offset(&file);
	slash = memrchr(file.s, '/', file.n);
	if (slash) {
		file.n -= slash + 1 - file.s;
		file.s = slash + 1;
	}
	return clean_take(names, xasprintf("[%.*s]", (int)file.n, file.s));
}

static unsigned frame_name(struct pool *names, const char *s, size_t n)
{
	struct piece p = strip(s, n), file = { NULL, 0 };
	size_t address;

	if (starts_with(p, "WARNING: ") || starts_with(p, "ERROR: "))
		return NAMECACHE_NONE;
	if (ends_with(p, " (inexact)"))
		p.n -= strlen(" (inexact)");
	cut_file(&p, &file);
	address = hex_at_start(p);
	if (address && address == p.n)
		return file.n ? file_name(names, file) :
				clean_str(names, "[unknown]");
	if (address && p.n - address > 3 && !memcmp(p.s + address, " : ", 3)) {
		p.s += address + 3;
		p.n -= address + 3;
	}
	cut_line(&p);
	cut_offset(&p);
	return clean_name(names, p.s, p.n);
}

int read_stap_is_frame(const char *s, size_t n)
{
	struct piece p = strip(s, n), file;

	if (ends_with(p, " (inexact)") || hex_at_start(p))
		return 1;
	cut_file(&p, &file);
	return cut_offset(&p);
}

/* -- Stacks ------------------------------------------------------------- */

int read_stap_is_count(const char *s, size_t n)
{
	struct piece p = strip(s, n);

	for (size_t i = 0; i < p.n; i++)
		if (p.s[i] < '0' || p.s[i] > '9')
			return 0;
	return p.n && p.n <= MAXDIGITS;
}

static uint64_t count_of(const char *s, size_t n)
{
	struct piece p = strip(s, n);
	uint64_t count = 0;

	for (size_t i = 0; i < p.n; i++)
		count = count * 10 + (p.s[i] - '0');
	return count;
}

static void end_stack(struct stap *t, uint64_t count)
{
	if (!t->n)
		fold_push(t->f, clean_str(t->f->names, "[unknown]"));
	while (t->n)
		fold_push(t->f, t->name[--t->n]);
	fold_end(t->f, count);
}

static void add_frame(struct stap *t, const char *s, size_t n)
{
	unsigned name = namecache_get(t->cache, s, n);

	if (name == NAMECACHE_NONE) {
		t->losses->noise++;
		return;
	}
	if (t->n == t->max)
		t->name = xgrow(t->name, t->n, &t->max, sizeof(*t->name));
	t->name[t->n++] = name;
}

/* Nearly all lines are frames: one look must do for those. */
static void add_line(struct stap *t, const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && is_blank(s[i]))
		i++;
	if (i == n)
		return;
	if (s[i] >= '0' && s[i] <= '9' && (i + 1 == n || s[i + 1] != 'x') &&
	    read_stap_is_count(s, n))
		end_stack(t, count_of(s, n));
	else
		add_frame(t, s, n);
}

int read_stap(struct fold *f, struct input *in,
	      struct read_stap_losses *losses)
{
	struct stap t = { .f = f, .losses = losses };
	struct lines *lines = lines_new(in);
	const char *s;
	size_t n;

	memset(losses, 0, sizeof(*losses));
	t.cache = namecache_new(f->names, frame_name);
	while (lines_next(lines, &s, &n))
		add_line(&t, s, n);
	losses->toolong = lines_toolong(lines);
	losses->uncounted = t.n;
	fold_settle(f);
	lines_free(lines);
	namecache_free(t.cache);
	free(t.name);
	return input_failed(in) ? -1 : 0;
}
