/* flame.c - a fold -> rectangles: what is drawn where, and what it says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "ffname.h"
#include "flame.h"

#define SHORTEST	3	/* columns of a label that was cut */

/* -- Places ------------------------------------------------------------- */

static void place(struct flame *fl, const struct fold *f, uint32_t node,
		  uint64_t start)
{
	struct flame_frame *fr;

	fl->frame = xgrow(fl->frame, fl->n, &fl->max, sizeof(*fr));
	fr = &fl->frame[fl->n++];
	fr->node = node;
	fr->depth = f->node[node].depth;
	fr->start = start;
	fr->count = f->node[node].total;
	if (fr->depth > fl->depth)
		fl->depth = fr->depth;
}

struct flame *flame_new(const struct fold *f, uint64_t min)
{
	struct flame *fl = xcalloc(1, sizeof(*fl));

	fl->total = f->node[0].total;
	place(fl, f, 0, 0);
	/* Frames placed so far are the queue of those to look below of. */
	for (size_t i = 0; i < fl->n; i++) {
		uint64_t at = fl->frame[i].start;
		uint32_t c = f->node[fl->frame[i].node].child;

		for (; c != FOLD_NONE; c = f->node[c].next) {
			if (f->node[c].total >= min)
				place(fl, f, c, at);
			at += f->node[c].total;
		}
	}
	fl->hidden = f->n - fl->n;
	return fl;
}

void flame_free(struct flame *fl)
{
	if (!fl)
		return;
	free(fl->frame);
	free(fl);
}

/* -- Layers ------------------------------------------------------------- */

static int starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

static int is_line(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon && colon != name &&
	       (!strcmp(colon, ":?") ||
		(colon[1] && strspn(colon + 1, "0123456789") ==
			     strlen(colon + 1)));
}

enum flame_layer flame_layer(const char *name)
{
	if (starts(name, "C:"))
		return FLAME_C;
	if (starts(name, "trace#") || !strcmp(name, "[jit code]"))
		return FLAME_TRACE;
	if (starts(name, "lj_") || starts(name, "[lj_") ||
	    starts(name, "[JIT ") || !strcmp(name, "[GC]") ||
	    !strcmp(name, "[trace exit]"))
		return FLAME_VM;
	if (ffname_is(name))
		return FLAME_BUILTIN;
	if (!strcmp(name, "[kernel]"))
		return FLAME_KERNEL;
	if (name[0] == '[' && !starts(name, "[main]") &&
	    !starts(name, "[string"))
		return FLAME_MARK;
	return !strchr(name, '@') && is_line(name) ? FLAME_LINE : FLAME_LUA;
}

const char *flame_layer_name(enum flame_layer layer)
{
	static const char *const name[FLAME_LAYERS] = {
		"root", "lua", "line", "trace", "builtin", "c", "vm",
		"kernel", "mark",
	};

	return name[layer];
}

/* -- Labels ------------------------------------------------------------- */

/* Columns, taking wide East Asian characters for two. */
static size_t columns(const char *s)
{
	size_t n = 0;

	for (; *s; s++) {
		unsigned char c = *s;

		if ((c & 0xc0) != 0x80)
			n += c >= 0xe3 && c <= 0xed ? 2 : c >= 0xf0 ? 2 : 1;
	}
	return n;
}

/* Bytes of the start of s that fill at most so many columns. */
static size_t prefix(const char *s, size_t chars)
{
	size_t n = 0, next;

	for (;;) {
		next = n;
		if (!s[n])
			return n;
		do
			next++;
		while (((unsigned char)s[next] & 0xc0) == 0x80);
		char *head = xasprintf("%.*s", (int)next, s);
		size_t wide = columns(head);

		free(head);
		if (wide > chars)
			return n;
		n = next;
	}
}

/* Without the directories of its file: "f@/a/b.lua:3" -> "f@b.lua:3". */
static char *without_dirs(const char *name)
{
	const char *at = strrchr(name, '@'), *slash = strrchr(name, '/');

	if (starts(name, "C:") || starts(name, "[") || !slash)
		return xstrdup(name);
	if (!at && starts(name, "trace#"))
		at = strchr(name, ':');
	if (!at)
		return xstrdup(slash + 1);
	if (slash < at)
		return xstrdup(name);
	return xasprintf("%.*s%s", (int)(at + 1 - name), name, slash + 1);
}

/* Without its file at all: "f@b.lua:3" -> "f", "trace#2:b.lua:8" ->
 * "trace#2", "C:f" -> "f". */
static char *without_place(const char *name)
{
	const char *at = strchr(name, '@');

	if (starts(name, "C:"))
		return xstrdup(name + 2);
	if (starts(name, "trace#"))
		at = strchr(name, ':');
	if (!at || at == name)
		return xstrdup(name);
	return xasprintf("%.*s", (int)(at - name), name);
}

static char *cut(const char *name, size_t chars)
{
	if (chars < SHORTEST)
		return NULL;
	return xasprintf("%.*s..", (int)prefix(name, chars - 2), name);
}

char *flame_label(const char *name, size_t chars)
{
	char *shorter, *label;

	if (columns(name) <= chars)
		return xstrdup(name);
	label = without_dirs(name);
	if (columns(label) <= chars)
		return label;
	shorter = without_place(label);
	free(label);
	if (columns(shorter) <= chars)
		return shorter;
	label = cut(shorter, chars);
	free(shorter);
	return label;
}
