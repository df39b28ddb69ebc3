/* hostile.c - damaged and lying dumps: every command says so and lives.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes thousands of bad dumps from a good one, always the same ones, and
 * runs cat, fold and flame over each in this process. For each: exit status
 * 0, 1 or 2; no output with 2; as many samples folded as were read; no
 * complaint by the sanitizers this is built with.
 *
 * usage: hostile [ROUNDS [SEED]]
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libxml/parser.h>

#include "cmd.h"
#include "diag.h"
#include "mem.h"
#include "mkdump.h"
#include "read_dump.h"
#include "unit.h"

static char dir[] = "hostile.XXXXXX", in[64], out[64];
static unsigned long variants, status_seen[3];

/* -- Running the commands ----------------------------------------------- */

static int run(int (*cmd)(int, char **), const char *option)
{
	char *argv[] = { (char *)"ljstap", in, (char *)"-o", out,
			 (char *)option, NULL };
	int rc;

	diag_reset(NULL);
	unlink(out);
	rc = cmd(option ? 5 : 4, argv);
	CHECK(rc >= 0 && rc <= 2);
	CHECK((rc == 2) == (access(out, F_OK) != 0));
	if (rc >= 0 && rc <= 2)
		status_seen[rc]++;
	return rc;
}

static char *slurp(size_t *n)
{
	FILE *f = fopen(out, "r");
	char *p = NULL;
	size_t max = 0;

	*n = 0;
	while (f && !feof(f)) {
		max = *n + 65536;
		p = xrealloc(p, max + 1, 1);
		*n += fread(p + *n, 1, max - *n, f);
	}
	if (f)
		fclose(f);
	if (p)
		p[*n] = 0;
	return p;
}

static uint64_t sum_folded(void)
{
	size_t n;
	char *text = slurp(&n), *line, *rest = text;
	uint64_t sum = 0;

	CHECK(!text || strlen(text) == n);
	while ((line = strsep(&rest, "\n")) && rest) {
		const char *space = strrchr(line, ' ');

		CHECK(space && space > line);
		if (space)
			sum += strtoull(space + 1, NULL, 10);
	}
	free(text);
	return sum;
}

static void weigh(void *ctx, const struct dump_record *r)
{
	uint64_t *sum = ctx, w;

	if (!r->type || r->type->kind != LJD_KIND_sample)
		return;
	w = r->fixed.sample.weight;
	*sum += !w ? 1 : w > 1ull << 44 ? 1ull << 44 : w;
}

static uint64_t sum_samples(const unsigned char *p, size_t n)
{
	uint64_t sum = 0;
	struct dump_handler h = { weigh, NULL, &sum };
	struct input *mem = input_memory(p, n);
	struct dump_stats stats;

	diag_reset(NULL);
	read_dump(mem, &h, &stats);
	input_close(mem);
	return sum;
}

static void check_svg(void)
{
	size_t n;
	char *text = slurp(&n);
	xmlDocPtr doc;

	doc = xmlReadMemory(text, n, NULL, NULL,
			    XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
			    XML_PARSE_HUGE | XML_PARSE_NONET);
	CHECK(doc);
	xmlFreeDoc(doc);
	free(text);
}

static void try(const unsigned char *p, size_t n, const char *what)
{
	int before = unit_failed, fold;
	FILE *f = fopen(in, "w");

	variants++;
	if (!f || (n && fwrite(p, n, 1, f) != 1) || fclose(f))
		exit(99);
	run(cmd_cat, NULL);
	fold = run(cmd_fold, NULL);
	if (fold < 2)
		CHECK(sum_folded() == sum_samples(p, n));
	CHECK(run(cmd_fold, "--lines") == fold);
	if (fold < 2)
		CHECK(sum_folded() == sum_samples(p, n));
	/* Folded text is no dump, yet flame takes it. */
	if (run(cmd_flame, "--no-symbols") < 2)
		check_svg();
	if (unit_failed != before) {
		fprintf(stderr, "with: %s (variant %lu)\n", what, variants);
		f = fopen("hostile.failed", "w");
		if (f && n)
			fwrite(p, n, 1, f);
		if (f)
			fclose(f);
	}
}

/* -- Making bad dumps --------------------------------------------------- */

static uint64_t seed = 1;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return below ? (seed >> 16) % below : 0;
}

static uint32_t len_at(const unsigned char *p)
{
	struct ljd_head h;

	memcpy(&h, p, sizeof(h));
	return h.len;
}

static void truncations(const struct mkdump *m)
{
	size_t at = 0;

	while (at < m->n) {
		try(m->p, at, "cut between records");
		try(m->p, at + 5, "cut in a head");
		try(m->p, at + len_at(m->p + at) - 8, "cut in a record");
		/* The same at the other end: no start. */
		try(m->p + at, m->n - at, "no start");
		try(m->p + at + 3, m->n - at - 3, "no start, odd");
		at += len_at(m->p + at);
	}
}

/* Offsets of the records, in order. */
static size_t records(const struct mkdump *m, size_t *at)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i += len_at(m->p + i))
		at[n++] = i;
	return n;
}

static void append(struct mkdump *m, const unsigned char *p, size_t n)
{
	if (m->n + n > m->max) {
		m->max = (m->n + n) * 2;
		m->p = xrealloc(m->p, m->max, 1);
	}
	if (n)
		memcpy(m->p + m->n, p, n);
	m->n += n;
}

