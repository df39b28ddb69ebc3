/* heapwalk.c - from the roots of a VM to all its objects, in the copy.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <sys/mman.h>

#include "heapname.h"
#include "heapwalk.h"
#include "mem.h"

#define PAGE		4096
#define SLOT		32		/* bytes; an allocation takes no less */
#define GARBAGE		UINT32_MAX	/* in id[]: found on a list only */
#define MAXOBJ		(UINT32_MAX - 1)
#define MAXCHAIN	(1u << 20)	/* strings of one hash, rings */
#define NGCROOT		39		/* lj_obj.h: GCROOT_MAX, at most */
#define IRBIAS		0x8000		/* lj_ir.h: REF_BIAS */
#define IRKGC		24		/* ... constants, in the order of IRDEF */
#define IRKNULL		27
#define IRKINT64	29

/* struct found - an object, in the order they were found */
struct found {
	uint32_t at;		/* offset in the copy / 8 */
	uint32_t node;
};

struct heapwalk {
	const struct heapcopy *c;
	const struct heapvm *vm;	/* the one that is walked */
	struct heappath *path;
	struct heapdom *dom;
	struct heapname *name;
	struct heapwalk_sum sum;
	struct found *found;		/* [0] is none */
	size_t n, max, done;
	uint32_t *id;			/* by offset in the copy / SLOT */
	size_t idbytes;
	unsigned char *page;		/* of the copy: 1: something is there */
	uint64_t budget;		/* words that may still be looked at */
	struct index *weak;		/* metatable -> 1: keys, 2: values */
	struct heapframe frame[HEAPFRAME_MAX];
	uint32_t keys, metatable, env, code, cupvalue, stack, open;
};

struct heapwalk *heapwalk_new(const struct heapcopy *c, struct heappath *path,
			      int hide)
{
	struct heapwalk *h = xcalloc(1, sizeof(*h));

	h->c = c;
	h->path = path;
	h->dom = heapdom_new();
	h->name = heapname_new(path, hide);
	h->weak = index_new();
	h->idbytes = (c->n / SLOT + 1) * sizeof(*h->id);
	h->id = mmap(NULL, h->idbytes, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (h->id == MAP_FAILED) {
		h->id = NULL;
		h->idbytes = 0;
	} else {
		madvise(h->id, h->idbytes, MADV_HUGEPAGE);
	}
	h->page = xcalloc(c->n / PAGE + 1, 1);
	/* No word belongs to two objects, and none is looked at more than
	 * four times; damaged ones may say so. */
	h->budget = c->n / 2 + (1 << 20);
	h->keys = heappath_label(path, "(keys)");
	h->metatable = heappath_label(path, "(metatable)");
	h->env = heappath_label(path, "(env)");
	h->code = heappath_label(path, "(code)");
	h->cupvalue = heappath_label(path, "(C upvalue)");
	h->stack = heappath_label(path, "(stack)");
	h->open = heappath_label(path, "(open upvalue)");
	return h;
}

void heapwalk_free(struct heapwalk *h)
{
	if (!h)
		return;
	if (h->id)
		munmap(h->id, h->idbytes);
	heapdom_free(h->dom);
	heapname_free(h->name);
	index_free(h->weak);
	free(h->found);
	free(h->page);
	free(h);
}

const struct heapwalk_sum *heapwalk_sum(const struct heapwalk *h)
{
	return &h->sum;
}

/* p: in the copy */
static void mark(struct heapwalk *h, const unsigned char *p)
{
	h->page[(p - h->c->bytes) / PAGE] = 1;
}

uint64_t heapwalk_memory(const struct heapwalk *h)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < h->c->nranges; i++) {
		const struct heapcopy_range *r = &h->c->range[i];

		if (memchr(h->page + r->at / PAGE, 1, (r->hi - r->lo) / PAGE))
			bytes += r->hi - r->lo;
	}
	return bytes;
}

/* -- Following a reference ---------------------------------------------- */

