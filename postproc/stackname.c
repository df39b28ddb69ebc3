/* stackname.c - samples -> stacks of names, root first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   [truncated] Lua and C functions, [coroutine] before its first, those
 *   inlined in a trace, trace#N, the VM's code that called C, [GC],
 *   C functions, where the ip is, [kernel] or the system call, or why it is off
 *   the CPU
 */
#include <config.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode.h"
#include "clean.h"
#include "cstack.h"
#include "dumptab.h"
#include "ffname.h"
#include "protoname.h"
#include "stackname.h"
#include "vmcode.h"
#include "vmstates.h"
#include "waitkind.h"

#define NONE	UINT_MAX

struct stackname {
	const struct profile *p;
	struct symbolize *sym;
	struct pool *names;
	struct stackname_opts opts;
	uint64_t lost, place[STACKNAME_PLACES];
	unsigned *proto;	/* name of each prototype */
	struct index *vms;	/* vm id -> number in vm[] */
	struct vmcode **vm;
	size_t nvms, maxvms;
	unsigned *out;
	size_t nout, maxout;
};

static unsigned add_name(struct stackname *sn, const char *s)
{
	return clean_str(sn->names, s);
}

static unsigned take_name(struct stackname *sn, char *s)
{
	return clean_take(sn->names, s);
}

/* -- Frames ------------------------------------------------------------- */

static void push(struct stackname *sn, unsigned name)
{
	sn->out = xgrow(sn->out, sn->nout, &sn->maxout, sizeof(*sn->out));
	sn->out[sn->nout++] = name;
}

static void push_str(struct stackname *sn, const char *name)
{
	push(sn, add_name(sn, name));
}

static void push_lost(struct stackname *sn, const char *name)
{
	sn->lost++;
	push_str(sn, name);
}

static unsigned c_name(struct stackname *sn, uint32_t pid, uint64_t addr,
		       uint64_t time)
{
	const struct profile_map *m = profile_map_at(sn->p, pid, addr, time);
	unsigned name;

	if (!m || !*m->path)
		return add_name(sn, "C:[unknown]");
	name = take_name(sn, xasprintf("C:%s", symbolize_addr(sn->sym, m,
							      addr)));
	if (sn->opts.maps)
		index_put(sn->opts.maps, name, m - sn->p->map);
	return name;
}

static const struct vmcode *vmcode_of(struct stackname *sn,
				      const struct profile_vm *vm)
{
	long i = index_get(sn->vms, vm->r.id);

	if (i < 0) {
		sn->vm = xgrow(sn->vm, sn->nvms, &sn->maxvms,
			       sizeof(*sn->vm));
		i = sn->nvms++;
		sn->vm[i] = vmcode_new(sn->p, vm);
		index_put(sn->vms, vm->r.id, i);
	}
	return sn->vm[i];
}

/* The part of the VM an address is in, NONE if it is elsewhere. The file knows
 * best, if it has symbols, or at least where the VM's code ends.
 */
static unsigned vm_name(struct stackname *sn, const struct profile_sample *s,
			uint64_t ip)
{
	const struct profile_vm *vm = s->vm ? profile_vm(sn->p, s->vm) : NULL;
	const struct profile_map *m;
	const char *symbol = NULL;
	char *name;

	if (!vm || ip < vm->lo || ip >= vm->hi)
		return NONE;
	m = profile_map_at(sn->p, s->pid, ip, s->time);
	if (m && *m->path) {
		if (symbolize_apart(sn->sym, m, ip, vm->lo))
			return NONE;
		symbol = symbolize_symbol(sn->sym, m, ip);
	}
	if (symbol)
		return add_name(sn, symbol);
	name = vmcode_name(vmcode_of(sn, vm), ip);
	return name ? take_name(sn, name) : NONE;
}

/* NONE if the line is not known, as at the start of a trace. */
static unsigned line_name(struct stackname *sn, const struct profile_proto *pt,
			  uint32_t pos)
{
	long line = pos == LJD_NOPOS ? -1 : profile_line(pt, pos);
	char *chunk, *full;

	if (line < 0)
		return NONE;
	chunk = protoname_chunk(pt);
	full = xasprintf("%s:%ld", chunk, line);
	free(chunk);
	return take_name(sn, full);
}