static void reorder(const struct mkdump *m, const size_t *at, size_t n)
{
	struct mkdump bad = { 0 };

	for (size_t i = 0; i < n; i++) {
		size_t len = len_at(m->p + at[i]);

		bad.n = 0;
		append(&bad, m->p, at[i]);
		append(&bad, m->p + at[i] + len, m->n - at[i] - len);
		try(bad.p, bad.n, "a record dropped");
		append(&bad, m->p + at[i], len);
		try(bad.p, bad.n, "a record moved to the end");
		append(&bad, m->p + at[i], len);
		try(bad.p, bad.n, "a record twice");
	}
	bad.n = 0;
	for (size_t i = n; i-- > 0;)
		append(&bad, m->p + at[i], len_at(m->p + at[i]));
	try(bad.p, bad.n, "all records in reverse");
	append(&bad, m->p, m->n);
	try(bad.p, bad.n, "everything twice");
	mkdump_free(&bad);
}

/* Words that lengths, ids and totals like least. */
static uint32_t nasty(void)
{
	static const uint32_t words[] = {
		0, 1, 7, 8, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000,
		0xfffffff, 0x10000000, 0x7fffffff, 0x80000000, 0xfffffff8,
		0xffffffff, LJD_SYNC, LJD_MAXLEN, LJD_MAXLEN + 8,
	};
	uint32_t i = rnd(sizeof(words) / sizeof(words[0]) + 2);

	return i < sizeof(words) / sizeof(words[0]) ? words[i] : rnd(1000);
}

/* Every word of every record, lying, with a sum that is right. */
static void lies(const struct mkdump *m, const size_t *at, size_t n)
{
	unsigned char *p = xmalloc(m->n);

	for (size_t i = 0; i < n; i++) {
		struct ljd_head h;
		size_t fixed;

		memcpy(&h, m->p + at[i], sizeof(h));
		fixed = LJD_FIXED(&h);
		for (size_t k = 4; k < fixed; k += 4) {
			uint32_t w = nasty();

			memcpy(p, m->p, m->n);
			memcpy(p + at[i] + k, &w, 4);
			if (k != offsetof(struct ljd_head, len))
				mkdump_resum(p + at[i]);
			try(p, m->n, "a lying field");
		}
	}
	free(p);
}

/* Change one place of one record; the sum tells of it, or it does not. */
static void mutate(const struct mkdump *m, unsigned char *p, const size_t *at,
		   size_t n)
{
	size_t i = at[rnd(n)];
	unsigned char *rec = p + i;
	uint32_t w = nasty(), len = len_at(m->p + i), k = 4 + rnd(len - 4);

	switch (rnd(4)) {
	case 0:		/* a bit, found by the sum */
		rec[k] ^= 1 << rnd(8);
		return;
	case 1:		/* a bit, not found */
		k = 16 + rnd(len - 16);
		rec[k] ^= 1 << rnd(8);
		break;
	case 2:		/* a word of the head or the fields */
		k &= ~3u;
		memcpy(rec + k, &w, 4);
		break;
	case 3:		/* a word of the body, most often of the tail */
		k = 24 + (rnd(len - 24) & ~3u);
		memcpy(rec + k, &w, 4);
		break;
	}
	if (len_at(rec) == len)
		mkdump_resum(rec);
}

static void fuzz(const struct mkdump *m, const size_t *at, size_t n,
		 unsigned long rounds)
{
	unsigned char *p = xmalloc(m->n);

	while (rounds--) {
		unsigned changes = 1 + rnd(12);

		memcpy(p, m->p, m->n);
		while (changes--)
			mutate(m, p, at, n);
		try(p, m->n - (rnd(8) ? 0 : rnd(m->n)), "fuzz");
	}
	free(p);
}

static void foreign(const struct mkdump *m)
{
	static const char elf[] = "\177ELF\2\1\1", text[] = "hello\nworld\n";
	unsigned char *p = xcalloc(1, m->n + 1);

	try(p, 0, "empty");
	try(p, m->n, "zeros");
	memset(p, 0xff, m->n);
	try(p, m->n, "ones");
	for (size_t i = 0; i < m->n; i++)
		p[i] = rnd(256);
	try(p, m->n, "noise");
	try((const unsigned char *)elf, sizeof(elf), "ELF");
	try((const unsigned char *)text, sizeof(text) - 1, "text");
	/* The sync word only, everywhere. */
	for (size_t i = 0; i < m->n; i++)
		p[i] = "{LJ}"[i % 4];
	try(p, m->n, "sync words");
	/* The other byte order. */
	for (size_t i = 0; i + 4 <= m->n; i += 4)
		for (size_t k = 0; k < 4; k++)
			p[i + k] = m->p[i + 3 - k];
	try(p, m->n, "other byte order");
	free(p);
}

int main(int argc, char **argv)
{
	unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 1500;
	struct mkdump m = { 0 };
	size_t *at, n;

	if (argc > 2)
		seed = strtoull(argv[2], NULL, 10);
	if (!mkdtemp(dir))
		return 99;
	snprintf(in, sizeof(in), "%s/in", dir);
	snprintf(out, sizeof(out), "%s/out", dir);
	mkdump_example(&m);
	at = xcalloc(m.records, sizeof(*at));
	n = records(&m, at);
	try(m.p, m.n, "the good dump");
	CHECK(status_seen[0] == 4);
	foreign(&m);
	truncations(&m);
	reorder(&m, at, n);
	lies(&m, at, n);
	fuzz(&m, at, n, rounds);
	printf("%lu dumps; status 0: %lu, 1: %lu, 2: %lu\n", variants,
	       status_seen[0], status_seen[1], status_seen[2]);
	free(at);
	mkdump_free(&m);
	unlink(in);
	unlink(out);
	rmdir(dir);
	xmlCleanupParser();
	return unit_verdict();
}