static uint32_t count_object(struct heapwalk *h, uint32_t node, uint32_t label,
			     unsigned gct, uint64_t size)
{
	uint32_t to = heappath_step(h->path, node, label);
	struct heappath_count *c = &h->path->node[to].by[gct];

	c->bytes += size;
	c->objects++;
	h->sum.reached[gct].bytes += size;
	h->sum.reached[gct].objects++;
	return to;
}

/* struct edge - a reference: to where, and which id[] is its object's */
struct edge {
	uint64_t addr;
	unsigned gct;
	size_t at;
	uint32_t node;		/* where it is */
};

/* Is it one to an object that is not found yet? Others are done with. */
static int is_new(struct heapwalk *h, struct edge *e)
{
	uint32_t id;

	h->sum.refs++;
	e->at = heapcopy_offset(h->c, e->addr, 16);
	if (e->at == SIZE_MAX) {
		h->sum.torn++;
		return 0;
	}
	id = h->id[e->at / SLOT];
	if (!id)
		return 1;
	if (id > h->n || h->found[id].at != e->at / 8)
		h->sum.torn++;
	else
		heapdom_edge(h->dom, e->node, h->found[id].node);
	return 0;
}

static void follow(struct heapwalk *h, const struct edge *e, uint32_t label)
{
	struct found *f;
	uint64_t size;

	if (!heapobj_get(h->vm, e->addr, e->gct, &size) || h->n >= MAXOBJ) {
		h->sum.torn++;
		return;
	}
	h->found = xgrow(h->found, h->n + 1, &h->max, sizeof(*f));
	f = &h->found[++h->n];
	f->at = e->at / 8;
	f->node = count_object(h, e->node, label, e->gct, size);
	h->id[e->at / SLOT] = h->n;
	heapdom_edge(h->dom, e->node, f->node);
}

/* A reference that may be NULL. */
static void visit(struct heapwalk *h, uint32_t node, uint32_t label,
		  uint64_t addr, unsigned gct)
{
	struct edge e = { addr, gct, 0, node };

	if (addr && is_new(h, &e))
		follow(h, &e, label);
}

static void visit_tv(struct heapwalk *h, uint32_t node, uint32_t label,
		     uint64_t v)
{
	unsigned gct;
	uint64_t addr = heap_tv(h->vm, v, &gct);

	if (addr)
		visit(h, node, label, addr, gct);
}

/* May so many words be looked at? */
static int afford(struct heapwalk *h, uint64_t words)
{
	if (words > h->budget) {
		h->sum.capped++;
		return 0;
	}
	h->budget -= words;
	return 1;
}

/* -- Tables ------------------------------------------------------------- */

static const unsigned char *nodes_of(struct heapwalk *h,
				     const unsigned char *t, uint64_t *n)
{
	*n = heap_u32(t, LJ_OBJ(h->vm, tab_hmask)) + 1ull;
	return heapcopy_at(h->c, heap_ref(h->vm, t, LJ_OBJ(h->vm, tab_node)),
			   *n * LJ_OBJ(h->vm, node_size));
}

static int is_string(const struct heapwalk *h, uint64_t v, const char *want)
{
	unsigned gct;
	uint64_t addr = heap_tv(h->vm, v, &gct);
	uint32_t n;
	const char *s = addr && gct == LJ_TSTR ?
			heapobj_string(h->vm, addr, &n) : NULL;

	return s && n == strlen(want) && !memcmp(s, want, n);
}

/* The value that a table has for a key; nil: none. */
static uint64_t get_field(struct heapwalk *h, uint64_t tab, const char *key)
{
	uint32_t nsize = LJ_OBJ(h->vm, node_size);
	uint64_t size, n;
	const unsigned char *t = heapobj_get(h->vm, tab, LJ_TTAB, &size), *p;

	p = t ? nodes_of(h, t, &n) : NULL;
	if (!p || !afford(h, n))
		return ~0ull;
	for (uint64_t i = 0; i < n; i++, p += nsize)
		if (is_string(h, heap_u64(p, LJ_OBJ(h->vm, node_key)), key))
			return heap_u64(p, LJ_OBJ(h->vm, node_val));
	return ~0ull;
}

