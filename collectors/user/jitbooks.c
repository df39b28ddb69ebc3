/* jitbooks.c - the books of the JIT compilers of all VMs of a process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "diag.h"
#include "jitbook.h"
#include "jitbooks.h"
#include "mem.h"
#include "vmpick.h"

#define EXITS_MS	250	/* to look at the exits of all traces */

struct jitbooks {
	struct jitbooks_opts o;
	struct remote *r;
	struct jitbook **book;
	size_t n, max;
	uint64_t exits;		/* ms: when to look at them again */
};

static int on_record(void *ctx, const void *rec, size_t len)
{
	struct jitbooks *s = ctx;

	return fwrite(rec, len, 1, s->o.out) == 1 ? 0 : -1;
}

static void add(struct jitbooks *s, const struct remote_vm *vm, size_t no)
{
	struct jitbook *b = NULL;

	if (!vm->check)
		b = jitbook_new(s->r, vm, s->o.no_aborts, on_record, s);
	if (!b || jitbook_look(b, 1)) {
		jitbook_free(b);
		diag_loss("process %" PRIu32 ", VM %zu: what its JIT compiler "
			  "does cannot be read; see ljstap layout", s->o.pid,
			  no);
		return;
	}
	s->book = xgrow(s->book, s->n, &s->max, sizeof(*s->book));
	s->book[s->n++] = b;
}

struct jitbooks *jitbooks_open(const struct jitbooks_opts *o)
{
	struct jitbooks *s = xcalloc(1, sizeof(*s));
	const struct remote_vm *vm;
	size_t n;

	s->o = *o;
	s->r = remote_open(o->pid);
	if (!s->r) {
		vmpick_refuse_pid(o->pid, errno);
		goto fail;
	}
	remote_number(s->r, o->lane, o->ids);
	n = remote_find(s->r, &vm);
	for (size_t i = 0; i < n; i++)
		add(s, &vm[i], i + 1);
	if (s->n)
		return s;
	if (!n)
		vmpick_refuse(remote_maps(s->r));
	else
		diag_error("process %" PRIu32 ": no VM whose JIT compiler can "
			   "be looked at", o->pid);
fail:
	jitbooks_close(s);
	return NULL;
}

void jitbooks_close(struct jitbooks *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		jitbook_free(s->book[i]);
	free(s->book);
	remote_close(s->r);
	free(s);
}

uint64_t jitbooks_look(struct jitbooks *s, int last)
{
	struct timespec ts;
	uint64_t ms, seen = 0;
	int all;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ms = ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
	all = last || ms >= s->exits;
	if (all)
		s->exits = ms + EXITS_MS;
	for (size_t i = 0; i < s->n; i++) {
		jitbook_look(s->book[i], all);
		seen += jitbook_seen(s->book[i]);
	}
	return seen;
}

int jitbooks_ended(const struct jitbooks *s)
{
	return remote_ended(s->r);
}

void jitbooks_tally(const struct jitbooks *s, struct ljd_end *end)
{
	remote_tally(s->r, end);
}
