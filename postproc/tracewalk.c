/* tracewalk.c - which bytecode each IR instruction of a trace was made for.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The cheapest way (Dijkstra) from one snapshot to the next. A state is the
 * IR that is next and the bytecode the recorder is at, with its frames. It
 * either makes the next IR there, at the price that fit() says, or goes on to
 * a bytecode that may follow. A comparison's snapshot has the place where it
 * did not go: so the way is known from there on.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "tracefit.h"
#include "tracewalk.h"

#define STEPS		800	/* tried at one IR instruction, at most */
#define MAXSTATES	400000	/* for one interval */
#define MAXTRIES	2000000	/* for one trace */
#define BACK		200	/* bytecodes looked back for an operand */
#define MAXDEPTH	120	/* frames */
#define AROUND		3	/* instructions that make one doubtful */
#define STEP_PRICE	0.004

struct state {
	uint32_t ref;
	uint32_t node, pos;
	uint32_t forced;	/* the bytecode that follows; WALK_NONE */
	uint32_t callee;	/* KGC of the function called, or 0 */
	uint32_t prev;		/* state before */
	uint8_t main;
	uint8_t made;		/* this one made IR ref - 1 */
	uint8_t through;	/* the call is of a fast function first */
	float price;
};

struct interval {
	uint32_t from, to;	/* references */
	const struct trace_snap *goal;	/* NULL: only that all is made */
};

struct walk_private {
	const struct trace *t;
	struct trace_walk *out;
	size_t maxnodes;
	struct index *nodes;	/* hash -> node */
	struct index *calls;	/* (proto, pos) -> callee proto, by snapshots */
	/* of one interval: */
	struct state *state;
	size_t nstates, maxstates;
	uint32_t *heap;
	size_t nheap, maxheap;
	struct index *seen;
	const struct interval *iv;
	uint32_t tries;
	int meta;		/* names of metamethods are looked up */
};

/* -- Frames -------------------------------------------------------------- */

static uint32_t get_node(struct walk_private *w, uint32_t parent,
			 const struct trace_proto *tp, uint32_t base,
			 uint32_t callpos, int tail)
{
	const uint64_t key[] = { parent, (uintptr_t)tp, base, callpos,
				 tail };
	uint64_t hash = mem_hash(key, sizeof(key));
	struct trace_walk *out = w->out;
	long i = index_get(w->nodes, hash);

	if (i >= 0)
		return i;
	out->node = xgrow(out->node, out->nnodes, &w->maxnodes,
			  sizeof(*out->node));
	out->node[out->nnodes] = (struct walk_node){ parent, tp, base,
						     callpos, tail };
	index_put(w->nodes, hash, out->nnodes);
	return out->nnodes++;
}

static uint32_t depth_of(const struct walk_private *w, uint32_t node)
{
	uint32_t n = 0;

	for (; node != WALK_NONE; node = w->out->node[node].parent)
		n++;
	return n;
}

/* The node of a snapshot's innermost frame; WALK_NONE: it has none. */
static uint32_t snap_node(struct walk_private *w, const struct trace_snap *s)
{
	uint32_t node = WALK_NONE;

	for (uint32_t i = 0; i < s->nframes; i++)
		node = get_node(w, node, s->frame[i].tp, s->frame[i].base,
				i ? s->frame[i - 1].pos : 0, 0);
	return node;
}

static const struct bc_info *bc_at(const struct trace_proto *tp, uint32_t pos,
				   uint32_t *ins)
{
	if (!tp || pos >= tp->n)
		return NULL;
	*ins = tp->bc[pos];
	return bytecode_info(tp->nbc, bc_op(*ins));
}

/* -- What may follow a bytecode ------------------------------------------ */

struct next {
	uint32_t pos[2];
	unsigned n;
};

static int is_compare(enum bc op)
{
	return op <= BC_ISF;
}

static void add_next(struct next *x, const struct trace_proto *tp, int64_t pos)
{
	if (pos > 0 && pos < tp->n && x->n < 2)
		x->pos[x->n++] = pos;
}

