/* lj_dict.h - the tables behind the walking core, for collectors that have
 * no maps of their own: dictionary ids, threads, VMs.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The includer defines LJ_LOCK(d), LJ_UNLOCK(d) (a lock usable where samples
 * are taken), LJ_WMB(), LJ_RMB(). Look-ups take no lock.
 */
#ifndef LJSTAP_LJ_DICT_H
#define LJSTAP_LJ_DICT_H

#include "lj_memo.h"

#define LJ_DICT_BITS	14
#define LJ_DICT_SIZE	(1 << LJ_DICT_BITS)
#define LJ_DICT_PROBES	16
#define LJ_NTASK	1024
#define LJ_NVM		256
#define LJ_VM_PROBES	8

struct lj_slot {
	lj_u64 key;		/* 0: free */
	lj_u32 id;
	lj_u32 sent;		/* round its record was written in last */
};

/* struct lj_dict - shared by all lanes; zeroed before use */
struct lj_dict {
	lj_u32 last;		/* id given last; ids are never reused */
	lj_u32 used;
	lj_u32 round;		/* counted from 0; slots say round + 1 */
	lj_u32 samples;
	struct lj_slot slot[LJ_DICT_SIZE];
	struct {
		lj_u64 who;
		struct lj_task task;
	} task[LJ_NTASK];
	struct {
		lj_u64 who;	/* 0: free */
		struct lj_vm vm;
	} vm[LJ_NVM];
};

#define LJ_ONCE(x)	(*(volatile __typeof__(x) *)&(x))

static inline struct lj_slot *lj_dict_find(struct lj_dict *d, lj_u64 key)
{
	lj_u32 i, h = (lj_u32)(key >> (64 - LJ_DICT_BITS));

	for (i = 0; i < LJ_DICT_PROBES; i++) {
		struct lj_slot *s = &d->slot[(h + i) & (LJ_DICT_SIZE - 1)];

		if (LJ_ONCE(s->key) == key)
			return s;
	}
	return 0;
}

/* lj_dict_clear - forget all keys: records are written again, with new ids */
static inline void lj_dict_clear(struct lj_dict *d)
{
	lj_u32 i;

	for (i = 0; i < LJ_DICT_SIZE; i++)
		LJ_ONCE(d->slot[i].key) = 0;
	LJ_WMB();
	d->used = 0;
}

/* lj_dict_free - a free slot for the key, or NULL */
static inline struct lj_slot *lj_dict_free(struct lj_dict *d, lj_u64 key)
{
	lj_u32 i, h = (lj_u32)(key >> (64 - LJ_DICT_BITS));

	for (i = 0; i < LJ_DICT_PROBES; i++) {
		struct lj_slot *s = &d->slot[(h + i) & (LJ_DICT_SIZE - 1)];

		if (!s->key)
			return s;
	}
	return 0;
}

/* lj_dict_add - under the lock. The key is stored last: it publishes. */
static inline lj_u32 lj_dict_add(struct lj_dict *d, lj_u64 key)
{
	struct lj_slot *s = lj_dict_find(d, key);

	if (s)
		return s->id;
	if (d->last >= 0xfffffff)
		return 0;
	s = lj_dict_free(d, key);
	if (!s || d->used > LJ_DICT_SIZE / 4 * 3) {
		lj_dict_clear(d);
		s = lj_dict_free(d, key);
	}
	s->id = ++d->last;
	s->sent = 0;
	LJ_WMB();
	LJ_ONCE(s->key) = key;
	d->used++;
	return s->id;
}

/* lj_dict_id - LJ_ID of the core. About 25 instructions for a known key. */
static inline lj_u32 lj_dict_id(struct lj_dict *d, lj_u64 key, lj_u32 *flags)
{
	struct lj_slot *s;
	lj_u32 id, sent;

	key |= !key;
	s = lj_dict_find(d, key);
	if (s) {
		LJ_RMB();
		id = LJ_ONCE(s->id);
		sent = LJ_ONCE(s->sent);
		LJ_RMB();
		if (LJ_ONCE(s->key) == key) {	/* not cleared meanwhile */
			*flags = sent == d->round + 1 ? 0 : LJ_ID_NEW;
			return id;
		}
	}
	LJ_LOCK(d);
	id = lj_dict_add(d, key);
	LJ_UNLOCK(d);
	*flags = LJ_ID_NEW;
	return id;
}

/* lj_dict_sent - LJ_ID_SENT of the core */
static inline void lj_dict_sent(struct lj_dict *d, lj_u64 key)
{
	struct lj_slot *s = lj_dict_find(d, key | !key);

	if (s)
		LJ_ONCE(s->sent) = d->round + 1;
}

/* lj_dict_sampled - to be called after each sample
 *
 * After 256, 1024, 4096, ... samples every record is written once more when
 * it is next used: one that is lost does not leave a whole dump unnamed.
 */
static inline void lj_dict_sampled(struct lj_dict *d)
{
	lj_u32 i, n = ++d->samples;

	if (n < 256 || (n & (n - 1)) || !(n & 0x55555555))
		return;
	d->round++;
	for (i = 0; i < LJ_NVM; i++)
		d->vm[i].vm.sent = d->vm[i].vm.named = 0;
}

/* lj_dict_task - LJ_TASK of the core
 *
 * Direct mapped. A collision costs a search; what is found in an entry is
 * checked against the target's memory in any case.
 */
static inline struct lj_task *lj_dict_task(struct lj_dict *d, lj_u32 pid,
					   lj_u32 tid)
{
	lj_u64 who = (lj_u64)pid << 32 | tid;
	lj_u32 i = tid & (LJ_NTASK - 1);

	if (d->task[i].who != who) {
		d->task[i].task = (struct lj_task){ 0 };
		d->task[i].who = who;
	}
	return &d->task[i].task;
}

/* lj_dict_vm - LJ_VM of the core
 *
 * A full neighbourhood gives up its first entry: a VM per request leaves
 * hundreds of dead ones. The entry is checked by its user in any case.
 */
static inline struct lj_vm *lj_dict_vm(struct lj_dict *d, lj_u32 pid,
				       lj_u64 dispatch, int create)
{
	lj_u64 who = ((dispatch >> 3) ^ (lj_u64)pid << 48) *
		     0x9e3779b97f4a7c15ull | 1;
	lj_u32 i, at, h = (lj_u32)(who >> 56) & (LJ_NVM - 1);

	for (i = 0; i < LJ_VM_PROBES; i++) {
		at = (h + i) & (LJ_NVM - 1);
		if (LJ_ONCE(d->vm[at].who) == who)
			return &d->vm[at].vm;
	}
	if (!create)
		return 0;
	LJ_LOCK(d);
	at = h;
	for (i = 0; i < LJ_VM_PROBES; i++)
		if (!d->vm[(h + i) & (LJ_NVM - 1)].who) {
			at = (h + i) & (LJ_NVM - 1);
			break;
		}
	LJ_ONCE(d->vm[at].who) = 0;
	LJ_WMB();
	d->vm[at].vm = (struct lj_vm){ 0 };
	LJ_WMB();
	LJ_ONCE(d->vm[at].who) = who;
	LJ_UNLOCK(d);
	return &d->vm[at].vm;
}

#endif
