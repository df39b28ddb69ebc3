/* vmcode.c - addresses in the interpreter -> what its code is for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "bytecode.h"
#include "ffname.h"
#include "mem.h"
#include "vmcode.h"

#define HANDLER_MAX	0x100	/* bytes of an entry nothing follows */
/* In all releases, GC64 or not; tests/builds/vmcode.test compares. */
#define FUNCCW_MORE	4	/* bytes FUNCCW is longer than FUNCC */
#define ROR_LESS	12	/* bytes bit.ror is shorter than bit.rol */

struct handler {
	uint64_t addr;
	uint32_t op;		/* of a fast function: nbc and above */
};

struct vmcode {
	const struct profile *p;
	uint32_t id, nbc;
	uint64_t end;		/* the address after the last */
	struct handler *h;	/* by address, then by opcode */
	size_t n;
};

static int by_addr(const void *a, const void *b)
{
	const struct handler *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return x->op < y->op ? -1 : x->op > y->op;
}

struct vmcode *vmcode_new(const struct profile *p,
			  const struct profile_vm *vm)
{
	struct vmcode *c = xcalloc(1, sizeof(*c));

	c->p = p;
	c->id = vm->r.id;
	c->nbc = vm->r.nbc;
	c->end = vm->hi;
	c->n = vm->r.n;
	c->h = xmalloc(c->n * sizeof(*c->h));
	for (size_t k = 0; k < c->n; k++) {
		c->h[k].addr = vm->handler[k];
		c->h[k].op = k;
	}
	if (c->n)
		qsort(c->h, c->n, sizeof(*c->h), by_addr);
	return c;
}

void vmcode_free(struct vmcode *c)
{
	if (!c)
		return;
	free(c->h);
	free(c);
}

static int is_ff(const struct vmcode *c, size_t i)
{
	return c->h[i].op >= c->nbc;
}

/* The name its code has in LuaJIT: string.byte -> lj_ff_string_byte. */
static char *ff_symbol(const struct vmcode *c, uint32_t op)
{
	const char *name = ffname_op(c->p, c->id, op);
	char *symbol;

	if (!name)
		return xstrdup("[lj_ff]");
	symbol = xasprintf("lj_ff_%s", name);
	for (char *s = symbol; *s; s++)
		if (*s == '.' || *s == ':')
			*s = '_';
	return symbol;
}

/* Whether an address that far into entry i is in helpers behind it. */
static int is_helper(const struct vmcode *c, size_t i, uint64_t into)
{
	uint64_t size = HANDLER_MAX;

	if (i + 1 < c->n && (is_ff(c, i) || !is_ff(c, i + 1)))
		return 0;
	/* The one before it is of the same kind. */
	if (i && c->h[i].addr - c->h[i - 1].addr < HANDLER_MAX)
		size = c->h[i].addr - c->h[i - 1].addr;
	if (size < HANDLER_MAX && size > ROR_LESS)
		size = is_ff(c, i) ? size - ROR_LESS : size + FUNCCW_MORE;
	return into >= size;
}

char *vmcode_name(const struct vmcode *c, uint64_t ip)
{
	const struct bc_info *bc;
	size_t lo = 0, hi = c->n;
	uint64_t into;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->h[mid].addr <= ip)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || ip >= c->end)
		return NULL;
	into = ip - c->h[lo - 1].addr;
	/* In all releases the fast functions are between the two. */
	if (is_helper(c, lo - 1, into))
		return xstrdup(is_ff(c, lo - 1) ? "[lj_vm hook/exit/math]" :
						  "[lj_vm call/meta]");
	if (is_ff(c, lo - 1))
		return ff_symbol(c, c->h[lo - 1].op);
	bc = bytecode_info(c->nbc, c->h[lo - 1].op);
	return bc ? xasprintf("lj_BC_%s", bc->name) : xstrdup("[lj_vm]");
}
