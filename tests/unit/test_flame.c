/* test_flame.c - rectangles add up, labels keep what tells most.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "flame.h"
#include "read_folded.h"
#include "unit.h"

static const char *label(const char *name, size_t chars)
{
	static char buf[256];
	char *s = flame_label(name, chars);

	snprintf(buf, sizeof(buf), "%s", s ? s : "(none)");
	free(s);
	return buf;
}

static void labels(void)
{
	const char *lua = "heavy@/srv/lua/test.lua:12";
	const char *trace = "trace#2:/srv/lua/test.lua:8";

	CHECK_STR(label(lua, 26), lua);
	CHECK_STR(label(lua, 25), "heavy@test.lua:12");
	CHECK_STR(label(lua, 16), "heavy");
	CHECK_STR(label(lua, 4), "he..");
	CHECK_STR(label(lua, 3), "h..");
	CHECK_STR(label(lua, 2), "(none)");
	CHECK_STR(label(trace, 26), "trace#2:test.lua:8");
	CHECK_STR(label(trace, 17), "trace#2");
	CHECK_STR(label("/srv/lua/test.lua:12", 11), "test.lua:12");
	CHECK_STR(label("C:ngx_http_process", 17), "ngx_http_process");
	CHECK_STR(label("[main]@/a/b.lua:0", 15), "[main]@b.lua:0");
	CHECK_STR(label("[main]@/a/b.lua:0", 13), "[main]");
	CHECK_STR(label("?@/a/content.lua:370", 16), "content.lua:370");
	CHECK_STR(label("?@/a/content.lua:370", 17), "?@content.lua:370");
	CHECK_STR(label("/srv/lua/test.lua:12", 10), ":12");
	CHECK_STR(label("C:std::vector<a::b>::push(int)", 10), "push");
	CHECK_STR(label("C:ns::f<int, g<3> >(x::y)", 10), "f");
	CHECK_STR(label("C:operator()", 6), "oper..");
	CHECK_STR(label("\xe4\xb8\xad\xe6\x96\x87\xe5\xad\x97", 5),
		  "\xe4\xb8\xad..");
	CHECK_STR(label("x", 1), "x");
}

static void layers(void)
{
	CHECK(flame_layer("f@a.lua:3") == FLAME_LUA);
	CHECK(flame_layer("[main]@a.lua:0") == FLAME_LUA);
	CHECK(flame_layer("content_by_lua(nginx.conf:24)") == FLAME_LUA);
	CHECK(flame_layer("?@[string \"x\"]:1") == FLAME_LUA);
	CHECK(flame_layer("/srv/a.lua:3") == FLAME_LINE);
	CHECK(flame_layer("[string \"x\"]:3") == FLAME_LINE);
	CHECK(flame_layer("trace#2:a.lua:8") == FLAME_TRACE);
	CHECK(flame_layer("C:malloc") == FLAME_C);
	CHECK(flame_layer("lj_BC_ADDVV") == FLAME_VM);
	CHECK(flame_layer("[GC]") == FLAME_VM);
	CHECK(flame_layer("[JIT record]") == FLAME_VM);
	CHECK(flame_layer("[builtin#20]") == FLAME_BUILTIN);
	CHECK(flame_layer("[kernel]") == FLAME_KERNEL);
	CHECK(flame_layer("[I/O]") == FLAME_KERNEL);
	CHECK(flame_layer("[read]") == FLAME_KERNEL);
	CHECK(flame_layer("[openat2]") == FLAME_KERNEL);
	CHECK(flame_layer("[rea]") == FLAME_MARK);
	CHECK(flame_layer("/var/log/access.log") == FLAME_KERNEL);
	CHECK(flame_layer("/srv/app/init.lua:7") == FLAME_LINE);
	CHECK(flame_layer("f@/srv/app/init.lua:7") == FLAME_LUA);
	CHECK(flame_layer("[truncated]") == FLAME_MARK);
	CHECK(flame_layer("[unknown]") == FLAME_MARK);
	CHECK(flame_layer("vfs_read_[k]") == FLAME_KERNEL);
	CHECK(flame_layer("Foo.bar_[j]") == FLAME_TRACE);
	CHECK(flame_layer(FLAME_NOTHING) == FLAME_GAP);
}

static struct fold *fold(struct pool *names, const char *s)
{
	struct fold *f = fold_new(names);
	struct input *in = input_memory(s, strlen(s));
	uint64_t bad;

	read_folded(f, in, &bad);
	input_close(in);
	fold_finish(f);
	return f;
}

static void places(void)
{
	struct pool *names = pool_new();
	struct fold *f = fold(names, "a;b 10\na;c 5\nz 84\na 1\n");
	struct flame *fl = flame_new(f, 1);

	CHECK(fl->n == 5 && fl->depth == 2 && fl->total == 100);
	CHECK(fl->frame[0].count == 100 && fl->frame[0].start == 0);
	CHECK(fl->frame[1].count == 16 && fl->frame[1].start == 0);
	CHECK(fl->frame[2].count == 84 && fl->frame[2].start == 16);
	CHECK(fl->frame[3].count == 10 && fl->frame[3].start == 0);
	CHECK(fl->frame[4].count == 5 && fl->frame[4].start == 10);
	CHECK(fl->hidden == 0);
	flame_free(fl);
	fl = flame_new(f, 16);
	CHECK(fl->n == 3 && fl->hidden == 2);
	flame_free(fl);
	/* Two siblings too narrow, wide enough together. */
	fl = flame_new(f, 12.5);
	CHECK(fl->n == 4 && fl->hidden == 2);
	CHECK(fl->frame[3].siblings == 2 && fl->frame[3].count == 15);
	CHECK(fl->frame[3].start == 0 && fl->frame[3].depth == 2);
	flame_free(fl);
	flame_free(NULL);
	fold_free(f);
	pool_free(names);
}

int main(void)
{
	labels();
	layers();
	places();
	return unit_verdict();
}
