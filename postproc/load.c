/* load.c - records -> model.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>

#include "blocks.h"
#include "cstack.h"
#include "diag.h"
#include "dumptab.h"
#include "lj_other.h"
#include "load.h"

struct loader {
	struct profile *p;
	struct cstacks *c;	/* NULL: without C code */
	struct blocks *b;
};

static void add_sample(struct loader *l, const struct dump_record *r)
{
	const struct ljd_sample *s = &r->fixed.sample;
	const void *frames = r->tail;
	size_t n = r->n;

	if (l->c)
		frames = cstacks_frames(l->c, s, r->tail, &n);
	if (l->p->header.weight == LJD_weight_BYTES)
		blocks_sample(l->b, s, frames, n);
	else
		profile_add_sample(l->p, s, frames, n);
}

static void add_record(void *ctx, const struct dump_record *r)
{
	struct loader *l = ctx;
	struct profile *p = l->p;

	switch (r->type ? r->type->kind : 0) {
	case LJD_KIND_header:
		p->header = r->fixed.header;
		break;
	case LJD_KIND_meta:
		profile_add_meta(p, r->tail, r->n);
		break;
	case LJD_KIND_map:
		profile_add_map(p, &r->fixed.map, r->tail);
		break;
	case LJD_KIND_buildid:
		profile_add_buildid(p, &r->fixed.buildid, r->tail);
		break;
	case LJD_KIND_vm:
		profile_add_vm(p, &r->fixed.vm, r->tail);
		break;
	case LJD_KIND_proto:
		profile_add_proto(p, &r->fixed.proto, r->tail);
		break;
	case LJD_KIND_pdata:
		profile_add_pdata(p, &r->fixed.pdata, r->tail);
		break;
	case LJD_KIND_cfunc:
		profile_add_cfunc(p, &r->fixed.cfunc);
		break;
	case LJD_KIND_ffname:
		profile_add_ffname(p, &r->fixed.ffname, r->tail);
		break;
	case LJD_KIND_trace:
		profile_add_trace(p, &r->fixed.trace);
		break;
	case LJD_KIND_tdata:
		profile_add_tdata(p, &r->fixed.tdata, r->tail);
		break;
	case LJD_KIND_file:
		profile_add_file(p, &r->fixed.file, r->tail);
		break;
	case LJD_KIND_jit:
		profile_add_jit(p, &r->fixed.jit);
		break;
	case LJD_KIND_sample:
		add_sample(l, r);
		break;
	case LJD_KIND_block:
		blocks_add(l->b, &r->fixed.block);
		break;
	case LJD_KIND_cstack:
		if (l->c)
			cstacks_add(l->c, &r->fixed.cstack, r->tail);
		break;
	case LJD_KIND_cframe:
		if (l->c)
			cstacks_add_between(l->c, &r->fixed.cframe, r->tail);
		break;
	case LJD_KIND_end:
		p->end = r->fixed.end;
		break;
	}
}

struct profile *load_profile(struct input *in, struct dump_stats *stats,
			     const struct profile_want *want,
			     struct mapfiles *files)
{
	struct loader l = { .p = profile_new(want) };
	struct dump_handler handler = { add_record, NULL, &l };

	l.b = blocks_new(l.p, want);
	if (files)
		l.c = cstacks_new(l.p, files);
	if (read_dump(in, &handler, stats)) {
		profile_free(l.p);
		l.p = NULL;
		goto out;
	}
	read_dump_losses(stats, input_name(in));
	blocks_finish(l.b);
	profile_finish(l.p);
	if (profile_meta(l.p, "warning"))
		diag_loss("%s: the collector warned: %s", input_name(in),
			  profile_meta(l.p, "warning"));
out:
	cstacks_free(l.c);
	blocks_free(l.b);
	return l.p;
}

/* Seconds of a dump without samples: what was, else what was asked for. */
static unsigned long long seconds(const struct profile *p)
{
	if (p->end.time > p->header.time && p->header.time)
		return (p->end.time - p->header.time + 500000000) / 1000000000;
	return p->header.duration;
}

static void say_no_samples(const struct profile *p,
			   const struct dump_stats *stats, const char *name)
{
	const struct ljd_end *e = &p->end;

	if (p->njits || p->header.collector == LJD_collector_USER)
		diag_error("%s: no trace was aborted; ljstap jit tells what "
			   "else there is", name);
	else if (!stats->has_end)
		diag_error("%s: no samples, and the dump is cut off; let the "
			   "script finish", name);
	else if (e->reason == LJD_reason_EXIT && !e->hits)
		diag_error("%s: the target exited before it was seen running; "
			   "nothing to draw: start the script earlier", name);
	else if (!e->hits)
		diag_error("%s: the target never ran during the %llu s (it "
			   "was idle); nothing to draw: put load on it or use "
			   "a longer duration", name, seconds(p));
	else
		diag_error("%s: the target was seen running %llu times but "
			   "no sample is in the dump (%llu found no room, "
			   "%llu no free lane); take it again, sampling less "
			   "often", name, e->hits, e->emitfail, e->busy);
}

/* What does not fit, of the first VM whose layout is not known. */
static const char *misfit(const struct profile *p)
{
	for (size_t i = 0; i < p->nsums; i++) {
		const struct profile_vm *vm = profile_vm(p, p->sum[i].vm);

		if (vm && vm->r.check)
			return dumptab_doc("check", vm->r.check);
	}
	return NULL;
}

static void say_no_layout(const struct profile *p, const char *name)
{
	const char *what = misfit(p);

	diag_error("%s: pid %u runs a LuaJIT that cannot be read (%s); run "
		   "ljstap layout %u there and report what it prints", name, p->sum[0].pid,
		   what ? what : "unknown layout", p->sum[0].pid);
}

static void say_no_luajit(const struct profile *p, uint32_t pid, uint64_t n,
			  const char *name)
{
	for (size_t i = 0; i < p->nmaps; i++) {
		const char *version = lj_other_lua(p->map[i].path);

		if (!version || p->map[i].r.pid != pid)
			continue;
		diag_error("%s: pid %u runs PUC Lua %.3s, not LuaJIT (it has "
			   "%s); only LuaJIT can be looked into", name, pid,
			   version, p->map[i].path);
		return;
	}
	diag_error("%s: no LuaJIT found in pid %u in any of %" PRIu64
		   " samples; is it the right process?", name, pid, n);
}

int load_check_usable(const struct profile *p, const struct dump_stats *stats,
		      uint32_t pid, const char *name)
{
	uint64_t wanted = 0, lua = 0, misfits = 0;

	for (size_t i = 0; i < p->nsums; i++) {
		const struct profile_sample *s = &p->sum[i];

		if (pid && s->pid != pid)
			continue;
		wanted += s->count;
		if (profile_misfit(p, s))
			misfits += s->count;
		else if (!(s->flags & LJD_sample_NOVM))
			lua += s->count;
	}
	if (!p->nsamples)
		say_no_samples(p, stats, name);
	else if (!p->taken && p->freed)
		diag_error("%s: nothing that was sampled is known to be there "
			   "still; --weight=bytes shows all", name);
	else if (!p->taken)
		diag_error("%s: no samples in that time; the last one is %.2f "
			   "s from the start", name, p->span / 1e9);
	else if (!wanted)
		diag_error("%s: no samples of process %u, all are of others "
			   "(such as %u); check --pid", name, pid,
			   p->sum[0].pid);
	else if (!lua && misfits)
		say_no_layout(p, name);
	else if (!lua)
		say_no_luajit(p, p->sum[0].pid, wanted, name);
	return lua ? 0 : -1;
}
