/* svg.c - elements, attributes and text -> an SVG file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/xmlwriter.h>

#include "diag.h"
#include "mem.h"
#include "svg.h"

/* The writer, and whether anything failed so far. */
struct svg {
	xmlTextWriterPtr w;
	FILE *out;
	int failed;
	int html;
};

void svg_open(struct svg *s, const char *element)
{
	s->failed |= xmlTextWriterStartElement(s->w, BAD_CAST element) < 0;
}

/* In HTML, "<div/>" would only open it. */
void svg_close(struct svg *s)
{
	s->failed |= (s->html ? xmlTextWriterFullEndElement(s->w) :
				xmlTextWriterEndElement(s->w)) < 0;
}

void svg_close_void(struct svg *s)
{
	s->failed |= xmlTextWriterEndElement(s->w) < 0;
}

void svg_attr(struct svg *s, const char *name, const char *value)
{
	s->failed |= xmlTextWriterWriteAttribute(s->w, BAD_CAST name,
						 BAD_CAST value) < 0;
}

size_t svg_number(double value, char text[SVG_NUMBER])
{
	uint64_t v = (value < 0 ? -value : value) * 100 + 0.5;
	char buf[SVG_NUMBER];
	size_t i = sizeof(buf);
	int fraction = v % 100, minus = value < 0 && v;

	/* printf() would take most of the time a picture takes. */
	buf[--i] = '\0';
	if (fraction % 10)
		buf[--i] = '0' + fraction % 10;
	if (fraction) {
		buf[--i] = '0' + fraction / 10;
		buf[--i] = '.';
	}
	v /= 100;
	do
		buf[--i] = '0' + v % 10;
	while (v /= 10);
	if (minus)
		buf[--i] = '-';
	memcpy(text, buf + i, sizeof(buf) - i);
	return sizeof(buf) - i - 1;
}

void svg_px(struct svg *s, const char *name, double value)
{
	char text[SVG_NUMBER];

	svg_number(value, text);
	svg_attr(s, name, text);
}

void svg_count(struct svg *s, const char *name, uint64_t value)
{
	char buf[24];

	snprintf(buf, sizeof(buf), "%" PRIu64, value);
	svg_attr(s, name, buf);
}

void svg_string(struct svg *s, const char *text)
{
	s->failed |= xmlTextWriterWriteString(s->w, BAD_CAST text) < 0;
}

void svg_raw(struct svg *s, const char *text)
{
	s->failed |= (s->html ? xmlTextWriterWriteRaw(s->w, BAD_CAST text) :
				xmlTextWriterWriteCDATA(s->w,
							BAD_CAST text)) < 0;
}

void svg_newline(struct svg *s)
{
	s->failed |= xmlTextWriterWriteRaw(s->w, BAD_CAST "\n") < 0;
}

void svg_element(struct svg *s, const char *element, const char *text)
{
	svg_open(s, element);
	svg_string(s, text);
	svg_close(s);
}

void svg_rect(struct svg *s, double x, double y, double width, double height)
{
	svg_open(s, "rect");
	svg_px(s, "x", x);
	svg_px(s, "y", y);
	svg_px(s, "width", width);
	svg_px(s, "height", height);
}

void svg_text(struct svg *s, const char *class, double x, double y,
	      const char *text)
{
	svg_open(s, "text");
	if (class)
		svg_attr(s, "class", class);
	svg_px(s, "x", x);
	svg_px(s, "y", y);
	svg_string(s, text);
	svg_close(s);
}

/* libxml2 would speak for itself; svg_end() says what failed. */
static void quiet(void *ctx, const char *fmt, ...)
{
	(void)ctx;
	(void)fmt;
}

static struct svg *writer(FILE *out)
{
	struct svg *s = xcalloc(1, sizeof(*s));
	xmlOutputBufferPtr buffer;

	xmlSetGenericErrorFunc(NULL, quiet);
	s->out = out;
	buffer = xmlOutputBufferCreateFile(out, NULL);
	if (buffer)
		s->w = xmlNewTextWriter(buffer);
	if (s->w)
		return s;
	xmlOutputBufferClose(buffer);
	free(s);
	diag_error("no memory for the picture; try a larger --minwidth");
	return NULL;
}

struct svg *svg_begin(FILE *out, unsigned width, unsigned height,
		      const char *class)
{
	struct svg *s = writer(out);
	char box[64];

	if (!s)
		return NULL;
	s->failed |= xmlTextWriterStartDocument(s->w, NULL, "UTF-8",
						NULL) < 0;
	svg_open(s, "svg");
	svg_attr(s, "xmlns", "http://www.w3.org/2000/svg");
	svg_attr(s, "version", "1.1");
	svg_attr(s, "class", class);
	svg_count(s, "width", width);
	svg_count(s, "height", height);
	snprintf(box, sizeof(box), "0 0 %u %u", width, height);
	svg_attr(s, "viewBox", box);
	svg_newline(s);
	return s;
}

struct svg *svg_html(FILE *out)
{
	struct svg *s = writer(out);

	if (!s)
		return NULL;
	s->html = 1;
	s->failed |= xmlTextWriterWriteRaw(s->w, BAD_CAST
					   "<!DOCTYPE html>\n") < 0;
	svg_open(s, "html");
	svg_attr(s, "lang", "en");
	return s;
}

int svg_end(struct svg *s)
{
	int ret = -1;

	if (!s)
		return -1;
	svg_newline(s);
	svg_close(s);
	s->failed |= xmlTextWriterEndDocument(s->w) < 0;
	/* A full disk is told by the stream, by name, when it is closed. */
	if (s->failed && !ferror(s->out))
		diag_error("the picture cannot be written as XML; report "
			   "this as a bug of ljstap");
	else
		ret = 0;
	xmlFreeTextWriter(s->w);
	free(s);
	return ret;
}
