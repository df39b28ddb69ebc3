/* read_dump.h - bytes of a raw dump -> records, found by their sync words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A record and its tail last only during the callback. Says what was wrong
 * with the file as a whole; knows nothing of what records mean.
 */
#ifndef LJSTAP_READ_DUMP_H
#define LJSTAP_READ_DUMP_H

#include "dumptab.h"
#include "input.h"

struct dump_record {
	const struct dump_type *type;	/* NULL: a kind from a newer format */
	union dump_fixed fixed;		/* what an older writer lacks is 0 */
	const unsigned char *tail;	/* 8-aligned */
	size_t n;			/* bytes, or words, of the tail */
	uint64_t offset;		/* in the file */
};

struct dump_handler {
	/* Called for every good record. */
	void (*record)(void *ctx, const struct dump_record *r);
	/* Called for every stretch of bytes that is none; may be NULL. */
	void (*damaged)(void *ctx, uint64_t offset, uint64_t bytes);
	void *ctx;
};

/* What became of the records of a dump. */
struct dump_stats {
	uint64_t records;	/* good ones, end and unknown kinds included */
	uint64_t samples;
	uint64_t unknown;	/* of a kind from a newer format */
	uint64_t stretches;	/* of damaged bytes */
	uint64_t damaged;	/* bytes in them */
	uint64_t gaps;		/* numbers missing in the lanes */
	int cut;		/* the last stretch reaches the end */
	int second;		/* another dump follows; it was not read */
	int has_header, has_end;
	struct ljd_header header;
	struct ljd_end end;
};

/**
 * read_dump - read all records
 * @in: where from
 * @handler: who gets them
 * @stats: filled in
 *
 * Returns 0 if there were records of this format, else says why not and
 * returns -1.
 */
int read_dump(struct input *in, const struct dump_handler *handler,
	      struct dump_stats *stats);

/**
 * read_dump_losses - say what a dump lacks, one line each
 * @stats: from read_dump()
 * @name: what messages call the dump
 */
void read_dump_losses(const struct dump_stats *stats, const char *name);

/**
 * read_dump_is_text - whether an input is text rather than a dump
 * @in: the input; nothing of it is used up
 */
int read_dump_is_text(struct input *in);

#endif
