/* jitstate.c - the JIT compiler of a VM at one moment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

/* For layout.h. */
#define LJ_ATMOST(n, max)	(n)

#include "jitstate.h"

/* lj_jit.h: the same in all of 2.1. */
#define PARAMS		15	/* JIT_P__MAX */
#define PARAM_MAXSIDE	3
#define PARAM_HOTEXIT	7
#define PARAM_TRYSIDE	8
#define REF_BASE	0x8000u
#define MAXTRACES	65536
#define MAXREAD		3072	/* bytes of jit_State; GC64 has 2936 */
#define MAXSNAP		12	/* bytes of a snapshot */

#define OFS(vm, name)	LJ_OBJ(vm, name)
#define AGED(vm, name) \
	(LJ_S20(vm) ? OFS(vm, s20_##name) : OFS(vm, s17_##name))

static uint32_t ref_size(const struct remote_vm *vm)
{
	return vm->lay.mode == LJ_MODE_gc64 ? 8 : 4;
}

static uint32_t u16_at(const unsigned char *p)
{
	return p[0] | p[1] << 8;
}

static uint32_t u32_at(const unsigned char *p)
{
	return u16_at(p) | u16_at(p + 2) << 16;
}

static uint64_t u64_at(const unsigned char *p)
{
	return u32_at(p) | (uint64_t)u32_at(p + 4) << 32;
}

static uint64_t ref_at(const struct remote_vm *vm, const unsigned char *p)
{
	return ref_size(vm) == 8 ? u64_at(p) : u32_at(p);
}

/* has_mcofs - snapshots got a member in March 2021, and so did jit_State:
 * where the dispatch table is tells
 */
static int has_mcofs(const struct remote_vm *vm)
{
	const struct lj_layout *l = &vm->lay;
	int gc64 = l->mode == LJ_MODE_gc64;

	if (l->L_size > (gc64 ? 104 : 72))	/* OpenResty */
		return l->dispatch >= (gc64 ? 4008 : 3216);
	return l->L_size == (gc64 ? 96 : 64) &&
	       l->dispatch >= (gc64 ? 3968 : 3160);
}

/* count_at - where SnapShot.count is */
static uint32_t count_at(const struct remote_vm *vm)
{
	return !LJ_T19(vm) ? 7 : has_mcofs(vm) ? 11 : 9;
}

/* area_at - where mcarea is, from jit_State.trace on */
static uint32_t area_at(const struct remote_vm *vm)
{
	return OFS(vm, s17_J_startpc) + 32 -
	       (LJ_S20(vm) && !has_mcofs(vm) ? 8 : 0);
}

/* read_params - before or behind the parameters there may be padding */
static void read_params(const unsigned char *end, struct jitstate *s)
{
	const unsigned char *p = end - 4 * PARAMS - (u32_at(end - 4) ? 0 : 4);

	s->maxside = u32_at(p + 4 * PARAM_MAXSIDE);
	s->hotexit = u32_at(p + 4 * PARAM_HOTEXIT);
	s->tryside = u32_at(p + 4 * PARAM_TRYSIDE);
}

static void read_penalties(const struct remote_vm *vm, const unsigned char *p,
			   struct jitstate_penalty *slot)
{
	for (unsigned i = 0; i < JITSTATE_SLOTS; i++, p += OFS(vm, hp_size))
		slot[i] = (struct jitstate_penalty){
			.pc = ref_at(vm, p + OFS(vm, hp_pc)),
			.val = u16_at(p + OFS(vm, hp_val)),
			.reason = u16_at(p + OFS(vm, hp_reason)),
		};
}

int jitstate_read(struct remote *r, const struct remote_vm *vm,
		  struct jitstate *s)
{
	uint32_t before = AGED(vm, TJ_L), n = before + area_at(vm) + 8;
	unsigned char raw[MAXREAD], *jt = raw + before, *now;

	if (!vm->lay.J_trace || vm->lay.snapsize > MAXSNAP || n > MAXREAD ||
	    remote_read(r, raw, n, vm->g + vm->lay.J_trace - before))
		return -1;
	s->traces = u64_at(jt);
	s->size = u32_at(jt + vm->lay.J_sizetrace - vm->lay.J_trace);
	s->area = u64_at(jt + area_at(vm));
	read_params(jt + OFS(vm, J_exitstub), s);
	s->active = u32_at(jt - AGED(vm, TJ_state));
	now = jt + AGED(vm, J_startpc);
	s->startpc = u64_at(now);
	s->parent = u32_at(now + 8);
	s->exitno = u32_at(now + 12);
	s->at.pc = u64_at(jt - AGED(vm, TJ_pc));
	s->at.pt = u64_at(jt - AGED(vm, TJ_pt));
	read_penalties(vm, jt + OFS(vm, J_penalty), s->slot);
	return s->size > MAXTRACES || !s->hotexit ? -1 : 0;
}

int jitstate_array(struct remote *r, const struct remote_vm *vm,
		   const struct jitstate *s, uint64_t *array)
{
	unsigned char *raw = (unsigned char *)array;
	uint32_t ref = ref_size(vm);

	if (s->size && remote_read(r, raw, (size_t)s->size * ref, s->traces))
		return -1;
	/* From the end on: what is written has been read. */
	for (size_t i = s->size; i-- > 0;) {
		array[i] = ref_at(vm, raw + i * ref);
		if (array[i] >= vm->g && array[i] < vm->d)
			array[i] = 0;	/* jit_State.cur */
	}
	return 0;
}

int jitstate_trace(struct remote *r, const struct remote_vm *vm, uint64_t addr,
		   struct jitstate_trace *t)
{
	unsigned char h[128], ir[4];

	memset(t, 0, sizeof(*t));
	if (remote_read(r, h, OFS(vm, T_size), addr) ||
	    h[OFS(vm, T_gct)] != LJ_TTRACE)
		return -1;
	t->mcode = u64_at(h + OFS(vm, T_mcode));
	t->snap = u64_at(h + OFS(vm, T_snap));
	t->snapmap = u64_at(h + OFS(vm, T_snapmap));
	t->start.pt = ref_at(vm, h + OFS(vm, T_startpt));
	t->start.pc = ref_at(vm, h + OFS(vm, T_startpc));
	t->no = u16_at(h + OFS(vm, T_traceno));
	t->nsnap = u16_at(h + LJ_REL(vm, T_nsnap));
	t->szmcode = u32_at(h + OFS(vm, T_szmcode));
	t->link = u16_at(h + OFS(vm, T_link));
	t->linktype = h[LJ_REL(vm, T_linktype)];
	t->root = u16_at(h + OFS(vm, T_root));
	t->nchild = u16_at(h + OFS(vm, T_nchild));
	/* Of a side trace, its first IR instruction tells of what. */
	if (t->root &&
	    !remote_read(r, ir, sizeof(ir),
			 u64_at(h + OFS(vm, T_ir)) + REF_BASE * 8)) {
		t->parent = u16_at(ir);
		t->exitno = u16_at(ir + 2);
	}
	return t->szmcode ? 0 : -1;
}

int jitstate_exits(struct remote *r, const struct remote_vm *vm,
		   const struct jitstate_trace *t, uint32_t from, uint32_t n,
		   unsigned char *count)
{
	uint32_t each = LJ_REL(vm, snapsize), at = count_at(vm);
	unsigned char snaps[JITSTATE_EXITS * MAXSNAP];

	if (each > MAXSNAP || n > JITSTATE_EXITS ||
	    remote_read(r, snaps, n * each, t->snap + from * each))
		return -1;
	for (uint32_t i = 0; i < n; i++)
		count[i] = snaps[i * each + at];
	return 0;
}

uint64_t jitstate_exit_at(struct remote *r, const struct remote_vm *vm,
			  const struct jitstate_trace *t, uint32_t exitno)
{
	uint32_t each = LJ_REL(vm, snapsize), map;
	unsigned char snap[MAXSNAP], pc[8] = { 0 };

	if (each > MAXSNAP ||
	    remote_read(r, snap, each, t->snap + exitno * each))
		return 0;
	/* Its place is behind its entries, whose number is before count. */
	map = LJ_T19(vm) ? u32_at(snap) : u16_at(snap);
	map += snap[count_at(vm) - 1];
	if (remote_read(r, pc, ref_size(vm), t->snapmap + map * 4ull))
		return 0;
	return ref_size(vm) == 8 ? u64_at(pc) >> 8 : u32_at(pc);
}