static void push_line(struct stackname *sn, const struct profile_proto *pt,
		      uint32_t pos)
{
	unsigned line = NONE;

	if (sn->opts.lines && pt->r.firstline != PROTONAME_BUILTIN)
		line = line_name(sn, pt, pos);
	if (line != NONE)
		push(sn, line);
}

static void push_lua(struct stackname *sn, uint64_t f)
{
	const struct profile_proto *pt;

	pt = profile_proto(sn->p, LJD_FRAME_ID(f));
	if (!pt) {
		push_lost(sn, "[lost proto]");
		return;
	}
	push(sn, sn->proto[pt - sn->p->proto]);
	push_line(sn, pt, LJD_FRAME_POS(f));
}

/* What Lua knows of a C function; NULL if the frame is none. */
static const struct ljd_cfunc *cfunc_of(const struct stackname *sn, uint64_t f)
{
	if (LJD_FRAME_KIND(f) != LJD_frame_C &&
	    LJD_FRAME_KIND(f) != LJD_frame_FF)
		return NULL;
	return profile_cfunc(sn->p, LJD_FRAME_ID(f));
}

static void push_lua_c(struct stackname *sn, const struct profile_sample *s,
		       uint64_t f)
{
	const struct ljd_cfunc *c = cfunc_of(sn, f);
	uint32_t ffid = c ? c->ffid : 0;

	if (LJD_FRAME_KIND(f) == LJD_frame_FF)
		ffid = LJD_FRAME_POS(f);
	if (ffid > 1)
		push(sn, take_name(sn, ffname(sn->p, c ? c->vm : s->vm, ffid)));
	else if (c)
		push(sn, c_name(sn, s->pid, c->f, s->time));
	else
		push_lost(sn, "[lost C function]");
}

/* Marks at the root for a stack whose outer part is not there. */
static void push_root(struct stackname *sn, const struct profile_sample *s,
		      const uint64_t *f, size_t n)
{
	int bad = (s->flags & LJD_sample_DAMAGED) != 0;

	for (size_t i = 0; i < n; i++)
		bad |= LJD_FRAME_KIND(f[i]) == LJD_frame_BAD;
	if (bad)
		push_str(sn, "[damaged]");
	else if (s->flags & LJD_sample_DEPTHCAP)
		push_str(sn, "[truncated]");
	if (profile_misfit(sn->p, s))
		push_str(sn, "[unknown LuaJIT layout]");
	else if (s->flags & LJD_sample_NOVM || (!s->vm && !n))
		push_str(sn, "[no Lua VM]");
	else if (s->flags & LJD_sample_OUTSIDE)
		push_str(sn, "[not in Lua]");
	else if (s->flags & LJD_sample_NOFRAME)
		push_str(sn, "[coroutine entry or exit]");
	else if (!sn->p->header.depth)
		push_str(sn, "[no stack]");
}

static void push_vm(struct stackname *sn, uint32_t id)
{
	if (sn->opts.by_vm && id)
		push(sn, take_name(sn, xasprintf("[VM %u]", id)));
}

static int in_known_code(const struct profile_map *m)
{
	return m && *m->path;
}

/* C code, unless it is the function Lua called, which has a frame already. */
static void push_c(struct stackname *sn, const struct profile_sample *s,
		   uint64_t addr, const struct ljd_cfunc *called)
{
	const struct profile_map *m = profile_map_at(sn->p, s->pid, addr,
						     s->time);

	if (!in_known_code(m))
		push_str(sn, m && m->r.prot & LJD_prot_EXEC ? "[jit code]" :
							      "[unknown]");
	else if (!called || !symbolize_same(sn->sym, m, addr, called->f))
		push(sn, c_name(sn, s->pid, addr, s->time));
}

static int is_c(uint64_t f)
{
	return LJD_FRAME_KIND(f) == CSTACK_ADDR ||
	       LJD_FRAME_KIND(f) == CSTACK_CUT;
}

/* One frame of C code; outer: the frame that called it. */
static void push_cframe(struct stackname *sn, const struct profile_sample *s,
			uint64_t f, uint64_t outer)
{
	uint64_t addr = CSTACK_FRAME_ADDR(f);

	if (LJD_FRAME_KIND(f) == CSTACK_CUT)
		push_str(sn, addr == UNWIND_NOFILE ?
			 "[C stack cut: no such file here]" :
			 "[C stack cut]");
	else if (vm_name(sn, s, addr) == NONE)
		push_c(sn, s, addr, cfunc_of(sn, outer));
}

