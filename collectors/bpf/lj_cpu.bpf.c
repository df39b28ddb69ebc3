/* lj_cpu.bpf.c - the walking core's surroundings in a BPF object.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The same core as the tapset's. Runs on kernels from 5.10 on: no helper,
 * map or instruction that is younger, except behind a check that the loader
 * resolves (CO-RE). Needs no vmlinux.h: the few kernel members are below.
 */
#include <linux/bpf.h>
#include <linux/bpf_perf_event.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* Not among the mergeable constants, of which BTF knows nothing. */
#define LJ_TABLE __attribute__((section(".rodata")))

#include "ljtypes.h"
#include "lj_memo.h"

struct lj_walk;

/* The core's inline functions have to be: they pass pointers. */
#undef inline
#define inline __inline__ __attribute__((always_inline, unused))

/* LJ_FN of lj_core.h: a global function finds its lane again by number. */
#define LJ_GLOBAL __attribute__((noinline))
#define LJ_FN0(t, name)							\
static inline t name##_in(struct lj_walk *w);				\
LJ_GLOBAL t name##_gl(lj_u32 lane)					\
{									\
	struct lj_walk *w = lj_lane_walk(lane);				\
	return w ? name##_in(w) : (t)-1;				\
}									\
static inline t name(struct lj_walk *w)					\
{									\
	return name##_gl(lj_lane_of(w));				\
}									\
static inline t name##_in(struct lj_walk *w)
#define LJ_FN1(t, name, ta, a)						\
static inline t name##_in(struct lj_walk *w, ta a);			\
LJ_GLOBAL t name##_gl(lj_u32 lane, ta a)				\
{									\
	struct lj_walk *w = lj_lane_walk(lane);				\
	return w ? name##_in(w, a) : (t)-1;				\
}									\
static inline t name(struct lj_walk *w, ta a)				\
{									\
	return name##_gl(lj_lane_of(w), a);				\
}									\
static inline t name##_in(struct lj_walk *w, ta a)
#define LJ_FN2(t, name, ta, a, tb, b)					\
static inline t name##_in(struct lj_walk *w, ta a, tb b);		\
LJ_GLOBAL t name##_gl(lj_u32 lane, ta a, tb b)				\
{									\
	struct lj_walk *w = lj_lane_walk(lane);				\
	return w ? name##_in(w, a, b) : (t)-1;				\
}									\
static inline t name(struct lj_walk *w, ta a, tb b)			\
{									\
	return name##_gl(lj_lane_of(w), a, b);				\
}									\
static inline t name##_in(struct lj_walk *w, ta a, tb b)
#define LJ_FN3(t, name, ta, a, tb, b, tc, c)				\
static inline t name##_in(struct lj_walk *w, ta a, tb b, tc c);	\
LJ_GLOBAL t name##_gl(lj_u32 lane, ta a, tb b, tc c)			\
{									\
	struct lj_walk *w = lj_lane_walk(lane);				\
	return w ? name##_in(w, a, b, c) : (t)-1;			\
}									\
static inline t name(struct lj_walk *w, ta a, tb b, tc c)		\
{									\
	return name##_gl(lj_lane_of(w), a, b, c);			\
}									\
static inline t name##_in(struct lj_walk *w, ta a, tb b, tc c)
#define LJ_FN4(t, name, ta, a, tb, b, tc, c, td, d)			\
static inline t name##_in(struct lj_walk *w, ta a, tb b, tc c, td d);	\
LJ_GLOBAL t name##_gl(lj_u32 lane, ta a, tb b, tc c, td d)		\
{									\
	struct lj_walk *w = lj_lane_walk(lane);				\
	return w ? name##_in(w, a, b, c, d) : (t)-1;			\
}									\
static inline t name(struct lj_walk *w, ta a, tb b, tc c, td d)	\
{									\
	return name##_gl(lj_lane_of(w), a, b, c, d);			\
}									\
static inline t name##_in(struct lj_walk *w, ta a, tb b, tc c, td d)
/* No global function may return nothing. */
#define LJ_DO0(name) \
static inline void name##_do(struct lj_walk *w); \
LJ_FN0(int, name) { name##_do(w); return 0; } \
static inline void name##_do(struct lj_walk *w)
#define LJ_DO1(name, ta, a) \
static inline void name##_do(struct lj_walk *w, ta a); \
LJ_FN1(int, name, ta, a) { name##_do(w, a); return 0; } \
static inline void name##_do(struct lj_walk *w, ta a)
#define LJ_DO4(name, ta, a, tb, b, tc, c, td, d) \
static inline void name##_do(struct lj_walk *w, ta a, tb b, tc c, td d); \
LJ_FN4(int, name, ta, a, tb, b, tc, c, td, d) \
{ name##_do(w, a, b, c, d); return 0; } \
static inline void name##_do(struct lj_walk *w, ta a, tb b, tc c, td d)

/* The compiler must not know n, or it takes the check away. */
#define LJ_ATMOST(n, max) ({						\
	lj_u64 n_ = (n);						\
	asm volatile("" : "+r"(n_));					\
	n_ > (max) ? (max) : n_;					\
})

static inline struct lj_walk *lj_lane_walk(lj_u32 lane);
static inline lj_u32 lj_lane_of(struct lj_walk *w);
static inline int lj_bpf_rd(void *dst, lj_u32 n, lj_u64 addr);
static inline int lj_bpf_out(struct lj_walk *w, const void *rec, lj_u32 len);
static inline lj_u32 lj_bpf_id(struct lj_walk *w, lj_u64 key, lj_u32 *flags);
static inline void lj_bpf_sent(lj_u64 key);
static inline struct lj_task *lj_bpf_task(lj_u32 pid, lj_u32 tid);
static inline struct lj_vm *lj_bpf_vm(lj_u32 pid, lj_u64 d, int create);

#define LJ_RD(w, dst, n, addr) \
	(__builtin_constant_p(n) ? lj_bpf_rd(dst, n, addr) : \
	 lj_bpf_rd(dst, (lj_u32)LJ_ATMOST(n, LJD_MAXPIECE), addr))
#define LJ_OUT(w, rec, len)	lj_bpf_out(w, rec, len)
#define LJ_ID(w, key, flags)	lj_bpf_id(w, key, flags)
#define LJ_ID_SENT(w, key)	lj_bpf_sent(key)
#define LJ_TASK(w)		lj_bpf_task((w)->pid, (w)->tid)
#define LJ_VM(w, d, create)	lj_bpf_vm((w)->pid, d, create)
#define LJ_ENTRY(w) \
	((w)->entry ? lj_bpf_vm((w)->pid, (w)->d, 0) : (struct lj_vm *)0)

#include "lj_walk.h"
#include "lj_alloc.h"
#include "lj_gc.h"
#include "lj_io.h"
#include "lj_yield.h"
#include "lj_jit.h"
#include "lj_bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct lj_config config = { 0 };

/* Sizes are set by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, lj_u32);
	__type(value, struct lj_lane);
} lanes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 23);
} records SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LJ_NTARGETS);
	__type(key, lj_u32);	/* process */
	__type(value, lj_u32);
} targets SEC(".maps");

