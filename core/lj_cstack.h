/* lj_cstack.h - what C code is unwound with: registers and stack memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h. It only copies: the reader unwinds, by
 * the files' .eh_frame. Lua's C frames cut a C stack into pieces, each with C
 * code of one run. That of the sample itself changes all the time; what lies
 * between two runs of Lua stays as it is while the inner one lasts, and is
 * written once.
 */
#ifndef LJSTAP_LJ_CSTACK_H
#define LJSTAP_LJ_CSTACK_H

#include "lj_core.h"

/* lj_pack_word - keep word i of the group in w->group if it may be an address
 * @at: place of the group's bits
 */
static inline void lj_pack_word(struct lj_walk *w, lj_u32 at, lj_u32 i)
{
	lj_u64 v = w->group[i & (LJ_GROUP - 1)];
	lj_u32 n = LJ_ATMOST(w->npack, LJD_MAXLEN / 8);

	if (LJ_BAD_PTR(v) || !(v >> 16))
		return;
	w->crec.w[n] = v;
	w->crec.w[LJ_ATMOST(at, LJD_MAXLEN / 8)] |= (lj_u64)1 << (i & 63);
	w->packkey = lj_mix(w->packkey, v);
	w->npack = n + 1;
}

/* lj_pack_group - add the words at from that are in lo .. hi to w->crec
 * @from: address of LJ_GROUP words, aligned to their size
 *
 * -1: they cannot be read, or there is no room.
 */
LJ_FN3(int, lj_pack_group, lj_u64, from, lj_u64, lo, lj_u64, hi)
{
	lj_u32 at = w->npack, i, first;

	lo = lo > from ? lo - from : 0;
	hi = hi - from < LJ_GROUP * 8 ? hi - from : LJ_GROUP * 8;
	if (at + 1 + LJ_GROUP > LJD_MAXLEN / 8)
		return -1;
	w->npack = at + 1;
	w->crec.w[LJ_ATMOST(at, LJD_MAXLEN / 8)] = 0;
	if (lo >= hi)
		return 0;
	first = LJ_ATMOST(lo >> 3, LJ_GROUP - 1);
	w->packlo = first;
	w->packhi = (lj_u32)(hi >> 3);
	/* No further than to the end of the group, so never over a page's. */
	if (lj_rd(w, w->group + first,
		  (lj_u32)LJ_ATMOST(hi - lo, LJ_GROUP * 8), from + lo)) {
		w->npack = at;
		return -1;
	}
	for (i = 0; i < LJ_GROUP && i < w->packhi; i++)
		if (i >= w->packlo)
			lj_pack_word(w, at, i);
	return 0;
}

/* lj_pack - stack memory behind a record's fixed part in w->crec
 * @fixed: bytes of that
 * @start: where the record says that it starts
 * @lo, @hi: the memory, 8-aligned; none of it is wanted from start to lo
 *
 * Only words that may be addresses: enough to unwind with, and buffers of
 * text on the stack neither fill the dump nor leave the target. Returns the
 * bytes of the tail and leaves a sum of the words in w->packkey. About 10
 * instructions a word of memory.
 */
LJ_FN4(lj_u32, lj_pack, lj_u32, fixed, lj_u64, start, lj_u64, lo, lj_u64, hi)
{
	lj_u64 from = start & ~(LJ_GROUP * 8 - 1ull);
	lj_u32 i;

	w->npack = fixed / 8;
	w->packkey = 9;
	for (i = 0; i < LJ_SPAN / (LJ_GROUP * 8) && from < hi; i++) {
		if (lj_pack_group(w, from, lo, hi))
			break;
		from += LJ_GROUP * 8;
	}
	return w->npack * 8 - fixed;
}

#define LJ_BELOW(j, n)	(0 - (lj_u64)((lj_u32)((j) - (n)) >> 31))

/* lj_sum_span - sum of all words of stack memory
 *
 * 0: there are too many, or they cannot be read.
 */
LJ_FN2(lj_u64, lj_sum_span, lj_u64, lo, lj_u64, hi)
{
	const lj_u64 *v;
	lj_u64 sum = 1, eight;
	lj_u32 i, j, k, n;

	if (hi - lo > LJ_MAXSUM)
		return 0;
	for (i = 0; i < LJ_MAXSUM / (LJ_GROUP * 8) && lo < hi; i++) {
		n = hi - lo < LJ_GROUP * 8 ? (lj_u32)(hi - lo) >> 3 : LJ_GROUP;
		if (lj_cwin(w, lo, n))
			return 0;
		v = w->cframe + LJ_ATMOST(w->cfat, LJ_CWIN - 1);
		/* Not a branch a word: a verifier follows each of them. Nor
		 * does one product wait for the other.
		 */
		for (j = 0; j < LJ_GROUP && j < n; j += 8) {
			for (k = 0, eight = 0; k < 8; k++)
				eight += (v[j + k] & LJ_BELOW(j + k, n)) *
					 (0x9e3779b1 * (2 * k + 1) >> 1 | 1);
			sum = sum * 31 + eight;
		}
		lo += LJ_GROUP * 8;
	}
	return sum;
}

#define LJ_SPANOF(w, from) \
	(&(w)->span[((from) >> 4 ^ (from) >> 8) & (LJ_NSPANS - 1)])

