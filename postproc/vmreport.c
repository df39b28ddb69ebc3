/* vmreport.c - what is known of a LuaJIT's layout, and how surely, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "dump.h"
#include "lj_layout_text.h"
#include "mem.h"
#include "vmreport.h"

#define MODE(name)
#define OBJ(name, type, member, ...)
#define REL(name, type, member)
#define COLUMN(name, mode, doc, ...)	doc,
static const char *const column_doc[LJ_COL_MAX] = {
#include "layout.def"
};

static const struct {
	uint32_t value;
	const char *doc;
} checks[] = {
#define REC(name, kind, tail, doc)
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)	ENUM_##set(value, doc)
#define BIT(set, NAME, value, doc)
#define ENUM_check(value, doc)		{ value, doc },
#define ENUM_collector(value, doc)
#include "dump.def"
};
