/* luaobj.h - functions and C objects of a live VM in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does not print. Strings returned are the caller's, and as the target has
 * them: not clean.
 */
#ifndef LJSTAP_LUAOBJ_H
#define LJSTAP_LUAOBJ_H

#include <stdint.h>

struct lj_cdata;
struct lj_fn;
struct luaval;
struct luaobj;

/**
 * luaobj_new - get ready to name the objects of a VM
 * @v: the VM; must outlive it
 */
struct luaobj *luaobj_new(struct luaval *v);

/**
 * luaobj_free - give it back
 * @o: what luaobj_new() returned, or NULL
 */
void luaobj_free(struct luaobj *o);

/**
 * luaobj_function - what a function is called and where it is
 * @o: as above
 * @f: the function
 * @name: what its holder calls it, or NULL
 *
 * As in pictures: "name@file:line", "string.gsub", "C:function". The first
 * built-in one costs a look at all of package.loaded, the first of each file
 * of C code the reading of its symbols.
 */
char *luaobj_function(struct luaobj *o, const struct lj_fn *f,
		      const char *name);

/**
 * luaobj_ctype - the name of a C type, such as "struct point" or "int [10]"
 * @o: as above
 * @id: its CTypeID
 *
 * Of functions only what they return. luaobj_ctype_ref() is that of a
 * reference to one: "struct point &".
 */
char *luaobj_ctype(struct luaobj *o, uint32_t id);
char *luaobj_ctype_ref(struct luaobj *o, uint32_t id);

/**
 * luaobj_int64 - the value of an int64_t or uint64_t: "42LL", "42ULL"
 * @o: as above
 * @c: the C object
 *
 * Returns NULL if it is something else.
 */
char *luaobj_int64(struct luaobj *o, const struct lj_cdata *c);

#endif
