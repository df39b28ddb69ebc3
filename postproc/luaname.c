/* luaname.c - what the code of a caller calls the function it calls.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The core knows how, lj_debug.h; here it reads what a dump has of a proto.
 */
#include <config.h>

#include <string.h>

#include "luaname.h"

struct lj_code;
static int kname(const struct lj_code *c, uint32_t idx);

#define LJ_CODE_RD(c, section, ofs, dst, n) \
	profile_section((c)->of, section, ofs, dst, n)
#define LJ_CODE_KNAME(c, idx)	kname(c, idx)

#include "lj_debug.h"

_Static_assert(LUANAME_MAX == LJ_CALLNAME, "room for a name");

/* The string constant an operand means. */
static int kname(const struct lj_code *c, uint32_t idx)
{
	uint32_t entry[2];	/* index, length */
	uint64_t ofs = 0;

	while (!lj_code_spend(c) &&
	       !LJ_CODE_RD(c, LJD_section_KNAME, ofs, entry, sizeof(entry))) {
		uint32_t n = entry[1];

		ofs += sizeof(entry);
		if (entry[0] == idx) {
			if (n > LUANAME_MAX - 1)
				n = LUANAME_MAX - 1;
			c->name[n] = 0;
			return !n || LJ_CODE_RD(c, LJD_section_KNAME, ofs,
						c->name, n) ? -1 : 0;
		}
		ofs += ((uint64_t)n + 7) & ~7ull;
	}
	return -1;
}

int luaname_call(const struct profile *p, const struct profile_proto *pt,
		 uint32_t pos, uint64_t *budget, char *name)
{
	const struct profile_vm *vm = profile_vm(p, pt->r.vm);
	struct lj_code c = { .of = pt, .nbc = vm ? vm->r.nbc : 97, .name = name };
	lj_u64 left = *budget;
	int ret;

	c.budget = &left;
	ret = lj_code_callee(&c, pos);
	*budget = left;
	return ret;
}
