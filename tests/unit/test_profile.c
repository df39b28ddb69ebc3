/* test_profile.c - pieces in any order make one model.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "diag.h"
#include "load.h"
#include "mem.h"
#include "mkdump.h"
#include "unit.h"

static struct profile *load(struct mkdump *m)
{
	struct input *in = input_memory(m->p, m->n);
	struct dump_stats stats;
	struct profile *p;

	diag_reset(NULL);
	p = load_profile(in, &stats, NULL, NULL);
	input_close(in);
	mkdump_free(m);
	return p;
}

static void pieces(void)
{
	const struct profile_proto *pt;
	struct mkdump m = { 0 };
	struct profile *p;
	char buf[8];

	mkdump_header(&m);
	/* Before their proto, out of order, one twice, one inside another. */
	mkdump_pdata(&m, 7, LJD_section_UVNAME, 4, "efgh", 4);
	mkdump_pdata(&m, 7, LJD_section_UVNAME, 0, "abcd", 4);
	mkdump_pdata(&m, 7, LJD_section_UVNAME, 0, "abcd", 4);
	mkdump_pdata(&m, 7, LJD_section_UVNAME, 5, "f", 1);
	mkdump_pdata(&m, 7, LJD_section_UVNAME, 100, "z", 1);
	mkdump_proto(&m, 7, "@a.lua", 1, 2, 3);
	p = load(&m);
	pt = profile_proto(p, 7);
	CHECK(pt && !strcmp(pt->chunk, "@a.lua"));
	CHECK(!profile_section(pt, LJD_section_UVNAME, 0, buf, 8));
	CHECK(!memcmp(buf, "abcdefgh", 8));
	CHECK(!profile_section(pt, LJD_section_UVNAME, 3, buf, 2));
	CHECK(!memcmp(buf, "de", 2));
	CHECK(profile_section(pt, LJD_section_UVNAME, 7, buf, 2) == -1);
	CHECK(!profile_section(pt, LJD_section_UVNAME, 100, buf, 1));
	CHECK(profile_section(pt, LJD_section_BC, 0, buf, 1) == -1);
	CHECK(!profile_proto(p, 8));
	profile_free(p);
}

static void lines(void)
{
	const unsigned char u8[] = { 1, 2, 255 };
	const lj_u16 u16[] = { 1, 300 };
	const lj_u32 u32[] = { 1, 70000 };
	struct mkdump m = { 0 };
	struct profile *p;

	mkdump_header(&m);
	mkdump_proto(&m, 1, "@a", 10, 255, 4);
	mkdump_pdata(&m, 1, LJD_section_LINE, 0, u8, sizeof(u8));
	mkdump_proto(&m, 2, "@a", 10, 300, 3);
	mkdump_pdata(&m, 2, LJD_section_LINE, 0, u16, sizeof(u16));
	mkdump_proto(&m, 3, "@a", 10, 70000, 3);
	mkdump_pdata(&m, 3, LJD_section_LINE, 0, u32, sizeof(u32));
	mkdump_proto(&m, 4, "@a", 10, 5, 3);
	p = load(&m);
	CHECK(profile_line(profile_proto(p, 1), 0) == 10);
	CHECK(profile_line(profile_proto(p, 1), 1) == 11);
	CHECK(profile_line(profile_proto(p, 1), 3) == 265);
	CHECK(profile_line(profile_proto(p, 1), 4) == 265);
	CHECK(profile_line(profile_proto(p, 1), 5) == -1);
	CHECK(profile_line(profile_proto(p, 2), 2) == 310);
	CHECK(profile_line(profile_proto(p, 3), 2) == 70010);
	CHECK(profile_line(profile_proto(p, 4), 1) == -1);
	CHECK(profile_line(profile_proto(p, 1), LJD_NOPOS) == -1);
	profile_free(p);
}

static void maps(void)
{
	struct ljd_map late = { .time = 50, .start = 0x1000, .end = 0x2000,
				.pid = MK_PID, .n = 4 };
	const struct profile_map *m1;
	struct profile *p = profile_new(NULL);
	struct ljd_map r = late;

	r.time = 10;
	r.end = 0x9000;
	profile_add_map(p, &late, "late");
	profile_add_map(p, &r, "wide");
	profile_add_map(p, &r, "wide");
	r.start = 0x3000;
	r.end = 0x4000;
	profile_add_map(p, &r, "high");
	profile_finish(p);
	CHECK(p->nmaps == 3);
	m1 = profile_map_at(p, MK_PID, 0x1800, 60);
	CHECK(m1 && !strcmp(m1->path, "late"));
	m1 = profile_map_at(p, MK_PID, 0x1800, 20);
	CHECK(m1 && !strcmp(m1->path, "wide"));
	m1 = profile_map_at(p, MK_PID, 0x1800, 5);
	CHECK(m1 && !strcmp(m1->path, "wide"));
	m1 = profile_map_at(p, MK_PID, 0x5000, 60);
	CHECK(m1 && !strcmp(m1->path, "wide"));
	CHECK(!profile_map_at(p, MK_PID, 0x9000, 60));
	CHECK(!profile_map_at(p, MK_PID, 0xfff, 60));
	CHECK(!profile_map_at(p, MK_PID + 1, 0x1800, 60));
	profile_free(p);
}

