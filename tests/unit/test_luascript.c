/* test_luascript.c - probe blocks become Lua, and nothing else does.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdlib.h>
#include <string.h>

#include "luascript.h"
#include "unit.h"

static void becomes(const char *text, unsigned probes, const char *lua)
{
	unsigned n;
	char *why, *got = luascript_lua(text, strlen(text), &n, &why);

	CHECK(got && !why && n == probes);
	CHECK_STR(got ? got : why, lua);
	free(got);
	free(why);
}

static void refused(const char *text, const char *because)
{
	unsigned n;
	char *why, *got = luascript_lua(text, strlen(text), &n, &why);

	CHECK(!got);
	CHECK_STR(why, because);
	free(got);
	free(why);
}

static void test_blocks(void)
{
	becomes("probe process.begin\n  exit()\nend\n", 1,
		"ljstap.probe(\"process.begin\", 0, function() \n  exit()\n"
		"end)\n");
	becomes("probe timer.s(1.5) f() end probe timer.ms(20) g() end", 2,
		"ljstap.probe(\"timer.s\", 1.5, function()  f() end) "
		"ljstap.probe(\"timer.ms\", 20, function()  g() end)");
	becomes("probe process.end { t = { 1, { 2 } } }", 1,
		"ljstap.probe(\"process.end\", 0, function() t = { 1, { 2 } } "
		"end)");
	becomes("probe -- why\n process . begin -- not\n{ a() }", 1,
		"ljstap.probe(\"process.begin\", 0, function()\n\n a() end)");
	becomes("probe process.begin\nif a then b() elseif c then d() end\n"
		"for i = 1, 2 do e() end while f do g() end\n"
		"repeat h() until i local function j() end\nend k()", 1,
		"ljstap.probe(\"process.begin\", 0, function() \n"
		"if a then b() elseif c then d() end\n"
		"for i = 1, 2 do e() end while f do g() end\n"
		"repeat h() until i local function j() end\nend) k()");
}

static void test_others(void)
{
	static const char *const plain[] = {
		"", "x = 1", "local probe = 1 probe = probe.process",
		"probe(1) probe.x = 2 a.probe(process) probe = process.begin",
		"s = 'probe process.begin' t = \"probe timer.s(1) \\\" end\"",
		"-- probe process.begin\n--[[ probe process.begin\n]] x = 1",
		"s = [==[ probe process.begin ]] ]==] t = a[b[1]]",
		"return 1 .. 2, 3 ..function() end, 0x1p4, 1e-5, ...",
		"end end }} ]] until", "x = '\\\n' y = 'open\nprobe = 1",
		"a.end_ = t.function_ goto continue ::continue::", "--[==[ open",
	};

	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		becomes(plain[i], 0, plain[i]);
	becomes("#!/usr/bin/ljstap lua\nx()", 0, "\nx()");
	becomes("probe process.begin s = ']]' .. [[ end ]] --[=[ end ]=]\n"
		"t.x = '\\'end' -- end\nend", 1,
		"ljstap.probe(\"process.begin\", 0, function()  s = ']]' .. "
		"[[ end ]] --[=[ end ]=]\nt.x = '\\'end' -- end\nend)");
}

static void test_errors(void)
{
	refused("\nprobe process.start end", "line 2: there are process.begin, "
		"process.end, timer.s(N) and timer.ms(N)");
	refused("probe timer.s end", "line 1: timer.s(N) and timer.ms(N) take a "
		"number");
	refused("probe timer.s(x) end", "line 1: timer.s(N) and timer.ms(N) "
		"take a number");
	refused("do\nprobe process.begin end\nend", "line 2: a probe cannot be "
		"inside a block");
	refused("probe process.begin\n\nif x then", "line 1: the probe that "
		"begins here has no end");
	refused("probe process.begin { end", "line 1: the probe that began with "
		"{ ends with }");
	refused("probe process.begin }", "line 1: the probe ends with `end'");
}

int main(void)
{
	test_blocks();
	test_others();
	test_errors();
	return unit_verdict();
}
