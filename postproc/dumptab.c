/* dumptab.c - dump.def as tables: records, fields and named values.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "dumptab.h"

#define REC(name, kind, tail, doc) \
	static const struct dump_field name##_fields[] = {
#define U32(field, doc)	{ #field, 4, doc },
#define U64(field, doc)	{ #field, 8, doc },
#define END(name)	{ NULL, 0, NULL } };
#define ENUM(set, NAME, value, doc)
#include "dump.def"

static const struct dump_type types[] = {
#define REC(name, kind, tail, doc) \
	{ #name, kind, DUMP_##tail, doc, name##_fields, \
	  sizeof(struct ljd_##name) },
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)
#include "dump.def"
};

static const struct {
	const char *set, *name;
	uint64_t value;
	const char *doc;
} values[] = {
#define REC(name, kind, tail, doc)
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)	{ #set, #NAME, value, doc },
#include "dump.def"
};

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

const struct dump_type *dumptab_type(unsigned kind)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i].kind == kind)
			return &types[i];
	return NULL;
}

static long find(const char *set, uint64_t value)
{
	for (size_t i = 0; i < COUNT(values); i++)
		if (values[i].value == value && !strcmp(values[i].set, set))
			return i;
	return -1;
}

const char *dumptab_value(const char *set, uint64_t value)
{
	long i = find(set, value);

	return i < 0 ? NULL : values[i].name;
}

const char *dumptab_doc(const char *set, uint64_t value)
{
	long i = find(set, value);

	return i < 0 ? NULL : values[i].doc;
}

uint64_t dumptab_next(const union dump_fixed *fixed,
		      const struct dump_field *f, size_t *ofs)
{
	const unsigned char *p = (const unsigned char *)fixed + *ofs;
	uint64_t u64;
	uint32_t u32;

	*ofs += f->size;
	if (f->size == 4) {
		memcpy(&u32, p, 4);
		return u32;
	}
	memcpy(&u64, p, 8);
	return u64;
}

uint64_t dumptab_get(const union dump_fixed *fixed,
		     const struct dump_type *type, const char *name)
{
	size_t ofs = sizeof(struct ljd_head);
	uint64_t v;

	for (const struct dump_field *f = type->field; f->name; f++) {
		v = dumptab_next(fixed, f, &ofs);
		if (!strcmp(f->name, name))
			return v;
	}
	return 0;
}
