/* draw_flame.c - a fold -> the picture of a flame graph.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "amount.h"
#include "axis.h"
#include "draw_flame.h"
#include "flame.h"
#include "template_flame_css.h"
#include "template_flame_js.h"
#include "treetext.h"

/* Also in templates/flame.js, which draws the same. */
#define ROW		17	/* px from frame to frame */
#define TALL		16	/* a frame */
#define BASELINE	12	/* of a label in a frame */
#define PAD		3	/* left and right of a label */
#define SHADES		4	/* of each layer */
#define SMALL		1	/* px; narrower frames get no title */
#define LEGEND		18	/* px, the line of it */
#define TOP		(CAPTION_HEIGHT + LEGEND)
#define AXIS		18	/* px, the times below a chart */

#define DEPTHS		3000	/* rows a viewer copes with; zoom shows more */
#define NODES		2000000	/* the script gets at most */
#define PART		4000000	/* bytes of text in one element */

/* Frames of one colour too small to be told apart, as one path. */
struct small {
	char class[32];
	char *path;
	size_t n, max;
};

struct drawing {
	const struct draw_flame *d;
	struct svg *s;
	const struct flame *fl;
	double scale;		/* px per unit */
	uint32_t depth;		/* of the last row */
	unsigned seen;		/* layers, a bit each */
	struct small *small;
	size_t nsmall, maxsmall;
};

/* -- Values in words ---------------------------------------------------- */

static double percent(const struct drawing *dr, uint64_t count)
{
	return dr->fl->total ? 100.0 * count / dr->fl->total : 0;
}

static char *value(const struct drawing *dr, uint64_t count)
{
	char text[FOLD_COUNT];

	_Static_assert(AMOUNT_TEXT <= FOLD_COUNT, "a count fits");
	if (dr->d->chart)
		return xasprintf("%.3f ms, %.2f %%", count / 1e6,
				 percent(dr, count));
	if (dr->d->fold->scale == 1 && amount_scaled(dr->d->unit))
		return xasprintf("%s, %.2f %%",
				 amount_text(count, dr->d->unit, text),
				 percent(dr, count));
	return xasprintf("%s %s, %.2f %%", fold_count(dr->d->fold, count, text),
			 dr->d->unit, percent(dr, count));
}

static char *change(const struct drawing *dr, uint32_t node)
{
	const struct diff *d = dr->d->diff;
	const struct diff_node *n = &d->node[node], *all = &d->node[0];
	double was = all->before ? 100.0 * n->before / all->before : 0;
	double is = all->after ? 100.0 * n->after / all->after : 0;
	char before[AMOUNT_TEXT], after[AMOUNT_TEXT];

	if (amount_scaled(dr->d->unit))
		return xasprintf("%s -> %s, %.2f %% -> %.2f %%",
				 amount_text(n->before, dr->d->unit, before),
				 amount_text(n->after, dr->d->unit, after),
				 was, is);
	return xasprintf("%" PRIu64 " -> %" PRIu64 " %s, %.2f %% -> %.2f %%",
			 n->before, n->after, dr->d->unit, was, is);
}

static const char *name_of(const struct drawing *dr, uint32_t node)
{
	const struct fold *f = dr->d->fold;

	return node ? pool_str(f->names, f->node[node].name) : "all";
}

static char *words(const struct drawing *dr, const struct flame_frame *fr)
{
	char *v, *all;

	if (fr->siblings) {
		v = xasprintf("+%zu, %.2f %%: too narrow to draw",
			      fr->siblings, percent(dr, fr->count));
		return v;
	}
	v = dr->d->diff ? change(dr, fr->node) : value(dr, fr->count);
	all = xasprintf("%s: %s", name_of(dr, fr->node), v);
	free(v);
	return all;
}

/* -- Frames ------------------------------------------------------------- */

static unsigned shade(const char *name)
{
	unsigned h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return (h >> 16) % SHADES;
}

static unsigned row_y(const struct drawing *dr, uint32_t depth)
{
	return TOP + (dr->d->icicle ? depth : dr->depth - depth) * ROW;
}

static struct small *small_of(struct drawing *dr, const char *class)
{
	struct small *sm;

	for (size_t i = 0; i < dr->nsmall; i++)
		if (!strcmp(dr->small[i].class, class))
			return &dr->small[i];
	dr->small = xgrow(dr->small, dr->nsmall, &dr->maxsmall, sizeof(*sm));
	sm = &dr->small[dr->nsmall++];
	*sm = (struct small){ .path = NULL };
	snprintf(sm->class, sizeof(sm->class), "%s", class);
	return sm;
}