/* Is a table weak? By its metatable. 1: its keys are, 2: its values */
static uint32_t weak_mode(struct heapwalk *h, uint64_t metatable)
{
	long mode = index_get(h->weak, metatable);
	unsigned gct;
	const char *s;
	uint64_t v;
	uint32_t n;

	if (mode >= 0)
		return mode;
	v = heap_tv(h->vm, get_field(h, metatable, "__mode"), &gct);
	s = v && gct == LJ_TSTR ? heapobj_string(h->vm, v, &n) : NULL;
	mode = s ? (memchr(s, 'k', n) ? 1 : 0) | (memchr(s, 'v', n) ? 2 : 0) :
		   0;
	index_put(h->weak, metatable, mode);
	return mode;
}

/* Strings are values: a weak table holds them. */
static int is_weak(const struct heapwalk *h, uint64_t v, int weak)
{
	unsigned gct;

	return weak && heap_tv(h->vm, v, &gct) && gct != LJ_TSTR;
}

/* Names of modules are many, and nobody's; those of large tables are data. */
static int has_many_keys(const struct heapwalk *h, uint32_t node,
			 const unsigned char *p, uint64_t n)
{
	uint32_t depth = h->path->node[node].depth;
	uint64_t most = depth == 2 ? 2 * HEAPPATH_CHILDREN : HEAPPATH_CHILDREN;
	uint64_t many = 0;

	for (uint64_t i = 0; depth > 1 && n > most && i < n && many <= most;
	     i++) {
		const unsigned char *kv = p + i * LJ_OBJ(h->vm, node_size);
		unsigned gct;

		if (heap_isnil(h->vm, heap_u64(kv, LJ_OBJ(h->vm, node_val))))
			continue;
		if (heap_tv(h->vm, heap_u64(kv, LJ_OBJ(h->vm, node_key)),
			    &gct) && gct == LJ_TSTR)
			many++;
	}
	return many > most;
}

static void scan_hash(struct heapwalk *h, uint32_t node, const unsigned char *t,
		      uint32_t weak)
{
	uint32_t nsize = LJ_OBJ(h->vm, node_size);
	uint64_t n;
	const unsigned char *p = nodes_of(h, t, &n);
	int many = p && has_many_keys(h, node, p, n);

	if (!p || !afford(h, 3 * n))
		return;
	mark(h, p);
	for (; n; n--, p += nsize) {
		uint64_t v = heap_u64(p, LJ_OBJ(h->vm, node_val));
		uint64_t k = heap_u64(p, LJ_OBJ(h->vm, node_key));
		struct edge e = { .node = node };

		if (heap_isnil(h->vm, v))
			continue;	/* its key may be dead */
		if (!is_weak(h, k, weak & 1))
			visit_tv(h, node, h->keys, k);
		e.addr = heap_tv(h->vm, v, &e.gct);
		if (!e.addr || is_weak(h, v, weak & 2) || !is_new(h, &e))
			continue;
		follow(h, &e, many ? h->path->strings :
				     heapname_key(h->name, h->vm, k));
	}
}

static void scan_tab(struct heapwalk *h, uint32_t node, const unsigned char *t)
{
	uint64_t asize = heap_u32(t, LJ_OBJ(h->vm, tab_asize));
	uint64_t mt = heap_ref(h->vm, t, LJ_OBJ(h->vm, tab_metatable));
	uint64_t array = heap_ref(h->vm, t, LJ_OBJ(h->vm, tab_array));
	const unsigned char *p = heapcopy_at(h->c, array, 8 * asize);
	uint32_t weak = 0, element;

	if (mt) {
		visit(h, node, h->metatable, mt, LJ_TTAB);
		weak = weak_mode(h, mt);
	}
	element = heapname_key(h->name, h->vm, 0);
	if (asize && p && afford(h, asize)) {
		mark(h, p);
		for (; asize; asize--, p += 8) {
			uint64_t v = heap_u64(p, 0);

			if (!is_weak(h, v, weak & 2))
				visit_tv(h, node, element, v);
		}
	}
	scan_hash(h, node, t, weak);
}