/* Within the function; calls and returns are elsewhere. */
static struct next following(const struct trace_proto *tp, uint32_t pos)
{
	struct next x = { .n = 0 };
	const struct bc_info *bc;
	uint32_t ins, jmp;
	int64_t to;

	bc = bc_at(tp, pos, &ins);
	if (!bc)
		return x;
	to = (int64_t)pos + 1 + bc_j(ins);
	switch (bc->op) {
	case BC_JMP: case BC_ISNEXT:
		add_next(&x, tp, to);
		break;
	case BC_FORI: case BC_JFORI:
		add_next(&x, tp, pos + 1);
		add_next(&x, tp, to);
		break;
	case BC_FORL: case BC_IFORL: case BC_ITERL: case BC_IITERL:
		add_next(&x, tp, to);
		add_next(&x, tp, pos + 1);
		break;
	case BC_UCLO:
		add_next(&x, tp, to);
		break;
	default:
		add_next(&x, tp, pos + 1);
		if (is_compare(bc->op) && bc_at(tp, pos + 1, &jmp)) {
			x.n = 0;
			add_next(&x, tp, pos + 2);
			add_next(&x, tp, (int64_t)pos + 2 + bc_j(jmp));
		}
	}
	return x;
}

/* -- Functions called ----------------------------------------------------- */

/* What a call calls: ENUM tobj << 28 | id; 0: not known. */
static uint32_t upvalue_fn(const struct walk_private *w,
			   const struct trace_proto *tp, uint32_t uv)
{
	const struct trace *t = w->t;
	uint32_t word;

	for (uint32_t i = 0; i < t->nobjs; i++)
		if (t->obj[i].kind == LJD_tobj_LUA &&
		    t->obj[i].id == tp->pt->r.id && t->obj[i].n / 4 > uv) {
			memcpy(&word, t->obj[i].p + uv * 4ul, 4);
			return word;
		}
	return 0;
}

/* The slot's last write before the call, if it is an upvalue. */
static uint32_t static_callee(const struct walk_private *w,
			      const struct trace_proto *tp, uint32_t pos,
			      uint32_t slot)
{
	uint32_t ins;

	for (unsigned i = 0; i < BACK && pos-- > 1; i++) {
		const struct bc_info *bc = bc_at(tp, pos, &ins);

		if (!bc || bc->op == BC_JMP || is_compare(bc->op))
			return 0;
		if (bc->a == BC_A_BASE && slot >= bc_a(ins))
			return 0;
		if (bc->a != BC_A_DST || bc_a(ins) != slot)
			continue;
		if (bc->op == BC_MOV)
			slot = bc_d(ins);
		else
			return bc->op == BC_UGET ?
			       upvalue_fn(w, tp, bc_d(ins)) : 0;
	}
	return 0;
}

static uint64_t callkey(const struct trace_proto *tp, uint32_t pos)
{
	return (uint64_t)tp->pt->r.id << 32 | pos;
}

static int looks_up_meta(const struct trace *t)
{
	for (uint32_t i = 0; i < t->nobjs; i++)
		if (t->obj[i].kind == LJD_tobj_NAME && t->obj[i].n > 2 &&
		    !memcmp(t->obj[i].p, "__", 2))
			return 1;
	return 0;
}

/* Pairs of caller and callee that snapshots have. */
static void note_calls(struct walk_private *w)
{
	for (uint32_t i = 0; i < w->t->nsnaps; i++) {
		const struct trace_snap *s = &w->t->snap[i];

		for (uint32_t f = 1; f < s->nframes; f++)
			if (s->frame[f - 1].tp && s->frame[f].tp)
				index_put(w->calls,
					  callkey(s->frame[f - 1].tp,
						  s->frame[f - 1].pos),
					  s->frame[f].tp->pt->r.id);
	}
}

static uint32_t call_slot(enum bc op, uint32_t ins)
{
	return op == BC_ITERC || op == BC_ITERN ? bc_a(ins) - 3 : bc_a(ins);
}

/* -- States -------------------------------------------------------------- */

static uint64_t state_hash(const struct state *s)
{
	const uint32_t key[] = { s->ref, s->node, s->pos, s->forced, s->callee,
				 s->main | (uint32_t)s->through << 8 };

	return mem_hash(key, sizeof(key));
}

