/* test_tops.c - tables by hand, and what a frame's name says.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "framename.h"
#include "read_folded.h"
#include "tops.h"
#include "unit.h"

/* Lines of f are at 3 and 4; f calls itself, and g, which runs C. */
static const char folded[] =
	"f@/a.lua:1;/a.lua:3;f@/a.lua:1;/a.lua:4 5\n"
	"f@/a.lua:1;/a.lua:3;g@/a.lua:9;/a.lua:10;C:write 2\n"
	"f@/a.lua:1;/a.lua:3;trace#1:/a.lua:3 4\n"
	"[no Lua VM];C:poll 1\n";

static void row(const struct fold *f, const struct tops *t, size_t i,
		const char *name, uint64_t self, uint64_t total)
{
	CHECK(i < t->n);
	CHECK_STR(tops_name(f, &t->row[i]), name);
	CHECK(t->row[i].self == self && t->row[i].total == total);
}

static void tables(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	struct input *in = input_memory(folded, strlen(folded));
	struct tops *t;
	uint64_t bad;

	CHECK(!read_folded(f, in, &bad) && !bad);
	fold_finish(f);
	t = tops_new(f, TOPS_FRAMES);
	CHECK(t->n == 9 && t->total == 12);
	row(f, t, 0, "/a.lua:4", 5, 5);
	row(f, t, 1, "trace#1:/a.lua:3", 4, 4);
	row(f, t, 2, "C:write", 2, 2);
	row(f, t, 3, "C:poll", 1, 1);
	row(f, t, 4, "/a.lua:3", 0, 11);
	row(f, t, 5, "f@/a.lua:1", 0, 11);	/* not 16 */
	tops_free(t);
	t = tops_new(f, TOPS_LUA);
	CHECK(t->n == 3);
	row(f, t, 0, "f@/a.lua:1", 9, 11);
	row(f, t, 1, "g@/a.lua:9", 2, 2);
	row(f, t, 2, "[none]", 1, 1);
	tops_free(t);
	t = tops_new(f, TOPS_LINES);
	CHECK(t->n == 4);
	row(f, t, 0, "/a.lua:4", 5, 5);
	row(f, t, 1, "/a.lua:3", 4, 11);
	row(f, t, 2, "/a.lua:10", 2, 2);
	row(f, t, 3, "[none]", 1, 1);
	tops_free(t);
	tops_free(NULL);
	fold_free(f);
	pool_free(names);
	input_close(in);
}

static void split(const char *name, const char *file, long line)
{
	struct framename fn;

	framename_split(name, &fn);
	CHECK(!fn.file == !file && fn.line == line);
	if (file && fn.file)
		CHECK(fn.nfile == strlen(file) &&
		      !memcmp(fn.file, file, fn.nfile));
}

static void parts(void)
{
	split("f@/a/b.lua:12", "/a/b.lua", 12);
	split("?@b:c.lua:3", "b:c.lua", 3);
	split("[main]@x.lua:0", "x.lua", 0);
	split("trace#12:/a.lua:3", "/a.lua", 3);
	split("trace#12", NULL, 0);
	split("C:write", NULL, 0);
	split("f@", NULL, 0);
	split("content_by_lua(nginx.conf:24)", NULL, 0);
	CHECK(framename_line("f@/a.lua:12", "/a.lua:14") == 14);
	CHECK(framename_line("f@/a.lua:12", "/b.lua:14") == -1);
	CHECK(framename_line("f@/a.lua:12", "/a.lua") == -1);
	CHECK(framename_line("content_by_lua(nginx.conf:24)",
			     "content_by_lua(nginx.conf:24):2") == 2);
	CHECK(framename_line("main", "main.c:3") == -1);
}

int main(void)
{
	tables();
	parts();
	return unit_verdict();
}
