/* pipeline.c - the stages in a row: dump -> model -> names -> fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

#include "chart.h"
#include "diag.h"
#include "load.h"
#include "pipeline.h"
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
	fold_free(pl->detail);
	profile_free(pl->profile);
	pool_free(pl->names);
	free(pl);
}

uint64_t pipeline_time(const struct profile *p,
		       const struct profile_sample *s)
{
	uint64_t start = p->header.time;

	if (!start && p->nsamples)
		start = p->sample[0].time;
	return s->time > start ? s->time - start : 0;
}

int pipeline_wants(const struct profile *p, const struct profile_sample *s,
		   const struct pipeline_opts *o)
{
	uint64_t at = pipeline_time(p, s);

	return (!o->pid || s->pid == o->pid) && (!o->vm || s->vm == o->vm) &&
	       at >= o->from && (!o->to || at < o->to);
}

/* Every sample wanted gets into the fold, whatever is known of its stack. */
static void fold_samples(struct pipeline *pl, struct stackname *sn,
			 struct stackname *lines,
			 const struct pipeline_opts *o)
{
	const struct profile *p = pl->profile;
	const unsigned *name;
	size_t n;

	for (size_t i = 0; i < p->nsamples; i++) {
		const struct profile_sample *s = &p->sample[i];

		if (pipeline_time(p, s) > pl->span)
			pl->span = pipeline_time(p, s);
		if (!pipeline_wants(p, s, o))
			continue;
		pl->taken++;
		name = stackname_sample(sn, s, &n);
		fold_add(pl->fold, name, n, s->weight);
		if (!pl->detail)
			continue;
		name = stackname_sample(lines, s, &n);
		fold_add(pl->detail, name, n, s->weight);
	}
}

/* Several Lua universes look alike in a picture: say that there are some. */
static void note_vms(const struct profile *p, const char *input)
{
	uint32_t first = 0, other = 0;
	size_t n = 0;

	for (size_t i = 0; i < p->nsamples && n < 2; i++) {
		uint32_t vm = p->sample[i].vm;

		if (!vm || vm == first || vm == other)
			continue;
		if (!n++)
			first = vm;
		else
			other = vm;
	}
	if (n > 1)
		diag_note("%s: samples of more than one Lua universe (VM %u, "
			  "%u, ...); --by-vm tells them apart, --vm=ID takes "
			  "one", input, first, other);
}

static int fold_profile(struct pipeline *pl, const struct pipeline_opts *o,
			const char *input)
{
	struct stackname_opts named = { .lines = o->lines,
					.by_vm = o->by_vm };
	struct stackname_opts by_line = { .lines = 1, .by_vm = o->by_vm };
	struct symbolize *sym = symbolize_new(pl->profile, o->sysroot,
					      o->no_symbols);
	struct stackname *sn = stackname_new(pl->profile, sym, pl->names,
					     &named);
	struct stackname *lines = NULL;
	int ret = 0;

	if (o->detail && !o->lines && !o->chart) {
		pl->detail = fold_new(pl->names);
		lines = stackname_new(pl->profile, sym, pl->names, &by_line);
	}
	if (o->chart)
		ret = chart_fold(pl, sn, o, input);
	else
		fold_samples(pl, sn, lines, o);
	if (!o->vm && !o->by_vm)
		note_vms(pl->profile, input);
	if (stackname_lost(sn))
		diag_loss("%s: %" PRIu64 " frames are named by records that "
			  "are lost; they show as [lost ...]", input,
			  stackname_lost(sn));
	stackname_free(lines);
	stackname_free(sn);
	symbolize_free(sym);
	return ret;
}

struct pipeline *pipeline_run(struct input *in, const struct pipeline_opts *o)
{
	struct pipeline *pl = pipeline_new();
	const char *name = input_name(in);

	pl->profile = load_profile(in, &pl->stats);
	if (!pl->profile ||
	    load_check_usable(pl->profile, &pl->stats, o->pid, name) ||
	    fold_profile(pl, o, name))
		goto fail;
	if (!pl->taken) {
		diag_error("%s: no samples in that time; the last one is %.2f "
			   "s from the start", name, pl->span / 1e9);
		goto fail;
	}
	if (o->chart)
		fold_finish_in_order(pl->fold);
	else
		fold_finish(pl->fold);
	if (pl->detail)
		fold_finish(pl->detail);
	return pl;
fail:
	pipeline_free(pl);
	return NULL;
}

struct pipeline *pipeline_open(struct input *in, const struct pipeline_opts *o)
{
	if (!read_dump_is_text(in))
		return pipeline_run(in, o);
	if (o->pid || o->vm || o->from || o->to || o->chart) {
		diag_error("%s: folded stacks tell neither processes nor "
			   "times; give the dump they were made of",
			   input_name(in));
		return NULL;
	}
	return pipeline_text(in);
}

struct pipeline *pipeline_text(struct input *in)
{
	struct pipeline *pl = pipeline_new();
	uint64_t bad;

	if (fold_read(pl->fold, in, &bad))
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