static void duplicates_complete(void)
{
	struct mkdump m = { 0 };
	struct profile *p;

	mkdump_header(&m);
	mkdump_proto(&m, 1, "", 0, 0, 9);
	mkdump_proto(&m, 1, "@late.lua", 5, 6, 8);
	mkdump_proto(&m, 1, "@x", 7, 7, 7);
	p = load(&m);
	CHECK(p->nprotos == 1);
	CHECK_STR(profile_proto(p, 1)->chunk, "@late.lua");
	CHECK(profile_proto(p, 1)->r.firstline == 5);
	CHECK(profile_proto(p, 1)->r.sizebc == 9);
	profile_free(p);
}

static void stacks(void)
{
	const uint64_t a[] = { 1, 2 }, b[] = { 1, 3 };
	struct ljd_sample r = { .n = 2, .weight = 5 };
	struct profile *p = profile_new(NULL);
	size_t n;

	profile_add_sample(p, &r, a, r.n);
	profile_add_sample(p, &r, b, r.n);
	profile_add_sample(p, &r, a, r.n);
	CHECK(p->nsamples == 3 && p->taken == 3);
	CHECK(p->nstacks == 2 && p->nsums == 2);
	CHECK(p->sum[0].weight == 10 && p->sum[0].count == 2);
	CHECK(p->sum[1].weight == 5 && p->sum[1].count == 1);
	CHECK(profile_stack(p, p->sum[1].stack, &n)[1] == 3 && n == 2);
	r.n = 0;
	r.weight = ~0ull;
	profile_add_sample(p, &r, a, r.n);
	profile_stack(p, p->sum[2].stack, &n);
	CHECK(n == 0 && p->sum[2].weight < ~0ull);
	profile_free(p);
	profile_free(NULL);
}

/* total - of three calls, two of them alike but for their bytes */
static uint64_t total(enum profile_weight weight, uint32_t unit)
{
	const struct profile_want want = { .weight = weight };
	struct profile *p = profile_new(&want);
	struct ljd_sample r = { .weight = 100, .bytes = 7,
				.call = LJD_call_READ, .file = 1 };
	uint64_t sum = 0;

	p->header.weight = LJD_weight_NS;
	profile_add_sample(p, &r, "", 0);
	r.bytes = 5;
	profile_add_sample(p, &r, "", 0);
	r.call = LJD_call_CLOSE;
	r.bytes = 0;
	profile_add_sample(p, &r, "", 0);
	profile_finish(p);
	CHECK(p->nsums == 2 && p->taken == 3);
	CHECK(p->sum[0].call == LJD_call_READ && p->sum[0].count == 2);
	CHECK(p->header.weight == unit);
	for (size_t i = 0; i < p->nsums; i++)
		sum += p->sum[i].weight;
	profile_free(p);
	return sum;
}

static void weights(void)
{
	CHECK(total(PROFILE_BY_DEFAULT, LJD_weight_NS) == 300);
	CHECK(total(PROFILE_BY_TIME, LJD_weight_NS) == 300);
	CHECK(total(PROFILE_BY_BYTES, LJD_weight_BYTES) == 12);
	CHECK(total(PROFILE_BY_COUNT, LJD_weight_SAMPLES) == 3);
}

static void files(void)
{
	const struct ljd_file r = { .id = 4, .ino = 9, .n = 8 };
	struct profile *p = profile_new(NULL);

	profile_add_file(p, &r, "/etc/motd??");
	profile_add_file(p, &r, "/another");
	CHECK_STR(profile_file(p, 4)->path, "/etc/mot");
	CHECK(profile_file(p, 4)->r.ino == 9);
	CHECK(!profile_file(p, 5));
	profile_free(p);
}

static void each_in_its_time(void)
{
	struct profile_want want = { .from = 10, .to = 20, .each = 1 };
	struct profile *p = profile_new(&want);
	struct ljd_sample r = { .weight = 1 };

	for (r.time = 1000; r.time < 1040; r.time++)
		profile_add_sample(p, &r, "", r.n);
	CHECK(p->nsamples == 40 && p->taken == 10 && p->nsums == 10);
	CHECK(p->sum[0].time == 1010 && p->sum[9].time == 1019);
	CHECK(p->span == 39);
	profile_free(p);
}

/* The same address is another function when its mapping is another one. */
static void epochs(void)
{
	const struct ljd_map a = { .start = 4096, .end = 8192, .ino = 1, .n = 2 };
	const struct ljd_map b = { .start = 4096, .end = 8192, .ino = 2, .n = 2 };
	struct profile *p = profile_new(NULL);
	struct ljd_sample r = { .weight = 1, .ip = 5000 };

	profile_add_map(p, &a, "/a");
	profile_add_sample(p, &r, "", r.n);
	profile_add_map(p, &a, "/a");
	profile_add_sample(p, &r, "", r.n);
	CHECK(p->nsums == 1 && p->nmaps == 1);
	profile_add_map(p, &b, "/b");
	profile_add_sample(p, &r, "", r.n);
	CHECK(p->nsums == 2 && p->nmaps == 2);
	profile_add_map(p, &a, "/a");
	profile_add_sample(p, &r, "", r.n);
	CHECK(p->nsums == 3 && p->nmaps == 3);
	profile_free(p);
}

static void meta(void)
{
	struct profile *p = profile_new(NULL);

	profile_add_meta(p, "host=web1", 9);
	profile_add_meta(p, "hostel=x", 8);
	CHECK_STR(profile_meta(p, "host"), "web1");
	CHECK_STR(profile_meta(p, "hostel"), "x");
	CHECK(!profile_meta(p, "hos"));
	profile_free(p);
}

int main(void)
{
	pieces();
	lines();
	maps();
	duplicates_complete();
	stacks();
	weights();
	files();
	each_in_its_time();
	epochs();
	meta();
	return unit_verdict();
}
