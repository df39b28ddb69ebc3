/* export_pprof.c - a fold -> pprof's profile.proto, compressed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The messages and their numbers are those of google/pprof's
 * proto/profile.proto. A place in the code is a Location: a function, and the
 * line it was at. A C function's tells its file by a Mapping with build-id.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "export.h"
#include "framename.h"
#include "gzip.h"

enum { PROFILE_SAMPLE_TYPE = 1, PROFILE_SAMPLE, PROFILE_MAPPING,
       PROFILE_LOCATION, PROFILE_FUNCTION, PROFILE_STRING,
       PROFILE_TIME = 9, PROFILE_DURATION, PROFILE_PERIOD_TYPE,
       PROFILE_PERIOD, PROFILE_COMMENT };
enum { VALUE_TYPE = 1, VALUE_UNIT };
enum { SAMPLE_LOCATIONS = 1, SAMPLE_VALUES };
enum { MAPPING_ID = 1, MAPPING_START, MAPPING_LIMIT, MAPPING_OFFSET,
       MAPPING_FILE, MAPPING_BUILD_ID, MAPPING_HAS_FUNCTIONS };
enum { LOCATION_ID = 1, LOCATION_MAPPING, LOCATION_LINE = 4 };
enum { LINE_FUNCTION = 1, LINE_LINE };
enum { FUNCTION_ID = 1, FUNCTION_NAME, FUNCTION_SYSTEM_NAME, FUNCTION_FILE,
       FUNCTION_LINE };

#define LENGTH_DELIMITED	2

/* A message under construction. */
struct message {
	unsigned char *p;
	size_t n, max;
};

struct writer {
	const struct pipeline *pl;
	struct gzip *gzip;
	struct message sample, one, packed;
	struct pool *strings;	/* "" is 0 */
	struct index *locations;	/* name << 32 | line -> number */
	struct export_frame *location;
	size_t nlocations, maxlocations;
	uint64_t period;	/* ns of a sample; 0: samples tell no time */
};

/* -- Wire format -------------------------------------------------------- */

static void varint(struct message *m, uint64_t v)
{
	if (m->n + 10 > m->max) {
		m->max = m->max * 2 + 64;
		m->p = xrealloc(m->p, m->max, 1);
	}
	for (; v >= 0x80; v >>= 7)
		m->p[m->n++] = v | 0x80;
	m->p[m->n++] = v;
}

/* Zeros are not written. */
static void number(struct message *m, unsigned field, uint64_t v)
{
	if (!v)
		return;
	varint(m, field << 3);
	varint(m, v);
}

static void bytes(struct message *m, unsigned field, const void *p, size_t n)
{
	varint(m, field << 3 | LENGTH_DELIMITED);
	varint(m, n);
	if (m->n + n > m->max) {
		m->max = (m->n + n) * 2;
		m->p = xrealloc(m->p, m->max, 1);
	}
	if (n)
		memcpy(m->p + m->n, p, n);
	m->n += n;
}

/* Put a message into the one it belongs to, and empty it. */
static void nest(struct message *m, unsigned field, struct message *inner)
{
	bytes(m, field, inner->p, inner->n);
	inner->n = 0;
}

/* Write a message of the profile itself, and empty it. */
static void put(struct writer *w, unsigned field, struct message *m)
{
	struct message head = { NULL, 0, 0 };

	varint(&head, field << 3 | LENGTH_DELIMITED);
	varint(&head, m->n);
	gzip_write(w->gzip, head.p, head.n);
	gzip_write(w->gzip, m->p, m->n);
	free(head.p);
	m->n = 0;
}

static void put_number(struct writer *w, unsigned field, uint64_t v)
{
	number(&w->one, field, v);
	gzip_write(w->gzip, w->one.p, w->one.n);
	w->one.n = 0;
}

static uint64_t string(struct writer *w, const char *s, size_t n)
{
	return pool_add(w->strings, s, n);
}

static uint64_t text(struct writer *w, const char *s)
{
	return string(w, s, strlen(s));
}

/* -- Samples ------------------------------------------------------------ */

static uint64_t location_id(struct writer *w, const struct export_frame *f)
{
	uint64_t key = (uint64_t)f->name << 32 | (uint32_t)(f->line + 1);
	long i = index_get(w->locations, key);

	if (i < 0) {
		i = w->nlocations;
		w->location = xgrow(w->location, w->nlocations,
				    &w->maxlocations, sizeof(*w->location));
		w->location[w->nlocations++] = *f;
		index_put(w->locations, key, i);
	}
	return i + 1;
}

static void write_sample(void *ctx, const struct export_frame *frame, size_t n,
			 uint64_t count)
{
	struct writer *w = ctx;
	int64_t value = export_whole(w->pl->fold, count), time;

	if (!value)
		return;
	while (n-- > 0)		/* leaf first */
		varint(&w->packed, location_id(w, &frame[n]));
	nest(&w->sample, SAMPLE_LOCATIONS, &w->packed);
	varint(&w->packed, value);
	if (w->period) {
		if (__builtin_mul_overflow(value, (int64_t)w->period, &time))
			time = INT64_MAX;
		varint(&w->packed, time);
	}
	nest(&w->sample, SAMPLE_VALUES, &w->packed);
	put(w, PROFILE_SAMPLE, &w->sample);
}

/* -- What samples refer to ---------------------------------------------- */

