/* test_read_dump.c - records are found, damage is counted, lies refused.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "diag.h"
#include "mem.h"
#include "mkdump.h"
#include "read_dump.h"
#include "unit.h"

struct seen {
	unsigned records, samples, stretches;
	uint64_t bytes, at;
	struct dump_record last;
	char tail[64];
};

static void on_record(void *ctx, const struct dump_record *r)
{
	struct seen *s = ctx;

	s->records++;
	s->samples += r->type && r->type->kind == LJD_KIND_sample;
	s->last = *r;
	/* The tail itself is gone after this. */
	memcpy(s->tail, r->tail, r->n < 64 ? r->n : 0);
}

static void on_damage(void *ctx, uint64_t offset, uint64_t bytes)
{
	struct seen *s = ctx;

	s->stretches++;
	s->bytes += bytes;
	s->at = offset;
}

static int read_it(const void *p, size_t n, struct seen *seen,
		   struct dump_stats *stats)
{
	struct dump_handler h = { on_record, on_damage, seen };
	struct input *in = input_memory(p, n);
	int ret;

	memset(seen, 0, sizeof(*seen));
	diag_reset(NULL);
	ret = read_dump(in, &h, stats);
	read_dump_losses(stats, "x");
	input_close(in);
	return ret;
}

static void good(void)
{
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_example(&m);
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(seen.records == m.records);
	CHECK(seen.samples == m.samples && stats.samples == m.samples);
	CHECK(stats.has_header && stats.header.pid == MK_PID);
	CHECK(stats.has_end && stats.end.records == m.records - 1);
	CHECK(!stats.stretches && !stats.gaps && !stats.cut);
	CHECK(diag_status() == DIAG_OK);
	mkdump_free(&m);
}

static void damaged(void)
{
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;
	size_t second;

	mkdump_header(&m);
	second = m.n;
	mkdump_meta(&m, "a=b");
	mkdump_meta(&m, "c=d");
	mkdump_end(&m);
	m.p[second + 20] ^= 1;
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(seen.records == 3);
	CHECK(seen.stretches == 1 && seen.at == second);
	CHECK(seen.bytes == 40 && stats.damaged == 40);
	CHECK(stats.gaps == 1);
	CHECK(diag_status() == DIAG_LOSS);
	/* Bytes between records, at an odd place. */
	m.p[second + 20] ^= 1;
	memmove(m.p + second + 3, m.p + second, m.n - second - 8);
	CHECK(!read_it(m.p, m.n - 5, &seen, &stats));
	CHECK(stats.damaged && stats.records >= 3);
	mkdump_free(&m);
}

static void cut(void)
{
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_example(&m);
	CHECK(!read_it(m.p, m.n - 8, &seen, &stats));
	CHECK(stats.cut && !stats.has_end);
	CHECK(seen.records == m.records - 1);
	CHECK(diag_status() == DIAG_LOSS);
	mkdump_free(&m);
}

/* A newer writer's longer record, and an older one's shorter. */
static void other_sizes(void)
{
	struct { struct ljd_meta r; uint64_t more; } longer = {
		{ .n = 3 }, 0x1111111111111111ull };
	struct { struct ljd_head h; lj_u64 start; } shorter = {
		{ 0 }, 0x4711 };
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_header(&m);
	mkdump_record(&m, LJD_KIND_meta, &longer.r.h, sizeof(longer), "k=v", 3);
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(seen.last.n == 3 && !memcmp(seen.tail, "k=v", 3));
	mkdump_record(&m, LJD_KIND_buildid, &shorter.h, sizeof(shorter), NULL,
		      0);
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(seen.last.fixed.buildid.start == 0x4711);
	CHECK(seen.last.fixed.buildid.n == 0 && seen.last.n == 0);
	mkdump_free(&m);
}

static void unknown_kind(void)
{
	struct ljd_meta r = { .n = 0 };
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_header(&m);
	mkdump_record(&m, 999, &r.h, sizeof(r), NULL, 0);
	mkdump_end(&m);
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(stats.unknown == 1 && seen.records == 3);
	CHECK(diag_status() == DIAG_LOSS);
	mkdump_free(&m);
}

/* A tail longer than its record is damage, whatever the sum says. */
static void lying_tail(void)
{
	struct ljd_meta r = { .n = 1000 };
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_header(&m);
	mkdump_put(&m, meta, &r, "k=v", 3);
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(seen.records == 1 && stats.damaged == 40);
	mkdump_free(&m);
}

/* Those of words count words. */
static void lying_words(void)
{
	const uint64_t word = 1;
	struct ljd_cframe between = { .n = 2 };
	struct ljd_cstack stack = { .n = 2 };
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_header(&m);
	mkdump_put(&m, cframe, &between, &word, sizeof(word));
	mkdump_put(&m, cstack, &stack, &word, sizeof(word));
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(seen.records == 1);
	mkdump_free(&m);
}

static void lanes(void)
{
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_header(&m);
	m.lane = 1;
	m.seq = 2;
	mkdump_meta(&m, "c=3");
	m.seq = 0;
	mkdump_meta(&m, "a=1");
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(stats.gaps == 1);	/* 1.1 is missing, order is no loss */
	mkdump_free(&m);
}

static void refused(void)
{
	struct mkdump m = { 0 };
	struct dump_stats stats;
	struct seen seen;
	uint32_t version = LJD_VERSION + 1;

	CHECK(read_it("", 0, &seen, &stats) == -1);
	CHECK(read_it("\177ELF", 4, &seen, &stats) == -1);
	CHECK(diag_status() == DIAG_UNUSABLE);
	mkdump_header(&m);
	memcpy(m.p + sizeof(struct ljd_head), &version, 4);
	mkdump_resum(m.p);
	CHECK(read_it(m.p, m.n, &seen, &stats) == -1);
	mkdump_free(&m);
}

static void two_dumps(void)
{
	struct mkdump m = { 0 };
	struct ljd_header other = { .version = LJD_VERSION, .pid = 1 };
	struct dump_stats stats;
	struct seen seen;

	mkdump_header(&m);
	mkdump_end(&m);
	m.seq = 0;
	mkdump_put(&m, header, &other, NULL, 0);
	mkdump_meta(&m, "a=b");
	CHECK(!read_it(m.p, m.n, &seen, &stats));
	CHECK(stats.second && seen.records == 2);
	CHECK(diag_status() == DIAG_LOSS);
	mkdump_free(&m);
}

static void text(void)
{
	struct input *in = input_memory("a;b 1\n", 6);

	CHECK(read_dump_is_text(in));
	input_close(in);
	in = input_memory("{LJ}", 4);
	CHECK(!read_dump_is_text(in));
	input_close(in);
	in = input_memory("a\0b", 3);
	CHECK(!read_dump_is_text(in));
	input_close(in);
}

int main(void)
{
	good();
	damaged();
	cut();
	other_sizes();
	unknown_kind();
	lying_tail();
	lying_words();
	lanes();
	refused();
	two_dumps();
	text();
	return unit_verdict();
}
