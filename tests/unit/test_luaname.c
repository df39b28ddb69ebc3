/* test_luaname.c - names of callees as lj_debug_funcname() finds them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "bytecode.h"
#include "luaname.h"
#include "mkdump.h"
#include "unit.h"

static uint32_t nbc;

#define I(name, a, d)	mkdump_ins(nbc, name, a, d)

/* What is called at the last instruction of some code. */
static const char *name_of(const uint32_t *code, size_t n,
			   const void *varinfo, size_t nvar)
{
	static char name[LUANAME_MAX];
	struct ljd_vm vm = { .id = 1, .nbc = nbc };
	struct ljd_proto pt = { .id = 1, .vm = 1, .sizebc = n };
	struct ljd_pdata d = { .id = 1, .section = LJD_section_BC };
	struct profile *p = profile_new(NULL);
	unsigned char knames[128];
	uint64_t budget = 10000;
	int bad;

	profile_add_vm(p, &vm, "");
	profile_add_proto(p, &pt, "");
	d.n = n * 4;
	profile_add_pdata(p, &d, code);
	d.section = LJD_section_KNAME;
	d.n = mkdump_knames(knames, 0, "print", 3, "insert", 258, "far", -1);
	profile_add_pdata(p, &d, knames);
	d.section = LJD_section_UVNAME;
	d.n = 10;
	profile_add_pdata(p, &d, "up0\0upper1");
	d.section = LJD_section_VARINFO;
	d.n = nvar;
	profile_add_pdata(p, &d, varinfo);
	profile_finish(p);
	bad = luaname_call(p, profile_proto(p, 1), n - 1, &budget, name);
	profile_free(p);
	return bad ? NULL : name;
}

#define NAME(...) name_of((const uint32_t[]){ __VA_ARGS__ }, \
	sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4, "", 0)

static void calls(void)
{
	uint32_t head = I("FUNCF", 5, 0);

	CHECK_STR(NAME(head, I("GGET", 0, 0), I("CALL", 0, 1)), "print");
	CHECK_STR(NAME(head, I("GGET", 0, 258), I("CALLM", 0, 1)), "far");
	CHECK_STR(NAME(head, I("TGETS", 1, 2 << 8 | 3), I("CALLT", 1, 1)),
		  "insert");
	CHECK_STR(NAME(head, I("UGET", 0, 0), I("CALLMT", 0, 1)), "up0");
	/* The last name has no zero at its end: it was cut. */
	CHECK(!NAME(head, I("UGET", 0, 1), I("CALL", 0, 1)));
	CHECK_STR(NAME(head, I("GGET", 3, 0), I("MOV", 0, 3), I("CALL", 0, 1)),
		  "print");
	/* Written over by another call's results. */
	CHECK(!NAME(head, I("GGET", 2, 0), I("CALL", 1, 1), I("CALL", 2, 1)));
	CHECK(!NAME(head, I("GGET", 0, 0), I("KNIL", 0, 1), I("CALL", 0, 1)));
	CHECK_STR(NAME(head, I("GGET", 3, 0), I("KNIL", 0, 1), I("CALL", 3, 1)),
		  "print");
	CHECK(!NAME(head, I("FNEW", 0, 0), I("CALL", 0, 1)));
	CHECK(!NAME(head, I("CALL", 0, 1)));
	CHECK(!NAME(head, I("GGET", 0, 99), I("CALL", 0, 1)));
}

static void others(void)
{
	uint32_t head = I("FUNCF", 5, 0);

	CHECK_STR(NAME(head, I("ITERC", 3, 0)), "for iterator");
	CHECK_STR(NAME(head, I("ADDVV", 0, 1)), "__add");
	CHECK_STR(NAME(head, I("ISLT", 0, 1)), "__lt");
	CHECK_STR(NAME(head, I("ISGT", 0, 1)), "__le");
	CHECK_STR(NAME(head, I("TGETS", 0, 3)), "__index");
	CHECK_STR(NAME(head, I("TSETV", 0, 3)), "__newindex");
	CHECK_STR(NAME(head, I("CAT", 0, 3)), "__concat");
	CHECK_STR(NAME(head, I("LEN", 0, 3)), "__len");
	CHECK(!NAME(head, I("JMP", 0, 3)));
	CHECK(!NAME(head, I("FORL", 0, 3)));
}

static void locals(void)
{
	const uint32_t code[] = { I("FUNCF", 5, 0), I("FNEW", 0, 0),
				  I("CALL", 0, 1) };
	const uint32_t moved[] = { I("FUNCF", 5, 0), I("MOV", 4, 1),
				   I("CALL", 4, 1) };

	/* Name, start since the last one's, length. */
	CHECK_STR(name_of(code, 3, "fn\0\2\5", 6), "fn");
	CHECK(!name_of(code, 3, "fn\0\3\5", 6));
	CHECK(!name_of(code, 3, "fn\0\1\1", 6));
	CHECK_STR(name_of(moved, 3, "a\0\0\5b\0\0\5", 9), "b");
	CHECK_STR(name_of(code, 3, "\1\0\5", 4), "(for index)");
	CHECK_STR(name_of(code, 3, "fn\0\0\x80\1", 7), "fn");
	CHECK(!name_of(code, 3, "fn", 2));
	CHECK(!name_of(code, 3, "fn\0\xff\xff\xff\xff\xff\xff", 9));
}

static void numbers(void)
{
	CHECK_STR(bytecode_info(97, 89)->name, "FUNCF");
	CHECK_STR(bytecode_info(97, 96)->name, "FUNCCW");
	CHECK(!bytecode_info(97, 97));
	CHECK_STR(bytecode_info(104, 89)->name, "BNOT");
	CHECK_STR(bytecode_info(104, 96)->name, "FUNCF");
	CHECK_STR(bytecode_info(104, 103)->name, "FUNCCW");
	CHECK_STR(bytecode_info(93, 85)->name, "FUNCF");
	CHECK_STR(bytecode_info(97, 79)->name, "FORL");
	CHECK_STR(bytecode_info(97, 66)->name, "CALL");
	CHECK_STR(bytecode_info(97, 88)->name, "JMP");
	CHECK(!bytecode_info(0, 1000));
}

static void budget(void)
{
	struct profile *p = profile_new(NULL);
	struct ljd_proto pt = { .id = 1 };
	char name[LUANAME_MAX];
	uint64_t none = 0;

	profile_add_proto(p, &pt, "");
	profile_finish(p);
	CHECK(luaname_call(p, profile_proto(p, 1), 0, &none, name) == -1);
	profile_free(p);
}

int main(void)
{
	static const uint32_t versions[] = { 93, 97, 104 };

	for (int i = 0; i < 3; i++) {
		nbc = versions[i];
		calls();
		others();
		locals();
	}
	numbers();
	budget();
	return unit_verdict();
}