struct lj_known {
	lj_u32 id, sent;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, lj_u64);
	__type(value, struct lj_known);
} dict SEC(".maps");

/* Direct mapped, as in lj_dict.h: faster than a hash. */
struct lj_thread {
	lj_u64 who;		/* pid << 32 | tid */
	struct lj_task task;
	lj_u64 entered;		/* when it entered the system call... */
	lj_u32 call;		/* 0: none that is asked for */
	lj_u32 file;		/* dictionary id, 0: not known yet */
	lj_u64 grown;		/* bytes allocated since its last sample */
	lj_u64 due;		/* ... at which the next one is */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LJ_NTASK);
	__type(key, lj_u32);
	__type(value, struct lj_thread);
} tasks SEC(".maps");

/* Probed from where the hash says, as in lj_dict.h, and for the same reason. */
#define LJ_NVM		1024
#define LJ_VM_PROBES	4

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LJ_NVM);
	__type(key, lj_u32);
	__type(value, struct lj_known_vm);
} vms SEC(".maps");

static inline int lj_is_target(lj_u32 pid)
{
	if (config.pid)
		return pid == config.pid;
	return pid && bpf_map_lookup_elem(&targets, &pid);
}

static inline struct lj_walk *lj_lane_walk(lj_u32 lane)
{
	struct lj_lane *l = bpf_map_lookup_elem(&lanes, &lane);

	return l ? &l->w : 0;
}

