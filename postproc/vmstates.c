/* vmstates.c - what the VM was doing: samples by G->vmstate.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "vmstates.h"

static const struct { const char *name, *doc; } kinds[VMSTATES_N] = {
	{ "interp", "interpreter" },
	{ "jit", "compiled code" },
	{ "c", "C functions" },
	{ "gc", "garbage collector" },
	{ "compiler", "JIT compiler" },
	{ "outside", "no Lua" },
};

/* lj_obj.h: ~LJ_VMST_* */
enum vmstates_kind vmstates_of(const struct profile_sample *s)
{
	if (s->flags & (LJD_sample_NOVM | LJD_sample_OUTSIDE))
		return VMSTATES_OUTSIDE;
	if (s->vmstate >= 0)
		return VMSTATES_JIT;
	switch (~s->vmstate) {
	case 0:
		return VMSTATES_INTERP;
	case 1:
		return VMSTATES_C;
	case 2:
		return VMSTATES_GC;
	case 3:			/* leaving compiled code */
		return VMSTATES_JIT;
	default:
		return VMSTATES_COMPILER;
	}
}

const char *vmstates_name(enum vmstates_kind kind)
{
	return kinds[kind].name;
}

const char *vmstates_doc(enum vmstates_kind kind)
{
	return kinds[kind].doc;
}

enum vmstates_kind vmstates_parse(const char *name)
{
	enum vmstates_kind i = 0;

	while (i < VMSTATES_N && strcmp(name, kinds[i].name))
		i++;
	return i;
}
