/* jitbook.c - the books of a VM's JIT compiler.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bytecode.h"
#include "ljtypes.h"
#include "dump.h"
#include "jitbook.h"
#include "jitstate.h"
#include "mem.h"

/* lj_jit.h, lj_trace.c: the same in all of 2.1. */
#define PENALTY_MIN	72
#define PENALTY_MAX	60000
#define PENALTY_RANDOM	15	/* (1 << PENALTY_RNDBITS) - 1 */
#define LINK_INTERP	6	/* LJ_TRLINK_INTERP */
#define LINK_STITCH	8	/* LJ_TRLINK_STITCH */
#define AREAS		256	/* of machine code, at most */

/* struct known - a trace that was met. @count, @aborts: by exit */
struct known {
	uint64_t addr;		/* of the GCtrace; 0: none */
	struct jitstate_trace t;
	uint32_t proto, pos;	/* where it starts, as in the dump */
	unsigned char *count, *aborts;
	int isnew;
};

struct jitbook {
	struct remote *r;
	const struct remote_vm *vm;
	int (*out)(void *ctx, const void *rec, size_t len);
	void *ctx;
	int no_aborts;
	uint64_t since;		/* the last look; 0: there was none */
	uint64_t seen;
	struct jitstate now, last;
	unsigned char black[JITSTATE_SLOTS];	/* and that was told */
	uint64_t *array;	/* of GCtrace addresses */
	struct known *trace;
	size_t ntraces, maxtraces, maxarray;
	uint32_t stops;		/* that this look found */
};

/* -- Writing -------------------------------------------------------------- */

static const struct remote_place nowhere;

/* start: NULL: it is in the record already */
static void put(struct jitbook *b, struct ljd_jit *jit,
		const struct remote_place *start, const struct remote_place *at)
{
	if (!jit->count || (b->no_aborts && b->since &&
			    jit->what == LJD_jit_ABORT))
		return;
	jit->since = b->since;
	if (!remote_jit(b->r, b->vm, jit, start, at, !b->no_aborts, b->out,
			b->ctx))
		b->seen++;
}

static void put_stop(struct jitbook *b, uint32_t no)
{
	struct known *k = &b->trace[no];
	struct ljd_jit jit = {
		.what = LJD_jit_STOP, .count = 1, .trace = no,
		.parent = k->t.parent, .exitno = k->t.exitno,
		.link = k->t.link, .linktype = k->t.linktype,
		.szmcode = k->t.szmcode,
	};

	put(b, &jit, &k->t.start, &nowhere);
	k->proto = jit.proto;
	k->pos = jit.pos;
}

/* Its function may be gone with it. */
static void put_free(struct jitbook *b, uint32_t no)
{
	const struct known *k = &b->trace[no];
	struct ljd_jit jit = {
		.what = LJD_jit_FREE, .count = 1, .trace = no,
		.parent = k->t.parent, .exitno = k->t.exitno,
		.proto = k->proto, .pos = k->pos,
	};

	put(b, &jit, NULL, &nowhere);
}

/* exit_at - where the program goes on after an exit */
static struct remote_place exit_at(struct jitbook *b, uint32_t no,
				   uint32_t exitno)
{
	uint64_t pc = jitstate_exit_at(b->r, b->vm, &b->trace[no].t, exitno);
	struct remote_place at = { pc ? remote_proto(b->r, b->vm, pc) : 0, pc };

	return at;
}

static void put_exits(struct jitbook *b, uint32_t no, uint32_t exitno,
		      uint32_t count)
{
	const struct remote_place at = exit_at(b, no, exitno);
	const struct known *k = &b->trace[no];
	struct ljd_jit jit = {
		.what = LJD_jit_EXIT, .count = count, .trace = no,
		.exitno = exitno, .proto = k->proto, .pos = k->pos,
	};

	put(b, &jit, NULL, &at);
}

/* op_at - the bytecode that cannot be compiled, plus 1 */
static uint32_t op_at(struct jitbook *b, const struct remote_place *at)
{
	uint32_t ins;

	if (remote_read(b->r, &ins, sizeof(ins), at->pc))
		return 0;
	return bc_op(ins) + 1;
}