static inline lj_u32 lj_lane_of(struct lj_walk *w)
{
	return w->lane;
}

static inline int lj_bpf_rd(void *dst, lj_u32 n, lj_u64 addr)
{
	return bpf_probe_read_user(dst, n, (const void *)addr) ? -1 : 0;
}

/* A wake-up for each record costs more than the walk. */
static inline int lj_bpf_out(struct lj_walk *w, const void *rec, lj_u32 len)
{
	lj_u64 flags = BPF_RB_NO_WAKEUP;

	if (!(w->seq & 15) &&
	    bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) > config.wake)
		flags = BPF_RB_FORCE_WAKEUP;
	len = LJ_ATMOST(len, LJD_MAXLEN);
	return bpf_ringbuf_output(&records, (void *)rec, len, flags) ? -1 : 0;
}

/* Each lane has its own numbers: 5.10 has no atomic that returns a value. */
static inline lj_u32 lj_bpf_id(struct lj_walk *w, lj_u64 key, lj_u32 *flags)
{
	struct lj_lane *l = (struct lj_lane *)w;
	struct lj_recent *r = &l->recent[key & (LJ_NRECENT - 1)];
	struct lj_known *k, fresh = { 0 };
	lj_u64 id;

	*flags = 0;
	if (r->key == key)
		return r->id;
	k = bpf_map_lookup_elem(&dict, &key);
	if (!k) {
		id = (lj_u64)l->ids * LJ_NPROG * config.cpus + w->lane + 1;
		if (id > 0xfffffff)
			return 0;
		l->ids++;
		fresh.id = id;
		bpf_map_update_elem(&dict, &key, &fresh, BPF_NOEXIST);
		k = bpf_map_lookup_elem(&dict, &key);
		if (!k)
			return 0;
	}
	if (!k->sent) {
		*flags = LJ_ID_NEW;
		return k->id;
	}
	r->key = key;
	r->id = k->id;
	return k->id;
}

static inline void lj_bpf_sent(lj_u64 key)
{
	struct lj_known *k = bpf_map_lookup_elem(&dict, &key);

	if (k)
		k->sent = 1;
}

static inline struct lj_thread *lj_thread(lj_u64 who)
{
	lj_u32 i = who & (LJ_NTASK - 1);
	struct lj_thread *t = bpf_map_lookup_elem(&tasks, &i);

	if (t && t->who != who) {
		t->task = (struct lj_task){ 0 };
		t->call = 0;
		t->grown = t->due = 0;
		t->who = who;
	}
	return t;
}

static inline struct lj_task *lj_bpf_task(lj_u32 pid, lj_u32 tid)
{
	struct lj_thread *t = lj_thread((lj_u64)pid << 32 | tid);

	return t ? &t->task : 0;
}

/* A full neighbourhood gives up the entry not used for longest. */
static inline struct lj_vm *lj_bpf_vm(lj_u32 pid, lj_u64 d, int create)
{
	lj_u64 hash = ((d >> 3) ^ (lj_u64)pid << 40) * 0x9e3779b97f4a7c15ull;
	struct lj_known_vm *k, *oldest = 0;
	lj_u32 i, at;

	for (i = 0; i < LJ_VM_PROBES; i++) {
		at = ((lj_u32)(hash >> 48) + i) & (LJ_NVM - 1);
		k = bpf_map_lookup_elem(&vms, &at);
		if (!k)
			return 0;
		if (k->key == d && k->pid == pid)
			return &k->vm;
		if (!oldest || k->vm.used < oldest->vm.used)
			oldest = k;
	}
	if (!create || !oldest)
		return 0;
	oldest->pid = 0;
	__builtin_memset(&oldest->vm, 0, sizeof(oldest->vm));
	oldest->key = d;
	oldest->pid = pid;
	return &oldest->vm;
}

/* -- User registers ------------------------------------------------------- */

struct pt_regs___k {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx,
		      si, di, ip, sp;
} __attribute__((preserve_access_index));

struct task_struct___k {
	void *stack;
	int pid, tgid;
	unsigned in_iowait : 1;
} __attribute__((preserve_access_index));

struct task_struct___5_14 {
	unsigned int __state;
} __attribute__((preserve_access_index));

struct task_struct___5_13 {
	long state;
} __attribute__((preserve_access_index));

enum bpf_func_id___k { BPF_FUNC_task_pt_regs___k = 175 };

