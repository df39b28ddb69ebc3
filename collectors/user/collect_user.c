/* collect_user.c - collect a dump of what memory alone tells: without a probe,
 * and without the kernel's help.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "collect.h"
#include "diag.h"
#include "jitbook.h"
#include "mem.h"
#include "stop.h"
#include "target.h"
#include "vmpick.h"

#define LANE		1	/* of what tells of the process; 0: of its VMs */
#define EXITS_MS	250	/* to look at the exits of all traces */
#define MAPS_MS		1000
#define USAGE_MS	250

struct session {
	const struct collect *c;
	FILE *out;
	struct remote *r;
	struct target *target;
	struct jitbook **book;
	size_t nbooks, maxbooks;
	uint64_t looks;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static int on_record(void *ctx, const void *rec, size_t len)
{
	struct session *s = ctx;

	return fwrite(rec, len, 1, s->out) == 1 ? 0 : -1;
}

/* -- The process ---------------------------------------------------------- */

/* open_books - of all VMs. Returns 0, or -1 after saying that there are none */
static int open_books(struct session *s)
{
	const struct remote_vm *vm;
	size_t n = remote_find(s->r, &vm);

	for (size_t i = 0; i < n; i++) {
		struct jitbook *b = vm[i].check ? NULL :
			jitbook_new(s->r, &vm[i], on_record, s);

		if (b && jitbook_look(b, 1)) {
			jitbook_free(b);
			b = NULL;
		}
		if (!b) {
			diag_loss("process %" PRIu32 ", VM %zu: what its JIT "
				  "compiler does cannot be read; see ljstap "
				  "layout", s->c->pid[0], i + 1);
			continue;
		}
		s->book = xgrow(s->book, s->nbooks, &s->maxbooks,
				sizeof(*s->book));
		s->book[s->nbooks++] = b;
	}
	if (!n)
		vmpick_refuse(remote_maps(s->r));
	else if (!s->nbooks)
		diag_error("process %" PRIu32 ": no VM whose JIT compiler can "
			   "be looked at", s->c->pid[0]);
	return s->nbooks ? 0 : -1;
}

static void put_header(struct session *s)
{
	const struct collect *c = s->c;

	target_header(s->target, LJD_collector_USER, 0, LJD_weight_SAMPLES,
		      c->hz, c->duration, 2, "process_vm_readv");
	target_meta(s->target, "script", c->script);
	target_maps(s->target);
}

/* -- Looking -------------------------------------------------------------- */

static void tell_progress(const struct session *s, uint64_t ns)
{
	struct collect_progress p = { .seconds = ns / 1e9 };

	if (!s->c->progress)
		return;
	for (size_t i = 0; i < s->nbooks; i++)
		p.samples += jitbook_seen(s->book[i]);
	s->c->progress(s->c->ctx, &p);
}

static void look(struct session *s, int all)
{
	s->looks++;
	for (size_t i = 0; i < s->nbooks; i++)
		jitbook_look(s->book[i], all);
}

static void wait_until(uint64_t ns)
{
	const struct timespec ts = { ns / 1000000000, ns % 1000000000 };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

/* watch - until it is over: returns ENUM reason */
static uint32_t watch(struct session *s)
{
	uint64_t each = 1000000000 / s->c->hz, t = now_ns(), since = t;
	uint64_t next = t, exits = t, usage = t, maps = t;

	for (;;) {
		int all = t >= exits, over;

		over = stop_asked() ? LJD_reason_SIGNAL :
		       s->c->duration && t - since >= s->c->duration *
				1000000000ull ? LJD_reason_DURATION :
		       remote_ended(s->r) ? LJD_reason_EXIT : 0;
		look(s, all || over);
		if (over || ferror(s->out))
			return over;
		if (all)
			exits = t + EXITS_MS * 1000000ull;
		if (t >= usage) {
			target_usage(s->target);
			tell_progress(s, t - since);
			usage = t + USAGE_MS * 1000000ull;
		}
		if (t >= maps) {
			target_maps(s->target);
			maps = t + MAPS_MS * 1000000ull;
		}
		next = next + each > t ? next + each : t + each;
		wait_until(next);
		t = now_ns();
	}
}

static void put_end(struct session *s, uint32_t reason)
{
	struct ljd_end e = { .reason = reason, .hits = s->looks };

	remote_tally(s->r, &e);
	target_tally(s->target, &e);
	target_end(s->target, &e);
}

int collect_user(const struct collect *c, FILE *out)
{
	struct session s = { .c = c, .out = out };
	uint32_t reason;
	int ret = -1;

	s.r = remote_open(c->pid[0]);
	if (!s.r) {
		vmpick_refuse_pid(c->pid[0], errno);
		return -1;
	}
	stop_begin();
	s.target = target_new(c->pid[0], out, LANE);
	put_header(&s);
	if (!open_books(&s)) {
		reason = watch(&s);
		put_end(&s, reason);
		ret = 0;
	}
	stop_end();
	for (size_t i = 0; i < s.nbooks; i++)
		jitbook_free(s.book[i]);
	free(s.book);
	target_free(s.target);
	remote_close(s.r);
	return ret;
}
