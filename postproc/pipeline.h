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
#include "stackname.h"
#include "vmstates.h"
#include "waitkind.h"

struct pipeline_opts {
	const char *sysroot;	/* put before names of mapped files, or NULL */
	int no_symbols;		/* open no mapped file */
	int lines;		/* line by line */
	uint32_t pid;		/* of this process only; 0: of all */
	uint32_t vm;		/* in this VM only; 0: in all */
	unsigned states;	/* bit 1 << vmstates_kind: those only; 0: all */
	unsigned waits;		/* bit 1 << waitkind: likewise */
	int no_c;		/* without C code that Lua does not know of */
	int no_vm;		/* without the code of the VM itself */
	int closed_traces;	/* do not look into traces */
	int by_vm;		/* say in which VM frames are */
	int by_pid;		/* and in which process */
	int by_path;		/* and which file a system call was about */
	int no_types;		/* not what it is that was allocated */
	enum profile_weight weight;	/* what to add up */
	uint64_t from, to;	/* ns from the start, to: 0: to the end */
	int detail;		/* keep the fold line by line, too */
	int chart;		/* in order of time; of one process */
	int each;		/* keep samples one by one, too */
};

struct pipeline {
	struct pool *names;
	struct fold *fold;	/* finished */
	struct fold *detail;	/* line by line, finished; NULL: not kept */
	struct profile *profile;	/* NULL if the input was text */
	struct index *maps;	/* name of a C function -> profile->map[] */
	struct dump_stats stats;
	uint64_t taken;		/* samples in the fold */
	uint64_t state[VMSTATES_N];	/* them, by what the VM was doing */
	uint64_t wait[WAITKIND_N + 1];	/* weight, by why off the CPU */
	uint64_t place[STACKNAME_PLACES];	/* by what is known of where */
	uint64_t span;		/* ns from the start to the last sample */
};

/**
 * pipeline_open - fold an input, whatever it is
 * @in: a dump, folded text, or stacks of SystemTap
 * @o: how; text has no times and no processes to choose from
 *
 * Returns NULL, having said why, if there is nothing to show.
 */
struct pipeline *pipeline_open(struct input *in,
			       const struct pipeline_opts *o);

/**
 * pipeline_wants - whether a sample is one of those asked for
 * @p: the profile
 * @s: the sample
 * @o: what is asked for
 */
int pipeline_wants(const struct profile *p, const struct profile_sample *s,
		   const struct pipeline_opts *o);

/**
 * pipeline_time - when a sample was taken
 * @p: the profile
 * @s: the sample
 *
 * In ns from the start of the dump.
 */
uint64_t pipeline_time(const struct profile *p,
		       const struct profile_sample *s);

/**
 * pipeline_unit - what the counts of a pipeline count
 * @pl: the pipeline
 */
const char *pipeline_unit(const struct pipeline *pl);

/**
 * pipeline_free - give it all back
 * @pl: the pipeline, or NULL
 */
void pipeline_free(struct pipeline *pl);

#endif
