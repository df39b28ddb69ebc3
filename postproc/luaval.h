/* luaval.h - the values of a Lua VM in a live process, read from outside.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The core's lj_value.h over remote_read(), with limits, and with a list of
 * what was seen, to ask afterwards whether it all is still so. Does not print.
 */
#ifndef LJSTAP_LUAVAL_H
#define LJSTAP_LUAVAL_H

#include <stddef.h>
#include <stdint.h>

#include "remote.h"

struct lj_walk;
int luaval_rd(struct lj_walk *w, void *dst, size_t n, uint64_t addr);

#define LJ_RD(w, dst, n, addr)	luaval_rd(w, dst, n, addr)
#define LJ_OUT(w, rec, len)	(-1)
#include "lj_value.h"

struct luaval_seen;
struct luaval_ahead;

/* struct luaval - one VM, and the core's state to read it with */
struct luaval {
	struct lj_walk w;
	struct remote *r;
	uint64_t bytes, maxbytes;	/* read; 0: no limit */
	uint64_t until;			/* CLOCK_MONOTONIC ns, 0: no limit */
	int spent;			/* a limit is reached; nothing is read */
	unsigned reads;
	struct luaval_ahead *ahead;
	struct luaval_seen *seen;
	size_t nseen, maxseen;
};

/**
 * luaval_new - read the values of a VM
 * @r: the process; must outlive it
 * @vm: one that remote_find() found, and whose check is 0
 */
struct luaval *luaval_new(struct remote *r, const struct remote_vm *vm);

/**
 * luaval_free - give it back
 * @v: what luaval_new() returned, or NULL
 */
void luaval_free(struct luaval *v);

/**
 * luaval_limit - read no more than this from now on
 * @v: the VM
 * @bytes: in all; 0: no limit
 * @seconds: from now; 0: no limit
 */
void luaval_limit(struct luaval *v, uint64_t bytes, double seconds);

/**
 * luaval_spend - so many bytes are to be read without luaval_rd()
 * @v: the VM
 * @n: how many
 *
 * Returns whether a limit is reached: then they may not be.
 */
int luaval_spend(struct luaval *v, size_t n);

/**
 * luaval_saw - something depends on these places of the target
 * @v: the VM
 * @t: a table, or NULL
 * @e: an entry of it, or NULL: only the table
 *
 * luaval_saw_word() is the same for one word at @addr, which was @was.
 */
void luaval_saw(struct luaval *v, const struct lj_tab *t,
		const struct lj_entry *e);
void luaval_saw_word(struct luaval *v, uint64_t addr, uint64_t was);

/**
 * luaval_same - whether all that was seen is still so
 * @v: the VM
 *
 * About 300 ns for each place.
 */
int luaval_same(struct luaval *v);

/**
 * luaval_forget - begin anew to see
 * @v: the VM
 */
void luaval_forget(struct luaval *v);

/**
 * luaval_table - read a table's header until it holds still
 * @v: the VM
 * @t: set
 * @at: address of the GCtab
 *
 * Returns 0, or -1 if there is no table.
 */
int luaval_table(struct luaval *v, struct lj_tab *t, uint64_t at);

/**
 * luaval_next - the next entry of a table that has a value
 * @v: the VM
 * @t: the table
 * @e: { 0 } at first, then as it was left
 *
 * Returns 1; 0 if there is none; -1 if it cannot be read, or a limit is
 * reached.
 */
int luaval_next(struct luaval *v, const struct lj_tab *t, struct lj_entry *e);

/**
 * luaval_str - the entry of a string key; as luaval_next()
 * @v: the VM
 * @t: the table
 * @e: set
 * @s: the key
 * @n: its bytes
 *
 * 0.3 s for 1 million keys. So is luaval_num(), for the key @num.
 */
int luaval_str(struct luaval *v, const struct lj_tab *t, struct lj_entry *e,
	       const char *s, size_t n);
int luaval_num(struct luaval *v, const struct lj_tab *t, struct lj_entry *e,
	       double num);

/**
 * luaval_length - what # says of a table
 * @v: the VM
 * @t: the table
 * @len: set
 *
 * The border that LuaJIT's lj_tab_len() finds. Returns 0, or -1 if it cannot
 * be read.
 */
int luaval_length(struct luaval *v, const struct lj_tab *t, uint64_t *len);

/**
 * luaval_string - the bytes of a string
 * @v: the VM
 * @str: address of the GCstr
 * @max: as many of them at most
 * @len: set to its whole length
 *
 * Returns them with a 0 behind, the caller's; NULL: there is no string.
 */
char *luaval_string(struct luaval *v, uint64_t str, size_t max, size_t *len);

/**
 * luaval_upname - the name of an upvalue of a Lua function
 * @v: the VM
 * @f: the function
 * @i: which, 0 the first
 *
 * Returns it, the caller's; NULL: it has none.
 */
char *luaval_upname(struct luaval *v, const struct lj_fn *f, unsigned i);

/**
 * luaval_loaded - package.loaded: registry._LOADED
 * @v: the VM
 *
 * Returns its GCtab, or 0. It was seen.
 */
uint64_t luaval_loaded(struct luaval *v);

/**
 * luaval_number - a value of type LJ_TNUM or LJ_TINT
 * @v: the VM
 * @tv: the value
 */
double luaval_number(const struct luaval *v, uint64_t tv);

/**
 * luaval_type - what type() says of a value
 * @type: LJ_T*; "?" for any other
 */
const char *luaval_type(uint32_t type);

/**
 * luaval_objects - all objects of a type that are not garbage
 * @v: the VM, with its limits
 * @type: LJ_T*, no string
 * @at: set to their addresses, the caller's
 * @n: set to their number
 *
 * As luaval_coroutines().
 */
int luaval_objects(struct luaval *v, uint32_t type, uint64_t **at, size_t *n);

/* struct luaval_co - a coroutine that is not garbage */
struct luaval_co {
	uint64_t L;
	int state;		/* LJ_CO_* */
	uint64_t fn;		/* fresh: the GCfunc it will run, else 0 */
};

/**
 * luaval_coroutines - all coroutines of a VM, the one it began with left out
 * @v: the VM, with its limits
 * @running: the lua_State that runs, or 0
 * @co: set, the caller's
 * @n: set to their number
 *
 * Those on the list of all objects. Returns 0; -1 if the list could not be
 * followed to its end: the collector changed it each time, or a limit. Then
 * there may be more. 0.4 s for 1 million objects.
 */
int luaval_coroutines(struct luaval *v, uint64_t running,
		      struct luaval_co **co, size_t *n);

#endif