/* A marker names the VM of the frames behind it, towards the root. */
static uint32_t vm_of_frame(const struct profile_sample *s, const uint64_t *f,
			    size_t i)
{
	while (i-- > 0)
		if (LJD_FRAME_KIND(f[i]) == LJD_frame_VM)
			return LJD_FRAME_POS(f[i]);
	return s->vm;
}

static void push_frames(struct stackname *sn, const struct profile_sample *s,
			const uint64_t *f, size_t n, size_t first)
{
	size_t all = n;

	push_vm(sn, vm_of_frame(s, f, n));
	while (n-- > first) {
		switch (LJD_FRAME_KIND(f[n])) {
		case LJD_frame_LUA:
			push_lua(sn, f[n]);
			break;
		case LJD_frame_C:
		case LJD_frame_FF:
			push_lua_c(sn, s, f[n]);
			break;
		case CSTACK_ADDR:
		case CSTACK_CUT:
			push_cframe(sn, s, f[n], n + 1 < all ? f[n + 1] : 0);
			break;
		case LJD_frame_VM:
			push_vm(sn, vm_of_frame(s, f, n));
			break;
		case LJD_frame_CO:
			push_str(sn, "[coroutine]");
			break;
		}
	}
}

/* -- Traces ------------------------------------------------------------- */

static int ins_at(const struct profile_proto *pt, uint32_t pos, uint32_t *ins)
{
	return profile_section(pt, LJD_section_BC, (uint64_t)pos * 4, ins, 4);
}

/* The bytecode whose line says best which code a trace is: for a loop the
 * first one inside it, as its own line is that of the `for`. */
static uint32_t trace_pos(const struct profile *p, const struct ljd_trace *t,
			  const struct profile_proto *pt)
{
	const struct profile_vm *vm = profile_vm(p, t->vm);
	uint32_t nbc = vm ? vm->r.nbc : 97, pos = t->startpos, ins;
	const struct bc_info *bc = bytecode_info(nbc, bc_op(t->startins));

	switch (t->root || !bc ? BC__MAX : bc->op) {
	case BC_FORL:
	case BC_IFORL:
	case BC_ITERL:
	case BC_IITERL:
		return pos + 1 + bc_j(t->startins);
	case BC_LOOP:
	case BC_ILOOP:
		return pos + 1;
	case BC_ITERN:
	case BC_ITERC:
		/* The ITERL after it knows the body, unless patched. */
		if (ins_at(pt, pos + 1, &ins))
			return pos;
		bc = bytecode_info(nbc, bc_op(ins));
		if (bc && (bc->op == BC_ITERL || bc->op == BC_IITERL))
			return pos + 2 + bc_j(ins);
		return pos;
	default:
		return pos;
	}
}

/* What the sample is part of inside its trace; NULL: it is not known. The
 * trace must have started in the innermost frame that is on the stack. */
static const struct traceline_answer *inlined(const struct stackname *sn,
					      const struct profile_sample *s)
{
	const struct traceline_answer *a;
	size_t n, i = 0;
	const uint64_t *f = profile_stack(sn->p, s->stack, &n);
	uint64_t ip = s->ip;

	/* If the trace called C code, where it did. */
	while (i < n && is_c(f[i]))
		i++;
	if (i && LJD_FRAME_KIND(f[i - 1]) == CSTACK_ADDR)
		ip = CSTACK_FRAME_ADDR(f[i - 1]) + 1;
	if (!sn->opts.traces || !s->trace || s->vmstate < 0 || i == n ||
	    LJD_FRAME_KIND(f[i]) != LJD_frame_LUA)
		return NULL;
	a = traceline_at(sn->opts.traces, s->trace, ip);
	return a->nframes && a->frame[0].pt ==
	       profile_proto(sn->p, LJD_FRAME_ID(f[i])) ? a : NULL;
}

