/* test_svg.c - the picture is XML, whatever functions are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <libxml/parser.h>
#include <stdlib.h>

#include "diag.h"
#include "read_folded.h"
#include "svg.h"
#include "unit.h"

static char *draw(const char *folded, size_t *n)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	struct input *in = input_memory(folded, strlen(folded));
	struct svg_text text = { .title = "a < b & \"c\"", .subtitle = "]]>",
				 .unit = "samples", .width = 400 };
	struct flame *fl;
	char *svg = NULL;
	FILE *out = open_memstream(&svg, n);
	uint64_t bad;

	read_folded(f, in, &bad);
	input_close(in);
	fold_finish(f);
	fl = flame_new(f, 1);
	CHECK(!svg_write(out, fl, f, &text));
	fclose(out);
	flame_free(fl);
	fold_free(f);
	pool_free(names);
	return svg;
}

static void is_xml(void)
{
	size_t n, again_n;
	const char *folded = "<a>;&amp;\"';b]]> 3\n<a>;--> 1\n\xff\x01;x 2\n";
	char *svg = draw(folded, &n), *again = draw(folded, &again_n);
	xmlDocPtr doc = xmlReadMemory(svg, n, NULL, NULL, XML_PARSE_NONET);

	CHECK(doc);
	CHECK(n == again_n && !memcmp(svg, again, n));
	CHECK(strstr(svg, "all: 6 samples, 100.00 %"));
	CHECK(strstr(svg, "&lt;a&gt;: 4 samples, 66.67 %"));
	CHECK(!strstr(svg, "nan") && !strstr(svg, "width=\"-"));
	xmlFreeDoc(doc);
	free(svg);
	free(again);
}

static void full_disk(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	struct svg_text text = { .title = "t", .subtitle = "s",
				 .unit = "samples", .width = 400 };
	FILE *out = fopen("/dev/full", "w");
	struct flame *fl;

	fold_finish(f);
	fl = flame_new(f, 1);
	diag_reset(NULL);
	if (out) {
		setvbuf(out, NULL, _IONBF, 0);
		svg_write(out, fl, f, &text);
		CHECK(ferror(out));
		fclose(out);
	}
	flame_free(fl);
	fold_free(f);
	pool_free(names);
}

int main(void)
{
	is_xml();
	full_disk();
	xmlCleanupParser();
	return unit_verdict();
}
