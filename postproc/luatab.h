/* luatab.h - all entries of a table of a live VM, with their strings.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * As many reads as pages, not as entries: 0.4 s for 1 million entries with
 * strings. What is given was in the table at one moment, or it is marked as
 * torn. Does not print.
 */
#ifndef LJSTAP_LUATAB_H
#define LJSTAP_LUATAB_H

#include <stddef.h>
#include <stdint.h>

struct luaval;
struct luatab;

/* struct luatab_value - a TValue, and its bytes if it is a string */
struct luatab_value {
	uint64_t tv;
	uint64_t at;		/* of a value: the word that it is */
	const char *str;	/* until the next call; NULL: too long */
	size_t len;		/* of the whole string */
};

/**
 * luatab_open - begin to read a table
 * @v: the VM, with its limits
 * @at: address of the GCtab
 * @max: bytes of a string at most; of a longer one there are none
 * @slot: a word of the target that refers to the table; 0: not known
 * @was: the word as it was
 *
 * What is given first is read now. Returns NULL if there is no table, or a limit is reached.
 */
struct luatab *luatab_open(struct luaval *v, uint64_t at, size_t max,
			   uint64_t slot, uint64_t was);

/**
 * luatab_free - give it back
 * @t: what luatab_open() returned, or NULL
 */
void luatab_free(struct luatab *t);

/**
 * luatab_next - the next entry, in the order of LuaJIT's next()
 * @t: the table
 * @key: set
 * @val: set
 *
 * Returns 1; 0 if there is none; -1: a limit is reached, or the process ended.
 */
int luatab_next(struct luatab *t, struct luatab_value *key,
		struct luatab_value *val);

/**
 * luatab_torn - did it change each time that it was read, so far?
 * @t: the table
 *
 * Then entries may be missing, or be of two moments.
 */
int luatab_torn(const struct luatab *t);

/**
 * luatab_gone - did the slot refer to something else, so far?
 * @t: the table
 *
 * Then it may be another table that was read.
 */
int luatab_gone(const struct luatab *t);

/**
 * luatab_string - the bytes of one string
 * @v: the VM
 * @tv: a TValue of type LJ_TSTR
 * @max: bytes at most; of a longer string there are none
 * @len: set to its length
 * @str: set, the caller's; NULL: too long
 *
 * Returns 0, or -1: there is no string.
 */
int luatab_string(struct luaval *v, uint64_t tv, size_t max, char **str,
		  size_t *len);

#endif
