/* pipeline.c - the stages in a row: dump or text -> fold.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "chart.h"
#include "diag.h"
#include "dumptab.h"
#include "load.h"
#include "pipeline.h"
#include "read_folded.h"
#include "read_stap.h"
#include "textkind.h"

static struct pipeline *pipeline_new(void)
{
	struct pipeline *pl = xcalloc(1, sizeof(*pl));

	pl->names = pool_new();
	pl->fold = fold_new(pl->names);
	pl->maps = index_new();
	return pl;
}

void pipeline_free(struct pipeline *pl)
{
	if (!pl)
		return;
	fold_free(pl->fold);
	fold_free(pl->detail);
	index_free(pl->maps);
	profile_free(pl->profile);
	pool_free(pl->names);
	free(pl);
}

const char *pipeline_unit(const struct pipeline *pl)
{
	const char *unit = NULL;

	if (pl->profile)
		unit = dumptab_doc("weight", pl->profile->header.weight);
	if (pl->fold->unit)
		unit = pl->fold->unit;
	return unit ? unit : "samples";
}

uint64_t pipeline_time(const struct profile *p,
		       const struct profile_sample *s)
{
	return s->time > p->start ? s->time - p->start : 0;
}

static int of_those(const struct profile_sample *s,
		    const struct pipeline_opts *o)
{
	return (!o->pid || s->pid == o->pid) && (!o->vm || s->vm == o->vm) &&
	       (!o->states || o->states & 1u << vmstates_of(s)) &&
	       (!o->waits || o->waits & 1u << waitkind_of(s));
}

int pipeline_wants(const struct profile *p, const struct profile_sample *s,
		   const struct pipeline_opts *o)
{
	uint64_t at = pipeline_time(p, s);

	/* One that was freed may count no more. */
	return s->count && of_those(s, o) && at >= o->from && (!o->to || at < o->to);
}

