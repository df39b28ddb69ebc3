/* trace.c - a compiled trace as LuaJIT has it: IR, snapshots, machine code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "mem.h"
#include "trace.h"

#define MAXBYTES	(1u << 20)	/* of one section */
#define NVARIANTS	3

enum { SNAP_FRAME = 0x10000, SNAP_CONT = 0x20000 };

const struct ir_info ir_info[IR__MAX] = {
#define IR(name, op1, op2, kind, when) \
	{ #name, IRM_##op1, IRM_##op2, IRK_##kind },
#include "traceir.def"
};

/* Which numberings have an instruction: a bit each, oldest first. */
#define ALWAYS	7
#define TO20	1
#define FROM20	6
#define FROM21	4
static const uint8_t ir_when[IR__MAX] = {
#define IR(name, op1, op2, kind, when)	when,
#include "traceir.def"
};

struct range {
	uint64_t start, end;
	uint32_t vm, id;
};

struct tracedb {
	const struct profile *p;
	struct range *range;	/* bytecode of all protos, by vm and start */
	size_t nranges;
	struct trace_proto **proto;	/* by number in profile.proto */
	struct index *numbering;	/* vm -> variant */
	uint8_t op[NVARIANTS][256];	/* number -> enum ir */
};

/* -- Prototypes ---------------------------------------------------------- */

static uint32_t nbc_of(const struct profile *p, uint32_t vm)
{
	const struct profile_vm *v = profile_vm(p, vm);

	return v ? v->r.nbc : 97;
}

static int is_gc64(const struct profile *p, uint32_t vm)
{
	const struct profile_vm *v = profile_vm(p, vm);

	return v && v->r.flags & LJD_vm_GC64;
}

static uint32_t section_words(const struct profile_section *s, size_t size)
{
	const struct profile_piece *last = s->n ? &s->piece[s->n - 1] : NULL;
	uint64_t end = last ? (uint64_t)last->ofs + last->n : 0;

	return (end < MAXBYTES ? end : MAXBYTES) / size;
}

static void read_names(struct trace_proto *tp)
{
	uint32_t max = section_words(&tp->pt->section[LJD_section_KNAME], 8);
	size_t n = max * 8, at = 0;

	if (!max)
		return;
	tp->names = xcalloc(n, 1);
	tp->kname = xcalloc(max, sizeof(*tp->kname));
	if (profile_section(tp->pt, LJD_section_KNAME, 0, tp->names, n))
		return;
	while (at + 8 <= n && tp->nknames < max) {
		struct trace_kname *k = &tp->kname[tp->nknames];

		memcpy(&k->index, tp->names + at, 4);
		memcpy(&k->n, tp->names + at + 4, 4);
		if (k->n > n - at - 8)
			return;
		k->s = tp->names + at + 8;
		at += 8 + (((size_t)k->n + 7) & ~(size_t)7);
		tp->nknames++;
	}
}

/* The number an opcode has in a VM. */
static uint32_t opcode(uint32_t nbc, enum bc op)
{
	const struct bc_info *bc;
	uint32_t i = 0;

	while ((bc = bytecode_info(nbc, i)) && bc->op != op)
		i++;
	return i;
}

/* A loop whose own jump is patched goes back to behind what entered it. */
static void mend_loop(struct trace_proto *tp, uint32_t pos, enum bc is,
		      enum bc op, uint32_t body)
{
	const struct bc_info *bc;

	if (pos >= tp->n)
		return;
	bc = bytecode_info(tp->nbc, bc_op(tp->bc[pos]));
	if (bc && bc->op == is)
		tp->bc[pos] = opcode(tp->nbc, op) | bc_a(tp->bc[pos]) << 8 |
			      (uint32_t)(0x7fff + (body - pos)) << 16;
}

static void mend_loops(struct trace_proto *tp)
{
	for (uint32_t p = 1; p < tp->n; p++) {
		uint32_t ins = tp->bc[p], to = p + 1 + bc_j(ins);
		const struct bc_info *bc = bytecode_info(tp->nbc, bc_op(ins));

		if (bc && (bc->op == BC_FORI || bc->op == BC_JFORI))
			mend_loop(tp, to - 1, BC_JFORL, BC_FORL, p + 1);
		else if (bc && (bc->op == BC_JMP || bc->op == BC_ISNEXT))
			mend_loop(tp, to + 1, BC_JITERL, BC_ITERL, p + 1);
	}
}

/* Where a root trace starts, the bytecode is patched: put it back. */
static void unpatch(struct trace_proto *tp, const struct profile *p)
{
	for (size_t i = 0; i < p->ntraces; i++) {
		const struct ljd_trace *r = &p->trace[i].r;
		const struct bc_info *bc;

		if (r->proto != tp->pt->r.id || r->root ||
		    r->startpos >= tp->n)
			continue;
		bc = bytecode_info(tp->nbc, bc_op(tp->bc[r->startpos]));
		if (bc && bc->name[0] == 'J' && bc->op != BC_JMP &&
		    bc->op != BC_JFORI)
			tp->bc[r->startpos] = r->startins;
	}
}

static struct trace_proto *new_proto(const struct profile *p,
				     const struct profile_proto *pt)
{
	struct trace_proto *tp = xcalloc(1, sizeof(*tp));
	uint32_t n = section_words(&pt->section[LJD_section_BC], 4);

	tp->pt = pt;
	tp->nbc = nbc_of(p, pt->r.vm);
	tp->n = n < pt->r.sizebc ? n : pt->r.sizebc;
	tp->bc = xcalloc(tp->n + 1, 4);
	if (profile_section(pt, LJD_section_BC, 0, tp->bc, tp->n * 4ul))
		tp->n = 0;
	unpatch(tp, p);
	mend_loops(tp);
	tp->nkn = section_words(&pt->section[LJD_section_KN], 8);
	tp->kn = xcalloc(tp->nkn + 1, 8);
	if (profile_section(pt, LJD_section_KN, 0, tp->kn, tp->nkn * 8ul))
		tp->nkn = 0;
	read_names(tp);
	return tp;
}

static void free_proto(struct trace_proto *tp)
{
	if (!tp)
		return;
	free(tp->bc);
	free(tp->kn);
	free(tp->kname);
	free(tp->names);
	free(tp);
}

const struct trace_proto *tracedb_proto(struct tracedb *db, uint32_t id)
{
	const struct profile_proto *pt = profile_proto(db->p, id);
	struct trace_proto **tp;

	if (!pt)
		return NULL;
	tp = &db->proto[pt - db->p->proto];
	if (!*tp)
		*tp = new_proto(db->p, pt);
	return (*tp)->n ? *tp : NULL;
}

static int by_start(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	if (x->vm != y->vm)
		return x->vm < y->vm ? -1 : 1;
	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void find_ranges(struct tracedb *db)
{
	db->range = xcalloc(db->p->nprotos, sizeof(*db->range));
	for (size_t i = 0; i < db->p->nprotos; i++) {
		const struct profile_proto *pt = &db->p->proto[i];
		struct range *r = &db->range[db->nranges];
		int mode = is_gc64(db->p, pt->r.vm) ? LJ_MODE_gc64 :
						      LJ_MODE_gc32;

		if (!pt->chunk || !pt->r.sizebc)
			continue;
		r->start = pt->r.pt + lj_obj_pt_size[mode];
		r->end = r->start + 4ull * pt->r.sizebc;
		r->vm = pt->r.vm;
		r->id = pt->r.id;
		db->nranges++;
	}
	if (db->nranges)
		qsort(db->range, db->nranges, sizeof(*db->range), by_start);
}

const struct trace_proto *tracedb_at(struct tracedb *db, uint32_t vm,
				     uint64_t pc, uint32_t *pos)
{
	size_t lo = 0, hi = db->nranges;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct range *r = &db->range[mid];

		if (r->vm < vm || (r->vm == vm && r->start <= pc))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || db->range[lo - 1].vm != vm || pc & 3 ||
	    pc >= db->range[lo - 1].end)
		return NULL;
	*pos = (pc - db->range[lo - 1].start) / 4;
	return tracedb_proto(db, db->range[lo - 1].id);
}

/* -- Numbers of IR instructions ------------------------------------------ */

/* An operand that no instruction of this kind has. */
static int bad_operand(unsigned mode, unsigned op, unsigned ref, unsigned nk)
{
	if (mode == IRM_REF)
		return op >= ref || op < nk;
	if (mode == IRM_NIL)
		return op != 0;
	return mode == IRM_LIT ? op >= REF_BIAS : 0;
}

/* What a load or a store goes through must be a reference of its sort. */
static int bad_reference(unsigned o, unsigned through)
{
	switch (o) {
	case IR_ALOAD: case IR_ASTORE:
		return through != IR_AREF;
	case IR_HLOAD: case IR_HSTORE:
		return through != IR_HREF && through != IR_HREFK &&
		       through != IR_NEWREF;
	case IR_ULOAD: case IR_USTORE:
		return through != IR_UREFO && through != IR_UREFC;
	default:
		return 0;
	}
}

static unsigned violations(const struct tracedb *db, unsigned variant,
			   const struct profile_trace *t)
{
	size_t n, bad = 0;
	uint64_t *raw = profile_tsection(t, LJD_tsection_IR, MAXBYTES, &n);
	uint32_t nk = t->r.nk, through;

	for (size_t i = nk < REF_BIAS ? REF_BIAS - nk : 0; i < n / 8; i++) {
		unsigned o = db->op[variant][raw[i] >> 40 & 0xff];

		if (nk + i > 0xffff || o == IR__MAX) {
			bad++;
			continue;
		}
		bad += bad_operand(ir_info[o].op1, raw[i] & 0xffff, nk + i, nk);
		bad += bad_operand(ir_info[o].op2, raw[i] >> 16 & 0xffff,
				   nk + i, nk);
		through = raw[i] & 0xffff;
		if (through >= nk && through < nk + i)
			bad += bad_reference(o, db->op[variant][
				raw[through - nk] >> 40 & 0xff]);
	}
	free(raw);
	return bad;
}

/* The numbering with which the fewest instructions of a VM make no sense. */
static unsigned numbering(struct tracedb *db, uint32_t vm)
{
	long known = index_get(db->numbering, vm);
	uint64_t bad[NVARIANTS] = { 0 };
	unsigned best = NVARIANTS - 1;

	if (known >= 0)
		return known;
	for (size_t i = 0; i < db->p->ntraces; i++)
		for (unsigned v = 0; v < NVARIANTS; v++)
			if (db->p->trace[i].r.vm == vm)
				bad[v] += violations(db, v, &db->p->trace[i]);
	for (unsigned v = NVARIANTS; v-- > 0;)
		if (bad[v] < bad[best])
			best = v;
	index_put(db->numbering, vm, best);
	return best;
}

struct tracedb *tracedb_new(const struct profile *p)
{
	struct tracedb *db = xcalloc(1, sizeof(*db));

	db->p = p;
	db->proto = xcalloc(p->nprotos, sizeof(*db->proto));
	db->numbering = index_new();
	for (unsigned v = 0; v < NVARIANTS; v++) {
		unsigned n = 0;

		memset(db->op[v], IR__MAX, sizeof(db->op[v]));
		for (unsigned o = 0; o < IR__MAX; o++)
			if (ir_when[o] >> v & 1)
				db->op[v][n++] = o;
	}
	find_ranges(db);
	return db;
}

void tracedb_free(struct tracedb *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->p->nprotos; i++)
		free_proto(db->proto[i]);
	free(db->proto);
	free(db->range);
	index_free(db->numbering);
	free(db);
}