/* put_aborts - count of them, the last one at a place if that is known */
static void put_aborts(struct jitbook *b, struct ljd_jit *jit, uint32_t count,
		       const struct remote_place *start,
		       const struct remote_place *at)
{
	jit->what = LJD_jit_ABORT;
	jit->count = at->pc ? count - 1 : count;
	put(b, jit, start, &nowhere);
	if (!at->pc)
		return;
	if (jit->reason == LJD_trerr_NYIBC + 1)
		jit->op = op_at(b, at);
	jit->count = 1;
	put(b, jit, start, at);
}

/* ended_at - where the recorder was last, if it was not compiled */
static struct remote_place ended_at(const struct jitbook *b)
{
	return b->now.active || b->stops ? nowhere : b->now.at;
}

/* -- Root traces: penalties ----------------------------------------------- */

/* aborts_of - the first abort gives PENALTY_MIN, each one more doubles it and
 * adds so little that their number can be told
 */
static uint32_t aborts_of(uint32_t val)
{
	uint32_t n = 0;

	for (; val >= PENALTY_MIN; val /= 2)
		n++;
	return n;
}

/* is_blacklisted - was there one abort more, after which its loop or function
 * starts no trace any more?
 */
static int is_blacklisted(struct jitbook *b, const struct jitstate_penalty *p)
{
	const struct bc_info *info;
	uint32_t ins;

	if (!p->pc || p->val * 2 + PENALTY_RANDOM <= PENALTY_MAX ||
	    remote_read(b->r, &ins, sizeof(ins), p->pc))
		return 0;
	info = bytecode_info(b->vm->lay.nbc, bc_op(ins));
	return info && (info->op == BC_IFORL || info->op == BC_IITERL ||
			info->op == BC_ILOOP || info->op == BC_IFUNCF ||
			info->op == BC_ITERC);
}

static void put_root_aborts(struct jitbook *b, const struct jitstate_penalty *p,
			    uint32_t count, int black)
{
	struct remote_place start = { remote_proto(b->r, b->vm, p->pc), p->pc };
	struct ljd_jit jit = { .reason = p->reason + 1 };
	struct remote_place at = nowhere;

	/* Not its parent, too: each exit of a trace changes that. */
	if (b->now.startpc == p->pc)
		at = ended_at(b);
	put_aborts(b, &jit, count, &start, &at);
	if (!black)
		return;
	jit.what = LJD_jit_BLACKLIST;
	jit.count = 1;
	put(b, &jit, &start, &nowhere);
}

static void look_at_penalty(struct jitbook *b, unsigned i)
{
	const struct jitstate_penalty *p = &b->now.slot[i];
	const struct jitstate_penalty *old = &b->last.slot[i];
	uint32_t n = aborts_of(p->val), had = aborts_of(old->val);
	int black;

	if (old->pc != p->pc || had > n) {	/* used for another one */
		b->black[i] = 0;
		had = 0;
	}
	black = !b->black[i] && is_blacklisted(b, p);
	b->black[i] |= black;
	if (p->pc && n - had + black)
		put_root_aborts(b, p, n - had + black, black);
}

/* -- Side traces: exits ---------------------------------------------------- */

/* tried - side traces that were started at an exit and are not compiled */
static uint32_t tried(const struct jitbook *b, uint32_t no, uint32_t exitno,
		      uint32_t count)
{
	const struct jitstate *s = &b->now;

	if (count < s->hotexit)
		return 0;
	return count - s->hotexit +
	       !(s->active && s->parent == no && s->exitno == exitno);
}

static void put_side_aborts(struct jitbook *b, uint32_t no, uint32_t exitno,
			    uint32_t count)
{
	const struct remote_place start = exit_at(b, no, exitno);
	struct ljd_jit jit = { .parent = no, .exitno = exitno };
	struct remote_place at = nowhere;

	if (b->now.parent == no && b->now.exitno == exitno)
		at = ended_at(b);
	put_aborts(b, &jit, count, &start, &at);
}