static int before(const struct walk_private *w, uint32_t a, uint32_t b)
{
	const struct state *x = &w->state[a], *y = &w->state[b];

	if (x->price != y->price)
		return x->price < y->price;
	return x->ref != y->ref ? x->ref > y->ref : a < b;
}

static void heap_push(struct walk_private *w, uint32_t s)
{
	size_t i = w->nheap;

	w->heap = xgrow(w->heap, w->nheap, &w->maxheap, sizeof(*w->heap));
	w->heap[w->nheap++] = s;
	for (; i && before(w, w->heap[i], w->heap[(i - 1) / 2]);
	     i = (i - 1) / 2) {
		uint32_t x = w->heap[i];

		w->heap[i] = w->heap[(i - 1) / 2];
		w->heap[(i - 1) / 2] = x;
	}
}

static uint32_t heap_pop(struct walk_private *w)
{
	uint32_t top = w->heap[0], last = w->heap[--w->nheap];
	size_t i = 0, c;

	while ((c = 2 * i + 1) < w->nheap) {
		if (c + 1 < w->nheap && before(w, w->heap[c + 1], w->heap[c]))
			c++;
		if (!before(w, w->heap[c], last))
			break;
		w->heap[i] = w->heap[c];
		i = c;
	}
	w->heap[i] = last;
	return top;
}

static void reach(struct walk_private *w, struct state s)
{
	uint64_t hash = state_hash(&s);
	long old = index_get(w->seen, hash);

	if (old >= 0 && w->state[old].price <= s.price)
		return;
	if (w->nstates >= MAXSTATES)
		return;
	w->state = xgrow(w->state, w->nstates, &w->maxstates,
			 sizeof(*w->state));
	w->state[w->nstates] = s;
	index_put(w->seen, hash, w->nstates);
	heap_push(w, w->nstates++);
}

/* -- Moves --------------------------------------------------------------- */

/* Instructions that no bytecode made. */
static int is_silent(const struct trace_ir *ir)
{
	switch (ir->o) {
	case IR_NOP: case IR_BASE: case IR_PVAL: case IR_LOOP: case IR_USE:
	case IR_PHI: case IR_RENAME: case IR__MAX:
		return 1;
	default:
		return ir_info[ir->o].kind == IRK_CONST;
	}
}

static struct state step_to(const struct state *s, uint32_t at, uint32_t node,
			    uint32_t pos, double price)
{
	return (struct state){ .ref = s->ref, .node = node, .pos = pos,
		.forced = WALK_NONE, .prev = at,
		.price = s->price + price + STEP_PRICE };
}

/* A frame below the one the trace ran in so far: only IR RETF knows it. */
static void return_below(struct walk_private *w, uint32_t at,
			 struct state s, double price)
{
	const struct trace_ir *ir = trace_ins(w->t, s.ref - 1);
	const struct trace_proto *tp;
	uint64_t pc;
	uint32_t pos;

	if (!s.made || ir->o != IR_RETF)
		return;
	pc = w->t->gc64 ? trace_k64(w->t, ir->op2) :
	     trace_ins(w->t, ir->op2)->op1 |
	     (uint32_t)trace_ins(w->t, ir->op2)->op2 << 16;
	tp = tracedb_at(w->t->db, w->t->r->r.vm, pc, &pos);
	if (tp)
		reach(w, step_to(&s, at, get_node(w, WALK_NONE, tp,
						  w->t->gc64 ? 2 : 1, 0, 0),
				 pos, price));
}

/* Back in the caller, behind its call. */
static void do_return(struct walk_private *w, uint32_t at, struct state s,
		      double price)
{
	struct walk_node n = w->out->node[s.node], up;
	struct next next;

	if (n.parent == WALK_NONE) {
		return_below(w, at, s, price);
		return;
	}
	up = w->out->node[n.parent];
	if (!up.tp) {	/* a fast function that called it returns, too */
		if (up.parent == WALK_NONE)
			return;
		n = up;
		up = w->out->node[n.parent];
	}
	if (!up.tp)
		return;
	next = following(up.tp, n.callpos);
	for (unsigned i = 0; i < next.n; i++)
		reach(w, step_to(&s, at, n.parent, next.pos[i], price));
}