const struct profile *tracedb_profile(const struct tracedb *db)
{
	return db->p;
}

/* -- Instructions -------------------------------------------------------- */

static const struct trace_ir nop = { 0, 0, IR_NOP, 0, 0, 0, 0xff, 0 };

const struct trace_ir *trace_ins(const struct trace *t, uint32_t ref)
{
	return ref < t->nk || ref >= t->nins ? &nop : &t->ir[ref - t->nk];
}

uint64_t trace_k64(const struct trace *t, uint32_t ref)
{
	return ref < t->nk || ref + 1 >= t->nins ? 0 : t->raw[ref + 1 - t->nk];
}

static int read_ir(struct trace *t)
{
	const uint8_t *op = t->db->op[numbering(t->db, t->r->r.vm)];
	size_t n;

	t->raw = profile_tsection(t->r, LJD_tsection_IR, MAXBYTES, &n);
	t->nk = t->r->r.nk;
	t->nins = t->r->r.nins;
	if (t->nk > REF_BIAS || t->nins <= REF_BIAS || t->nins > 0xffff ||
	    t->nins - t->nk > n / 8)
		return -1;
	t->ir = xcalloc(t->nins - t->nk, sizeof(*t->ir));
	for (uint32_t i = 0; i < t->nins - t->nk; i++) {
		uint64_t w = t->raw[i];
		uint8_t type = w >> 32;

		t->ir[i] = (struct trace_ir){
			.op1 = w, .op2 = w >> 16, .o = op[w >> 40 & 0xff],
			.t = type & 0x1f, .guard = type >> 7,
			.phi = type >> 6 & 1, .r = w >> 48, .s = w >> 56,
		};
		if (t->ir[i].o == IR_LOOP && i + t->nk > REF_BIAS)
			t->loop = i + t->nk;
	}
	return 0;
}