#define LJ_THREAD_SIZE	16384

/* In the kernel: those saved at its entry. Kernels before 5.15 have no helper
 * for them; theirs are at the end of the task's stack.
 */
static inline int lj_kernel_regs(struct lj_regs *r)
{
	struct task_struct___k *task;
	struct pt_regs___k *p;
	void *stack;

	if (bpf_core_enum_value_exists(enum bpf_func_id___k,
				       BPF_FUNC_task_pt_regs___k)) {
		p = (void *)bpf_task_pt_regs(bpf_get_current_task_btf());
#define GET(name) p->name
		LJ_REGS(r, GET, );
#undef GET
		return 0;
	}
	task = (void *)bpf_get_current_task();
	if (BPF_CORE_READ_INTO(&stack, task, stack))
		return -1;
	p = stack + LJ_THREAD_SIZE - bpf_core_type_size(struct pt_regs___k);
#define GET(name) BPF_CORE_READ(p, name)
	LJ_REGS(r, GET, );
#undef GET
	return 0;
}

#include "lj_file.h"

/* -- Programs ------------------------------------------------------------- */

/* lj_lane - this CPU's lane of a program, for this thread */
static inline struct lj_lane *lj_lane(enum lj_prog prog, lj_u64 who)
{
	lj_u32 cpu = bpf_get_smp_processor_id();
	lj_u32 lane = prog * config.cpus + cpu;
	struct lj_lane *l = bpf_map_lookup_elem(&lanes, &lane);
	struct lj_walk *w;

	if (!l)
		return 0;
	w = &l->w;
	w->lane = lane;
	w->time = bpf_ktime_get_ns();
	w->weight = 1;
	w->pid = who >> 32;
	w->tid = (lj_u32)who;
	w->cpu = cpu;
	w->depth = config.depth;
	return l;
}

/* lj_begin - a sample of this thread: all of it but for the registers */
static inline struct lj_walk *lj_begin(enum lj_prog prog, lj_u64 who)
{
	struct lj_lane *l = lj_lane(prog, who);

	if (!l)
		return 0;
	l->hits++;
	return &l->w;
}

/* On the CPU: a timer. */
SEC("perf_event")
int lj_cpu(struct bpf_perf_event_data *ctx)
{
	/* volatile: else clang does sums with ctx, which nobody may */
	volatile bpf_user_pt_regs_t *regs = &ctx->regs;
	lj_u64 who = bpf_get_current_pid_tgid();
	struct lj_walk *w;

	if (!lj_is_target(who >> 32))
		return 0;
	w = lj_begin(LJ_PROG_CPU, who);
	if (!w)
		return 0;
#define GET(name) regs->name
	LJ_REGS(&w->regs, GET, r);
#undef GET
	w->inkernel = !(regs->cs & 3);
	if (w->inkernel && lj_kernel_regs(&w->regs))
		return 0;
	lj_sample(w);
	if (config.gc)
		lj_emit_gc(w);
	return 0;
}

/* Why it leaves its CPU: BIT sample; 0: it ends. What is interrupted while it
 * goes to sleep could go on.
 */
static inline lj_u32 lj_why(struct task_struct___k *task, int preempt)
{
	lj_u64 state;

	if (bpf_core_field_exists(struct task_struct___5_14, __state))
		state = ((struct task_struct___5_14 *)task)->__state;
	else
		state = ((struct task_struct___5_13 *)task)->state;
	if (state & 0x80)	/* TASK_DEAD */
		return 0;
	if (!state || preempt)
		return LJD_sample_PREEMPTED;
	return BPF_CORE_READ_BITFIELD(task, in_iowait) ?
	       LJD_sample_IOWAIT : LJD_sample_BLOCKED;
}

static inline void lj_is_back(lj_u64 who)
{
	struct lj_back b = {
		.h = { .kind = LJ_KIND_BACK, .len = sizeof(b) },
		.time = bpf_ktime_get_ns(),
		.who = who,
	};

	bpf_ringbuf_output(&records, &b, sizeof(b), BPF_RB_NO_WAKEUP);
}

/* Off the CPU: sampled as it leaves; the loader adds for how long, which it
 * knows when the thread is back.
 */