/* -- Functions ---------------------------------------------------------- */

static void scan_func(struct heapwalk *h, uint32_t node, const unsigned char *p)
{
	uint32_t n = heap_u8(p, LJ_OBJ(h->vm, fn_nupvalues)), ofs, i;
	uint64_t pt = heapobj_proto(h->vm, p);

	for (i = 0; i < n && pt; i++) {
		struct edge e = { .gct = LJ_TUPVAL, .node = node };

		ofs = LJ_OBJ(h->vm, fn_uvptr) + i * heap_refsize(h->vm);
		e.addr = heap_ref(h->vm, p, ofs);
		if (is_new(h, &e))
			follow(h, &e, heapname_upvalue(h->name, h->vm, pt, i));
	}
	for (i = 0; i < n && !pt; i++)
		visit_tv(h, node, h->cupvalue,
			 heap_u64(p, LJ_OBJ(h->vm, fn_upvalue) + 8 * i));
	visit(h, node, h->code, pt, LJ_TPROTO);
	visit(h, node, h->env, heap_ref(h->vm, p, LJ_OBJ(h->vm, fn_env)),
	      LJ_TTAB);
}

static void visit_trace(struct heapwalk *h, uint32_t node, uint32_t no)
{
	const unsigned char *p;

	if (!no || no >= h->vm->sizetrace)
		return;
	p = heapcopy_at(h->c, h->vm->trace +
			(uint64_t)no * heap_refsize(h->vm), 8);
	if (p)
		visit(h, node, HEAPPATH_STAY, heap_ref(h->vm, p, 0),
		      LJ_TTRACE);
}

/* Constants lie before k; which type one has, it says itself. */
static void scan_proto(struct heapwalk *h, uint32_t node,
		       const unsigned char *p)
{
	uint32_t n = heap_u32(p, LJ_OBJ(h->vm, pt_sizekgc));
	uint64_t k = heap_ref(h->vm, p, LJ_OBJ(h->vm, pt_k));
	uint32_t size = heap_refsize(h->vm);
	const unsigned char *ref = heapcopy_at(h->c, k - (uint64_t)n * size,
					       (uint64_t)n * size);

	visit(h, node, HEAPPATH_STAY,
	      heap_ref(h->vm, p, LJ_OBJ(h->vm, pt_chunkname)), LJ_TSTR);
	for (uint32_t i = 0; ref && i < n && afford(h, 1); i++) {
		uint64_t addr = heap_ref(h->vm, ref, i * size);
		unsigned gct = heapobj_type(h->vm, addr);

		visit(h, node, HEAPPATH_STAY, addr, gct);
	}
	visit_trace(h, node, heap_u16(p, LJ_OBJ(h->vm, pt_trace)));
}

/* A trace is held by its proto, and holds the constants in its code. */
static void scan_trace(struct heapwalk *h, uint32_t node,
		       const unsigned char *p)
{
	uint32_t nk = heap_u32(p, LJ_OBJ(h->vm, T_nk)), i;
	uint64_t ir = heap_u64(p, LJ_OBJ(h->vm, T_ir)) + 8ull * nk;
	const unsigned char *ins = heapcopy_at(h->c, ir, 8ull * (IRBIAS - nk));

	h->sum.mcode += heap_u32(p, LJ_OBJ(h->vm, T_szmcode));
	for (i = 0; ins && i + nk < IRBIAS && afford(h, 1); i++) {
		uint32_t op = heap_u8(ins, 8 * i + 5);
		int wide = op >= IRKGC && op <= IRKINT64 && op != IRKNULL &&
			   (h->vm->gc64 || op > IRKNULL);
		uint64_t addr;

		if (op == IRKGC && i + nk + 1 < IRBIAS) {
			addr = h->vm->gc64 ? heap_u64(ins, 8 * i + 8) :
					     heap_u32(ins, 8 * i);
			visit(h, node, HEAPPATH_STAY, addr,
			      heapobj_type(h->vm, addr));
		}
		i += wide;
	}
	for (i = 0; i < 4; i++)	/* link, root, nextroot, nextside */
		visit_trace(h, node,
			    heap_u16(p, LJ_OBJ(h->vm, T_link) + 2 * i));
}

