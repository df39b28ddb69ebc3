/* vmelf.c - the layout of a LuaJIT by its machine code in an ELF file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * vm_x64.dasc and vm_x86.dasc keep DISPATCH in r14 (G plus a constant), BASE
 * in rdx, PC in rbx, and L in rbp where they write to G. So "mov [r14+x],
 * rdx" is a store to global_State, and x tells which member.
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "codepat.h"
#include "lj_layout_text.h"
#include "mem.h"
#include "vmelf.h"

#define SPAN	0x10000		/* no VM's code is longer */
#define MINJMP	64		/* there are 87 or more */
#define BEHIND	0x1000		/* of the code is behind the last jump */
#define NDDISP_20 155		/* 2.0's BC__MAX + GG_NUM_ASMFF */

static int32_t get32(const unsigned char *p)
{
	int32_t v;

	memcpy(&v, p, 4);
	return v;
}

/* -- The VM's code in the file ------------------------------------------ */

/* jmp [r14+rbp*8] */
static const unsigned char dispatch[] = { 0x41, 0xff, 0x24, 0xee };

struct code {
	const unsigned char *p;
	size_t n;
	uint64_t vaddr;
};

/* First stretch with MINJMP jumps within SPAN, from *at on. */
static int next_stretch(const struct elffile_segment *s, size_t *at,
			struct code *c)
{
	const unsigned char *p, *end = s->p + s->n;
	size_t first[MINJMP], n = 0, lo, last;

	for (p = s->p + *at; (p = memmem(p, end - p, dispatch, 4)); p++) {
		last = p - s->p;
		first[n++ % MINJMP] = last;
		lo = first[n % MINJMP];
		if (n >= MINJMP && last - lo < SPAN)
			break;
	}
	if (!p)
		return -1;
	while ((p = memmem(p + 1, end - p - 1, dispatch, 4)) &&
	       (size_t)(p - s->p) - lo < SPAN)
		last = p - s->p;
	*c = (struct code){ s->p + lo, last + 4 - lo, s->vaddr + lo };
	*at = last + 4;
	return 0;
}

/* What LuaJIT says of the C frame: lj_frame.h, buildvm_asm.c. */
static int is_vm_frame(const struct elffile_frame *f)
{
	return f->cfa_reg == 7 && f->cfa_ofs == lj_obj_cframe_size[0] &&
	       f->saved[6] == -16 && f->saved[3] == -24 &&
	       f->saved[15] == -32 && f->saved[14] == -40;
}

/* The bounds of the code: by .eh_frame, or a guess around the jumps. */
static void find_bounds(struct elffile *f, const struct elffile_segment *s,
			struct code *c, struct vmelf *v)
{
	struct elffile_frame frame;
	uint64_t lo = c->vaddr - s->vaddr, hi = lo + c->n;

	if (!elffile_frame(f, c->vaddr, &frame) && frame.start <= c->vaddr &&
	    frame.end >= c->vaddr + c->n && frame.start >= s->vaddr &&
	    frame.end - s->vaddr <= s->n && frame.end - frame.start < SPAN) {
		v->framed = is_vm_frame(&frame);
		if (!v->framed) {
			v->odd = "the end of the C frame";
			v->odd_by = frame.cfa_ofs - lj_obj_cframe_size[0];
		}
		v->start = frame.start;
		v->end = frame.end;
	} else {
		v->start = c->vaddr - (lo < 64 ? lo : 64);
		v->end = s->vaddr + (s->n - hi < BEHIND ? s->n : hi + BEHIND);
	}
	c->p = s->p + (v->start - s->vaddr);
	c->n = v->end - v->start;
	c->vaddr = v->start;
}

static int find_code(struct elffile *f, struct code *code, struct vmelf *v)
{
	struct elffile_segment s;
	struct code c;

	for (size_t i = 0; !elffile_segment(f, i, &s); i++) {
		size_t at = 0;

		while (s.exec && s.n && !next_stretch(&s, &at, &c)) {
			if (v->copies++)
				continue;
			find_bounds(f, &s, &c, v);
			*code = c;
		}
	}
	return v->copies ? 0 : -1;
}