static int head_is_vararg(const struct bc_info *bc)
{
	return bc->op == BC_FUNCV || bc->op == BC_IFUNCV ||
	       bc->op == BC_JFUNCV;
}

/* A frame of tp, called at s. */
static void enter(struct walk_private *w, uint32_t at, struct state s,
		  const struct trace_proto *tp, uint32_t ins, int tail,
		  double price)
{
	struct walk_node n = w->out->node[s.node];
	uint32_t base = n.base ? n.base + bc_a(ins) + 1 + w->t->gc64 : 0;
	const struct bc_info *head;
	uint32_t headins, node;

	if (depth_of(w, s.node) >= MAXDEPTH)
		return;
	head = bc_at(tp, 0, &headins);
	if (!head)
		return;
	if (head_is_vararg(head))
		base = 0;
	node = tail ? n.parent : s.node;
	if (tail)
		base = head_is_vararg(head) ? 0 : n.base;
	if (s.through) {	/* pcall(f, ...): f is in its first slot */
		node = get_node(w, node, NULL, 0, tail ? n.callpos : s.pos,
				tail);
		base = base && !tail ? base + 1 + w->t->gc64 : 0;
		tail = 0;
		s.pos = 0;
	}
	node = get_node(w, node, tp, base, tail ? n.callpos : s.pos, tail);
	reach(w, step_to(&s, at, node, 0, price));
}

static const struct trace_proto *obj_proto(const struct walk_private *w,
					   const struct trace_obj *o)
{
	if (!o || (o->kind != LJD_tobj_LUA && o->kind != LJD_tobj_PROTO))
		return NULL;
	return tracedb_proto(w->t->db, o->id);
}

/* Into any Lua function among the trace's constants. */
static void enter_any(struct walk_private *w, uint32_t at, struct state s,
		      uint32_t ins, int tail, double price)
{
	long known = index_get(w->calls,
			       callkey(w->out->node[s.node].tp, s.pos));

	for (uint32_t i = 0; i < w->t->nobjs; i++) {
		const struct trace_obj *o = &w->t->obj[i];
		const struct trace_proto *tp = obj_proto(w, o);

		if (tp)
			enter(w, at, s, tp, ins, tail, price +
			      (known < 0 ? 0 : known == (long)o->id ? -0.25 :
			       0.6));
	}
}

/* A call: what IR just made sure of, an upvalue's function, or any. */
static void do_call(struct walk_private *w, uint32_t at, struct state s,
		   const struct bc_info *bc, uint32_t ins, double *builtin)
{
	const struct trace_proto *tp = w->out->node[s.node].tp;
	int tail = bc->op == BC_CALLT || bc->op == BC_CALLMT;
	const struct trace_obj *o;
	uint32_t word;

	*builtin = 0.1;
	if (s.callee) {
		o = trace_obj(w->t, s.callee);
		if (obj_proto(w, o)) {
			enter(w, at, s, obj_proto(w, o), ins, tail, 0);
			*builtin = 4;
		} else if (o) {
			/* pcall and its like call on */
			enter_any(w, at, s, ins, tail, 1.2);
			*builtin = 0;
		}
		return;
	}
	word = static_callee(w, tp, s.pos, call_slot(bc->op, ins));
	if (word >> 28 == LJD_tobj_LUA &&
	    tracedb_proto(w->t->db, word & 0xfffffff)) {
		enter(w, at, s, tracedb_proto(w->t->db, word & 0xfffffff),
		      ins, tail, 0);
		*builtin = 4;
		return;
	}
	if (word) {
		enter_any(w, at, s, ins, tail, 1.2);
		*builtin = 0.02;
		return;
	}
	enter_any(w, at, s, ins, tail, 0.4);
}

/* Whether a bytecode may call a metamethod. */
static int has_meta(const struct bc_info *bc)
{
	return strcmp(bc->mm, "none") && strcmp(bc->mm, "call") &&
	       strcmp(bc->mm, "gc");
}

