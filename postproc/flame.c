/* flame.c - a fold -> rectangles: what is drawn where, and what it says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "dumptab.h"
#include "ffname.h"
#include "flame.h"
#include "waitkind.h"

#define SHORTEST	3	/* columns of a label that was cut */

/* -- Places ------------------------------------------------------------- */

static void place(struct flame *fl, const struct fold *f, uint32_t node,
		  uint64_t start)
{
	struct flame_frame *fr;

	fl->frame = xgrow(fl->frame, fl->n, &fl->max, sizeof(*fr));
	fr = &fl->frame[fl->n++];
	*fr = (struct flame_frame){ .node = node, .start = start,
				    .depth = f->node[node].depth,
				    .count = f->node[node].total };
	if (fr->depth > fl->depth)
		fl->depth = fr->depth;
}

/* A run of siblings that are too narrow. */
struct run {
	uint32_t node;
	size_t n;
	uint64_t start, count;
};

static void end_run(struct flame *fl, const struct fold *f, struct run *run,
		    double min)
{
	if (run->n && run->count && run->count >= min) {
		place(fl, f, run->node, run->start);
		fl->frame[fl->n - 1].siblings = run->n;
		fl->frame[fl->n - 1].count = run->count;
	}
	run->n = run->count = 0;
}

static void place_children(struct flame *fl, const struct fold *f, size_t i,
			   double min)
{
	uint64_t at = fl->frame[i].start, total;
	uint32_t c = f->node[fl->frame[i].node].child;
	struct run run = { 0 };

	for (; c != FOLD_NONE; c = f->node[c].next, at += total) {
		total = f->node[c].total;
		if (total >= min) {
			end_run(fl, f, &run, min);
			place(fl, f, c, at);
			fl->hidden--;
			continue;
		}
		if (!run.n++) {
			run.node = c;
			run.start = at;
		}
		run.count += total;
	}
	end_run(fl, f, &run, min);
}

struct flame *flame_new(const struct fold *f, double min)
{
	struct flame *fl = xcalloc(1, sizeof(*fl));

	fl->total = f->node[0].total;
	fl->hidden = f->n - 1;
	place(fl, f, 0, 0);
	/* Frames placed so far are the queue of those to look below of. */
	for (size_t i = 0; i < fl->n; i++)
		if (!fl->frame[i].siblings)
			place_children(fl, f, i, min);
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
	       (!strcmp(colon, ":?") || starts(colon, ": between ") ||
		(colon[1] && strspn(colon + 1, "0123456789") ==
			     strlen(colon + 1)));
}

static int ends(const char *s, const char *with)
{
	size_t n = strlen(s), m = strlen(with);

	return n > m && !strcmp(s + n - m, with);
}

/* Why it is off the CPU. */
static int is_wait(const char *name)
{
	for (int i = 0; i < WAITKIND_N; i++)
		if (!strcmp(name, waitkind_frame(i)))
			return 1;
	return 0;
}

/* A system call, as in [read], or the path of its file. */
static int is_call(const char *name)
{
	size_t n = strlen(name);
	const char *call;

	if (*name == '/')
		return !strchr(name, '@') && !is_line(name);
	if (n < 3 || *name != '[')
		return 0;
	for (uint64_t i = 1; (call = dumptab_doc("call", i)); i++)
		if (strlen(call) == n - 2 && !strncmp(name + 1, call, n - 2))
			return 1;
	return 0;
}

