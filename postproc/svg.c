/* svg.c - rectangles -> an SVG picture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include <libxml/xmlwriter.h>

#include "diag.h"
#include "svg.h"
#include "template_flame_css.h"

#define MARGIN		10	/* left and right, px */
#define ROW		17	/* from frame to frame */
#define TALL		16	/* a frame */
#define BASELINE	12	/* of a label in a frame */
#define HEADER		66	/* title, subtitle, notes */
#define CHAR		7.23	/* px a column of the monospace label */
#define SHADES		4	/* of each layer */
#define DEPTHS		65000	/* rows a viewer may cope with */

/* The writer, and whether anything failed so far. */
struct svg {
	xmlTextWriterPtr w;
	int failed;
	const struct fold *f;
	const struct svg_text *text;
	double scale;		/* px per unit */
	unsigned bottom;	/* y of the root's row */
	uint64_t total;
};

unsigned svg_frames_width(unsigned width)
{
	return width - 2 * MARGIN;
}

static void open_(struct svg *s, const char *element)
{
	s->failed |= xmlTextWriterStartElement(s->w, BAD_CAST element) < 0;
}

static void close_(struct svg *s)
{
	s->failed |= xmlTextWriterEndElement(s->w) < 0;
}

static void attr(struct svg *s, const char *name, const char *value)
{
	s->failed |= xmlTextWriterWriteAttribute(s->w, BAD_CAST name,
						 BAD_CAST value) < 0;
}

static void number(struct svg *s, const char *name, double value)
{
	char buf[64];

	snprintf(buf, sizeof(buf), "%.2f", value);
	attr(s, name, buf);
}

static void whole(struct svg *s, const char *name, unsigned value)
{
	char buf[16];

	snprintf(buf, sizeof(buf), "%u", value);
	attr(s, name, buf);
}

static void string(struct svg *s, const char *text)
{
	s->failed |= xmlTextWriterWriteString(s->w, BAD_CAST text) < 0;
}

static void text_at(struct svg *s, const char *class, double x, unsigned y,
		    const char *text)
{
	open_(s, "text");
	if (class)
		attr(s, "class", class);
	number(s, "x", x);
	whole(s, "y", y);
	string(s, text);
	close_(s);
}

static void element(struct svg *s, const char *name, const char *text)
{
	open_(s, name);
	string(s, text);
	close_(s);
}

static void begin(struct svg *s, unsigned height)
{
	char box[64];

	s->failed |= xmlTextWriterStartDocument(s->w, NULL, "UTF-8",
						NULL) < 0;
	open_(s, "svg");
	attr(s, "xmlns", "http://www.w3.org/2000/svg");
	attr(s, "version", "1.1");
	whole(s, "width", s->text->width);
	whole(s, "height", height);
	snprintf(box, sizeof(box), "0 0 %u %u", s->text->width, height);
	attr(s, "viewBox", box);
	element(s, "title", s->text->title);
	element(s, "style", template_flame_css);
	open_(s, "rect");
	attr(s, "class", "paper");
	attr(s, "width", "100%");
	attr(s, "height", "100%");
	close_(s);
	text_at(s, "title", MARGIN, 24, s->text->title);
	text_at(s, "sub", MARGIN, 42, s->text->subtitle);
	if (s->text->notes)
		text_at(s, "sub", MARGIN, 57, s->text->notes);
}

static unsigned shade(const char *name)
{
	unsigned h = 2166136261u;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return (h >> 16) % SHADES;
}

static double percent(const struct svg *s, uint64_t count)
{
	return s->total ? 100.0 * count / s->total : 0;
}

static void frame(struct svg *s, const struct flame_frame *fr)
{
	const struct fold_node *node = &s->f->node[fr->node];
	const char *name = fr->node ? pool_str(s->f->names, node->name) : "all";
	enum flame_layer layer = fr->node ? flame_layer(name) : FLAME_ROOT;
	double x = MARGIN + fr->start * s->scale, width = fr->count * s->scale;
	unsigned y = s->bottom - fr->depth * ROW;
	char *full, *label, class[32], count[FOLD_COUNT];

	full = xasprintf("%s: %s %s, %.2f %%", name,
			 fold_count(s->f, fr->count, count), s->text->unit,
			 percent(s, fr->count));
	/* The base says what the width of the picture stands for. */
	label = flame_label(fr->node ? name : full,
			    width > 6 ? (width - 6) / CHAR : 0);
	snprintf(class, sizeof(class), "%s s%u", flame_layer_name(layer),
		 shade(name));
	open_(s, "g");
	attr(s, "class", class);
	element(s, "title", full);
	open_(s, "rect");
	number(s, "x", x);
	whole(s, "y", y);
	number(s, "width", width);
	whole(s, "height", TALL);
	close_(s);
	if (label)
		text_at(s, NULL, x + 3, y + BASELINE, label);
	close_(s);
	free(full);
	free(label);
}

static void draw(struct svg *s, const struct flame *fl)
{
	uint32_t depth = fl->depth < DEPTHS ? fl->depth : DEPTHS;

	s->bottom = HEADER + depth * ROW;
	begin(s, s->bottom + ROW + MARGIN);
	for (size_t i = 0; i < fl->n; i++)
		if (fl->frame[i].depth <= depth)
			frame(s, &fl->frame[i]);
	close_(s);
	s->failed |= xmlTextWriterEndDocument(s->w) < 0;
}

/* libxml2 would speak for itself; the caller says what failed. */
static void quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

int svg_write(FILE *out, const struct flame *fl, const struct fold *f,
	      const struct svg_text *text)
{
	struct svg s = { .f = f, .text = text, .total = fl->total };
	xmlOutputBufferPtr buffer;
	int ret = -1;

	xmlSetGenericErrorFunc(NULL, quiet);
	s.scale = fl->total ? (double)svg_frames_width(text->width) /
			      fl->total : 0;
	buffer = xmlOutputBufferCreateFile(out, NULL);
	if (buffer)
		s.w = xmlNewTextWriter(buffer);
	if (!s.w) {
		xmlOutputBufferClose(buffer);
		diag_error("no memory for the picture; try a larger "
			   "--minwidth");
		goto out;
	}
	xmlTextWriterSetIndent(s.w, 1);
	xmlTextWriterSetIndentString(s.w, BAD_CAST " ");
	draw(&s, fl);
	/* A full disk is told by the stream, by name, when it is closed. */
	if (s.failed && !ferror(out)) {
		diag_error("the picture cannot be written as XML; report "
			   "this as a bug of ljstap");
		goto out;
	}
	ret = 0;
out:
	xmlFreeTextWriter(s.w);
	return ret;
}