static void step(struct walk_private *w, uint32_t at)
{
	struct state s = w->state[at];
	struct walk_node n = w->out->node[s.node];
	const struct bc_info *bc;
	struct fit_at f;
	struct next next;
	uint32_t ins;
	double price, builtin = 0;

	bc = bc_at(n.tp, s.pos, &ins);
	if (!bc)
		return;
	f = (struct fit_at){ .t = w->t, .tp = n.tp, .bc = bc, .ins = ins };
	price = s.main ? 0 : fit_missing(&f, s.ref);
	if (s.forced != WALK_NONE) {
		reach(w, step_to(&s, at, s.node, s.forced, price));
		return;
	}
	switch (bc->op) {
	case BC_RET: case BC_RETM: case BC_RET0: case BC_RET1:
		do_return(w, at, s, 0);
		return;
	case BC_CALL: case BC_CALLM: case BC_CALLT: case BC_CALLMT:
	case BC_ITERC:
		do_call(w, at, s, bc, ins, &builtin);
		price += builtin;
		break;
	default:
		if (has_meta(bc) && s.callee)
			enter(w, at, s, obj_proto(w, trace_obj(w->t, s.callee)) ?
			      obj_proto(w, trace_obj(w->t, s.callee)) : n.tp,
			      0, 0, 0.02);
		else if (has_meta(bc) && !s.main && w->meta)
			enter_any(w, at, s, 0, 0, 0.8);
	}
	if (bc->op == BC_CALLT || bc->op == BC_CALLMT) {
		do_return(w, at, s, price);
		return;
	}
	next = following(n.tp, s.pos);
	for (unsigned i = 0; i < next.n; i++)
		reach(w, step_to(&s, at, s.node, next.pos[i],
				 price + (bc->op == BC_UCLO ? 0 : i * 0.001)));
}

/* Whether the call at s goes to a Lua function, as far as is known. */
static int to_lua(const struct walk_private *w, const struct state *s,
		  const struct bc_info *bc, uint32_t ins,
		  const struct trace_proto *tp)
{
	uint32_t word;

	if (strcmp(bc->mm, "call"))
		return 0;
	if (s->callee)
		return obj_proto(w, trace_obj(w->t, s->callee)) != NULL;
	word = static_callee(w, tp, s->pos, call_slot(bc->op, ins));
	return word >> 28 == LJD_tobj_LUA;
}

/* The price of a call from a function that a call is known to go to. */
static double calls_on(const struct walk_private *w, uint32_t callee)
{
	const struct trace_obj *o = trace_obj(w->t, callee);
	const char *name;

	if (!o || o->kind != LJD_tobj_FF)
		return 3;
	name = profile_ffname(tracedb_profile(w->t->db), w->t->r->r.vm, o->id);
	if (!name)
		return 0.5;
	return !strcmp(name, "pcall") || !strcmp(name, "xpcall") ? 0 : 3;
}

static void make(struct walk_private *w, uint32_t at)
{
	struct state s = w->state[at], x = s;
	const struct trace_ir *ir = trace_ins(w->t, s.ref);
	struct fit_at f = { .t = w->t };
	struct fit p = { 0, 0, 0 };

	if (!is_silent(ir)) {
		f.tp = w->out->node[s.node].tp;
		f.base = w->out->node[s.node].base;
		f.bc = bc_at(f.tp, s.pos, &f.ins);
		if (!f.bc)
			return;
		f.in_lua = to_lua(w, &s, f.bc, f.ins, f.tp);
		p = fit(&f, s.ref);
	}
	x.ref++;
	x.prev = at;
	x.made = 1;
	x.main |= p.main;
	if (p.callee) {
		x.through = s.callee != 0;
		if (s.callee)
			p.price += calls_on(w, s.callee);
		x.callee = p.callee;
	}
	x.price += p.price;
	reach(w, x);
}

/* -- Goals --------------------------------------------------------------- */

