/* test_read_stap.c - SystemTap's stacks, in all forms its runtime prints.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "read_stap.h"
#include "textkind.h"
#include "unit.h"

static char text[1 << 16];
static struct read_stap_losses lost;

static const char *fold_it(const char *s)
{
	struct input *in = input_memory(s, strlen(s));
	struct pool *names = pool_new();
	struct fold *f = fold_new(names);
	FILE *out;

	CHECK(!read_stap(f, in, &lost));
	fold_finish(f);
	memset(text, 0, sizeof(text));
	out = fmemopen(text, sizeof(text) - 1, "w");
	fold_write(f, out);
	fclose(out);
	fold_free(f);
	pool_free(names);
	input_close(in);
	return text;
}

static void forms(void)
{
	static const struct { const char *frame, *name; } form[] = {
		{ " 0x401136 : work+0x16/0x20 [/usr/bin/prog]", "work" },
		{ " 0x401136 : work+0x16/0x20 [/usr/bin/prog] (inexact)",
		  "work" },
		{ " 0x401136 : work+0x16/0x20 at a.c:12 [/bin/x y]", "work" },
		{ " 0x401136 [/usr/lib/libfoo.so.1+0x12/0x90]",
		  "[libfoo.so.1]" },
		{ "0x401136 [kernel+0x12]", "[kernel]" },
		{ " 0x401136", "[unknown]" },
		{ "0xffffffff8109270a (inexact)", "[unknown]" },
		{ "work", "work" },
		{ "work+0x1f", "work" },
		{ "work+0x1f/0x200", "work" },
		{ "work+0x1f [prog]", "work" },
		/* What other collapsers make a mess of. */
		{ " 0x4 : v::push+0x1/0x2 [/usr/lib/libstdc++.so.6.0.30]",
		  "v::push" },
		{ " 0x4 : operator++0x1/0x2 [x]", "operator+" },
		{ "@/opt/a+b/x.lua:10", "@/opt/a+b/x.lua:10" },
		{ "c++utils.lua:20", "c++utils.lua:20" },
		{ "a : b", "a : b" },
		{ "a;b", "a,b" },
		{ "f[abi:cxx11]+0x1/0x2 [m]", "f[abi:cxx11]" },
		{ "look at me", "look at me" },
		{ "[string]", "[string]" },
	};
	char s[256], want[256];

	for (size_t i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		snprintf(s, sizeof(s), "%s\r\n\t3\r\n", form[i].frame);
		snprintf(want, sizeof(want), "%s 3\n", form[i].name);
		CHECK_STR(fold_it(s), want);
	}
}

static void stacks(void)
{
	CHECK_STR(fold_it("c\nb\na\n\t2\nb\na\n\n7\nc\nb\na\n 1\n"),
		  "a;b 7\na;b;c 3\n");
	CHECK(!lost.noise && !lost.uncounted && !lost.toolong);
	/* A sample without a stack is one all the same. */
	CHECK_STR(fold_it("a\n\t2\n\t4\n"), "[unknown] 4\na 2\n");
	CHECK_STR(fold_it("b\nWARNING: Missing unwind data\na\n\t1\n"
			  "ERROR: probe overhead\nlast\n"), "a;b 1\n");
	CHECK(lost.noise == 2 && lost.uncounted == 1);
	CHECK_STR(fold_it("a\n\t1"), "a 1\n");
	CHECK_STR(fold_it(""), "");
}

static enum textkind kind(const char *s)
{
	struct input *in = input_memory(s, strlen(s));
	enum textkind k = textkind(in);

	input_close(in);
	return k;
}

static void kinds(void)
{
	CHECK(kind("a;b 1\n") == TEXTKIND_FOLDED);
	CHECK(kind("a;b 1.5\r\nx 2") == TEXTKIND_FOLDED);
	CHECK(kind("0x12;0x34 1\nno count\n7\n") == TEXTKIND_FOLDED);
	CHECK(kind(" 0x12 : a+0x1/0x2 [m]\n") == TEXTKIND_STAP);
	CHECK(kind("a\nb\n\t1\n") == TEXTKIND_STAP);
	CHECK(kind("a+0x1\nb+0x2\n") == TEXTKIND_STAP);
	CHECK(kind("one 1\ntwo+0x1\n\t1\n\t2\n") == TEXTKIND_STAP);
	CHECK(kind("some prose\n") == TEXTKIND_NONE);
	CHECK(kind("1\n2\n") == TEXTKIND_NONE);
	CHECK(kind("\n\n") == TEXTKIND_NONE);
	CHECK(kind("") == TEXTKIND_NONE);
}

int main(void)
{
	forms();
	stacks();
	kinds();
	return unit_verdict();
}
