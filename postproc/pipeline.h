/* pipeline.h - the stages in a row: dump or text -> fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The caller gets it all and gives it back at once with pipeline_free().
 */
#ifndef LJSTAP_PIPELINE_H
#define LJSTAP_PIPELINE_H

#include "fold.h"
#include "profile.h"
#include "read_dump.h"

struct pipeline_opts {
	const char *sysroot;	/* put before names of mapped files, or NULL */
	int no_symbols;		/* open no mapped file */
	int lines;		/* line by line */
	uint32_t pid;		/* of this process only; 0: of all */
};

struct pipeline {
	struct pool *names;
	struct fold *fold;	/* finished */
	struct profile *profile;	/* NULL if the input was text */
	struct dump_stats stats;
};

/**
 * pipeline_run - fold an input, whatever it is
 * @in: a dump, folded text, or stacks of SystemTap
 * @o: how; of text only the names are taken as they are
 *
 * Returns NULL, having said why, if there is nothing to show.
 */
struct pipeline *pipeline_run(struct input *in, const struct pipeline_opts *o);

/**
 * pipeline_free - give it all back
 * @pl: the pipeline, or NULL
 */
void pipeline_free(struct pipeline *pl);

#endif
