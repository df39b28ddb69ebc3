/* test_svg.c - the picture is XML, whatever functions are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "draw_flame.h"
#include "unit.h"

static struct pipeline *fold(const char *folded, size_t size)
{
	struct input *in = input_memory(folded, size);
	struct pipeline_opts o = { 0 };
	struct pipeline *pl = pipeline_open(in, &o);

	input_close(in);
	return pl;
}

static int draw_to(FILE *out, const struct pipeline *pl, const char *title)
{
	struct pipeline_opts how = { 0 };
	struct draw_flame d = { .fold = pl->fold, .unit = "samples",
				.width = 400, .minwidth = 0.5 };
	struct caption *c = caption_new(pl, &how, title);
	int ret = draw_flame(&d, c, out);

	caption_free(c);
	return ret;
}

static char *draw(const char *folded, size_t size, size_t *n)
{
	struct pipeline *pl = fold(folded, size);
	char *svg = NULL;
	FILE *out = open_memstream(&svg, n);

	CHECK(!draw_to(out, pl, "a < b & \"c\" ]]>\x02\xff"));
	fclose(out);
	pipeline_free(pl);
	return svg;
}

static int is_xml(const char *svg, size_t n)
{
	xmlDocPtr doc = xmlReadMemory(svg, n, NULL, NULL, XML_PARSE_NONET);

	xmlFreeDoc(doc);
	return doc != NULL;
}

static void names(void)
{
	static const char folded[] =
		"<a>;&amp;\"';b]]> 3\n<a>;--> 1\n\xff\x01;x 2\n"
		/* turned text, a line separator, a lone surrogate, zero */
		"\xe2\x80\xae" "evil;\xe2\x80\xa8;\xed\xa0\x80;\0 1\n"
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d 1\n";
	size_t n, again_n, size = sizeof(folded) - 1;
	char *svg = draw(folded, size, &n), *again = draw(folded, size, &again_n);

	CHECK(is_xml(svg, n));
	CHECK(n == again_n && !memcmp(svg, again, n));
	CHECK(strstr(svg, "all: 8 samples, 100.00 %"));
	CHECK(strstr(svg, "&lt;a&gt;: 4 samples, 50.00 %"));
	CHECK(strstr(svg, ">???evil: 1 samples"));
	CHECK(strstr(svg, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d: 1"));
	CHECK(!strstr(svg, "\xe2\x80\xae"));
	/* no number is none */
	CHECK(!strstr(svg, "\"nan") && !strstr(svg, "width=\"-"));
	free(svg);
	free(again);
}

static void long_name(void)
{
	char folded[4200];
	size_t n;
	char *svg;

	memset(folded, 'x', 4096);
	strcpy(folded + 4096, " 1\n");
	svg = draw(folded, strlen(folded), &n);
	CHECK(is_xml(svg, n));
	free(svg);
}

/* No handler in an attribute, nothing from elsewhere: a strict policy may
 * forbid both. */
static void self_contained(void)
{
	size_t n;
	char *svg = draw("a;b 1\n", 6, &n);

	CHECK(!strstr(svg, " onclick=") && !strstr(svg, " onload=") &&
	      !strstr(svg, " onmouse"));
	CHECK(!strstr(svg, "href=") && !strstr(svg, "src=") &&
	      !strstr(svg, "@import"));
	CHECK(strstr(svg, "<script") &&
	      !strstr(strstr(svg, "<script") + 1, "<script"));
	free(svg);
}

static void full_disk(void)
{
	struct pipeline *pl = fold("a 1\n", 4);
	FILE *out = fopen("/dev/full", "w");

	diag_reset(NULL);
	if (out) {
		setvbuf(out, NULL, _IONBF, 0);
		draw_to(out, pl, "t");
		CHECK(ferror(out));
		fclose(out);
	}
	pipeline_free(pl);
}

static const char *number(double v)
{
	static char text[SVG_NUMBER];

	CHECK(svg_number(v, text) == strlen(text));
	return text;
}

static void numbers(void)
{
	CHECK_STR(number(0), "0");
	CHECK_STR(number(17), "17");
	CHECK_STR(number(0.07), "0.07");
	CHECK_STR(number(0.5), "0.5");
	CHECK_STR(number(1199.996), "1200");
	CHECK_STR(number(12.344), "12.34");
	CHECK_STR(number(-3.25), "-3.25");
	CHECK_STR(number(-0.001), "0");
	CHECK_STR(number(1e15), "1000000000000000");
}

int main(void)
{
	numbers();
	names();
	long_name();
	self_contained();
	full_disk();
	xmlCleanupParser();
	return unit_verdict();
}