static void add_text(struct small *sm, const char *text, size_t n)
{
	if (sm->n + n + 1 > sm->max) {
		sm->max = (sm->n + n + 1) * 2;
		sm->path = xrealloc(sm->path, sm->max, 1);
	}
	memcpy(sm->path + sm->n, text, n + 1);
	sm->n += n;
}

static void add_number(struct small *sm, const char *before, double value)
{
	char text[SVG_NUMBER];
	size_t n = svg_number(value, text);

	add_text(sm, before, strlen(before));
	add_text(sm, text, n);
}

static void small(struct drawing *dr, const char *class, double x, unsigned y,
		  double width)
{
	struct small *sm = small_of(dr, class);

	add_number(sm, "M", x);
	add_number(sm, " ", y);
	add_number(sm, "h", width);
	add_number(sm, "v", TALL);
	add_number(sm, "h-", width);
	add_text(sm, "z", 1);
}

static void all_small(struct drawing *dr)
{
	for (size_t i = 0; i < dr->nsmall; i++) {
		svg_open(dr->s, "path");
		svg_attr(dr->s, "class", dr->small[i].class);
		svg_attr(dr->s, "d", dr->small[i].path);
		svg_close(dr->s);
		svg_newline(dr->s);
		free(dr->small[i].path);
	}
	free(dr->small);
}

static void bar(struct drawing *dr, const char *class, double x, unsigned y,
		double width)
{
	if (width < SMALL) {
		small(dr, class, x, y, width);
		return;
	}
	svg_rect(dr->s, x, y, width, TALL);
	svg_attr(dr->s, "class", class);
	svg_close(dr->s);
}

/* What is new, and what is gone, at the right end of a frame. */
static void changed_parts(struct drawing *dr, const struct flame_frame *fr,
			  double x, double width)
{
	const struct diff_node *n = &dr->d->diff->node[fr->node];
	double gone = n->gone * dr->scale, fresh = n->fresh * dr->scale;
	unsigned y = row_y(dr, fr->depth);

	if (fr->siblings)
		return;
	if (fresh > 0.05)
		bar(dr, "fresh", x + width - gone - fresh, y, fresh);
	if (gone > 0.05)
		bar(dr, "gone", x + width - gone, y, gone);
}

static char *label_of(const struct drawing *dr, const struct flame_frame *fr,
		      const char *full, double width)
{
	size_t chars = width > 2 * PAD ? (width - 2 * PAD) / CAPTION_CHAR : 0;

	if (fr->siblings)
		return chars >= 3 ? flame_cut(full, chars) : NULL;
	/* The base says what the width of the picture stands for. */
	return flame_label(fr->node ? name_of(dr, fr->node) : full, chars);
}

static void class_of(const struct drawing *dr, const struct flame_frame *fr,
		     char *class, size_t n)
{
	const char *name = name_of(dr, fr->node);
	enum flame_layer layer = fr->node ? flame_layer(name) : FLAME_ROOT;

	if (fr->siblings)
		snprintf(class, n, "more");
	else if (dr->d->diff)
		snprintf(class, n, "kept");
	else
		snprintf(class, n, "%s s%u", flame_layer_name(layer),
			 shade(name));
}

/* Few frames are wide enough for more than a rectangle. */
static void wide_frame(struct drawing *dr, const struct flame_frame *fr,
		       const char *class, double x, double width)
{
	struct svg *s = dr->s;
	unsigned y = row_y(dr, fr->depth);
	char *full = words(dr, fr);
	char *label = label_of(dr, fr, full, width);
	int group = label || dr->d->diff;

	if (group) {
		svg_open(s, "g");
		svg_attr(s, "class", class);
		svg_element(s, "title", full);
	}
	svg_rect(s, x, y, width, TALL);
	if (!group) {
		svg_attr(s, "class", class);
		svg_element(s, "title", full);
	}
	svg_close(s);
	if (dr->d->diff)
		changed_parts(dr, fr, x, width);
	if (label)
		svg_text(s, NULL, x + PAD, y + BASELINE, label);
	if (group)
		svg_close(s);
	svg_newline(s);
	free(full);
	free(label);
}