static int same_frames(const struct walk_private *w, uint32_t node,
		       const struct trace_snap *s)
{
	for (uint32_t i = s->nframes; i-- > 0;) {
		const struct walk_node *n;

		if (node == WALK_NONE)
			return 0;
		n = &w->out->node[node];
		if (n->tp != s->frame[i].tp)
			return 0;
		if (i && s->frame[i - 1].tp &&
		    n->callpos != s->frame[i - 1].pos)
			return 0;
		node = n->parent;
	}
	return node == WALK_NONE;
}

/* Where the way goes on if s is where the snapshot was taken; WALK_NONE: it
 * is not. A comparison's is taken in the middle, with the other way's pc. */
static uint32_t agrees(const struct walk_private *w, const struct state *s,
		       const struct trace_snap *snap, uint32_t *forced)
{
	const struct trace_frame *in = &snap->frame[snap->nframes - 1];
	const struct bc_info *bc;
	struct next next;
	uint32_t ins;

	*forced = WALK_NONE;
	if (!same_frames(w, s->node, snap))
		return WALK_NONE;
	if (s->pos == in->pos)
		return s->pos;
	bc = bc_at(in->tp, s->pos, &ins);
	if (!bc || !(is_compare(bc->op) || bc->op == BC_FORI ||
		     bc->op == BC_JFORI || bc->op == BC_FORL ||
		     bc->op == BC_IFORL || bc->op == BC_JFORL))
		return WALK_NONE;
	next = following(in->tp, s->pos);
	if (next.n != 2 || s->forced != WALK_NONE)
		return WALK_NONE;
	for (int i = 0; i < 2; i++)
		if (next.pos[i] == in->pos) {
			*forced = next.pos[!i];
			return s->pos;
		}
	return WALK_NONE;
}

static int is_goal(const struct walk_private *w, const struct state *s)
{
	uint32_t forced;

	if (s->ref != w->iv->to)
		return 0;
	if (!w->iv->goal || !w->iv->goal->nframes)
		return 1;
	return agrees(w, s, w->iv->goal, &forced) != WALK_NONE;
}

/* -- Intervals ------------------------------------------------------------ */

/* What the way cost around an instruction, per instruction. */
static void smooth(struct walk_private *w, const float *paid)
{
	const struct interval *iv = w->iv;

	for (uint32_t r = iv->from; r < iv->to; r++) {
		uint32_t lo = r - iv->from < AROUND ? iv->from : r - AROUND;
		uint32_t hi = iv->to - r <= AROUND ? iv->to : r + AROUND + 1;
		float sum = 0;

		for (uint32_t i = lo; i < hi; i++)
			sum += paid[i - iv->from];
		w->out->place[r - REF_BIAS].cost = sum / (hi - lo);
	}
}

static void set_places(struct walk_private *w, uint32_t end)
{
	const struct interval *iv = w->iv;
	float *paid = xcalloc(iv->to - iv->from, sizeof(*paid));
	float upto = w->state[end].price;

	for (uint32_t i = end; i != WALK_NONE; i = w->state[i].prev) {
		const struct state *s = &w->state[i];
		const struct state *before;

		if (!s->made || s->prev == WALK_NONE)
			continue;
		before = &w->state[s->prev];
		if (before->ref + 1 != s->ref)
			continue;
		w->out->place[before->ref - REF_BIAS] =
			(struct walk_place){ s->node, s->pos, 0, 0 };
		paid[before->ref - iv->from] = upto - before->price;
		upto = before->price;
	}
	smooth(w, paid);
	free(paid);
}

/* All from one place: what to do if no way is found. */
static void set_failed(struct walk_private *w, uint32_t from, uint32_t to,
		       uint32_t node, uint32_t pos)
{
	for (uint32_t r = from; r < to; r++)
		w->out->place[r - REF_BIAS] =
			(struct walk_place){ node, pos, 1, 1 };
}

