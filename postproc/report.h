/* report.h - many dumps -> pages that can be looked through.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A folder: index.html with a row for each dump, and for each of them in
 * d/ID.* a page, a picture, a thumbnail, the difference to the dump before it
 * of the same target, and a row as text, from which a later run knows what
 * need not be done again.
 */
#ifndef LJSTAP_REPORT_H
#define LJSTAP_REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "pipeline.h"
#include "svg.h"

#define REPORT_TOPS	5

/* What a row tells. Strings are never NULL. */
struct report_row {
	char *input;		/* file name */
	char *id;		/* of its files in d/ */
	char *key;		/* what it was made of, and how */
	int64_t status;		/* DIAG_*: DIAG_UNUSABLE: no page */
	char *said;		/* messages, a line each */
	char *host, *command, *script;
	uint64_t pid, realtime, hz, ms, samples, lost;
	char *unit;
	char *top[REPORT_TOPS];		/* "57.7 % name", "" after the last */
	uint64_t state[VMSTATES_N];	/* samples */
	char *before;		/* report_row_mark() of the dump before it that
				 * it was compared with; "": none */
	char *change;		/* "+12.3 % name": the largest */
};

struct report_opts {
	const char *out;	/* folder */
	struct pipeline_opts how;
};

/**
 * report_row_new - a row without facts
 * @input: file name
 */
struct report_row *report_row_new(const char *input);

/**
 * report_row_free - give a row back
 * @r: the row, or NULL
 */
void report_row_free(struct report_row *r);

/**
 * report_row_same_target - whether two dumps are of one target
 * @a: a row
 * @b: another
 */
int report_row_same_target(const struct report_row *a,
			   const struct report_row *b);

/**
 * report_row_mark - a row, and what it was made of
 * @r: the row
 *
 * Returns a string to free().
 */
char *report_row_mark(const struct report_row *r);

/**
 * report_row_path - the name of one of a row's files
 * @o: the report
 * @r: the row
 * @ext: such as "svg"
 *
 * Returns a string to free().
 */
char *report_row_path(const struct report_opts *o, const struct report_row *r,
		      const char *ext);

/**
 * report_row_save - write a row as text
 * @r: the row
 * @path: where to
 *
 * Returns 0, or -1 after saying why not.
 */
int report_row_save(const struct report_row *r, const char *path);

/**
 * report_row_load - read it back
 * @r: the row, filled in
 * @path: where from
 *
 * Returns 0, or -1 if there is none.
 */
int report_row_load(struct report_row *r, const char *path);

/**
 * report_dump - make all files of a dump
 * @o: the report
 * @r: its row, filled in
 *
 * What is wrong with the dump gets into the row.
 */
void report_dump(const struct report_opts *o, struct report_row *r);

/**
 * report_compare - draw the difference of two dumps
 * @o: the report
 * @before: a row
 * @r: a later row of the same target; gets the largest change
 */
void report_compare(const struct report_opts *o,
		    const struct report_row *before, struct report_row *r);

/**
 * report_page - write the page of a dump
 * @o: the report
 * @r: its row
 * @pl: its pipeline, with detail
 *
 * Returns 0, or -1 after saying why not. So does report_index().
 */
int report_page(const struct report_opts *o, const struct report_row *r,
		const struct pipeline *pl);

/**
 * report_trends - write how each target changed over time, as small lines
 * @s: the index, in its body
 * @row: all rows, in order of targets and times
 * @n: how many
 *
 * Writes nothing if no target has two dumps.
 */
void report_trends(struct svg *s, struct report_row *const *row, size_t n);

/**
 * report_index - write index.html
 * @o: the report
 * @row: all rows, in order of targets and times
 * @n: how many
 */
int report_index(const struct report_opts *o, struct report_row *const *row,
		 size_t n);

#endif