static void frame(struct drawing *dr, const struct flame_frame *fr)
{
	double x = CAPTION_MARGIN + fr->start * dr->scale;
	double width = fr->count * dr->scale;
	char class[32];

	class_of(dr, fr, class, sizeof(class));
	if (width >= SMALL) {
		wide_frame(dr, fr, class, x, width);
		return;
	}
	small(dr, class, x, row_y(dr, fr->depth), width);
	if (dr->d->diff)
		changed_parts(dr, fr, x, width);
}

/* All but those that only keep a place free. */
static void frames(struct drawing *dr)
{
	for (size_t i = 0; i < dr->fl->n; i++) {
		const struct flame_frame *fr = &dr->fl->frame[i];
		enum flame_layer layer = fr->node ?
			flame_layer(name_of(dr, fr->node)) : FLAME_ROOT;

		if (fr->depth > dr->depth ||
		    (layer == FLAME_GAP && !fr->siblings))
			continue;
		dr->seen |= fr->siblings ? 0 : 1u << layer;
		frame(dr, fr);
	}
	all_small(dr);
}

/* -- Legend ------------------------------------------------------------- */

static double legend_item(struct svg *s, const char *class, double x,
			  const char *text)
{
	svg_open(s, "g");
	svg_attr(s, "class", class);
	svg_rect(s, x, TOP - LEGEND + 1, 11, 11);
	svg_close(s);
	svg_text(s, "sub", x + 15, TOP - LEGEND + 11, text);
	svg_close(s);
	return x + 15 + CAPTION_CHAR * strlen(text) + 16;
}

/* In the order of enum flame_layer; those not worth a word have none. */
static const char *layer_words(const struct draw_flame *d,
			       const struct caption *c, enum flame_layer layer)
{
	static const char *const text[FLAME_LAYERS] = {
		NULL, "Lua", "line", "JIT trace", "built-in", "C",
		"LuaJIT VM", "kernel", "other", NULL,
	};

	/* Folded lines may be of any tool, and frames may be no functions. */
	if (!c->profile && d->fold->unit)
		return NULL;
	return layer == FLAME_LUA && !c->profile ? "function" : text[layer];
}

static void legend(const struct drawing *dr, const struct caption *c)
{
	double x = CAPTION_MARGIN;
	struct svg *s = dr->s;
	char class[32];

	svg_open(s, "g");
	svg_attr(s, "class", "legend");
	if (dr->d->diff) {
		x = legend_item(s, "kept", x, "in both");
		x = legend_item(s, "kept fresh", x, "new or more");
		legend_item(s, "kept gone", x, "gone or less");
	}
	for (int i = 0; i < FLAME_LAYERS && !dr->d->diff; i++) {
		if (!(dr->seen >> i & 1) || !layer_words(dr->d, c, i))
			continue;
		snprintf(class, sizeof(class), "%s s0", flame_layer_name(i));
		x = legend_item(s, class, x, layer_words(dr->d, c, i));
	}
	svg_close(s);
	svg_newline(s);
}

/* -- What the script reads ---------------------------------------------- */

/* A text in elements of a size that every XML reader takes. */
static void parts(struct svg *s, const char *element, const char *text,
		  size_t n)
{
	do {
		size_t part = n < PART ? n : PART;

		/* Not in the midst of a character. */
		while (part < n && ((unsigned char)text[part] & 0xc0) == 0x80)
			part--;
		char *piece = xasprintf("%.*s", (int)part, text);

		svg_element(s, element, piece);
		svg_newline(s);
		free(piece);
		text += part;
		n -= part;
	} while (n);
}

static void layers(const struct draw_flame *d, const struct caption *c,
		   struct svg *s)
{
	for (int i = 0; i < FLAME_LAYERS; i++) {
		svg_open(s, "l:layer");
		svg_attr(s, "class", flame_layer_name(i));
		if (layer_words(d, c, i))
			svg_string(s, layer_words(d, c, i));
		svg_close(s);
	}
	svg_newline(s);
}

static void number(struct svg *s, const char *name, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.17g", v);
	svg_attr(s, name, text);
}

static void metadata(const struct draw_flame *d, const struct caption *c,
		     const struct treetext *t, struct svg *s)
{
	svg_open(s, "metadata");
	svg_open(s, "l:profile");
	svg_attr(s, "xmlns:l", "urn:ljstap:profile:1");
	svg_attr(s, "kind", d->diff ? "diff" : d->chart ? "chart" : "flame");
	svg_attr(s, "unit", d->unit);
	if (d->fold->scale != 1)
		svg_count(s, "one", d->fold->scale);
	svg_count(s, "lines", d->lines || !d->detail);
	svg_count(s, "icicle", d->icicle);
	number(s, "minwidth", d->minwidth);
	if (d->diff)
		number(s, "scale", d->diff->scale);
	if (d->chart)
		svg_count(s, "from", d->from);
	if (t->pruned)
		svg_count(s, "pruned", t->pruned);
	svg_newline(s);
	caption_facts(c, s);
	layers(d, c, s);
	parts(s, "l:names", t->names, t->nnames);
	parts(s, "l:tree", t->tree, t->ntree);
	svg_close(s);
	svg_close(s);
	svg_newline(s);
}