/* The cheapest way; returns its last state, WALK_NONE if there is none. */
static uint32_t search(struct walk_private *w, struct state start)
{
	const struct interval *iv = w->iv;
	uint16_t *tried = xcalloc(iv->to - iv->from + 1, sizeof(*tried));
	uint32_t far = WALK_NONE, found = WALK_NONE;

	w->nstates = w->nheap = 0;
	w->seen = index_new();
	reach(w, start);
	while (w->nheap && found == WALK_NONE && w->tries++ < MAXTRIES) {
		uint32_t at = heap_pop(w), ref = w->state[at].ref;

		if (tried[ref - iv->from]++ >= STEPS) {
			tried[ref - iv->from]--;
			continue;
		}
		if (ref == iv->to && far == WALK_NONE)
			far = at;
		if (is_goal(w, &w->state[at]))
			found = at;
		if (ref < iv->to)
			make(w, at);
		step(w, at);
	}
	index_free(w->seen);
	free(tried);
	/* Without a goal to reach, that all is made is enough. */
	return found != WALK_NONE || iv->goal ? found : far;
}

static struct state start_of(uint32_t node, uint32_t pos, uint32_t ref)
{
	return (struct state){ .ref = ref, .node = node, .pos = pos,
			       .forced = WALK_NONE, .prev = WALK_NONE };
}

/* From s on to where the snapshot is; returns the state to go on from. */
static struct state walk_interval(struct walk_private *w, struct state s,
				  const struct interval *iv)
{
	uint32_t end, node, pos;
	struct state x;

	w->iv = iv;
	end = s.node == WALK_NONE ? WALK_NONE : search(w, s);
	if (end == WALK_NONE) {
		set_failed(w, iv->from, iv->to, s.node, s.pos);
		if (!iv->goal || !iv->goal->nframes)
			return start_of(s.node, s.pos, iv->to);
		return start_of(snap_node(w, iv->goal),
				iv->goal->frame[iv->goal->nframes - 1].pos,
				iv->to);
	}
	set_places(w, end);
	x = w->state[end];
	x.prev = WALK_NONE;
	x.price = 0;
	x.made = 0;
	if (!iv->goal || !iv->goal->nframes)
		return x;
	node = snap_node(w, iv->goal);
	pos = agrees(w, &x, iv->goal, &x.forced);
	/* What the way knows more: who was called by a tail call. */
	if (w->out->node[x.node].base != w->out->node[node].base)
		x.node = node;
	if (pos == iv->goal->frame[iv->goal->nframes - 1].pos &&
	    x.forced == WALK_NONE && !x.main)
		x.callee = 0;
	return x;
}

/* A loop with a counter is entered at its end: hoisted checks are its. */
static struct state first_state(struct walk_private *w)
{
	const struct ljd_trace *r = &w->t->r->r;
	const struct trace_snap *s = &w->t->snap[0];
	const struct bc_info *bc = bytecode_info(w->t->nbc,
						 bc_op(r->startins));
	struct state x;

	x = start_of(WALK_NONE, 0, REF_BIAS + 1);
	if (!s->nframes)
		return x;
	x.node = snap_node(w, s);
	x.pos = s->frame[s->nframes - 1].pos;
	if (!r->root && bc && (bc->op == BC_FORL || bc->op == BC_IFORL) &&
	    w->out->node[x.node].tp->pt->r.id == r->proto) {
		x.forced = x.pos;
		x.pos = r->startpos;
		x.main = 1;
	}
	return x;
}

static void walk_recorded(struct walk_private *w)
{
	const struct trace *t = w->t;
	uint32_t end = t->loop ? t->loop : t->nins, k = 0;
	struct state s = first_state(w);

	/* Below the first snapshot a side trace repeats what its parent had. */
	s.ref = t->snap[0].ref < end ? t->snap[0].ref : end;
	if (s.ref <= REF_BIAS)
		s.ref = REF_BIAS + 1;
	if (s.node != WALK_NONE && s.forced == WALK_NONE)
		set_failed(w, REF_BIAS, s.ref, s.node, s.pos);
	else if (s.node != WALK_NONE)
		s.ref = REF_BIAS + 1;
	while (s.ref < end) {
		struct interval iv = { .from = s.ref, .to = end };

		while (k < t->nsnaps && t->snap[k].ref <= s.ref)
			k++;
		/* of those at one place the last one tells most */
		while (k + 1 < t->nsnaps && t->snap[k + 1].ref ==
					    t->snap[k].ref)
			k++;
		if (k < t->nsnaps && t->snap[k].ref < end) {
			iv.goal = &t->snap[k];
			iv.to = t->snap[k].ref;
		}
		s = walk_interval(w, s, &iv);
	}
}