/* Every sample wanted gets into the fold, whatever is known of its stack. */
static void fold_samples(struct pipeline *pl, struct stackname *sn,
			 struct stackname *lines,
			 const struct pipeline_opts *o)
{
	const struct profile *p = pl->profile;
	const unsigned *name;
	size_t n;

	pl->span = p->span;
	for (size_t i = 0; i < p->nsums; i++) {
		const struct profile_sample *s = &p->sum[i];

		if (!of_those(s, o) || !s->weight)
			continue;
		pl->taken += s->count;
		pl->state[vmstates_of(s)] += s->count;
		pl->wait[waitkind_of(s)] += s->weight;
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
	uint32_t first = 0;

	for (size_t i = 0; i < p->nsums; i++) {
		uint32_t vm = p->sum[i].vm;

		if (first && vm && vm != first) {
			diag_note("%s: samples of more than one Lua universe "
				  "(VM %u, %u, ...); --by-vm tells them apart, "
				  "--vm=ID takes one", input, first, vm);
			return;
		}
		if (!first)
			first = vm;
	}
}

static int fold_profile(struct pipeline *pl, const struct pipeline_opts *o,
			struct mapfiles *files, const char *input)
{
	struct traceline *traces = o->closed_traces ? NULL :
				   traceline_new(pl->profile);
	struct stackname_opts named = { .lines = o->lines,
					.by_vm = o->by_vm,
					.by_pid = o->by_pid,
					.by_path = o->by_path,
					.no_vm = o->no_vm,
					.traces = traces,
					.maps = pl->maps };
	struct stackname_opts by_line = named;
	struct symbolize *sym = symbolize_new(pl->profile, files);
	struct stackname *sn = stackname_new(pl->profile, sym, pl->names,
					     &named);
	struct stackname *lines = NULL;
	int ret = 0;

	by_line.lines = 1;
	by_line.maps = NULL;
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
	memcpy(pl->place, stackname_places(sn), sizeof(pl->place));
	stackname_free(lines);
	stackname_free(sn);
	traceline_free(traces);
	symbolize_free(sym);
	mapfiles_report(files);
	return ret;
}

/* live_unknown - says why it cannot be told what was not freed; 0: it can, but
 * for what it says, or need not
 */
static int live_unknown(const struct profile *p, const struct pipeline_opts *o,
			const char *name)
{
	const char *duty = profile_meta(p, "duty");

	if (o->weight != PROFILE_BY_LIVE)
		return 0;
	if (duty && !strcmp(duty, "100")) {
		if (p->untold)
			diag_loss("%s: of %" PRIu64 " bytes it is not known "
				  "whether they were freed; they are left out",
				  name, p->untold);
		return 0;
	}
	if (duty)
		diag_error("%s: its probe was there %s %% of the time, and did "
			   "not see most of what was freed; for --weight=live "
			   "sample with --duty=100", name, duty);
	else
		diag_error("%s: it does not tell what was freed; for "
			   "--weight=live take a dump with ljstap run "
			   "lj-alloc-flame --duty=100", name);
	return 1;
}

static int run_dump(struct pipeline *pl, struct input *in,
		    const struct pipeline_opts *o)
{
	const struct profile_want want = { .from = o->from, .to = o->to,
					   .weight = o->weight,
					   .no_types = o->no_types,
					   .each = o->chart || o->each };
	struct mapfiles *files = mapfiles_new(o->sysroot, o->no_symbols);
	const char *name = input_name(in);
	int ret = -1;

	pl->profile = load_profile(in, &pl->stats, &want,
				   o->no_c ? NULL : files);
	if (!pl->profile || live_unknown(pl->profile, o, name) ||
	    load_check_usable(pl->profile, &pl->stats, o->pid, name))
		goto out;
	if (o->weight == PROFILE_BY_TIME &&
	    pl->profile->header.weight != LJD_weight_NS)
		diag_error("%s: its samples are a timer's and have no time of "
			   "their own; leave --weight=time out", name);
	else
		ret = fold_profile(pl, o, files, name);
out:
	mapfiles_free(files);
	return ret;
}

static int run_folded(struct pipeline *pl, struct input *in)
{
	uint64_t bad;

	if (read_folded(pl->fold, in, &bad))
		return -1;
	if (bad && pl->fold->n > 1)
		diag_loss("%s: %" PRIu64 " lines are no folded stack and were "
			  "left out", input_name(in), bad);
	return 0;
}

static int run_stap(struct pipeline *pl, struct input *in)
{
	struct read_stap_losses lost;

	if (read_stap(pl->fold, in, &lost))
		return -1;
	if (pl->fold->n == 1 && lost.uncounted) {
		diag_error("%s: stacks of SystemTap, but no line is the count "
			   "of one; print a count after each stack",
			   input_name(in));
		return -1;
	}
	if (lost.uncounted)
		diag_loss("%s: the last %" PRIu64 " frames have no count after "
			  "them and were left out; let the script finish",
			  input_name(in), lost.uncounted);
	if (lost.toolong)
		diag_loss("%s: %" PRIu64 " lines are too long for a frame and "
			  "were left out", input_name(in), lost.toolong);
	if (lost.noise)
		diag_note("%s: %" PRIu64 " warnings or errors of SystemTap "
			  "among the stacks were passed over",
			  input_name(in), lost.noise);
	return 0;
}

static int run_text(struct pipeline *pl, struct input *in,
		    const struct pipeline_opts *o)
{
	if (o->pid || o->from || o->to || o->chart || o->each) {
		diag_error("%s: text tells neither processes nor times; give "
			   "the dump it was made of", input_name(in));
		return -1;
	}
	if (textkind(in) == TEXTKIND_STAP ? run_stap(pl, in) :
					    run_folded(pl, in))
		return -1;
	if (pl->fold->n > 1)
		return 0;
	diag_error("%s: neither a dump nor folded stacks nor stacks of "
		   "SystemTap; give the output of an ljstap script or of "
		   "ljstap fold", input_name(in));
	return -1;
}

struct pipeline *pipeline_open(struct input *in, const struct pipeline_opts *o)
{
	struct pipeline *pl = pipeline_new();

	if (read_dump_is_text(in) ? run_text(pl, in, o) : run_dump(pl, in, o))
		goto fail;
	if (o->chart)
		fold_finish_in_order(pl->fold);
	else
		fold_finish(pl->fold);
	if (pl->detail)
		fold_finish(pl->detail);
	if (pl->fold->node[0].total)
		return pl;
	diag_error("%s: all counts are 0; nothing to show", input_name(in));
fail:
	pipeline_free(pl);
	return NULL;
}
