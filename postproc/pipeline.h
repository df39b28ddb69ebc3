/* pipeline.h - the stages in a row: dump -> model -> names -> fold.
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
	uint32_t vm;		/* in this VM only; 0: in all */
	int by_vm;		/* say in which VM frames are */
};

struct pipeline {
	struct pool *names;
	struct fold *fold;	/* finished */
	struct profile *profile;	/* NULL if the input was folded text */
	struct dump_stats stats;
};

/**
 * pipeline_run - fold a dump
 * @in: the dump
 * @o: how
 *
 * Returns NULL, having said why, if there is nothing to show.
 */
struct pipeline *pipeline_run(struct input *in, const struct pipeline_opts *o);

/**
 * pipeline_text - take what was folded before
 * @in: folded text
 */
struct pipeline *pipeline_text(struct input *in);

/**
 * pipeline_free - give it all back
 * @pl: the pipeline, or NULL
 */
void pipeline_free(struct pipeline *pl);

#endif