static void scan_upval(struct heapwalk *h, uint32_t node,
		       const unsigned char *p)
{
	uint64_t v = heap_ref(h->vm, p, LJ_OBJ(h->vm, uv_v));
	const unsigned char *tv = heapcopy_at(h->c, v, 8);

	if (tv)
		visit_tv(h, node, HEAPPATH_STAY, heap_u64(tv, 0));
}

/* -- Coroutines --------------------------------------------------------- */

static void visit_slot(struct heapwalk *h, uint32_t node,
		       const struct heapframe *f, uint64_t addr, uint64_t v)
{
	struct edge e = { .node = node };
	uint32_t label = h->stack;

	e.addr = heap_tv(h->vm, v, &e.gct);
	if (!e.addr || !is_new(h, &e))
		return;
	if (f && addr >= f->base)
		label = heapname_local(h->name, h->vm, f, (addr - f->base) / 8);
	follow(h, &e, label);
}

/* Slots that are in use: L->top is behind when the innermost frame is that of
 * a Lua function which runs. */
static uint64_t used_slots(const struct heapwalk *h, const unsigned char *p,
			   uint64_t stack, const struct heapframe *f, size_t nf)
{
	uint64_t all = heap_u32(p, LJ_OBJ(h->vm, L_stacksize)), size, end;
	uint64_t used = (heap_u64(p, LJ_OBJ(h->vm, L_top)) - stack) / 8;
	const unsigned char *pt = nf && f->proto ?
		heapobj_get(h->vm, f->proto, LJ_TPROTO, &size) : NULL;

	if (pt) {
		end = (f->base - stack) / 8 +
		      heap_u8(pt, LJ_OBJ(h->vm, pt_framesize));
		if (used < end)
			used = end;
	}
	return used < all ? used : all;
}

static void scan_thread(struct heapwalk *h, uint32_t node,
			const unsigned char *p, uint64_t L)
{
	uint64_t stack = heap_ref(h->vm, p, LJ_OBJ(h->vm, L_stack)), n, uv;
	size_t nf = heapname_frames(h->vm, L, h->frame), size, f = nf;
	const unsigned char *slot;
	uint64_t bytes;

	n = used_slots(h, p, stack, h->frame, nf);
	size = 8 * n;
	slot = heapcopy_at(h->c, stack, size);
	if (!slot || !afford(h, n))
		return;
	/* From the bottom: outer functions hold things longest. */
	for (uint64_t i = 1 + h->vm->gc64; i < n; i++) {
		uint64_t addr = stack + 8 * i;

		/* The function and the link of a frame lie below its base. */
		while (f && h->frame[f - 1].base <=
			    addr + 8 * (1 + h->vm->gc64))
			f--;
		visit_slot(h, node, f < nf ? &h->frame[f] : NULL, addr,
			   heap_u64(slot + 8 * i, 0));
	}
	visit(h, node, h->env, heap_ref(h->vm, p, LJ_OBJ(h->vm, L_env)),
	      LJ_TTAB);
	uv = heap_ref(h->vm, p, LJ_OBJ(h->vm, L_openupval));
	while (uv && afford(h, 1)) {
		const unsigned char *u = heapobj_get(h->vm, uv, LJ_TUPVAL,
						     &bytes);

		visit(h, node, h->open, uv, LJ_TUPVAL);
		uv = u ? heap_ref(h->vm, u, LJ_OBJ(h->vm, gch_nextgc)) : 0;
	}
}