/* -- The loop ------------------------------------------------------------- */

/* What a copy in the loop has in common with an instruction before it. */
static int alike(const struct trace *t, uint32_t copy, uint32_t ref)
{
	const struct trace_ir *a = trace_ins(t, copy), *b = trace_ins(t, ref);
	int n = 0;

	if (a->o != b->o)
		return 0;
	n = 2 + (a->t == b->t) + (a->guard == b->guard);
	if (ir_info[a->o].op1 == IRM_REF)
		n += a->op1 == b->op1 ? 2 : (a->op1 < REF_BIAS ||
					     b->op1 < REF_BIAS) ? -1 : 0;
	else
		n += a->op1 == b->op1;
	if (ir_info[a->o].op2 == IRM_REF)
		n += a->op2 == b->op2 ? 2 : (a->op2 < REF_BIAS ||
					     b->op2 < REF_BIAS) ? -1 : 0;
	else
		n += a->op2 == b->op2;
	return n > 0 ? n : 0;
}

#define MAXCELLS	(16u << 20)

/* The part behind LOOP is the part before it once more, with what is known
 * left out: the longest common sequence of the two. */
static void walk_loop(struct walk_private *w)
{
	const struct trace *t = w->t;
	uint32_t first = REF_BIAS + 1, na = t->loop - first;
	uint32_t nb = t->nins - t->loop - 1;
	uint16_t *best;
	uint32_t i = 0, j = 0, last = WALK_NONE;
	size_t wide = (size_t)nb + 1;

	if (!nb || !na || (na + 1) * wide > MAXCELLS)
		return;
	best = xcalloc((na + 1) * wide, sizeof(*best));
	for (i = na; i-- > 0;)
		for (j = nb; j-- > 0;) {
			int same = alike(t, t->loop + 1 + j, first + i);
			uint16_t v = best[(i + 1) * wide + j];

			if (best[i * wide + j + 1] > v)
				v = best[i * wide + j + 1];
			if (same && best[(i + 1) * wide + j + 1] + same > v)
				v = best[(i + 1) * wide + j + 1] + same;
			best[i * wide + j] = v;
		}
	for (i = j = 0; i < na && j < nb;) {
		struct walk_place *p = &w->out->place[t->loop + 1 + j -
						      REF_BIAS];
		int same = alike(t, t->loop + 1 + j, first + i);

		if (same && best[i * wide + j] ==
			    best[(i + 1) * wide + j + 1] + same) {
			*p = w->out->place[first + i - REF_BIAS];
			last = first + i++;
			j++;
		} else if (best[i * wide + j] == best[(i + 1) * wide + j]) {
			i++;
		} else {
			if (last != WALK_NONE)
				*p = w->out->place[last - REF_BIAS];
			j++;
		}
	}
	for (; j < nb && last != WALK_NONE; j++)
		w->out->place[t->loop + 1 + j - REF_BIAS] =
			w->out->place[last - REF_BIAS];
	free(best);
}

struct trace_walk *trace_walk(const struct trace *t)
{
	struct trace_walk *out = xcalloc(1, sizeof(*out));
	struct walk_private *w = xcalloc(1, sizeof(*w));

	out->t = t;
	out->nplaces = t->nins - REF_BIAS;
	out->place = xcalloc(out->nplaces, sizeof(*out->place));
	for (size_t i = 0; i < out->nplaces; i++)
		out->place[i].node = WALK_NONE;
	w->t = t;
	w->out = out;
	w->nodes = index_new();
	w->calls = index_new();
	w->meta = looks_up_meta(t);
	note_calls(w);
	walk_recorded(w);
	if (t->loop)
		walk_loop(w);
	index_free(w->nodes);
	index_free(w->calls);
	free(w->state);
	free(w->heap);
	free(w);
	return out;
}

void trace_walk_free(struct trace_walk *w)
{
	if (!w)
		return;
	free(w->node);
	free(w->place);
	free(w);
}