enum flame_layer flame_layer(const char *name)
{
	if (starts(name, "C:"))
		return FLAME_C;
	if (starts(name, "trace#") || !strcmp(name, "[jit code]"))
		return FLAME_TRACE;
	if (starts(name, "lj_") || starts(name, "[lj_") ||
	    starts(name, "[JIT ") || starts(name, "[abort") || !strcmp(name, "[GC]") ||
	    !strcmp(name, "[trace exit]"))
		return FLAME_VM;
	if (ffname_is(name))
		return FLAME_BUILTIN;
	/* Other tools mark a function of the kernel, or compiled, so. */
	if (!strcmp(name, "[kernel]") || ends(name, "_[k]") || is_call(name) ||
	    is_wait(name))
		return FLAME_KERNEL;
	if (ends(name, "_[j]"))
		return FLAME_TRACE;
	if (!strcmp(name, FLAME_NOTHING))
		return FLAME_GAP;
	if (name[0] == '[' && !starts(name, "[main]") &&
	    !starts(name, "[string \""))
		return FLAME_MARK;
	return !strchr(name, '@') && is_line(name) ? FLAME_LINE : FLAME_LUA;
}

const char *flame_layer_name(enum flame_layer layer)
{
	static const char *const name[FLAME_LAYERS] = {
		"root", "lua", "line", "trace", "builtin", "c", "vm",
		"kernel", "mark", "gap",
	};

	return name[layer];
}

/* -- Labels ------------------------------------------------------------- */

/* Columns of a character, by its first byte: East Asian ones take two. */
static size_t width_of(unsigned char c)
{
	return (c & 0xc0) == 0x80 ? 0 :
	       (c >= 0xe3 && c <= 0xed) || c >= 0xf0 ? 2 : 1;
}

static size_t columns(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += width_of(*s);
	return n;
}

/* Bytes of the start of s that fill at most so many columns. */
static size_t prefix(const char *s, size_t chars)
{
	size_t n = 0;

	for (; s[n]; n++) {
		size_t wide = width_of(s[n]);

		if (wide > chars)
			break;
		chars -= wide;
	}
	return n;
}

/* Without the directories of its file: "f@/a/b.lua:3" -> "f@b.lua:3". */
static char *without_dirs(const char *name)
{
	const char *at = strrchr(name, '@'), *slash = strrchr(name, '/');

	if (starts(name, "C:") || !slash ||
	    (starts(name, "[") && !starts(name, "[main]@")))
		return xstrdup(name);
	if (!at && starts(name, "trace#"))
		at = strchr(name, ':');
	if (!at)
		return xstrdup(slash + 1);
	if (slash < at)
		return xstrdup(name);
	return xasprintf("%.*s%s", (int)(at + 1 - name), name, slash + 1);
}

/* Without what a C++ function is told apart by: "C:a::b<c>::f(int)" -> "f". */
static char *bare(const char *name)
{
	size_t len = strcspn(name, "("), depth = 0, from = 0;

	if (!len || starts(name, "operator"))
		return xstrdup(name);
	for (size_t i = 0; i < len; i++) {
		depth += name[i] == '<';
		if (depth && name[i] == '>')
			depth--;
		else if (!depth && name[i] == ':' && i + 1 < len)
			from = i + 1;
	}
	len -= from;
	name += from;
	if (memchr(name, '<', len))
		len = strcspn(name, "<");
	return xasprintf("%.*s", (int)len, name);
}

/* Without its file at all: "f@b.lua:3" -> "f", "trace#2:b.lua:8" ->
 * "trace#2", "C:f" -> "f"; but of a function without a name the place
 * is what tells: "?@b.lua:3" -> "b.lua:3"; and a line keeps its number. */
static char *without_place(const char *name)
{
	const char *at = strchr(name, '@');

	if (starts(name, "C:"))
		return bare(name + 2);
	if (starts(name, "?@"))
		return xstrdup(name + 2);
	if (starts(name, "trace#"))
		at = strchr(name, ':');
	if (!at && name[0] != '[' && is_line(name))
		return xstrdup(strrchr(name, ':'));
	if (!at || at == name)
		return xstrdup(name);
	return xasprintf("%.*s", (int)(at - name), name);
}

char *flame_cut(const char *text, size_t chars)
{
	if (columns(text) <= chars)
		return xstrdup(text);
	if (chars < SHORTEST)
		return NULL;
	return xasprintf("%.*s..", (int)prefix(text, chars - 2), text);
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
	label = flame_cut(shorter, chars);
	free(shorter);
	return label;
}
