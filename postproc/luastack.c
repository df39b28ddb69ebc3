/* luastack.c - where coroutines of a live VM are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backtrace.h"
#include "luastack.h"
#include "mem.h"
#include "remote.h"
#include "target.h"

/* struct luastack - what samples refer to is told once, and kept */
struct luastack {
	struct remote *r;
	const struct remote_vm *vm;
	uint32_t pid;
	char *known;		/* header, maps, names */
	size_t len;
	FILE *out;		/* where to that is written */
	struct target *target;
	uint32_t nrecords;
	struct ljd_head *sample;	/* the last one */
};

/* A record of the sampled lane: numbered as if there had been no samples
 * before it.
 */
static void write_record(const struct luastack *s, struct ljd_head *h, FILE *f)
{
	h->seq = s->nrecords;
	h->sum = ljd_sum(h);
	fwrite(h, h->len, 1, f);
}

static int put(void *ctx, const void *rec, size_t len)
{
	struct luastack *s = ctx;
	struct ljd_head *h = xmalloc(len);

	memcpy(h, rec, len);
	if (LJD_KIND(h) == LJD_KIND_sample) {
		free(s->sample);
		s->sample = h;
		return 0;
	}
	write_record(s, h, s->out);
	s->nrecords++;
	free(h);
	return ferror(s->out) ? -1 : 0;
}

struct luastack *luastack_new(uint32_t pid, struct remote *r,
			      const struct remote_vm *vm)
{
	struct luastack *s = xcalloc(1, sizeof(*s));

	s->pid = pid;
	s->r = r;
	s->vm = vm;
	s->out = open_memstream(&s->known, &s->len);
	if (!s->out)
		return s;
	s->target = target_new(pid, s->out, 1);
	target_header(s->target, LJD_collector_USER, 0, LJD_weight_SAMPLES, 0,
		      0, LJD_MAXFRAMES, "process_vm_readv");
	target_maps(s->target);
	remote_names(r, vm, put, s);
	return s;
}

void luastack_free(struct luastack *s)
{
	if (!s)
		return;
	target_free(s->target);
	if (s->out)
		fclose(s->out);
	free(s->known);
	free(s->sample);
	free(s);
}

/* All that is known, the sample, an end. */
static char *whole(struct luastack *s, size_t *len)
{
	struct ljd_end end = { .reason = LJD_reason_DURATION, .samples = 1,
			       .hits = 1, .records = s->nrecords + 1 };
	char *buf = NULL;
	FILE *f = open_memstream(&buf, len);
	struct target *t;

	if (!f)
		return NULL;
	fflush(s->out);
	fwrite(s->known, s->len, 1, f);
	write_record(s, s->sample, f);
	t = target_new(s->pid, f, 1);
	target_end(t, &end);
	target_free(t);
	fclose(f);
	return buf;
}

struct backtraces *luastack_read(struct luastack *s, uint64_t L)
{
	struct backtraces *b = NULL;
	char *buf;
	size_t len;

	free(s->sample);
	s->sample = NULL;
	if (!s->out || remote_sample_L(s->r, s->vm, L, 0, put, s) ||
	    !s->sample)
		return NULL;
	buf = whole(s, &len);
	if (buf)
		b = backtraces_read(buf, len);
	free(buf);
	return b;
}