static void look_at_exit(struct jitbook *b, uint32_t no, uint32_t exitno,
			 uint32_t count)
{
	struct known *k = &b->trace[no];
	uint32_t had = k->count[exitno], n;

	if (had == JITSTATE_DONE)
		return;
	if (count == JITSTATE_DONE) {
		if (!had)	/* else its side trace will be met */
			k->count[exitno] = JITSTATE_DONE;
		return;
	}
	if (count > had)
		put_exits(b, no, exitno, count - had);
	k->count[exitno] = count;
	n = tried(b, no, exitno, count);
	if (n <= k->aborts[exitno])
		return;
	put_side_aborts(b, no, exitno, n - k->aborts[exitno]);
	k->aborts[exitno] = n;
}

static void look_at_exits(struct jitbook *b, uint32_t no)
{
	const struct jitstate_trace *t = &b->trace[no].t;
	unsigned char count[JITSTATE_EXITS];

	for (uint32_t from = 0; from < t->nsnap; from += JITSTATE_EXITS) {
		uint32_t n = t->nsnap - from;

		if (n > JITSTATE_EXITS)
			n = JITSTATE_EXITS;
		if (jitstate_exits(b->r, b->vm, t, from, n, count))
			return;
		for (uint32_t i = 0; i < n; i++)
			look_at_exit(b, no, from + i, count[i]);
	}
}

/* look_at_link - what ends in a call of C was to go on in a trace behind it;
 * if that is aborted, it is linked to itself
 */
static void look_at_link(struct jitbook *b, uint32_t no)
{
	struct known *k = &b->trace[no];
	struct ljd_jit jit = {
		.what = LJD_jit_ABORT, .count = 1, .parent = no,
		.exitno = k->t.nsnap, .proto = k->proto, .pos = k->pos,
	};
	struct jitstate_trace now;

	if (k->t.linktype != LINK_STITCH ||
	    jitstate_trace(b->r, b->vm, k->addr, &now))
		return;
	if (now.link == no && k->t.link != no)
		put(b, &jit, NULL, &nowhere);
	k->t.link = now.link;
}

/* -- Traces --------------------------------------------------------------- */

static void forget(struct known *k)
{
	free(k->count);
	free(k->aborts);
	memset(k, 0, sizeof(*k));
}

static void add_trace(struct jitbook *b, uint32_t no, uint64_t addr)
{
	struct known *k = &b->trace[no];

	if (jitstate_trace(b->r, b->vm, addr, &k->t) || k->t.no != no)
		return;
	k->addr = addr;
	k->count = xcalloc(k->t.nsnap + 1, 1);
	k->aborts = xcalloc(k->t.nsnap + 1, 1);
	k->isnew = 1;
	b->stops++;
	put_stop(b, no);
}

/* aborts_before - side traces that were aborted before this one was compiled,
 * as far as it tells: one that leads to the interpreter is what is left after
 * all tries, or when its root has too many
 */
static uint32_t aborts_before(struct jitbook *b, const struct known *side)
{
	const struct known *root = side->t.root < b->ntraces ?
				   &b->trace[side->t.root] : NULL;
	struct jitstate_trace now;

	if (side->t.linktype != LINK_INTERP || !root || !root->addr ||
	    jitstate_trace(b->r, b->vm, root->addr, &now) ||
	    now.nchild > b->now.maxside)
		return 0;
	return b->now.tryside;
}

/* take_parent - a side trace started at the last of `hotexit' exits, or of so
 * many more as were aborted
 */
static void take_parent(struct jitbook *b, const struct known *side)
{
	uint32_t no = side->t.parent, exitno = side->t.exitno, aborts, exits;
	struct known *k = no < b->ntraces ? &b->trace[no] : NULL;

	if (!k || !k->addr || exitno >= k->t.nsnap)
		return;
	aborts = aborts_before(b, side);
	exits = b->now.hotexit + aborts;
	if (k->count[exitno] < exits)
		put_exits(b, no, exitno, exits - k->count[exitno]);
	k->count[exitno] = JITSTATE_DONE;
	if (k->aborts[exitno] < aborts)
		put_side_aborts(b, no, exitno, aborts - k->aborts[exitno]);
}