/* -- All that is reached ------------------------------------------------ */

static void scan(struct heapwalk *h, const struct found *f)
{
	const unsigned char *p = h->c->bytes + 8ull * f->at;
	uint32_t node = f->node;

	mark(h, p);
	switch (heap_u8(p, LJ_OBJ(h->vm, gch_gct))) {
	case LJ_TUPVAL:
		scan_upval(h, node, p);
		break;
	case LJ_TPROTO:
		scan_proto(h, node, p);
		break;
	case LJ_TFUNC:
		scan_func(h, node, p);
		break;
	case LJ_TTRACE:
		scan_trace(h, node, p);
		break;
	case LJ_TTAB:
		scan_tab(h, node, p);
		break;
	case LJ_TUDATA:
		visit(h, node, h->metatable,
		      heap_ref(h->vm, p, LJ_OBJ(h->vm, ud_metatable)), LJ_TTAB);
		visit(h, node, h->env,
		      heap_ref(h->vm, p, LJ_OBJ(h->vm, ud_env)), LJ_TTAB);
		break;
	}
}

/* The address of an offset in the copy. */
static uint64_t address_of(const struct heapcopy *c, size_t at)
{
	for (size_t i = 0; i < c->nranges; i++) {
		const struct heapcopy_range *r = &c->range[i];

		if (at >= r->at && at - r->at < r->hi - r->lo)
			return r->lo + (at - r->at);
	}
	return 0;
}

static void scan_all(struct heapwalk *h)
{
	while (h->done < h->n) {
		struct found f = h->found[++h->done];
		const unsigned char *p = h->c->bytes + 8ull * f.at;

		if (heap_u8(p, LJ_OBJ(h->vm, gch_gct)) == LJ_TTHREAD)
			scan_thread(h, f.node, p,
				    address_of(h->c, 8ull * f.at));
		else
			scan(h, &f);
	}
}

/* -- Roots -------------------------------------------------------------- */

/* One that may be unset, or is none in some releases: it is never torn. */
static void root(struct heapwalk *h, uint32_t node, const char *name,
		 uint64_t addr, unsigned gct)
{
	uint64_t size;

	if (addr && heapobj_get(h->vm, addr, gct, &size))
		visit(h, node, heappath_label(h->path, name), addr, gct);
}

/* One that every VM has: without it, little may be reached. */
static void main_root(struct heapwalk *h, uint32_t node, const char *name,
		      uint64_t addr, unsigned gct)
{
	uint64_t before = h->sum.torn;

	visit(h, node, heappath_label(h->path, name), addr, gct);
	h->sum.roots += !addr || h->sum.torn != before;
}

/* G's array of roots: the names of metamethods, the first being __index; the
 * metatables of basic types; input and output of io. It comes after CTState,
 * and in between is what differs between releases. */
static void array_roots(struct heapwalk *h, uint32_t node,
			const unsigned char *g)
{
	static const char *const base[] = {
		"nil", "boolean", "boolean", "lightuserdata", "string",
		"upvalue", "thread", "prototype", "function", "trace", "cdata",
		"table", "userdata", "number",
	};
	uint32_t size = heap_refsize(h->vm), ofs, i, k = 0;
	uint32_t from = LJ_REL(h->vm, jit_base) + 2 * size, n;
	const char *s = NULL;
	char name[64];

	for (i = 0; i < 8; i++) {
		ofs = from + i * size;
		s = heapobj_string(h->vm, heap_ref(h->vm, g, ofs), &n);
		if (s && n == 7 && !memcmp(s, "__index", 7))
			break;
	}
	for (i = 0; s && i < NGCROOT; i++) {
		uint64_t addr = heap_ref(h->vm, g, ofs + i * size);
		unsigned gct = heapobj_type(h->vm, addr);

		if (gct == LJ_TSTR && !k) {
			root(h, node, "(names of metamethods)", addr, gct);
			continue;
		}
		if (k < sizeof(base) / sizeof(*base))
			snprintf(name, sizeof(name), "(metatable of %s)",
				 base[k]);
		else
			snprintf(name, sizeof(name), gct == LJ_TUDATA ?
				 "(io)" : "(FFI finalizers)");
		root(h, node, name, addr, gct);
		k++;
	}
}