static void read_objs(struct trace *t)
{
	size_t n, at = 0, max = 0;

	t->objbytes = profile_tsection(t->r, LJD_tsection_OBJ, MAXBYTES, &n);
	while (n - at >= 16) {
		uint32_t w[4];

		memcpy(w, t->objbytes + at, 16);
		at += 16;
		if (w[3] > n - at)
			return;
		t->obj = xgrow(t->obj, t->nobjs, &max, sizeof(*t->obj));
		t->obj[t->nobjs++] = (struct trace_obj){
			w[0], w[1], w[2], w[3], t->objbytes + at };
		index_put(t->objs, w[0], t->nobjs - 1);
		at += ((size_t)w[3] + 7) & ~(size_t)7;
		if (at > n)
			return;
	}
}

const struct trace_obj *trace_obj(const struct trace *t, uint32_t ref)
{
	long i = index_get(t->objs, ref);

	return i < 0 ? NULL : &t->obj[i];
}

static const struct trace_obj *find_key(const struct trace *t, uint32_t ref)
{
	const struct trace_ir *ir = trace_ins(t, ref);
	const struct trace_obj *o;

	if (ir->o == IR_HLOAD || ir->o == IR_HSTORE)
		ir = trace_ins(t, ir->op1);
	if (ir->o == IR_HREF || ir->o == IR_NEWREF) {
		o = trace_obj(t, ir->op2);
	} else if (ir->o == IR_HREFK) {
		ir = trace_ins(t, ir->op2);
		o = ir->o == IR_KSLOT ? trace_obj(t, ir->op1) : NULL;
	} else {
		return NULL;
	}
	return o && o->kind == LJD_tobj_NAME ? o : NULL;
}

