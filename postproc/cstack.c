/* cstack.c - C code put between the Lua frames of samples.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "cstack.h"
#include "mem.h"

#define ALL_REGS	((1u << ELFFILE_NREGS) - 1)

struct pending {
	uint64_t time;
	uint32_t tid;
	unsigned list;
	int used;
};

struct cstacks {
	struct profile *p;
	struct mapfiles *files;
	struct pool *lists;		/* of frames */
	struct index *lanes;		/* lane -> what waits for its sample */
	struct pending *pending;
	size_t npending, maxpending;
	struct index *between;		/* cframe.id -> list */
	uint64_t *mem;			/* of one stack */
	size_t nmem, maxmem;
	uint64_t *out;
	size_t nout, maxout;
};

struct cstacks *cstacks_new(struct profile *p, struct mapfiles *files)
{
	struct cstacks *c = xcalloc(1, sizeof(*c));

	c->p = p;
	c->files = files;
	c->lists = pool_new();
	c->lanes = index_new();
	c->between = index_new();
	return c;
}

void cstacks_free(struct cstacks *c)
{
	if (!c)
		return;
	pool_free(c->lists);
	index_free(c->lanes);
	index_free(c->between);
	free(c->pending);
	free(c->mem);
	free(c->out);
	free(c);
}

#define GROUP	64	/* words that one word of bits tells of */

/* Spread the tail of a record over the memory it is of; at: that of s. */
static void spread(struct cstacks *c, const void *tail, size_t n, uint64_t at,
		   struct unwind_stack *s)
{
	const uint64_t *w = tail;
	uint64_t bits;

	c->nmem = 0;
	for (size_t i = 0; i < n;) {
		bits = w[i++];
		for (unsigned b = 0; b < GROUP; b++) {
			c->mem = xgrow(c->mem, c->nmem, &c->maxmem,
				       sizeof(*c->mem));
			c->mem[c->nmem++] = bits >> b & 1 && i < n ? w[i++] : 0;
		}
	}
	s->start = at & ~(GROUP * 8 - 1ull);
	s->mem = c->mem;
	s->n = c->nmem;
}

/* The list of a stack; between: the last of it is Lua's own code. */
static unsigned list_of(struct cstacks *c, const struct unwind_stack *s,
			int between)
{
	uint64_t addr[UNWIND_MAX + 1];
	enum unwind_end how;
	size_t n;

	profile_settle(c->p);
	how = unwind(c->p, c->files, s, addr, &n);
	if (between && how == UNWIND_WHOLE && n)
		n--;
	for (size_t i = 0; i < n; i++)
		addr[i] = (uint64_t)CSTACK_ADDR << 60 |
			  CSTACK_FRAME_ADDR(addr[i]);
	/* Where code of traces begins, Lua does. */
	if (how == UNWIND_CUT || how == UNWIND_NOFILE)
		addr[n++] = (uint64_t)CSTACK_CUT << 60 | how;
	return pool_add(c->lists, (char *)addr, n * sizeof(*addr));
}

static struct pending *lane_of(struct cstacks *c, uint32_t lane)
{
	long i = index_get(c->lanes, lane);

	if (i < 0) {
		i = c->npending;
		c->pending = xgrow(c->pending, c->npending, &c->maxpending,
				   sizeof(*c->pending));
		memset(&c->pending[c->npending++], 0, sizeof(*c->pending));
		index_put(c->lanes, lane, i);
	}
	return &c->pending[i];
}

void cstacks_add(struct cstacks *c, const struct ljd_cstack *r,
		 const void *tail)
{
	struct unwind_stack s = { .pid = r->pid, .time = r->time,
				  .end = r->end };
	const struct profile_vm *vm = profile_vm(c->p, r->vm);
	struct pending *w = lane_of(c, r->h.lane);
	const char *regs = (const char *)r + offsetof(struct ljd_cstack, rax);

	memcpy(s.regs.r, regs, sizeof(s.regs.r));
	s.regs.known = ALL_REGS;
	spread(c, tail, r->n, r->start, &s);
	if (vm) {
		s.vmlo = vm->lo;
		s.vmhi = vm->hi;
	}
	w->time = r->time;
	w->tid = r->tid;
	w->list = list_of(c, &s, 0);
	w->used = 1;
}

void cstacks_add_between(struct cstacks *c, const struct ljd_cframe *r,
			 const void *tail)
{
	struct unwind_stack s = { .pid = r->pid, .time = r->time,
				  .end = r->end };
	const struct profile_vm *vm = profile_vm(c->p, r->vm);

	if (!vm || !vm->r.n)
		return;
	spread(c, tail, r->n, r->start, &s);
	/* The frame is the same in all of the VM's code. */
	s.regs.r[ELFFILE_PC] = vm->handler[0];
	s.regs.r[ELFFILE_SP] = r->start;
	s.regs.known = 1u << ELFFILE_PC | 1u << ELFFILE_SP;
	index_put(c->between, r->id, list_of(c, &s, 1));
}

static void put(struct cstacks *c, uint64_t frame)
{
	c->out = xgrow(c->out, c->nout, &c->maxout, sizeof(*c->out));
	c->out[c->nout++] = frame;
}

static void put_list(struct cstacks *c, unsigned list)
{
	size_t n = pool_len(c->lists, list) / sizeof(uint64_t);
	const uint64_t *f = (const uint64_t *)(const void *)
			    pool_str(c->lists, list);

	for (size_t i = 0; i < n; i++)
		put(c, f[i]);
}

const uint64_t *cstacks_frames(struct cstacks *c, const struct ljd_sample *r,
			       const void *frames, size_t *n)
{
	struct pending *w = lane_of(c, r->h.lane);
	const uint64_t *f = frames;
	long list;

	c->nout = 0;
	if (w->used && r->flags & LJD_sample_CSTACK && w->time == r->time &&
	    w->tid == r->tid)
		put_list(c, w->list);
	w->used = 0;
	for (size_t i = 0; i < r->n; i++) {
		switch (LJD_FRAME_KIND(f[i])) {
		case LJD_frame_CO:
		case LJD_frame_VM:
		case LJD_frame_CFRAME:
			put(c, LJD_FRAME(LJD_FRAME_KIND(f[i]), 0,
					 LJD_FRAME_POS(f[i])));
			list = index_get(c->between, LJD_FRAME_ID(f[i]));
			if (list >= 0)
				put_list(c, list);
			break;
		case CSTACK_ADDR:
		case CSTACK_CUT:
			break;	/* no collector writes them */
		default:
			put(c, f[i]);
		}
	}
	*n = c->nout;
	return c->nout ? c->out : frames;
}