SEC("tp_btf/sched_switch")
int lj_offcpu(lj_u64 *ctx)
{
	struct task_struct___k *prev = (void *)ctx[1], *next = (void *)ctx[2];
	lj_u64 who = bpf_get_current_pid_tgid();
	struct lj_walk *w;
	lj_u32 why;

	if (lj_is_target(next->tgid))
		lj_is_back(next->pid);
	if (!lj_is_target(who >> 32))
		return 0;
	why = lj_why(prev, ctx[0] & 1);
	if (!why)
		return 0;
	w = lj_begin(LJ_PROG_OFFCPU, who);
	if (!w || lj_kernel_regs(&w->regs))
		return 0;
	w->why = why;
	w->inkernel = 1;
	lj_sample(w);
	return 0;
}

/* Reading and writing files: what is asked for is noted at the entry... */
SEC("tp_btf/sys_enter")
int lj_io_enter(lj_u64 *ctx)
{
	struct pt_regs___k *regs = (void *)ctx[0];
	lj_u64 who = bpf_get_current_pid_tgid();
	struct file___k *file;
	struct lj_thread *t;
	struct lj_lane *l;
	lj_u32 call, what;

	if (!lj_is_target(who >> 32))
		return 0;
	t = lj_thread(who);
	if (!t)
		return 0;
	t->call = 0;
	call = lj_io_call(ctx[1]);
	if (!call)
		return 0;
	what = lj_io_what(call);
	t->file = 0;
	if (what != LJ_IO_OPEN) {
		file = lj_fd_file(what == LJ_IO_SEND ? regs->si : regs->di);
		if (!lj_is_wanted(file))
			return 0;
		l = lj_lane(LJ_PROG_FILE, who);
		if (!l)
			return 0;
		t->file = lj_file_id(&l->w, (lj_u64)file);
	}
	t->call = call;
	t->entered = bpf_ktime_get_ns();	/* last: not its own time */
	return 0;
}

/* ... and sampled as it leaves: it has waited with the stack it entered with.
 */
SEC("tp_btf/sys_exit")
int lj_io_exit(lj_u64 *ctx)
{
	struct pt_regs___k *regs = (void *)ctx[0];
	lj_u64 who = bpf_get_current_pid_tgid();
	long ret = (long)ctx[1];
	struct file___k *file;
	struct lj_thread *t;
	struct lj_walk *w;
	lj_u32 what;

	if (!lj_is_target(who >> 32))
		return 0;
	t = lj_thread(who);
	if (!t || !t->call)
		return 0;
	w = lj_begin(LJ_PROG_IO, who);
	if (!w)
		return 0;
	w->weight = w->time - t->entered;
	w->call = t->call;
	w->file = t->file;
	t->call = 0;
	what = lj_io_what(w->call);
	w->bytes = ret > 0 && (what == LJ_IO_MOVE || what == LJ_IO_SEND) ?
		   ret : 0;
	if (what == LJ_IO_OPEN && ret >= 0) {
		file = lj_fd_file(ret);
		if (!lj_is_wanted(file))
			return 0;
		w->file = lj_file_id(w, (lj_u64)file);
	}
#define GET(name) regs->name
	LJ_REGS(&w->regs, GET, );
#undef GET
	w->inkernel = 1;
	lj_sample(w);
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LJ_NTASK);
	__type(key, lj_u32);
	__type(value, struct lj_allocs);
} allocs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LJ_NFOLLOWED);
	__type(key, lj_u64);	/* address; there is only one process */
	__type(value, lj_u32);
} followed SEC(".maps");

/* Counts the times that the probe was placed. */
volatile lj_u32 burst = 0;

static inline struct lj_allocs *lj_allocs(lj_u64 who)
{
	lj_u32 i = who & (LJ_NTASK - 1);
	struct lj_allocs *t = bpf_map_lookup_elem(&allocs, &i);

	if (t && t->who != who) {
		t->a.time = t->moved = 0;
		t->fresh = 0;
		t->who = who;
	}
	return t;
}

static inline int lj_follow(lj_u64 addr)
{
	lj_u32 one = 1;

	return bpf_map_update_elem(&followed, &addr, &one, BPF_ANY);
}

/* Verified alone, as those of LJ_FN0. The arguments of allocf() are in the
 * lane: the stack of all functions that call each other is 512 bytes.
 */