/* A ring of userdata that wait for __gc; G points to the last. */
static void dying(struct heapwalk *h, uint32_t node, const unsigned char *g)
{
	uint64_t last = heap_ref(h->vm, g, LJ_S20(h->vm) ?
				 LJ_OBJ(h->vm, s20_G_mmudata) :
				 LJ_OBJ(h->vm, s17_G_mmudata)), at = last;
	const unsigned char *p;

	for (int i = 0; at && i < (int)MAXCHAIN; i++) {
		root(h, node, "(waiting for __gc)", at, LJ_TUDATA);
		p = heapcopy_at(h->c, at, 16);
		at = p ? heap_ref(h->vm, p, LJ_OBJ(h->vm, gch_nextgc)) : 0;
		if (at == last)
			return;
	}
}

static void roots(struct heapwalk *h, uint32_t node, const unsigned char *g)
{
	const struct heapvm *vm = h->vm;
	const unsigned char *L = heapcopy_at(h->c, vm->mainL,
					     LJ_REL(vm, L_size));
	unsigned gct;
	uint64_t registry, loaded;

	registry = heap_tv(vm, heap_u64(g, LJ_REL(vm, registrytv)), &gct);
	main_root(h, node, "_G", heap_ref(vm, L, LJ_OBJ(vm, L_env)),
		  LJ_TTAB);
	loaded = heap_tv(vm, get_field(h, registry, "_LOADED"), &gct);
	root(h, node, "package.loaded", loaded, LJ_TTAB);
	main_root(h, node, "registry", registry, LJ_TTAB);
	main_root(h, node, "main thread", vm->mainL, LJ_TTHREAD);
	/* Since November 2025; else it is something that is no thread. */
	root(h, node, "(thread of finalizers)",
	     heap_ref(vm, g, LJ_REL(vm, registrytv) + 8), LJ_TTHREAD);
	root(h, node, "(FFI callbacks and metatypes)", vm->miscmap, LJ_TTAB);
	array_roots(h, node, g);
	dying(h, node, g);
}

/* -- What is not reached ------------------------------------------------ */

/* An object of a list: 1: it was known, -1: there is none. */
static int on_list(struct heapwalk *h, uint64_t addr, unsigned gct)
{
	struct heappath_count *c;
	uint64_t size;
	size_t at;

	if (!heapobj_get(h->vm, addr, gct, &size))
		return -1;
	at = heapcopy_offset(h->c, addr, 16);
	if (at == SIZE_MAX || h->id[at / SLOT] == GARBAGE)
		return -1;	/* a list that bites its tail */
	if (h->id[at / SLOT])
		return 1;
	h->id[at / SLOT] = GARBAGE;
	c = &h->sum.garbage[gct];
	c->bytes += size;
	c->objects++;
	return 0;
}

static uint64_t next_of(struct heapwalk *h, uint64_t addr)
{
	const unsigned char *p = heapcopy_at(h->c, addr, 16);

	return p ? heap_ref(h->vm, p, LJ_OBJ(h->vm, gch_nextgc)) : 0;
}

/* All objects but strings, newest first. */
static void list_objects(struct heapwalk *h, const unsigned char *g)
{
	uint64_t at = heap_ref(h->vm, g, LJ_S20(h->vm) ?
			       LJ_OBJ(h->vm, s20_G_root) :
			       LJ_OBJ(h->vm, s17_G_root));
	uint64_t most = h->c->n / SLOT;

	for (; at && most; at = next_of(h, at), most--)
		if (on_list(h, at, heapobj_type(h->vm, at)) < 0)
			break;
	h->sum.broken += at != 0;
}