/* read_array - the addresses of all traces; -1: they cannot be read */
static int read_array(struct jitbook *b)
{
	while (b->ntraces < b->now.size) {
		b->trace = xgrow(b->trace, b->ntraces, &b->maxtraces,
				 sizeof(*b->trace));
		b->array = xgrow(b->array, b->ntraces, &b->maxarray,
				 sizeof(*b->array));
		memset(&b->trace[b->ntraces++], 0, sizeof(*b->trace));
	}
	return jitstate_array(b->r, b->vm, &b->now, b->array);
}

static void look_at_traces(struct jitbook *b)
{
	for (size_t no = 1; no < b->now.size; no++) {
		struct known *k = &b->trace[no];

		if (k->addr == b->array[no])
			continue;
		if (k->addr)
			put_free(b, no);
		forget(k);
		if (b->array[no])
			add_trace(b, no, b->array[no]);
	}
	for (size_t no = 1; no < b->now.size && b->stops; no++) {
		struct known *k = &b->trace[no];

		if (k->isnew && k->t.parent)
			take_parent(b, k);
		k->isnew = 0;
	}
}

/* -- Flushes -------------------------------------------------------------- */

/* flushed - is the machine code of the last look gone? New areas are put before
 * the old ones.
 */
static int flushed(struct jitbook *b)
{
	uint64_t area = b->now.area, next;

	if (!b->last.area)
		return 0;
	for (unsigned i = 0; area && i < AREAS; i++) {
		if (area == b->last.area)
			return 0;
		if (remote_read(b->r, &next, sizeof(next), area))
			break;
		area = next;
	}
	return 1;
}

static void flush(struct jitbook *b)
{
	struct ljd_jit jit = { .what = LJD_jit_FLUSH, .count = 1 };
	struct jitstate_trace now;

	/* The collector frees their memory later. */
	for (size_t no = 1; no < b->ntraces; no++) {
		struct known *k = &b->trace[no];

		if (k->addr && !jitstate_trace(b->r, b->vm, k->addr, &now) &&
		    now.mcode == k->t.mcode && now.snap == k->t.snap)
			look_at_exits(b, no);
		forget(k);
	}
	memset(b->last.slot, 0, sizeof(b->last.slot));
	put(b, &jit, &nowhere, &nowhere);
}

/* -- Looking -------------------------------------------------------------- */

struct jitbook *jitbook_new(struct remote *r, const struct remote_vm *vm,
			    int no_aborts,
			    int (*out)(void *ctx, const void *rec, size_t len),
			    void *ctx)
{
	struct jitbook *b = xcalloc(1, sizeof(*b));

	b->r = r;
	b->vm = vm;
	b->no_aborts = no_aborts;
	b->out = out;
	b->ctx = ctx;
	return b;
}

void jitbook_free(struct jitbook *b)
{
	if (!b)
		return;
	for (size_t no = 0; no < b->ntraces; no++)
		forget(&b->trace[no]);
	free(b->trace);
	free(b->array);
	free(b);
}

int jitbook_look(struct jitbook *b, int all)
{
	struct timespec ts;

	if (jitstate_read(b->r, b->vm, &b->now) || read_array(b))
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	b->stops = 0;
	if (flushed(b))
		flush(b);
	look_at_traces(b);
	for (unsigned i = 0; i < JITSTATE_SLOTS; i++)
		look_at_penalty(b, i);
	for (size_t no = 1; all && no < b->now.size; no++)
		if (b->trace[no].addr) {
			look_at_exits(b, no);
			look_at_link(b, no);
		}
	b->last = b->now;
	b->since = ts.tv_sec * 1000000000ull + ts.tv_nsec;
	return 0;
}

uint64_t jitbook_seen(const struct jitbook *b)
{
	return b->seen;
}
