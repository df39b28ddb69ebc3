/* luatree.h - a value of a live VM, and what is in it: a copy of ours.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Each value in it was the target's at one moment between the begin and the
 * end, and was reached by the path it is shown at; or it is marked as torn.
 * Two values need not be of the same moment. Does not print.
 */
#ifndef LJSTAP_LUATREE_H
#define LJSTAP_LUATREE_H

#include <stddef.h>
#include <stdint.h>

struct luapath;
struct luaobj;
struct luaval;

struct luatree_opts {
	unsigned depth;		/* tables in tables that are looked into */
	size_t entries;		/* of each table, at most */
	size_t string;		/* bytes of each string, at most */
};

/* struct luatree - one value */
struct luatree {
	unsigned type;		/* LJ_T* */
	uint64_t at;		/* address of the object */
	double num;
	char *str;		/* string: its bytes, or the first of them */
	size_t len, whole;	/* bytes of str, of the string */
	char *text;		/* function, cdata, ...: it in words */
	struct luatree_entry *entry;	/* table: those that are shown */
	size_t n;
	uint64_t more;		/* entries that are not */
	char *path;		/* table: where it is */
	const char *shown;	/* table: where it is shown instead */
	struct luatree_flat *flat;	/* table without tables: as it was */
	unsigned closed:1;	/* table: too deep, not looked into */
	unsigned torn:1;	/* it changed each time that it was read */
	unsigned cut:1;		/* a limit was reached: there may be more */
	unsigned meta:1;	/* it has a metatable */
};

struct luatree_entry {
	struct luatree *key, *val;
};

enum luatree_status {
	LUATREE_OK,
	LUATREE_WRONG,		/* there is no such thing: *why says it */
	LUATREE_LIMIT,		/* a limit was reached before it was found */
};

/**
 * luatree_read - read the value at a path
 * @v: the VM, with its limits
 * @o: names of its functions
 * @p: the path
 * @text: the path's text
 * @opts: how much of it
 * @tree: set, the caller's, for LUATREE_OK
 * @why: set, the caller's, for LUATREE_WRONG
 *
 * Entries are in the order of their keys: numbers, strings, others.
 */
enum luatree_status luatree_read(struct luaval *v, struct luaobj *o,
				 const struct luapath *p, const char *text,
				 const struct luatree_opts *opts,
				 struct luatree **tree, char **why);

/**
 * luatree_free - give it back
 * @t: the value, or NULL
 */
void luatree_free(struct luatree *t);

/**
 * luatree_type - what type() says of it
 * @t: the value
 */
const char *luatree_type(const struct luatree *t);

/* struct luatree_flaws - values that are not whole */
struct luatree_flaws {
	uint64_t torn, cut;
};

/**
 * luatree_flaws - count them
 * @t: the value
 * @f: added to
 */
void luatree_flaws(const struct luatree *t, struct luatree_flaws *f);

#endif
