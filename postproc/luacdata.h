/* luacdata.h - what is in the C objects of a live VM, by field and index.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * As LuaJIT's FFI reads them, but nothing is converted that would run code of
 * the target: C types come from its own table of them. Does not print.
 */
#ifndef LJSTAP_LUACDATA_H
#define LJSTAP_LUACDATA_H

#include <stddef.h>
#include <stdint.h>

struct luaval;

/* struct luacdata - a C object: bytes in the target, or a value of its own */
struct luacdata {
	uint32_t id;		/* CTypeID */
	int boxed;		/* a pointer, function or enum: its value is */
	uint64_t val;		/* this, */
	uint64_t at;		/* else it is the bytes here */
};

enum luacdata_kind {
	LUACDATA_NONE,		/* there is no such thing */
	LUACDATA_LOST,		/* it cannot be read */
	LUACDATA_NUMBER,
	LUACDATA_BOOL,
	LUACDATA_INT64,
	LUACDATA_UINT64,
	LUACDATA_OBJECT,	/* struct, array, pointer, enum, ... */
	LUACDATA_CTYPE,		/* a type, not a value */
};

/* struct luacdata_value - what reading one gives */
struct luacdata_value {
	enum luacdata_kind kind;
	double num;		/* BOOL: 0 or 1 */
	uint64_t u64;		/* INT64, UINT64; CTYPE: its CTypeID */
	struct luacdata c;	/* OBJECT */
};

/* struct luacdata_about - what a C object is */
struct luacdata_about {
	enum { LUACDATA_SCALAR, LUACDATA_POINTER, LUACDATA_ARRAY,
	       LUACDATA_STRUCT, LUACDATA_ENUM, LUACDATA_FUNCTION,
	       LUACDATA_OTHER } what;
	uint32_t size;		/* bytes; UINT32_MAX: not known */
	uint32_t count;		/* array: elements; UINT32_MAX: not known */
	uint64_t pointer;	/* pointer, function: where to; enum: value */
};

/**
 * luacdata_get - the value of a C object itself
 * @v: the VM
 * @c: the object
 * @out: set
 */
void luacdata_get(struct luaval *v, const struct luacdata *c,
		  struct luacdata_value *out);

/**
 * luacdata_index - element @i of an array or behind a pointer
 * @v: the VM
 * @c: the array or the pointer
 * @i: which, 0 the first; no bound is checked, as in C
 * @out: set
 */
void luacdata_index(struct luaval *v, const struct luacdata *c, int64_t i,
		    struct luacdata_value *out);

/**
 * luacdata_field - a field of a struct or union, or of that behind a pointer
 * @v: the VM
 * @c: the struct or the pointer
 * @name: the field
 * @n: bytes of the name
 * @out: set
 */
void luacdata_field(struct luaval *v, const struct luacdata *c,
		    const char *name, size_t n, struct luacdata_value *out);

/**
 * luacdata_names - the names of the fields
 * @v: the VM
 * @c: a struct, union, or pointer to one
 * @fn: is given each, those of unnamed structs within included
 * @ctx: for @fn
 */
void luacdata_names(struct luaval *v, const struct luacdata *c,
		    void (*fn)(void *ctx, const char *name, size_t n),
		    void *ctx);

/**
 * luacdata_about - what a C object is
 * @v: the VM
 * @c: the object
 * @a: set
 */
void luacdata_about(struct luaval *v, const struct luacdata *c,
		    struct luacdata_about *a);

#endif