LJ_GLOBAL int lj_alloc_before(lj_u32 lane)
{
	struct lj_walk *w = lj_lane_walk(lane);
	struct lj_allocs *s = w ? lj_allocs((lj_u64)w->pid << 32 | w->tid) : 0;

	return s ? lj_alloc_end(w, &s->a, w->regs.rsi, w->regs.rdx,
				w->regs.rcx) : -1;
}

/* What is followed is freed, or will be moved. */
LJ_GLOBAL int lj_alloc_known(lj_u32 lane)
{
	struct lj_walk *w = lj_lane_walk(lane);
	struct lj_allocs *s = w ? lj_allocs((lj_u64)w->pid << 32 | w->tid) : 0;

	if (!s)
		return -1;
	if (!w->regs.rcx)
		return lj_emit_block(w, w->regs.rsi, 0, w->regs.rdx, 0);
	s->moved = w->regs.rsi;
	s->osize = w->regs.rdx;
	s->nsize = w->regs.rcx;
	return 0;
}

LJ_GLOBAL int lj_alloc_now(lj_u32 lane)
{
	struct lj_walk *w = lj_lane_walk(lane);
	struct lj_allocs *s = w ? lj_allocs((lj_u64)w->pid << 32 | w->tid) : 0;

	if (!s)
		return -1;
	lj_alloc_begin(w, &s->a, w->regs.rdi, w->regs.rsi, w->regs.rdx,
		       w->regs.rcx);
	s->burst = burst;
	s->fresh = 1;
	return 0;
}

/* Allocating: the VM calls its allocator, allocf(ud, ptr, osize, nsize).
 *
 * Sampled by bytes: each sample counts for all since the one before, so that
 * the sum is exact and large objects are met more often. The distance varies:
 * a program that allocates in a fixed pattern would be seen at one place only.
 */
SEC("uprobe")
int lj_alloc(bpf_user_pt_regs_t *ctx)
{
	volatile bpf_user_pt_regs_t *regs = ctx;
	lj_u64 who = bpf_get_current_pid_tgid(), ptr, osize, nsize;
	lj_u32 lane = LJ_PROG_ALLOC * config.cpus + bpf_get_smp_processor_id();
	int due = 0, known, told;
	struct lj_allocs *s;
	struct lj_thread *t;
	struct lj_lane *l;

	if (!lj_is_target(who >> 32))
		return 0;
	t = lj_thread(who);
	s = lj_allocs(who);
	if (!t || !s)
		return 0;
	ptr = regs->rsi;
	osize = regs->rdx;
	nsize = regs->rcx;
	if (nsize > osize) {
		t->grown += nsize - osize;
		due = t->grown >= t->due;
	}
	if (s->burst != burst)
		s->a.time = 0;	/* calls were missed */
	told = s->a.time != 0;
	known = config.follow && ptr && !bpf_map_delete_elem(&followed, &ptr);
	s->moved = 0;
	if (!due && !told && !known)
		return 0;
	l = bpf_map_lookup_elem(&lanes, &lane);
	if (!l)
		return 0;
	if (l->busy) {
		l->skipped += told || known;
		s->a.time = 0;
		return 0;	/* the next one counts for its bytes, too */
	}
	l->busy = 1;
	lj_lane(LJ_PROG_ALLOC, who);
#define GET(name) regs->name
	LJ_REGS(&l->w.regs, GET, r);
#undef GET
	if (told)
		lj_alloc_before(lane);
	if (known)
		lj_alloc_known(lane);
	if (due) {
		l->hits++;
		l->w.weight = l->w.bytes = t->grown;
		t->grown = 0;
		t->due = config.every / 2 +
			 (bpf_get_prandom_u32() % config.every);
		l->w.inkernel = 0;
		lj_sample(&l->w);
		lj_alloc_now(lane);
	}
	l->busy = 0;
	return 0;
}

/* The address, which allocf() returns: of what is sampled, and of what is
 * followed and was moved.
 */
