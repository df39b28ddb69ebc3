/* test_traceline.c - the line at an address in a trace, of sound and of
 * damaged traces.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stddef.h>
#include <string.h>

#include "mkdump.h"
#include "traceline.h"
#include "unit.h"

#ifdef HAVE_CAPSTONE
#define WITH_CODE	1
#else
#define WITH_CODE	0
#endif

/* The profile of a dump that is in memory. */
static struct profile *profile_of(const struct mkdump *m)
{
	struct profile *p = profile_new(NULL);
	size_t at = 0;

	while (at + sizeof(struct ljd_head) <= m->n) {
		union {
			uint64_t w[LJD_MAXLEN / 8];
			struct ljd_head h;
			struct ljd_vm vm;
			struct ljd_proto proto;
			struct ljd_pdata pdata;
			struct ljd_trace trace;
			struct ljd_tdata tdata;
		} r;
		uint32_t len;
		const unsigned char *tail;

		memcpy(&r.h, m->p + at, sizeof(r.h));
		len = r.h.len;
		memcpy(&r, m->p + at, len);
		tail = (unsigned char *)&r + LJD_FIXED(&r.h);
		if (LJD_KIND(&r.h) == LJD_KIND_vm)
			profile_add_vm(p, &r.vm, tail);
		else if (LJD_KIND(&r.h) == LJD_KIND_proto)
			profile_add_proto(p, &r.proto, tail);
		else if (LJD_KIND(&r.h) == LJD_KIND_pdata)
			profile_add_pdata(p, &r.pdata, tail);
		else if (LJD_KIND(&r.h) == LJD_KIND_trace)
			profile_add_trace(p, &r.trace);
		else if (LJD_KIND(&r.h) == LJD_KIND_tdata)
			profile_add_tdata(p, &r.tdata, tail);
		at += len;
	}
	profile_finish(p);
	return p;
}

static long line_at(struct traceline *tl, uint32_t ofs)
{
	const struct traceline_answer *a;

	a = traceline_at(tl, 1, MK_TRACECODE + ofs);
	if (!a->nframes)
		return -1;
	CHECK(a->frame[0].pt->r.id == MK_HEAVY);
	return profile_line(a->frame[a->nframes - 1].pt,
			    a->frame[a->nframes - 1].pos);
}

/* heavy()'s loop: line 7 is the for, line 8 the addition. */
static void test_lines(void)
{
	struct mkdump m = { 0 };
	struct traceline *tl;
	struct profile *p;

	mkdump_example_dict(&m);
	p = profile_of(&m);
	tl = traceline_new(p);
	if (WITH_CODE) {
		CHECK(line_at(tl, 0x10) == 7);	/* index read */
		CHECK(line_at(tl, 0x54) == 8);	/* first addition done */
		CHECK(line_at(tl, 0x57) == 7);	/* index counted */
		CHECK(line_at(tl, 0x5f) == 8);	/* loop start: at it */
		CHECK(line_at(tl, 0x6a) == 8);	/* addition in the loop */
		CHECK(line_at(tl, 0x6d) == 7);
		CHECK(traceline_at(tl, 1, MK_TRACECODE + 0x6a)->sure);
	} else {
		CHECK(line_at(tl, 0x64) == 8);
		CHECK(!traceline_at(tl, 1, MK_TRACECODE + 0x64)->sure);
	}
	CHECK(line_at(tl, 0x76) >= 7);		/* its last byte */
	CHECK(line_at(tl, 0x77) == -1);
	CHECK(!traceline_at(tl, 2, MK_TRACECODE)->nframes);
	/* The same address gives the same answer. */
	CHECK(traceline_at(tl, 1, MK_TRACECODE + 0x6a) ==
	      traceline_at(tl, 1, MK_TRACECODE + 0x6a));
	traceline_free(tl);
	profile_free(p);
	mkdump_free(&m);
}

static void ask_all(const struct mkdump *m)
{
	struct profile *p = profile_of(m);
	struct traceline *tl = traceline_new(p);

	for (uint32_t ofs = 0; ofs < 0x78; ofs += 5) {
		const struct traceline_answer *a;

		a = traceline_at(tl, 1, MK_TRACECODE + ofs);
		for (size_t i = 0; i < a->nframes; i++)
			CHECK(a->frame[i].pt != NULL);
	}
	traceline_free(tl);
	profile_free(p);
}

/* Every byte of every trace record wrong, and every piece cut short. */
static void test_damage(void)
{
	struct mkdump m = { 0 };
	size_t at = 0;
	uint32_t rnd = 1;

	mkdump_example_dict(&m);
	while (at < m.n) {
		struct ljd_head h;

		memcpy(&h, m.p + at, sizeof(h));
		for (size_t i = sizeof(h); i < h.len &&
		     (LJD_KIND(&h) == LJD_KIND_trace ||
		      LJD_KIND(&h) == LJD_KIND_tdata); i++) {
			unsigned char old = m.p[at + i];

			/* not the length of the tail: the reader looks at it */
			if (LJD_KIND(&h) == LJD_KIND_tdata &&
			    i / 4 == offsetof(struct ljd_tdata, n) / 4)
				continue;
			rnd = rnd * 1103515245 + 12345;
			m.p[at + i] = rnd >> 16;
			ask_all(&m);
			m.p[at + i] = 0xff;
			ask_all(&m);
			m.p[at + i] = old;
		}
		at += h.len;
	}
	mkdump_free(&m);
}

int main(void)
{
	test_lines();
	test_damage();
	return unit_verdict();
}