static void find_keys(struct trace *t)
{
	t->key = xcalloc(t->nins - REF_BIAS, sizeof(*t->key));
	t->named = xcalloc(t->nobjs + 1, sizeof(*t->named));
	for (uint32_t r = REF_BIAS; r < t->nins; r++) {
		const struct trace_obj *o = find_key(t, r);

		t->key[r - REF_BIAS] = o;
		if (o && !t->named[o - t->obj])
			t->named[o - t->obj] = r;
	}
}

const struct trace_obj *trace_key(const struct trace *t, uint32_t ref)
{
	return ref < REF_BIAS || ref >= t->nins ? NULL : t->key[ref - REF_BIAS];
}

/* -- Snapshots ----------------------------------------------------------- */

/* The parts of a SnapShot; it grew in 2019, and got mcofs in 2021. */
struct snapshot {
	uint32_t mapofs, ref, mcofs, nent;
};

struct snapread {
	struct trace *t;
	unsigned char *snap;
	uint32_t *map;
	uint32_t nmap;
	uint32_t size;
	int has_mcofs;
};

static struct snapshot snapshot(const struct snapread *s, uint32_t i,
				int has_mcofs)
{
	const unsigned char *p = s->snap + (size_t)i * s->size;
	uint32_t mapofs;
	uint16_t h[4];

	memcpy(&mapofs, p, 4);
	memcpy(h, p, 8);
	if (s->size == 8)
		return (struct snapshot){ h[0], h[1], TRACE_NOMCOFS, p[6] };
	if (!has_mcofs)
		return (struct snapshot){ mapofs, h[2], TRACE_NOMCOFS, p[8] };
	return (struct snapshot){ mapofs, h[2], h[3], p[10] };
}

/* The bytecode address in a snapshot, behind its slots. */
static uint64_t snapshot_pc(const struct snapread *s, const struct snapshot *x)
{
	uint64_t at = (uint64_t)x->mapofs + x->nent, pc;

	if (at + (s->t->gc64 ? 2 : 1) > s->nmap)
		return 0;
	if (!s->t->gc64)
		return s->map[at];
	memcpy(&pc, s->map + at, 8);
	return pc >> 8;
}