/* lj_same_span - the id of C code that is as it was when it was seen last
 *
 * 0: it is not, or it is time to ask the dictionary again, which has each
 * record written more than once. About 150 instructions and 7 a word.
 */
static inline lj_u32 lj_same_span(struct lj_walk *w, lj_u64 from, lj_u64 to)
{
	struct lj_span *s = LJ_SPANOF(w, from);

	if (s->from != from || s->to != to || s->pid != w->pid || !s->left ||
	    s->sum != lj_sum_span(w, from, to))
		return 0;
	s->left--;
	return s->id;
}

/* lj_keep_span - remember C code whose record is written, and its id */
static inline void lj_keep_span(struct lj_walk *w, lj_u64 from, lj_u64 to,
				lj_u32 id)
{
	struct lj_span *s = LJ_SPANOF(w, from);

	s->from = from;
	s->to = to;
	s->pid = w->pid;
	s->id = id;
	s->sum = lj_sum_span(w, from, to);
	s->left = s->sum ? LJ_SPANLIFE : 0;
}

/* lj_cframe_id - dictionary id of the C code between two C frames
 * @from: the inner one, by which it called Lua
 * @to: the outer one
 *
 * Writes its record if it is new. 0: it cannot be told. What the inner one
 * holds for the VM changes all the time, and is not needed to unwind.
 */
LJ_FN2(lj_u32, lj_cframe_id, lj_u64, from, lj_u64, to)
{
	lj_u64 key, lo = from + LJ_OBJ(w, cframe_read);
	lj_u32 n, id, isnew = 0;

	to &= ~7ull;
	if (to <= lo || (from & 7) || w->nmark++ >= LJ_MAXMARK)
		return 0;
	id = lj_same_span(w, lo, to);
	if (id)
		return id;
	n = lj_pack(w, sizeof(struct ljd_cframe), from, lo, to);
	/* Counters and text change while Lua runs below: they are not in it. */
	key = lj_mix(lj_mix(lj_mix(w->packkey, w->pid), from), to);
	id = LJ_ID(w, key, &isnew);
	if (!id)
		return 0;
	if (!(isnew & LJ_ID_NEW)) {
		lj_keep_span(w, lo, to, id);
		return id;
	}
	w->crec.cframe.time = w->time;
	w->crec.cframe.start = from;
	w->crec.cframe.end = to;
	w->crec.cframe.id = id;
	w->crec.cframe.pid = w->pid;
	w->crec.cframe.vm = w->vm;
	w->crec.cframe.n = n / 8;
	if (lj_emit_c(w, LJD_KIND_cframe, sizeof(struct ljd_cframe), n))
		w->t.dictfail++;
	else
		LJ_ID_SENT(w, key);
	return id;
}

/* lj_in_c - is C code below the innermost Lua frame?
 *
 * In the VM: if there is another frame of its below the C frame, as while C
 * code enters or leaves it.
 */
static inline int lj_in_c(const struct lj_walk *w)
{
	lj_u64 ip = w->regs.ip;

	if (ip >= w->vmlo && ip < w->vmhi)
		return w->leafcf && w->leafcf - w->regs.sp < LJ_SPAN &&
		       w->leafcf - w->regs.sp >= LJ_OBJ(w, cframe_size);
	return ip < w->mclo || ip >= w->mchi;
}

/* lj_emit_cstack - the cstack record of the sample in w->rec */
LJ_FN0(int, lj_emit_cstack)
{
	lj_u64 sp = w->regs.sp & ~7ull;
	lj_u32 n;

	if (w->leafcf && w->leafcf < sp)
		return -1;
	n = lj_pack(w, sizeof(struct ljd_cstack), sp, sp,
		    w->leafcf ? w->leafcf : sp + LJ_OUTSPAN);
	w->crec.cstack.time = w->time;
	w->crec.cstack.start = sp;
	w->crec.cstack.end = w->leafcf;
	w->crec.cstack.rax = w->regs.rax;
	w->crec.cstack.rdx = w->regs.rdx;
	w->crec.cstack.rcx = w->regs.rcx;
	w->crec.cstack.rbx = w->regs.rbx;
	w->crec.cstack.rsi = w->regs.rsi;
	w->crec.cstack.rdi = w->regs.rdi;
	w->crec.cstack.rbp = w->regs.rbp;
	w->crec.cstack.rsp = w->regs.sp;
	w->crec.cstack.r8 = w->regs.r8;
	w->crec.cstack.r9 = w->regs.r9;
	w->crec.cstack.r10 = w->regs.r10;
	w->crec.cstack.r11 = w->regs.r11;
	w->crec.cstack.r12 = w->regs.r12;
	w->crec.cstack.r13 = w->regs.r13;
	w->crec.cstack.r14 = w->regs.r14;
	w->crec.cstack.r15 = w->regs.r15;
	w->crec.cstack.rip = w->regs.ip;
	w->crec.cstack.pid = w->pid;
	w->crec.cstack.tid = w->tid;
	w->crec.cstack.vm = w->vm;
	w->crec.cstack.n = n / 8;
	return lj_emit_c(w, LJD_KIND_cstack, sizeof(struct ljd_cstack), n);
}

#endif