static void list_strings(struct heapwalk *h)
{
	uint64_t n = h->vm->strmask + 1ull, most = h->c->n / SLOT + 1;
	uint32_t size = heap_refsize(h->vm);
	const unsigned char *p = heapcopy_at(h->c, h->vm->strtab, n * size);

	for (uint64_t i = 0; p && i < n && most; i++) {
		/* Its lowest bit says how strings were hashed. */
		uint64_t at = heap_ref(h->vm, p + i * size, 0) & ~1ull;

		for (; at && most; at = next_of(h, at), most--)
			if (on_list(h, at, LJ_TSTR) < 0)
				break;
		h->sum.broken += at != 0;
	}
}

/* -- All of it ---------------------------------------------------------- */

static uint64_t own_bytes(const struct heapvm *vm)
{
	return vm->gg + (vm->strmask + 1ull) * heap_refsize(vm) +
	       (uint64_t)vm->sizectypes * LJ_OBJ(vm, ct_size) +
	       (uint64_t)vm->sizetrace * heap_refsize(vm);
}

static uint64_t bytes_of(const struct heappath_count *by)
{
	uint64_t sum = 0;

	for (int t = 0; t < HEAP_TYPES; t++)
		sum += by[t].bytes;
	return sum;
}

/* A node for what is no path. */
static void extra(struct heapwalk *h, uint32_t node, const char *name,
		  const struct heappath_count *by, uint64_t plain)
{
	uint32_t to = heappath_step(h->path, node,
				    heappath_label(h->path, name));
	struct heappath_node *x = &h->path->node[to];

	heapdom_edge(h->dom, node, to);
	x->by[0].bytes += plain;
	for (int t = 0; by && t < HEAP_TYPES; t++) {
		x->by[t].bytes += by[t].bytes;
		x->by[t].objects += by[t].objects;
	}
}

/* So that all that is drawn is gc.total. */
static void settle(struct heapwalk *h, uint32_t node,
		   const struct heapwalk_sum *before)
{
	struct heapwalk_sum *s = &h->sum;
	struct heappath_count garbage[HEAP_TYPES];
	uint64_t own = own_bytes(h->vm), named;

	for (int t = 0; t < HEAP_TYPES; t++) {
		garbage[t].bytes = s->garbage[t].bytes -
				   before->garbage[t].bytes;
		garbage[t].objects = s->garbage[t].objects -
				     before->garbage[t].objects;
	}
	named = bytes_of(s->reached) - bytes_of(before->reached) +
		bytes_of(garbage) + own;
	if (bytes_of(garbage))
		extra(h, node, "(garbage)", garbage, 0);
	extra(h, node, "(VM)", NULL, own);
	if (named < h->vm->total) {
		extra(h, node, s->broken > before->broken ?
		      "(garbage or lost)" : "(buffers of the VM)", NULL,
		      h->vm->total - named);
		s->rest += h->vm->total - named;
	}
	s->over += named > h->vm->total ? named - h->vm->total : 0;
	s->vm += own;
	s->total += h->vm->total;
}

void heapwalk_vm(struct heapwalk *h, const struct heapvm *vm, uint32_t node)
{
	struct heapwalk_sum before = h->sum;
	const unsigned char *g = heapcopy_at(h->c, vm->g,
					     LJ_REL(vm, jit_base) + 512);

	if (!g || !h->id)
		return;
	h->vm = vm;
	roots(h, node, g);
	scan_all(h);
	list_objects(h, g);
	list_strings(h);
	settle(h, node, &before);
	heapdom_edge(h->dom, 0, node);
}

void heapwalk_retained(struct heapwalk *h)
{
	heapdom_retained(h->dom, h->path);
}