static void push_between(struct stackname *sn, const struct profile_proto *pt,
			 long from, long to)
{
	char *chunk;

	if (!sn->opts.lines || pt->r.firstline == PROTONAME_BUILTIN ||
	    from < 0)
		return;
	chunk = protoname_chunk(pt);
	push(sn, take_name(sn, from == to ? xasprintf("%s:%ld", chunk, to) :
			   xasprintf("%s: between %ld and %ld", chunk, from,
				     to)));
	free(chunk);
}

/* The functions that are inlined, above the one the trace runs in. */
static void push_inlined(struct stackname *sn,
			 const struct traceline_answer *a)
{
	size_t n = a->nframes;

	if (a->sure)
		push_line(sn, a->frame[0].pt, a->frame[0].pos);
	else if (n > 1)		/* alone, only its line is in doubt */
		push_str(sn, "[likely]");
	for (size_t i = 1; i < n; i++) {
		const struct traceline_frame *f = &a->frame[i];

		push(sn, sn->proto[f->pt - sn->p->proto]);
		if (a->sure || i + 1 < n)
			push_line(sn, f->pt, f->pos);
	}
	if (!a->sure)
		push_between(sn, a->frame[n - 1].pt, a->from, a->to);
}

/* How a trace came about, if it is no root trace. */
static char *trace_kind(const struct profile *p, const struct ljd_trace *t)
{
	const struct profile_vm *vm = profile_vm(p, t->vm);
	const struct bc_info *bc = bytecode_info(vm ? vm->r.nbc : 97,
						 bc_op(t->startins));

	if (t->root)
		return xasprintf(" (side of #%u)", t->root);
	if (bc && (bc->op == BC_CALL || bc->op == BC_CALLM ||
		   bc->op == BC_ITERC))
		return xstrdup(" (stitched)");
	return xstrdup("");
}

static char *trace_place(struct stackname *sn, const struct ljd_trace *t)
{
	const struct profile_proto *pt = profile_proto(sn->p, t->proto);
	char *chunk, *place;
	long line;

	if (!pt) {
		sn->lost += t->proto != 0;
		return xstrdup("");
	}
	line = profile_line(pt, trace_pos(sn->p, t, pt));
	if (line < 0)
		line = profile_line(pt, t->startpos);
	if (line < 0 && t->startpos == 0 && pt->r.firstline != PROTONAME_BUILTIN)
		line = pt->r.firstline;
	chunk = protoname_chunk(pt);
	place = line < 0 ? xasprintf(":%s:?", chunk) :
			   xasprintf(":%s:%ld", chunk, line);
	free(chunk);
	return place;
}

static void push_trace(struct stackname *sn, const struct profile_sample *s)
{
	const struct traceline_answer *a;
	const struct profile_trace *t;
	char *place, *kind;

	if (!s->trace) {
		if (s->vmstate > 0)
			push(sn, take_name(sn, xasprintf("trace#%d",
							 s->vmstate)));
		return;
	}
	t = profile_trace(sn->p, s->trace);
	if (!t) {
		push_lost(sn, "[lost trace]");
		return;
	}
	a = inlined(sn, s);
	if (a)
		push_inlined(sn, a);
	place = trace_place(sn, &t->r);
	kind = trace_kind(sn->p, &t->r);
	push(sn, take_name(sn, xasprintf("trace#%u%s%s", t->r.traceno, kind,
					 place)));
	free(kind);
	free(place);
}

/* -- The leaf ----------------------------------------------------------- */

static void push_state(struct stackname *sn, int32_t vmstate)
{
	/* By ~vmstate; the interpreter and C speak for themselves. */
	static const char *const state[] = {
		NULL, NULL, "[GC]", "[trace exit]", "[JIT record]",
		"[JIT optimize]", "[JIT assemble]",
	};

	if (vmstate < 0 && ~vmstate < (int)(sizeof(state) / sizeof(*state)) &&
	    state[~vmstate])
		push_str(sn, state[~vmstate]);
}

/* The map of new machine code may not have been seen. */
static int in_trace(const struct profile *p, const struct profile_sample *s)
{
	const struct profile_trace *t = NULL;

	if (s->trace)
		t = profile_trace(p, s->trace);
	return t && s->ip >= t->r.mcode && s->ip - t->r.mcode < t->r.szmcode;
}

