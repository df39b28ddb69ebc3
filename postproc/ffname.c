/* ffname.c - what fast functions are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "ffname.h"
#include "mem.h"

/* Fast functions that no table holds (LJLIB_NOREG, metamethods), by their
 * distance from one that a table does: lib_base.c, lib_string.c, lib_ffi.c.
 */
static const struct {
	const char *name;
	const char *known;
	int distance;
} hidden[] = {
	{ "ipairs_aux", "ipairs", -1 },
	{ "coroutine.wrap_aux", "coroutine.wrap", -1 },
	{ "string.gmatch_aux", "string.gmatch", -1 },
	{ "ffi.callback.set", "ffi.cdef", -1 },
	{ "ffi.callback.free", "ffi.cdef", -2 },
	{ "ffi.clib.__gc", "ffi.cdef", -3 },
	{ "ffi.clib.__newindex", "ffi.cdef", -4 },
	{ "ffi.clib.__index", "ffi.cdef", -5 },
	{ "ffi.meta.__ipairs", "ffi.cdef", -6 },
	{ "ffi.meta.__pairs", "ffi.cdef", -7 },
	{ "ffi.meta.__tostring", "ffi.cdef", -8 },
	{ "ffi.meta.__unm", "ffi.cdef", -9 },
	{ "ffi.meta.__pow", "ffi.cdef", -10 },
	{ "ffi.meta.__mod", "ffi.cdef", -11 },
	{ "ffi.meta.__div", "ffi.cdef", -12 },
	{ "ffi.meta.__mul", "ffi.cdef", -13 },
	{ "ffi.meta.__sub", "ffi.cdef", -14 },
	{ "ffi.meta.__add", "ffi.cdef", -15 },
	{ "ffi.meta.__call", "ffi.cdef", -16 },
	{ "ffi.meta.__concat", "ffi.cdef", -17 },
	{ "ffi.meta.__le", "ffi.cdef", -18 },
	{ "ffi.meta.__lt", "ffi.cdef", -19 },
	{ "ffi.meta.__len", "ffi.cdef", -20 },
	{ "ffi.meta.__eq", "ffi.cdef", -21 },
	{ "ffi.meta.__newindex", "ffi.cdef", -22 },
	{ "ffi.meta.__index", "ffi.cdef", -23 },
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

char *ffname(const struct profile *p, uint32_t vm, uint32_t ffid)
{
	const char *name = profile_ffname(p, vm, ffid);

	for (size_t i = 0; !name && i < COUNT(hidden); i++) {
		const char *known = profile_ffname(p, vm,
						   ffid - hidden[i].distance);

		if (known && !strcmp(known, hidden[i].known))
			name = hidden[i].name;
	}
	return name ? xstrdup(name) : xasprintf("[builtin#%u]", ffid);
}

/* Of the hidden ones only these two are in assembler. */
const char *ffname_op(const struct profile *p, uint32_t vm, uint32_t op)
{
	const char *name = profile_ffname_op(p, vm, op), *next, *before;

	if (name)
		return name;
	next = profile_ffname_op(p, vm, op + 1);
	before = profile_ffname_op(p, vm, op - 1);
	if (next && !strcmp(next, "ipairs"))
		return "ipairs_aux";
	if (before && !strcmp(before, "coroutine.resume"))
		return "coroutine.wrap_aux";
	return NULL;
}

/* The libraries' prefixes, and the functions of the base library. */
static const char *const libs[] = {
	"bit.", "coroutine.", "debug.", "ffi.", "file:", "io.", "jit.",
	"math.", "os.", "string.", "table.",
};

static const char *const base[] = {
	"assert", "collectgarbage", "dofile", "error", "gcinfo", "getfenv",
	"getmetatable", "ipairs", "ipairs_aux", "load", "loadfile",
	"loadstring", "newproxy", "next", "pairs", "pcall", "print",
	"rawequal", "rawget", "rawlen", "rawset", "select", "setfenv",
	"setmetatable", "tonumber", "tostring", "type", "unpack", "xpcall",
};

int ffname_is(const char *name)
{
	if (strchr(name, '@') || strchr(name, '/'))
		return 0;
	if (!strncmp(name, "[builtin", 8))
		return 1;
	for (size_t i = 0; i < COUNT(libs); i++)
		if (!strncmp(name, libs[i], strlen(libs[i])))
			return 1;
	for (size_t i = 0; i < COUNT(base); i++)
		if (!strcmp(name, base[i]))
			return 1;
	return 0;
}