/* -- Offsets in its instructions ---------------------------------------- */

/* In the order of enum lj_mode. */
static const struct {
	const char *d2g;	/* add DISPATCH, GG_G2DISP */
	const char *cur_L;	/* mov [DISPATCH+x], L:RB */
	const char *jit_base;	/* mov [DISPATCH+x], BASE */
	const char *jloop;	/* BC_JLOOP: J.trace[RD]->mcode, SAVE_L */
	unsigned ref;		/* bytes of a GCRef */
} code_of[LJ_MODE_MAX] = {
	[LJ_MODE_gc64] = {
		"49 81 C6 i32", "49 89 AE i32", "49 89 96 i32",
		"49 8B 8E i32 48 8B 04 C1 48 8B 40 ?? 48 8B 6C 24 ??", 8,
	},
	[LJ_MODE_gc32] = {
		"41 81 C6 i32", "41 89 AE i32", "41 89 96 i32",
		"41 8B 8E i32 8B 04 81 48 8B 40 ?? 8B 6C 24 ??", 4,
	},
};

/* What is the same in all releases, where the code uses it. A displacement
 * counts from L, or from PC, which is one instruction into the bytecode.
 */
static const struct {
	const char *name, *pat;
	enum lj_mode mode;
	const lj_u16 *obj, *back;	/* obj - back - 4 if back */
	int any;			/* the pattern tells others too */
} fixed[] = {
#define AT(name, obj, mode, pat) \
	{ name, pat, LJ_MODE_##mode, lj_obj_##obj, NULL, 0 },
#define PT(name, obj, mode, pat, any) \
	{ name, pat, LJ_MODE_##mode, lj_obj_##obj, lj_obj_pt_size, any },
	AT("lua_State.glref", L_glref, gc64, "4C 8B 75 i8 49 81 C6")
	AT("lua_State.base", L_base, gc64, "48 89 55 i8")
	AT("lua_State.cframe", L_cframe, gc64, "48 89 65 i8")
	AT("GCtrace.mcode", T_mcode, gc64,
	   "49 8B 8E ?4 48 8B 04 C1 48 8B 40 i8")
	AT("CFRAME_OFS_L", cframe_L, gc64,
	   "49 8B 8E ?4 48 8B 04 C1 48 8B 40 ?? 48 8B 6C 24 i8")
	PT("GCproto.k", pt_k, gc64, "4C 8B 7B i8", 0)
	PT("GCproto.framesize", pt_framesize, gc64, "0F B6 4B i8", 1)
	AT("lua_State.glref", L_glref, gc32, "44 8B 75 i8 41 81 C6")
	AT("lua_State.base", L_base, gc32, "89 55 i8")
	AT("lua_State.cframe", L_cframe, gc32, "48 89 65 i8")
	AT("GCtrace.mcode", T_mcode, gc32, "41 8B 8E ?4 8B 04 81 48 8B 40 i8")
	AT("CFRAME_OFS_L", cframe_L, gc32,
	   "41 8B 8E ?4 8B 04 81 48 8B 40 ?? 8B 6C 24 i8")
	PT("GCproto.k", pt_k, gc32, "44 8B 7B i8", 0)
	PT("GCproto.framesize", pt_framesize, gc32, "0F B6 4B i8", 1)
#undef AT
#undef PT
};

/* What the code says in place of a value: the value if it is among them. */
static int64_t nearest(const struct codepat_votes *votes, int64_t want)
{
	int64_t near = votes->v[0].value;

	for (unsigned i = 1; i < votes->n; i++)
		if (llabs(votes->v[i].value - want) < llabs(near - want))
			near = votes->v[i].value;
	return near;
}

static void check_fixed(const struct code *c, struct vmelf *v)
{
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		struct codepat_votes votes;
		int64_t want, seen;

		if (fixed[i].mode != v->seen.mode || v->odd)
			continue;
		want = fixed[i].obj[v->seen.mode];
		if (fixed[i].back)
			want -= fixed[i].back[v->seen.mode] + 4;
		codepat_collect(fixed[i].pat, c->p, c->n, &votes);
		if (!votes.n)
			continue;
		seen = fixed[i].any ? nearest(&votes, want) :
				      codepat_best(&votes)->value;
		if (seen == want)
			continue;
		v->odd = fixed[i].name;
		v->odd_by = seen - want;
	}
}

/* x of [DISPATCH+x] -> bytes from G; 0 if that is no member of G or J. */
static lj_u16 from_g(const struct vmelf *v, int64_t x)
{
	int64_t ofs = v->seen.dispatch + x;

	return ofs > 0 && ofs < v->seen.dispatch ? ofs : 0;
}

static int read_mode(const struct code *c, struct lj_layout *l)
{
	int64_t d2g;

	for (int mode = 0; mode < LJ_MODE_MAX; mode++) {
		if (codepat_unanimous(code_of[mode].d2g, c->p, c->n, 2, &d2g) ||
		    d2g < 256 || d2g > 0x8000 || d2g & 7)
			continue;
		l->mode = mode;
		l->dispatch = d2g;
		return 0;
	}
	return -1;
}

/* BC__MAX: the static half of the dispatch table is behind the dynamic one,
 * and DISPATCH + its distance in "jmp [r14+rbp*8+x]".
 */
static void read_nbc(const struct code *c, struct vmelf *v)
{
	int64_t x;

	if (codepat_unanimous("41 FF A4 EE i32", c->p, c->n, 1, &x) || x & 7 ||
	    x < 8 * (LJ_NFF + 64) || x > 8 * (LJ_NFF + 190))
		return;
	v->seen.nbc = x / 8 - LJ_NFF;
}

static void read_members(const struct code *c, struct vmelf *v)
{
	struct lj_layout *l = &v->seen;
	unsigned ref = code_of[l->mode].ref;
	int64_t x;

	read_nbc(c, v);
	if (!codepat_unanimous("41 C7 86 i32 FF FF FF FF", c->p, c->n, 2, &x))
		l->vmstate = from_g(v, x);
	if (!codepat_most(code_of[l->mode].cur_L, c->p, c->n, 3, &x))
		l->cur_L = from_g(v, x);
	if (!codepat_unanimous(code_of[l->mode].jit_base, c->p, c->n, 1, &x))
		l->jit_base = from_g(v, x);
	v->jit = l->jit_base != 0;
	if (!codepat_unanimous(code_of[l->mode].jloop, c->p, c->n, 1, &x))
		l->J_trace = from_g(v, x);
	/* jit_State: trace, freetrace, sizetrace */
	if (l->J_trace)
		l->J_sizetrace = l->J_trace + 12;
	/* 2.0 keeps jit_L where 2.1 has cur_L, for traces only. */
	v->v20 = l->jit_base && l->cur_L + ref != l->jit_base &&
		 l->nbc == NDDISP_20 - LJ_NFF;
	if (l->jit_base && l->cur_L + ref != l->jit_base)
		l->cur_L = 0;
	if (!l->jit_base && l->cur_L)
		l->jit_base = l->cur_L + ref;
}

/* -- The size of lua_State ---------------------------------------------- */

#define NEAR	512		/* bytes of lua_newstate() between two uses */
#define MAXL	144		/* no lua_State is larger */

struct sizes {
	uint32_t rest;		/* sizeof(GG_State) without the main thread */
	size_t last[MAXL / 8 + 1];
	unsigned near[MAXL / 8 + 1], stores[MAXL / 8 + 1];
};

/* Is the immediate at p that of "mov [GG+x], imm", x being gc.total? That is
 * 16 or 32 bytes into G; the register may point to GG or to G.
 */
static int is_total(const unsigned char *p, size_t before, int32_t L_size)
{
	int32_t x;

	if (before >= 3 && p[-3] == 0xc7 && (p[-2] & 0xf8) == 0x40)
		x = (signed char)p[-1];
	else if (before >= 6 && p[-6] == 0xc7 && (p[-5] & 0xf8) == 0x80)
		x = get32(p - 4);
	else
		return 0;
	return x == 16 || x == 32 || x == L_size + 16 || x == L_size + 32;
}

static void count_sizes(const struct elffile_segment *s, struct sizes *z)
{
	memset(z->last, 0, sizeof(z->last));
	for (size_t i = 0; i + 4 <= s->n; i++) {
		uint32_t L_size = get32(s->p + i) - z->rest, n = L_size / 8;

		if (L_size > MAXL || L_size & 7)
			continue;
		z->near[n] += z->last[n] && i + 1 - z->last[n] < NEAR;
		z->last[n] = i + 1;
		z->stores[n] += is_total(s->p + i, i, L_size);
	}
}

/* The one size that is used, or 0. */
static lj_u16 one_size(const unsigned *used, unsigned least)
{
	lj_u16 size = 0;

	for (unsigned i = least / 8 + 1; i <= MAXL / 8; i++) {
		if (used[i] && size)
			return 0;
		if (used[i])
			size = i * 8;
	}
	return size;
}

/* lua_newstate() allocates, clears and accounts sizeof(GG_State): main
 * thread, G, J, dispatch table, bytecodes of fast functions. All but the
 * first are known by now, so that the sum tells it.
 */
static void read_L_size(struct elffile *f, struct vmelf *v)
{
	struct lj_layout *l = &v->seen;
	struct elffile_segment s;
	struct sizes z = { 0 };

	if (!l->nbc)
		return;
	z.rest = l->dispatch + (2 * l->nbc + LJ_NFF - LJ_NFUNC) * 8 +
		 LJ_NFF * 4;
	z.rest = (z.rest + 7) & ~7u;
	for (size_t i = 0; !elffile_segment(f, i, &s); i++)
		if (s.exec)
			count_sizes(&s, &z);
	l->L_size = one_size(z.stores, lj_obj_L_stacksize[l->mode]);
	if (!l->L_size)
		l->L_size = one_size(z.near, lj_obj_L_stacksize[l->mode]);
}

/* -- The columns of layout.def that agree ------------------------------- */

static int agrees(struct lj_layout *seen, const struct lj_layout *column)
{
	struct lj_layout c = *column;
	const lj_u16 *a = lj_layout_rel(seen), *b = lj_layout_rel(&c);

	if (seen->mode != c.mode)
		return 0;
	for (int i = 0; i < LJ_NREL; i++)
		if (a[i] && a[i] != b[i])
			return 0;
	return 1;
}

static void find_columns(struct vmelf *v)
{
	if (v->odd || v->v20 || !v->seen.nbc || !v->seen.cur_L)
		return;
	for (int i = 0; i < LJ_COL_MAX; i++) {
		v->fits[i] = agrees(&v->seen, &lj_columns[i]);
		v->nfits += v->fits[i];
	}
}

static void find_exdata(void *ctx, const struct elffile_sym *sym)
{
	int *found = ctx;

	*found |= !strcmp(sym->name, "lua_setexdata");
}

int vmelf_read(struct elffile *f, struct vmelf *v)
{
	struct code c;

	memset(v, 0, sizeof(*v));
	v->seen.col = LJ_COL_MAX;
	if (!elffile_is_x86_64(f) || find_code(f, &c, v) ||
	    read_mode(&c, &v->seen))
		return -1;
	read_members(&c, v);
	read_L_size(f, v);
	check_fixed(&c, v);
	find_columns(v);
	elffile_syms(f, find_exdata, &v->exdata);
	return 0;
}

int vmelf_openresty(const struct vmelf *v, const struct lj_layout *lay)
{
	return (v && v->exdata) ||
	       lay->L_size > (lay->mode == LJ_MODE_gc64 ? 96 : 64);
}