static void write_mapping(struct writer *w, size_t i)
{
	const struct profile *p = w->pl->profile;
	const struct profile_map *m = &p->map[i];
	const struct profile_buildid *b = profile_buildid_of(p, m);
	char hex[2 * PROFILE_MAXBUILDID + 1] = "";

	for (size_t k = 0; b && k < b->n; k++)
		snprintf(hex + 2 * k, 3, "%02x", b->id[k]);
	number(&w->one, MAPPING_ID, i + 1);
	number(&w->one, MAPPING_START, m->r.start);
	number(&w->one, MAPPING_LIMIT, m->r.end);
	number(&w->one, MAPPING_OFFSET, m->r.pgoff);
	number(&w->one, MAPPING_FILE, text(w, m->path));
	number(&w->one, MAPPING_BUILD_ID, text(w, hex));
	number(&w->one, MAPPING_HAS_FUNCTIONS, 1);
	put(w, PROFILE_MAPPING, &w->one);
}

static void write_mappings(struct writer *w)
{
	const struct profile *p = w->pl->profile;

	for (size_t i = 0; p && i < p->nmaps; i++)
		if (*p->map[i].path && p->map[i].r.prot & LJD_prot_EXEC)
			write_mapping(w, i);
}

/* Functions have the numbers of their names, from 1. */
static void write_locations(struct writer *w)
{
	for (size_t i = 0; i < w->nlocations; i++) {
		const struct export_frame *f = &w->location[i];
		long map = index_get(w->pl->maps, f->name);

		number(&w->packed, LINE_FUNCTION, (uint64_t)f->name + 1);
		number(&w->packed, LINE_LINE, f->line < 0 ? 0 : f->line);
		number(&w->one, LOCATION_ID, i + 1);
		number(&w->one, LOCATION_MAPPING, map + 1);
		nest(&w->one, LOCATION_LINE, &w->packed);
		put(w, PROFILE_LOCATION, &w->one);
	}
}

static void write_functions(struct writer *w)
{
	size_t n = pool_count(w->pl->names);
	char *done = xcalloc(n, 1);
	struct framename fn;

	for (size_t i = 0; i < w->nlocations; i++) {
		unsigned id = w->location[i].name;
		const char *name = pool_str(w->pl->names, id);

		if (done[id]++)
			continue;
		framename_split(name, &fn);
		number(&w->one, FUNCTION_ID, (uint64_t)id + 1);
		number(&w->one, FUNCTION_NAME, text(w, name));
		number(&w->one, FUNCTION_SYSTEM_NAME, text(w, name));
		if (fn.file)
			number(&w->one, FUNCTION_FILE,
			       string(w, fn.file, fn.nfile));
		number(&w->one, FUNCTION_LINE, fn.line);
		put(w, PROFILE_FUNCTION, &w->one);
	}
	free(done);
}

/* -- The profile itself ------------------------------------------------- */

static void value_type(struct writer *w, unsigned field, const char *type,
		       const char *unit)
{
	number(&w->one, VALUE_TYPE, text(w, type));
	number(&w->one, VALUE_UNIT, text(w, unit));
	put(w, field, &w->one);
}

static void write_types(struct writer *w)
{
	const struct profile *p = w->pl->profile;
	unsigned weight = p ? p->header.weight : 0;

	if (weight == LJD_weight_NS)
		value_type(w, PROFILE_SAMPLE_TYPE, "time", "nanoseconds");
	else if (weight == LJD_weight_BYTES)
		value_type(w, PROFILE_SAMPLE_TYPE, "space", "bytes");
	else
		value_type(w, PROFILE_SAMPLE_TYPE, "samples", "count");
	if (!w->period)
		return;
	value_type(w, PROFILE_SAMPLE_TYPE, "cpu", "nanoseconds");
	value_type(w, PROFILE_PERIOD_TYPE, "cpu", "nanoseconds");
	put_number(w, PROFILE_PERIOD, w->period);
}

static void comment(struct writer *w, const char *what, const char *value)
{
	char *s;

	if (!value)
		return;
	s = xasprintf("%s%s", what, value);
	put_number(w, PROFILE_COMMENT, text(w, s));
	free(s);
}

static void write_facts(struct writer *w, const char *title)
{
	const struct profile *p = w->pl->profile;

	comment(w, "", title);
	comment(w, "exporter: ", PACKAGE_STRING);
	if (!p)
		return;
	comment(w, "host: ", profile_meta(p, "host"));
	comment(w, "command: ", profile_meta(p, "command"));
	put_number(w, PROFILE_TIME, p->header.realtime);
	if (p->end.time > p->header.time && p->header.time)
		put_number(w, PROFILE_DURATION, p->end.time - p->header.time);
}

static void write_strings(struct writer *w)
{
	for (size_t i = 0; i < pool_count(w->strings); i++) {
		bytes(&w->one, PROFILE_STRING, pool_str(w->strings, i),
		      pool_len(w->strings, i));
		gzip_write(w->gzip, w->one.p, w->one.n);
		w->one.n = 0;
	}
}

int export_pprof(const struct pipeline *pl, const char *title, FILE *out)
{
	struct writer w = { .pl = pl };
	const struct profile *p = pl->profile;
	int ret;

	w.gzip = gzip_new(out);
	w.strings = pool_new();
	w.locations = index_new();
	text(&w, "");
	if (p && p->header.weight == LJD_weight_SAMPLES && p->header.hz)
		w.period = 1000000000 / p->header.hz;
	write_types(&w);
	export_stacks(pl->fold, write_sample, &w);
	write_mappings(&w);
	write_locations(&w);
	write_functions(&w);
	write_facts(&w, title);
	write_strings(&w);
	ret = gzip_close(w.gzip);
	if (ret)
		diag_error("the profile cannot be compressed; report this as "
			   "a bug of ljstap");
	pool_free(w.strings);
	index_free(w.locations);
	free(w.location);
	free(w.sample.p);
	free(w.one.p);
	free(w.packed.p);
	return ret;
}
