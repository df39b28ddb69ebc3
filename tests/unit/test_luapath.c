/* test_luapath.c - paths are understood, or refused where they are wrong.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdint.h>
#include <stdlib.h>

#include "luapath.h"
#include "mem.h"
#include "unit.h"

/* The steps in short: R root, S string, N number, B boolean, U and I upvalue
 * by name and number, M metatable, E environment, L length.
 */
static void good(const char *text, const char *want)
{
	char *why, got[1024] = "";
	struct luapath *p = luapath_parse(text, &why);
	size_t n = 0;

	CHECK(p && !why);
	if (!p) {
		fprintf(stderr, "%s: %s\n", text, why);
		free(why);
		return;
	}
	for (size_t i = 0; i < p->n && n < sizeof(got) - 100; i++) {
		const struct luapath_step *s = &p->step[i];

		n += snprintf(got + n, 100, "%s%c", i ? " " : "",
			      "RSNBUIMEL"[s->op]);
		if (s->str)
			n += snprintf(got + n, 100, ":%.80s", s->str);
		if (s->op == LUAPATH_NUM || s->op == LUAPATH_BOOL ||
		    s->op == LUAPATH_UPNUM)
			n += snprintf(got + n, 100, ":%.17g", s->num);
		CHECK(s->from <= s->to && s->to <= strlen(text));
	}
	CHECK_STR(got, want);
	luapath_free(p);
}

static void bad(const char *text, const char *want)
{
	char *why;
	struct luapath *p = luapath_parse(text, &why);

	CHECK(!p);
	CHECK_STR(why, want);
	free(why);
	luapath_free(p);
}

static void test_good(void)
{
	good("a", "R:a");
	good("_G", "R:_G");
	good(" a . b [ 1 ] ", "R:a S:b N:1");
	good("package.loaded[\"resty.core\"].version",
	     "R:package S:loaded S:resty.core S:version");
	good("a['it\\'s']", "R:a S:it's");
	good("a[\"\\65\\x42\\n\\\\\"]", "R:a S:AB\n\\");
	good("a[-1.5e3]", "R:a N:-1500");
	good("a[0x10][.5]", "R:a N:16 N:0.5");
	good("a[true][false]", "R:a B:1 B:0");
	good("#a.b", "R:a S:b L");
	good("(#a)", "R:a L");
	good("##a", "R:a L L");
	good("getmetatable(a.b).__index", "R:a S:b M S:__index");
	good("getmetatable(getmetatable(a))", "R:a M M");
	good("getfenv(f).x", "R:f E S:x");
	good("#getmetatable ( a ) . list", "R:a M S:list L");
	good("f.upvalue(\"x\").upvalue(2)", "R:f U:x I:2");
	good("f.upvalue.upvalue", "R:f S:upvalue S:upvalue");
	good("getmetatable", "R:getmetatable");
	good("a[\"\"]", "R:a S:");
	good("a[\"\xff\xfe\"]", "R:a S:\xff\xfe");
}

static void test_zero(void)
{
	char *why;
	struct luapath *p = luapath_parse("a['x\\0y']", &why);

	CHECK(p && p->n == 2 && p->step[1].len == 3 &&
	      !memcmp(p->step[1].str, "x\0y", 4));
	luapath_free(p);
}

static void test_bad(void)
{
	bad("", "it ends too early, at character 1");
	bad("a.", "no name of a field at character 3");
	bad("a[", "no key that can be looked up at character 3");
	bad("a[1", "no ] at character 4");
	bad("a[b]", "a key that is a string needs quotes at character 3");
	bad("a['x", "the string has no end at character 5");
	bad("a['\\q']", "no such escape at character 5");
	bad("a['\\999']", "no such escape at character 8");
	bad("a['\\x4']", "no such escape at character 5");
	bad("a b", "more than a value, at character 3");
	bad("a)", "more than a value, at character 2");
	bad("(a", "no ) at character 3");
	bad("1", "no name at character 1");
	bad("a[nan]", "a key that is a string needs quotes at character 3");
	bad("a[inf]", "a key that is a string needs quotes at character 3");
	bad("f.upvalue()", "no name or number of an upvalue at character 11");
	bad("f.upvalue(1", "no ) at character 12");
	bad("print(a)", "only getmetatable() and getfenv() can be called, "
	    "nothing of the process, at character 1");
	bad("getmetatable(a", "no ) at character 15");
	bad("a:b()", "more than a value, at character 2");
}

/* Nothing that is given may use up the stack, or read behind its end. */
static void test_deep(void)
{
	size_t n = 60000;
	char *text = xmalloc(n + 1), *why;

	for (int i = 0; i < 3; i++) {
		memset(text, "(#["[i], n);
		text[n] = 0;
		if (i == 2)
			text[0] = 'a';
		CHECK(!luapath_parse(text, &why));
		free(why);
	}
	for (size_t i = 0; i + 2 <= n; i += 2)
		memcpy(text + i, i ? ".b" : "aa", 2);
	good("a", "R:a");
	free(text);
	text = xmalloc(100001);
	memset(text, 'a', 100000);
	text[100000] = 0;
	bad(text, "too long at character 1");
	free(text);
}

static uint32_t seed = 1;

static uint32_t next(void)
{
	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

static void test_any(void)
{
	static const char *const piece[] = {
		"a", ".", "[", "]", "(", ")", "#", "\"", "'", "\\", "1", "-",
		"getmetatable", "getfenv", "upvalue", " ", "0x", "e9", "true",
		"\xff", "\n", "\\x", "\\9", "nil",
	};
	unsigned taken = 0;

	for (int i = 0; i < 200000; i++) {
		char text[256] = "", *why;
		struct luapath *p;
		unsigned n = next() % 12 + 1;

		while (n--)
			strcat(text, piece[next() % (sizeof(piece) /
						     sizeof(piece[0]))]);
		p = luapath_parse(text, &why);
		if (p)
			taken++;
		else if (!why || !*why)
			CHECK(!"a reason");
		free(why);
		luapath_free(p);
	}
	CHECK(taken > 1000 && taken < 100000);
}

int main(void)
{
	test_good();
	test_zero();
	test_bad();
	test_deep();
	test_any();
	return unit_verdict();
}