SEC("uretprobe")
int lj_alloc_ret(bpf_user_pt_regs_t *ctx)
{
	volatile bpf_user_pt_regs_t *regs = ctx;
	lj_u64 who = bpf_get_current_pid_tgid(), addr;
	lj_u32 lane = LJ_PROG_ALLOC * config.cpus + bpf_get_smp_processor_id();
	struct lj_allocs *s;
	struct lj_lane *l;

	if (!lj_is_target(who >> 32))
		return 0;
	s = lj_allocs(who);
	if (!s || (!s->fresh && !s->moved))
		return 0;
	addr = regs->rax;
	if (s->fresh && !addr)
		s->a.time = 0;	/* there was no memory */
	if (addr) {
		s->a.to = addr;
	} else {
		addr = s->moved;	/* it is where it was */
		s->nsize = s->osize;
	}
	if (addr && !lj_follow(addr))
		s->a.followed = s->fresh;
	s->fresh = 0;
	l = bpf_map_lookup_elem(&lanes, &lane);
	if (!s->moved || !l)
		return 0;
	if (l->busy) {
		l->skipped++;
		return 0;
	}
	l->busy = 1;
	lj_lane(LJ_PROG_ALLOC, who);
	lj_emit_block(&l->w, s->moved, addr, s->osize, s->nsize);
	s->moved = 0;
	l->busy = 0;
	return 0;
}

/* Yielding: a coroutine enters coroutine.yield() or lua_yield(). Sampled then;
 * the loader adds for how long, which it knows when the coroutine is resumed.
 */

SEC("uprobe")
int lj_yield(bpf_user_pt_regs_t *ctx)
{
	volatile bpf_user_pt_regs_t *regs = ctx;
	lj_u64 who = bpf_get_current_pid_tgid();
	lj_u32 lane = LJ_PROG_YIELD * config.cpus + bpf_get_smp_processor_id();
	struct lj_gone gone = {
		.h = { .kind = LJ_KIND_GONE, .len = sizeof(gone) },
		.tid = (lj_u32)who,
	};
	struct lj_lane *l;

	if (!lj_is_target(who >> 32))
		return 0;
	l = bpf_map_lookup_elem(&lanes, &lane);
	if (!l)
		return 0;
	gone.who = regs->rip == config.yield ? lj_yielding(&l->w, regs->rsp) :
					       regs->rdi;
	if (!gone.who)
		return 0;
	if (l->busy) {
		l->skipped++;
		return 0;
	}
	l->busy = 1;
	lj_lane(LJ_PROG_YIELD, who);
	l->hits++;
#define GET(name) regs->name
	LJ_REGS(&l->w.regs, GET, r);
#undef GET
	l->w.inkernel = 0;
	/* One that finds no room leaves no sample to take for another's. */
	if (!bpf_ringbuf_output(&records, &gone, sizeof(gone),
				BPF_RB_NO_WAKEUP))
		lj_sample(&l->w);
	else
		l->w.t.emitfail++;
	l->busy = 0;
	return 0;
}

/* It goes on, or begins: all ways lead to lj_vm_resume(L, ...). */
SEC("uprobe")
int lj_resume(bpf_user_pt_regs_t *ctx)
{
	volatile bpf_user_pt_regs_t *regs = ctx;

	if (lj_is_target(bpf_get_current_pid_tgid() >> 32))
		lj_is_back(regs->rdi);
	return 0;
}

/* The JIT compiler gives up: lj_err_throw(L, errcode), which errors of the
 * program go through as well.
 */
static inline void lj_abort_of(struct lj_walk *w, lj_u64 L)
{
	lj_u32 reason;

	lj_forget(w);
	w->flags = 0;
	if (lj_find(w) || w->check)
		return;
	reason = lj_abort_reason(w, L);
	if (!reason)
		return;
	lj_know_vm(w);
	if (lj_emit_abort(w, reason))
		return;
	lj_emit_pending(w);
	lj_sample(w);
}

SEC("uprobe")
int lj_abort(bpf_user_pt_regs_t *ctx)
{
	volatile bpf_user_pt_regs_t *regs = ctx;
	lj_u64 who = bpf_get_current_pid_tgid();
	lj_u32 lane = LJ_PROG_ABORT * config.cpus + bpf_get_smp_processor_id();
	struct lj_lane *l = bpf_map_lookup_elem(&lanes, &lane);

	if (!l || !lj_is_target(who >> 32))
		return 0;
	if (l->busy) {
		l->skipped++;
		return 0;
	}
	l->busy = 1;
	lj_lane(LJ_PROG_ABORT, who);
	l->hits++;
#define GET(name) regs->name
	LJ_REGS(&l->w.regs, GET, r);
#undef GET
	l->w.inkernel = 0;
	lj_abort_of(&l->w, l->w.regs.rdi);
	l->busy = 0;
	return 0;
}