static int guess_mcofs(const struct snapread *s, uint32_t n)
{
	uint32_t good[2] = { 0, 0 }, pos;

	for (uint32_t i = 0; i < n && s->size != 8; i++)
		for (int m = 0; m < 2; m++) {
			struct snapshot x = snapshot(s, i, m);

			if (tracedb_at(s->t->db, s->t->r->r.vm,
				       snapshot_pc(s, &x), &pos))
				good[m]++;
		}
	return good[1] > good[0];
}

/* A frame while it is put together: pc 0: of a fast function. */
struct link {
	uint64_t pc;
	uint32_t base;
};

/* Slot entries with the frame mark, and what links them, root first. */
struct chain {
	struct link f[TRACE_MAXFRAMES];
	uint32_t n;
};

static void push_link(struct chain *c, uint32_t base)
{
	if (c->n < TRACE_MAXFRAMES)
		c->f[c->n++] = (struct link){ 0, base };
}

/* A frame of type link begins at base; callpc: where its caller goes on. */
static void add_link(struct chain *c, uint32_t type, uint64_t callpc,
		     uint32_t base)
{
	if (type == LJ_FRAME_VARG) {	/* the same function once more */
		c->f[c->n - 1].base = base;
		return;
	}
	if (callpc)
		c->f[c->n - 1].pc = callpc;
	push_link(c, base);
}

static void chain_gc64(const struct snapread *s, const struct snapshot *x,
		       struct chain *c)
{
	const struct trace *t = s->t;
	uint64_t cont = 0, link;

	for (uint32_t i = 0; i < x->nent; i++) {
		uint32_t e = s->map[x->mapofs + i], slot = e >> 24;
		uint32_t ref = e & 0xffff;

		if (e & SNAP_CONT)	/* the second one is the pc */
			cont = trace_k64(t, ref);
		if (!(e & SNAP_FRAME) || slot < 2)
			continue;
		link = trace_ins(t, ref)->o == IR_KNUM ? trace_k64(t, ref) : 0;
		if (!(link & 3))
			add_link(c, 0, link, slot + 1);
		else
			add_link(c, link & 7, (link & 7) == LJ_FRAME_CONT ?
				 cont : 0, slot + 1);
	}
}

/* The links follow the pc, innermost first; a CONT's is two words. */
static void chain_gc32(const struct snapread *s, const struct snapshot *x,
		       uint32_t end, struct chain *c)
{
	uint32_t base[TRACE_MAXFRAMES], nbases = 0, nlinks = 0;
	struct { uint32_t type; uint32_t pc; } link[TRACE_MAXFRAMES];

	for (uint32_t i = 0; i < x->nent; i++) {
		uint32_t e = s->map[x->mapofs + i];

		if (e & SNAP_FRAME && e >> 24 && nbases < TRACE_MAXFRAMES)
			base[nbases++] = (e >> 24) + 1;
	}
	for (uint32_t i = x->mapofs + x->nent + 1;
	     i < end && nlinks < nbases; i++) {
		uint32_t w = s->map[i], type = w & 3 ? w & 7 : 0;
		uint32_t pc = type ? 0 : w;

		if (type == LJ_FRAME_CONT && i + 1 < end)
			pc = s->map[++i];
		link[nlinks].type = type;
		link[nlinks++].pc = pc;
	}
	for (uint32_t i = 0; i < nbases && i < nlinks; i++)
		add_link(c, link[nlinks - 1 - i].type, link[nlinks - 1 - i].pc,
			 base[i]);
}

static void read_frames(const struct snapread *s, const struct snapshot *x,
			uint32_t end, struct trace_snap *out)
{
	struct chain c = { .n = 0 };
	uint32_t vm = s->t->r->r.vm;

	push_link(&c, s->t->gc64 ? 2 : 1);
	if (s->t->gc64)
		chain_gc64(s, x, &c);
	else
		chain_gc32(s, x, end, &c);
	c.f[c.n - 1].pc = snapshot_pc(s, x);
	out->frame = xcalloc(c.n, sizeof(*out->frame));
	for (uint32_t i = 0; i < c.n; i++) {
		struct trace_frame *f = &out->frame[i];
		uint32_t pos = 0;

		f->base = c.f[i].base;
		f->pos = LJD_NOPOS;
		f->tp = tracedb_at(s->t->db, vm, c.f[i].pc, &pos);
		/* A caller's is where it goes on after the call. */
		if (f->tp && (pos || i + 1 == c.n))
			f->pos = i + 1 == c.n ? pos : pos - 1;
	}
	out->nframes = c.n;
	/* In bytecode of LuaJIT's own library: the call of it is meant. */
	while (out->nframes && !out->frame[out->nframes - 1].tp)
		out->nframes--;
}

