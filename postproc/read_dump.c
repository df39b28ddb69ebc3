/* read_dump.c - bytes of a raw dump -> records, found by their sync words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "mem.h"
#include "read_dump.h"

#define HEAD	sizeof(struct ljd_head)

struct lane {
	uint64_t records, last;
};

struct reader {
	struct input *in;
	const struct dump_handler *handler;
	struct dump_stats *stats;
	struct index *byname;		/* lane number -> lane */
	struct lane *lane;
	size_t nlanes, maxlanes;
	uint64_t bad_start, bad_bytes;	/* the stretch being skipped */
	unsigned char first[16];	/* of the file, to say what it is */
	size_t nfirst;
	int stop;
	uint64_t buf[LJD_MAXLEN / 8];	/* the record, aligned */
};

static uint32_t word(const unsigned char *p)
{
	uint32_t w;

	memcpy(&w, p, 4);
	return w;
}

/* Bytes of the record at p, 0 if there is no good one. */
static size_t verify(struct reader *r, const unsigned char *p, size_t n)
{
	struct ljd_head h;

	if (n < HEAD || word(p) != LJD_SYNC)
		return 0;
	memcpy(&h, p, HEAD);
	if (h.len < HEAD || h.len > LJD_MAXLEN || h.len % 8 || h.len > n)
		return 0;
	if (LJD_FIXED(&h) < HEAD || LJD_FIXED(&h) > h.len ||
	    LJD_FIXED(&h) % 8)
		return 0;
	memcpy(r->buf, p, h.len);
	return ljd_sum(r->buf) == h.sum ? h.len : 0;
}

/* Spread the record in buf; -1 if its tail does not fit into it. */
static int decode(struct reader *r, struct dump_record *rec)
{
	const struct ljd_head *h = (const struct ljd_head *)r->buf;
	size_t fixed = LJD_FIXED(h), room = h->len - fixed;

	memset(&rec->fixed, 0, sizeof(rec->fixed));
	rec->type = dumptab_type(LJD_KIND(h));
	rec->tail = (const unsigned char *)r->buf + fixed;
	rec->n = 0;
	rec->offset = input_offset(r->in);
	if (!rec->type) {
		memcpy(&rec->fixed.h, r->buf, HEAD);
		return 0;
	}
	memcpy(&rec->fixed, r->buf,
	       fixed < rec->type->size ? fixed : rec->type->size);
	if (rec->type->tail == DUMP_NONE)
		return 0;
	rec->n = dumptab_get(&rec->fixed, rec->type, "n");
	if (rec->type->tail == DUMP_WORDS)
		return rec->n > room / 8 ? -1 : 0;
	return rec->n > room ? -1 : 0;
}

static void count_lane(struct reader *r, const struct ljd_head *h)
{
	long i = index_get(r->byname, h->lane);

	if (i < 0) {
		i = r->nlanes;
		r->lane = xgrow(r->lane, r->nlanes, &r->maxlanes,
				sizeof(*r->lane));
		r->lane[r->nlanes++] = (struct lane){ 0, 0 };
		index_put(r->byname, h->lane, i);
	}
	r->lane[i].records++;
	if (h->seq > r->lane[i].last)
		r->lane[i].last = h->seq;
}

static void count_gaps(struct reader *r)
{
	for (size_t i = 0; i < r->nlanes; i++)
		if (r->lane[i].last + 1 > r->lane[i].records)
			r->stats->gaps += r->lane[i].last + 1 -
					  r->lane[i].records;
}

/* Tallies, and whether the record is one to stop at. */
static void count(struct reader *r, const struct dump_record *rec)
{
	struct dump_stats *s = r->stats;

	if (rec->type && rec->type->kind == LJD_KIND_header) {
		if (!s->has_header) {
			s->header = rec->fixed.header;
			s->has_header = 1;
		} else if (memcmp(&s->header, &rec->fixed.header,
				  sizeof(s->header))) {
			s->second = r->stop = 1;
			return;
		}
		if (rec->fixed.header.version != LJD_VERSION)
			r->stop = 1;
	}
	s->records++;
	count_lane(r, &rec->fixed.h);
	if (!rec->type) {
		s->unknown++;
	} else if (rec->type->kind == LJD_KIND_end) {
		s->end = rec->fixed.end;
		s->has_end = 1;
	} else if (rec->type->kind == LJD_KIND_sample) {
		s->samples++;
	}
}

static void end_stretch(struct reader *r)
{
	if (!r->bad_bytes)
		return;
	r->stats->stretches++;
	r->stats->damaged += r->bad_bytes;
	if (r->handler->damaged)
		r->handler->damaged(r->handler->ctx, r->bad_start,
				    r->bad_bytes);
	r->bad_bytes = 0;
}

/* Drop bytes up to what may be the next sync word. */
static void skip_bad(struct reader *r, const unsigned char *p, size_t n)
{
	const uint32_t sync = LJD_SYNC;
	const unsigned char *next;
	size_t bytes = n;

	next = n > 1 ? memchr(p + 1, *(const unsigned char *)&sync, n - 1) :
		       NULL;
	if (next)
		bytes = next - p;
	if (!r->bad_bytes)
		r->bad_start = input_offset(r->in);
	r->bad_bytes += bytes;
	input_skip(r->in, bytes);
}

static void read_all(struct reader *r)
{
	struct dump_record rec;
	const unsigned char *p;
	size_t n, len;

	while (!r->stop && (n = input_window(r->in, LJD_MAXLEN, &p))) {
		if (!input_offset(r->in)) {
			r->nfirst = n < 16 ? n : 16;
			memcpy(r->first, p, r->nfirst);
		}
		len = verify(r, p, n);
		if (!len || decode(r, &rec)) {
			skip_bad(r, p, n);
			continue;
		}
		end_stretch(r);
		count(r, &rec);
		if (!r->stop)
			r->handler->record(r->handler->ctx, &rec);
		input_skip(r->in, len);
	}
	r->stats->cut = r->bad_bytes > 0;
	end_stretch(r);
}

