/* pipeline.c - the stages in a row: dump -> model -> names -> fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "diag.h"
#include "load.h"
#include "pipeline.h"
#include "read_folded.h"
#include "stackname.h"

static struct pipeline *pipeline_new(void)
{
	struct pipeline *pl = xcalloc(1, sizeof(*pl));

	pl->names = pool_new();
	pl->fold = fold_new(pl->names);
	return pl;
}

void pipeline_free(struct pipeline *pl)
{
	if (!pl)
		return;
	fold_free(pl->fold);
	profile_free(pl->profile);
	pool_free(pl->names);
	free(pl);
}

/* Every sample gets into the fold, whatever is known of its stack. */
static void fold_samples(struct pipeline *pl, struct stackname *sn,
			 uint32_t pid, const char *input)
{
	const struct profile *p = pl->profile;
	const unsigned *name;
	size_t n;

	for (size_t i = 0; i < p->nsamples; i++) {
		if (pid && p->sample[i].pid != pid)
			continue;
		name = stackname_sample(sn, &p->sample[i], &n);
		fold_add(pl->fold, name, n, p->sample[i].weight);
	}
	if (stackname_lost(sn))
		diag_loss("%s: %" PRIu64 " frames are named by records that "
			  "are lost; they show as [lost ...]", input,
			  stackname_lost(sn));
}

struct pipeline *pipeline_run(struct input *in, const struct pipeline_opts *o)
{
	struct pipeline *pl = pipeline_new();
	struct stackname_opts named = { .lines = o->lines };
	struct symbolize *sym;
	struct stackname *sn;

	pl->profile = load_profile(in, &pl->stats);
	if (!pl->profile || load_check_usable(pl->profile, &pl->stats, o->pid,
					      input_name(in))) {
		pipeline_free(pl);
		return NULL;
	}
	sym = symbolize_new(pl->profile, o->sysroot, o->no_symbols);
	sn = stackname_new(pl->profile, sym, pl->names, &named);
	fold_samples(pl, sn, o->pid, input_name(in));
	stackname_free(sn);
	symbolize_free(sym);
	fold_finish(pl->fold);
	return pl;
}

struct pipeline *pipeline_text(struct input *in)
{
	struct pipeline *pl = pipeline_new();
	uint64_t bad;

	if (read_folded(pl->fold, in, &bad))
		goto fail;
	if (pl->fold->n == 1) {
		diag_error("%s: neither a dump nor folded stacks; give the "
			   "output of an ljstap script or of ljstap fold",
			   input_name(in));
		goto fail;
	}
	if (bad)
		diag_loss("%s: %" PRIu64 " lines are no folded stack and were "
			  "left out", input_name(in), bad);
	fold_finish(pl->fold);
	return pl;
fail:
	pipeline_free(pl);
	return NULL;
}
