/* dumptab.h - dump.def as tables: records, fields and named values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Everything returned is constant. Does not print.
 */
#ifndef LJSTAP_DUMPTAB_H
#define LJSTAP_DUMPTAB_H

#include <stddef.h>
#include <stdint.h>

#include "ljtypes.h"
#include "dump.h"

enum dump_tail { DUMP_NONE, DUMP_BYTES, DUMP_WORDS };

struct dump_field {
	const char *name;
	unsigned size;		/* 4 or 8 */
	const char *doc;
};

struct dump_type {
	const char *name;
	unsigned kind;
	enum dump_tail tail;
	const char *doc;
	const struct dump_field *field;	/* ends with a NULL name */
	size_t size;			/* of the fixed part */
};

/* Any record's fixed part, as far as this program knows it. */
union dump_fixed {
	struct ljd_head h;
#define REC(name, kind, tail, doc)	struct ljd_##name name;
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)
#include "dump.def"
};

/**
 * dumptab_type - what a kind of record looks like
 * @kind: LJD_KIND_*
 *
 * Returns NULL for a kind from a newer format.
 */
const struct dump_type *dumptab_type(unsigned kind);

/**
 * dumptab_value - the name of a value
 * @set: the set in dump.def, such as "reason"
 * @value: the value
 *
 * Returns NULL if it has none.
 */
const char *dumptab_value(const char *set, uint64_t value);

/**
 * dumptab_doc - what a value means
 * @set: the set in dump.def
 * @value: the value
 *
 * Returns NULL if it is not defined.
 */
const char *dumptab_doc(const char *set, uint64_t value);

/**
 * dumptab_get - the value of a field
 * @fixed: the record
 * @type: its type
 * @name: the field
 *
 * Returns 0 if the record has no such field.
 */
uint64_t dumptab_get(const union dump_fixed *fixed,
		     const struct dump_type *type, const char *name);

/**
 * dumptab_next - walk over a record's fields
 * @fixed: the record
 * @f: the field
 * @ofs: its offset; start with sizeof(struct ljd_head)
 *
 * Returns the field's value and moves @ofs to the next one.
 */
uint64_t dumptab_next(const union dump_fixed *fixed,
		      const struct dump_field *f, size_t *ofs);

#endif
