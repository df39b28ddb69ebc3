/* bytecode.c - LuaJIT's bytecodes, whatever their numbers in a version.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stddef.h>

#include "bytecode.h"

#define ROW(name, a, mm)	{ BC_##name, #name, BC_A_##a, #mm },
#define NO_ROW(name, a, mm)
#define BC_ROWS(name, a, mm, since)	since(name, a, mm)

#define ALWAYS	ROW
#define SINCE21	NO_ROW
#define SINCE26	NO_ROW
static const struct bc_info v20[] = {
#define BC	BC_ROWS
#include "bytecode.def"
};

#undef SINCE21
#define SINCE21	ROW
static const struct bc_info v21[] = {
#define BC	BC_ROWS
#include "bytecode.def"
};

#undef SINCE26
#define SINCE26	ROW
static const struct bc_info v26[] = {
#define BC	BC_ROWS
#include "bytecode.def"
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

const struct bc_info *bytecode_info(uint32_t nbc, uint32_t op)
{
	if (nbc >= COUNT(v26))
		return op < COUNT(v26) ? &v26[op] : NULL;
	if (nbc >= COUNT(v21))
		return op < COUNT(v21) ? &v21[op] : NULL;
	return op < COUNT(v20) ? &v20[op] : NULL;
}