/* Pushes where the instruction is; tells what is known of that. */
static enum stackname_place push_ip(struct stackname *sn,
				    const struct profile_sample *s,
				    int on_trace, uint64_t outer)
{
	const struct ljd_cfunc *called = cfunc_of(sn, outer);
	unsigned name = vm_name(sn, s, s->ip);
	const struct profile_map *m;

	/* It is in the allocator, always. */
	if (sn->p->allocates)
		return STACKNAME_NAMED;
	/* a coroutine that does not run */
	if (!s->ip && sn->p->header.collector == LJD_collector_USER)
		return STACKNAME_NAMED;
	if (name != NONE) {
		if (!sn->opts.no_vm)
			push(sn, name);
		return STACKNAME_NAMED;
	}
	if (on_trace && in_trace(sn->p, s))
		return STACKNAME_NAMED;
	m = profile_map_at(sn->p, s->pid, s->ip, s->time);
	if (on_trace && m && !*m->path && m->r.prot & LJD_prot_EXEC)
		return STACKNAME_NAMED;
	push_c(sn, s, s->ip, called);
	if (!in_known_code(m))
		return STACKNAME_UNKNOWN;
	if (m->path[0] != '/' || symbolize_symbol(sn->sym, m, s->ip) ||
	    (called && symbolize_same(sn->sym, m, s->ip, called->f)))
		return STACKNAME_NAMED;
	return STACKNAME_UNNAMED;
}

/* The code of a VM that called the C code, NONE if it is none of that. */
static unsigned caller_name(struct stackname *sn,
			    const struct profile_sample *s, uint64_t f)
{
	if (LJD_FRAME_KIND(f) != CSTACK_ADDR)
		return NONE;
	return vm_name(sn, s, CSTACK_FRAME_ADDR(f));
}

/* Whether C code was called by machine code of a trace. */
static int from_trace(const struct stackname *sn,
		      const struct profile_sample *s, uint64_t f)
{
	const struct profile_map *m;

	/* A step of the garbage collector hides that a trace runs. */
	if (LJD_FRAME_KIND(f) != CSTACK_ADDR ||
	    (s->vmstate < 0 && vmstates_of(s) != VMSTATES_GC))
		return 0;
	m = profile_map_at(sn->p, s->pid, CSTACK_FRAME_ADDR(f), s->time);
	return !m || !*m->path;
}

/* What the innermost Lua frame does: n frames of C code, and the ip. */
static enum stackname_place push_leaf(struct stackname *sn,
				      const struct profile_sample *s,
				      const uint64_t *f, size_t n,
				      size_t nframes, int in_lua)
{
	uint64_t outer = n < nframes ? f[n] : 0;
	unsigned name = n ? caller_name(sn, s, f[n - 1]) : NONE;

	if (in_lua)
		push_trace(sn, s);
	/* The instruction that needed C, unless it was a call. */
	if (name != NONE && !cfunc_of(sn, outer) && !sn->opts.no_vm)
		push(sn, name);
	if (in_lua)
		push_state(sn, s->vmstate);
	if (name != NONE || (n && from_trace(sn, s, f[n - 1])))
		n--;
	for (; n-- > 0; outer = f[n])
		push_cframe(sn, s, f[n], outer);
	return push_ip(sn, s, in_lua && (s->trace || s->vmstate > 0), outer);
}

/* push_kernel - what the kernel did for it; 0: nothing */
static int push_kernel(struct stackname *sn, const struct profile_sample *s)
{
	const struct profile_file *f = profile_file(sn->p, s->file);
	const char *call = dumptab_doc("call", s->call);
	enum waitkind wait = waitkind_of(s);

	if (sn->opts.by_path && f && *f->path)
		push_str(sn, f->path);
	else if (sn->opts.by_path && f)
		push(sn, take_name(sn, xasprintf("[file without a path, inode "
						 "%llu]", f->r.ino)));
	else if (sn->opts.by_path && s->file)
		push_lost(sn, "[lost file]");
	if (call)
		push(sn, take_name(sn, xasprintf("[%s]", call)));
	else if (wait != WAITKIND_N)
		push_str(sn, waitkind_frame(wait));
	else if (s->flags & LJD_sample_KERNEL)
		push_str(sn, "[kernel]");
	return call || s->flags & LJD_sample_KERNEL;
}