/* -- What it is, if it is no dump --------------------------------------- */

/* Names may hold a control character, but not many. */
static int is_text(const unsigned char *p, size_t n)
{
	size_t control = 0;

	for (size_t i = 0; i < n; i++)
		control += p[i] < '\t' || (p[i] > '\r' && p[i] < ' ');
	return control * 8 < n;
}

/* What a file with this start is known to be, or NULL. */
static const char *known_as(const unsigned char *p, size_t n)
{
	static const struct { const char *magic, *what; } known[] = {
		{ "\177ELF", "an ELF file (a program or a kernel module)" },
		{ "\037\213", "a gzip file; unpack it first" },
		{ "\xfd" "7zXZ", "an xz file; unpack it first" },
		{ "\x28\xb5\x2f\xfd", "a zstd file; unpack it first" },
		{ "BZh", "a bzip2 file; unpack it first" },
		{ "PK\003\004", "a zip file" },
		{ "PERFILE2", "a perf.data file" },
		{ "<svg", "an SVG picture" },
		{ "<?xml", "an XML file, perhaps a picture already" },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (n >= strlen(known[i].magic) &&
		    !memcmp(p, known[i].magic, strlen(known[i].magic)))
			return known[i].what;
	return NULL;
}

static const char *looks_like(const unsigned char *p, size_t n)
{
	const char *what = known_as(p, n);

	if (what)
		return what;
	return is_text(p, n) ? "text" : "some other binary file";
}

static int refuse(const struct reader *r)
{
	const char *name = input_name(r->in);
	uint32_t swapped = __builtin_bswap32(LJD_SYNC);

	if (!r->nfirst)
		diag_error("%s: empty file; did the collector start?", name);
	else if (r->nfirst >= 4 && word(r->first) == swapped)
		diag_error("%s: written on a machine of the other byte order; "
			   "read it there", name);
	else if (r->nfirst >= 4 && word(r->first) == LJD_SYNC)
		diag_error("%s: a dump, but no record of it is whole; "
			   "take it again", name);
	else
		diag_error("%s: not a dump, looks like %s; give the output "
			   "of an ljstap script", name,
			   looks_like(r->first, r->nfirst));
	return -1;
}

static int judge(const struct reader *r)
{
	const struct dump_stats *s = r->stats;

	if (input_failed(r->in))
		return -1;
	if (s->has_header && s->header.version != LJD_VERSION) {
		diag_error("%s: dump format %u, this program reads %u; use "
			   "the ljstap that came with the script",
			   input_name(r->in), s->header.version, LJD_VERSION);
		return -1;
	}
	return s->records ? 0 : refuse(r);
}

int read_dump(struct input *in, const struct dump_handler *handler,
	      struct dump_stats *stats)
{
	struct reader *r = xcalloc(1, sizeof(*r));
	int ret;

	memset(stats, 0, sizeof(*stats));
	r->in = in;
	r->handler = handler;
	r->stats = stats;
	r->byname = index_new();
	read_all(r);
	count_gaps(r);
	ret = judge(r);
	index_free(r->byname);
	free(r->lane);
	free(r);
	return ret;
}

static void end_losses(const struct ljd_end *e, const char *name)
{
	if (e->emitfail)
		diag_loss("%s: the output had no room for %llu records; "
			  "sample less often or use a bigger buffer",
			  name, e->emitfail);
	if (e->busy)
		diag_loss("%s: %llu of %llu hits were skipped, they came too "
			  "fast: sums are too small by about as much", name,
			  e->busy, e->hits);
	if (e->reason == LJD_reason_ERROR)
		diag_loss("%s: the script gave up before its time; see what "
			  "it said", name);
}

/* end.records counts what came before it, the gaps what lanes lack. */
static uint64_t lost(const struct dump_stats *s)
{
	uint64_t lost = s->gaps;

	if (s->has_end && s->end.records > s->records - 1 &&
	    s->end.records - (s->records - 1) > lost)
		lost = s->end.records - (s->records - 1);
	return lost;
}

void read_dump_losses(const struct dump_stats *s, const char *name)
{
	unsigned long long n;

	if (s->stretches)
		diag_loss("%s: %llu damaged bytes in %llu places; the rest "
			  "is used", name, (unsigned long long)s->damaged,
			  (unsigned long long)s->stretches);
	n = lost(s);
	if (n)
		diag_loss("%s: %llu records lost, %llu read; sample less "
			  "often or use a bigger buffer", name, n,
			  (unsigned long long)s->records);
	if (s->unknown)
		diag_loss("%s: %llu records of a newer kind skipped; use a "
			  "newer ljstap", name, (unsigned long long)s->unknown);
	if (!s->has_header)
		diag_loss("%s: no header; the start of the dump is missing",
			  name);
	if (!s->has_end)
		diag_loss("%s: no end record, the dump is cut off%s; let the "
			  "script finish", name,
			  s->cut ? " in a record" : "");
	if (s->second)
		diag_loss("%s: another dump follows in the same file; split "
			  "them, only the first was read", name);
	if (s->has_end)
		end_losses(&s->end, name);
}

int read_dump_is_text(struct input *in)
{
	const uint32_t sync = LJD_SYNC;
	const unsigned char *p;
	size_t n = input_window(in, 4096, &p);

	if (n > 4096)
		n = 4096;
	return is_text(p, n) && !known_as(p, n) && !memmem(p, n, &sync, 4);
}