static void read_snap(const struct snapread *s, uint32_t i, uint32_t end,
		      struct trace_snap *out)
{
	struct snapshot x = snapshot(s, i, s->has_mcofs);

	out->ref = x.ref;
	out->mcofs = x.mcofs;
	if (x.mapofs > s->nmap || x.nent > s->nmap - x.mapofs)
		return;
	out->npairs = x.nent;
	out->pair = xcalloc(x.nent, sizeof(*out->pair));
	for (uint32_t e = 0; e < x.nent; e++) {
		uint32_t w = s->map[x.mapofs + e];

		out->pair[e] = w >> 24 << 16 | (w & 0xffff);
	}
	read_frames(s, &x, end < s->nmap ? end : s->nmap, out);
}

static int read_snaps(struct trace *t)
{
	struct snapread s = { .t = t, .size = t->r->r.snapsize };
	size_t nsnap = 0, nmap = 0;

	if (s.size != 8 && s.size != 12)
		return -1;
	s.snap = profile_tsection(t->r, LJD_tsection_SNAP, MAXBYTES, &nsnap);
	s.map = profile_tsection(t->r, LJD_tsection_SNAPMAP, MAXBYTES, &nmap);
	s.nmap = nmap / 4;
	t->nsnaps = t->r->r.nsnap;
	if (t->nsnaps > nsnap / s.size)
		t->nsnaps = nsnap / s.size;
	s.has_mcofs = guess_mcofs(&s, t->nsnaps);
	t->snap = xcalloc(t->nsnaps, sizeof(*t->snap));
	for (uint32_t i = 0; i < t->nsnaps; i++)
		read_snap(&s, i, i + 1 < t->nsnaps ?
			  snapshot(&s, i + 1, s.has_mcofs).mapofs : s.nmap,
			  &t->snap[i]);
	free(s.snap);
	free(s.map);
	for (uint32_t i = 1; i < t->nsnaps; i++)
		if (t->snap[i].ref < t->snap[i - 1].ref)
			return -1;
	return t->nsnaps ? 0 : -1;
}

uint32_t trace_snap_of(const struct trace *t, uint32_t ref)
{
	uint32_t i = t->nsnaps;

	while (i > 1 && t->snap[i - 1].ref > ref)
		i--;
	return i ? i - 1 : 0;
}

/* -- The whole ----------------------------------------------------------- */

static void read_code(struct trace *t)
{
	size_t n = 0, skip = t->r->r.mcode & 3;
	uint64_t *stub = profile_tsection(t->r, LJD_tsection_STUB,
					  sizeof(t->stub), &n);

	if (stub)
		memcpy(t->stub, stub, n);
	free(stub);
	t->mcode = profile_tsection(t->r, LJD_tsection_MCODE, MAXBYTES, &n);
	n = n > skip ? n - skip : 0;
	t->szmcode = n < t->r->r.szmcode ? n : t->r->r.szmcode;
	if (n)
		memmove(t->mcode, t->mcode + skip, n);
}

struct trace *trace_new(struct tracedb *db, const struct profile_trace *r)
{
	struct trace *t = xcalloc(1, sizeof(*t));

	t->r = r;
	t->db = db;
	t->objs = index_new();
	t->gc64 = is_gc64(db->p, r->r.vm);
	t->nbc = nbc_of(db->p, r->r.vm);
	if (read_ir(t) || read_snaps(t)) {
		trace_free(t);
		return NULL;
	}
	read_objs(t);
	find_keys(t);
	read_code(t);
	return t;
}

void trace_free(struct trace *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; t->snap && i < t->nsnaps; i++) {
		free(t->snap[i].frame);
		free(t->snap[i].pair);
	}
	free(t->snap);
	free(t->ir);
	free(t->raw);
	free(t->key);
	free(t->named);
	index_free(t->objs);
	free(t->mcode);
	free(t->obj);
	free(t->objbytes);
	free(t);
}