/* push_object - what it allocated */
static void push_object(struct stackname *sn, const struct profile_sample *s)
{
	const char *object = dumptab_doc("object", s->object);

	if (object)
		push(sn, take_name(sn, xasprintf("[%s]", object)));
}

const char *stackname_abort(const struct profile *p, uint32_t vm,
			    uint32_t abort, char *text)
{
	const struct profile_vm *v = profile_vm(p, vm);
	uint32_t reason = PROFILE_ABORT_REASON(abort);
	uint32_t op = PROFILE_ABORT_OP(abort);
	const struct bc_info *info = v && op ? bytecode_info(v->r.nbc, op - 1) :
					       NULL;
	const char *doc = reason ? dumptab_doc("trerr", reason - 1) :
				   "reason not known";

	if (!doc)
		snprintf(text, STACKNAME_ABORT, "reason %u", reason - 1);
	else
		snprintf(text, STACKNAME_ABORT, "%s%s%s", doc, info ? " " : "",
			 info ? info->name : "");
	return text;
}

/* push_abort - why the JIT compiler gave up */
static void push_abort(struct stackname *sn, const struct profile_sample *s)
{
	char text[STACKNAME_ABORT];

	push(sn, take_name(sn, xasprintf("[abort: %s]", stackname_abort(
		sn->p, s->vm, s->abort, text))));
}

const unsigned *stackname_sample(struct stackname *sn,
				 const struct profile_sample *s, size_t *n)
{
	size_t nframes, first = 0;
	enum stackname_place place;
	const uint64_t *f = profile_stack(sn->p, s->stack, &nframes);
	int in_lua = s->vm && !(s->flags & (LJD_sample_NOVM |
					    LJD_sample_OUTSIDE)) &&
		     !profile_misfit(sn->p, s);

	sn->nout = 0;
	sn->lost += s->vm && !profile_vm(sn->p, s->vm);
	if (sn->opts.by_pid)
		push(sn, take_name(sn, xasprintf("[pid %u]", s->pid)));
	push_root(sn, s, f, nframes);
	while (first < nframes && is_c(f[first]))
		first++;
	if (!profile_misfit(sn->p, s))
		push_frames(sn, s, f, nframes, first);
	place = push_leaf(sn, s, f, first, nframes, in_lua);
	if (push_kernel(sn, s))
		place = STACKNAME_NAMED;
	push_object(sn, s);
	if (s->abort) {
		push_abort(sn, s);
		place = STACKNAME_NAMED;
	}
	sn->place[place] += s->count;
	*n = sn->nout;
	return sn->out;
}

/* What inlined functions are called by, for their names. */
static struct protoname_call *inlined_calls(struct stackname *sn, size_t *n)
{
	struct protoname_call *call = NULL;
	size_t max = 0;

	*n = 0;
	for (size_t i = 0; i < sn->p->nsums; i++) {
		const struct profile_sample *s = &sn->p->sum[i];
		const struct traceline_answer *a = inlined(sn, s);

		for (size_t k = 1; a && k < a->nframes; k++) {
			if (a->frame[k].indirect)
				continue;
			call = xgrow(call, *n, &max, sizeof(*call));
			call[(*n)++] = (struct protoname_call){
				a->frame[k - 1].pt, a->frame[k].pt,
				a->frame[k - 1].pos, s->weight };
		}
	}
	return call;
}

struct stackname *stackname_new(const struct profile *p, struct symbolize *sym,
				struct pool *names,
				const struct stackname_opts *opts)
{
	struct stackname *sn = xcalloc(1, sizeof(*sn));
	struct protoname_call *calls;
	size_t n;

	sn->p = p;
	sn->sym = sym;
	sn->names = names;
	sn->opts = *opts;
	sn->vms = index_new();
	calls = inlined_calls(sn, &n);
	sn->proto = protoname_all(p, calls, n, names);
	free(calls);
	return sn;
}

void stackname_free(struct stackname *sn)
{
	if (!sn)
		return;
	for (size_t i = 0; i < sn->nvms; i++)
		vmcode_free(sn->vm[i]);
	free(sn->vm);
	index_free(sn->vms);
	free(sn->proto);
	free(sn->out);
	free(sn);
}

const uint64_t *stackname_places(const struct stackname *sn)
{
	return sn->place;
}

uint64_t stackname_lost(const struct stackname *sn)
{
	return sn->lost;
}