static struct treetext *whole_tree(const struct draw_flame *d)
{
	const struct diff *diff = d->diff;
	struct treetext *t;
	uint64_t *before, *after;

	if (!diff)
		return treetext_new(d->detail ? d->detail : d->fold, NULL,
				    NULL, NODES);
	before = xcalloc(diff->fold->n, sizeof(*before));
	after = xcalloc(diff->fold->n, sizeof(*after));
	for (size_t i = 0; i < diff->fold->n; i++) {
		before[i] = diff->node[i].before;
		after[i] = diff->node[i].after;
	}
	t = treetext_new(diff->fold, after, before, NODES);
	free(before);
	free(after);
	return t;
}

/* -- All of it ---------------------------------------------------------- */

static void notes(const struct draw_flame *d, struct caption *c,
		  const struct flame *fl, const struct treetext *t)
{
	if (fl->hidden)
		caption_note(c, "%zu frames too narrow to draw here",
			     fl->hidden);
	if (fl->depth >= DEPTHS)
		caption_note(c, "%u rows above the first %d are not drawn here",
			     fl->depth + 1 - DEPTHS, DEPTHS);
	if (t->pruned)
		caption_note(c, "pruned: %zu of them, %.2f %%, are not in this "
			     "file", t->pruned,
			     100.0 * t->pruned_count / d->fold->node[0].total);
	caption_clean(c);
}

static void hatching(struct svg *s)
{
	svg_open(s, "defs");
	svg_open(s, "pattern");
	svg_attr(s, "id", "hatch");
	svg_attr(s, "width", "6");
	svg_attr(s, "height", "6");
	svg_attr(s, "patternUnits", "userSpaceOnUse");
	svg_attr(s, "patternTransform", "rotate(45)");
	svg_rect(s, 0, 0, 6, 6);
	svg_attr(s, "class", "ghost");
	svg_close(s);
	svg_rect(s, 0, 0, 2, 6);
	svg_attr(s, "class", "stripe");
	svg_close(s);
	svg_close(s);
	svg_close(s);
	svg_newline(s);
}

static void picture(struct drawing *dr, const struct caption *c,
		    const struct treetext *t)
{
	struct svg *s = dr->s;

	if (dr->d->diff)
		hatching(s);
	svg_open(s, "g");
	svg_attr(s, "class", "frames");
	svg_newline(s);
	frames(dr);
	svg_close(s);
	svg_newline(s);
	if (dr->d->chart)
		axis_draw(s, &(struct axis){
			.from = dr->d->from / 1e9,
			.to = (dr->d->from + dr->fl->total) / 1e9,
			.x = CAPTION_MARGIN,
			.width = dr->d->width - 2 * CAPTION_MARGIN,
			.y = TOP + (dr->depth + 1) * ROW, .unit = "s" });
	legend(dr, c);
	metadata(dr->d, c, t, s);
	svg_open(s, "script");
	svg_attr(s, "type", "text/javascript");
	svg_raw(s, template_flame_js);
	svg_close(s);
}

int draw_flame(const struct draw_flame *d, struct caption *c, FILE *out)
{
	static const char *const css[] = { template_flame_css, NULL };
	double room = d->width - 2 * CAPTION_MARGIN;
	uint64_t total = d->fold->node[0].total;
	struct flame *fl = flame_new(d->fold, d->minwidth * total / room);
	struct treetext *t = whole_tree(d);
	struct drawing dr = { .d = d, .fl = fl };

	notes(d, c, fl, t);
	dr.scale = total ? room / total : 0;
	dr.depth = fl->depth < DEPTHS ? fl->depth : DEPTHS - 1;
	dr.s = caption_begin(c, out, d->width,
			     TOP + (dr.depth + 1) * ROW + CAPTION_MARGIN +
			     (d->chart ? AXIS : 0),
			     "flame", css);
	if (dr.s)
		picture(&dr, c, t);
	treetext_free(t);
	flame_free(fl);
	return svg_end(dr.s);
}
