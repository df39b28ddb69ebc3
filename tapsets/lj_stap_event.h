/* lj_stap_event.h - samples that are not a timer's: threads and coroutines that
 * wait, system calls about files.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Embedded into luajit.stp by the build, behind lj_stap.h. The records are
 * those of the eBPF collector.
 */
#include "lj_io.h"
#include "lj_yield.h"

/* -- Off the CPU, and coroutines that yield -------------------------------- */

#define LJS_TASK_DEAD	0x80	/* kernels before 5.14: TASK_DEAD */

/* ljs_why - why a thread leaves its CPU: BIT sample; 0: it ends
 *
 * What is interrupted while it goes to sleep could go on.
 */
static u32 ljs_why(struct task_struct *task, int preempt)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 14, 0)
	u64 state = READ_ONCE(task->__state);
#else
	u64 state = READ_ONCE(task->state);
#endif

	if (state & LJS_TASK_DEAD)
		return 0;
	if (!state || preempt)
		return LJD_sample_PREEMPTED;
	return task->in_iowait ? LJD_sample_IOWAIT : LJD_sample_BLOCKED;
}

/* ljs_wait_of - the place of one that waits: its own, or a free one, or NULL
 * @first, @n: the places there are, n a power of 2
 * @who: only itself, or who lets it go on, touches its place
 */
static struct ljs_wait *ljs_wait_of(u32 first, u32 n, u64 who, int create)
{
	u32 i, at = (u32)(who * 0x9e3779b97f4a7c15ull >> 40);
	struct ljs_wait *wait;

	for (i = 0; i < LJS_WAIT_PROBES; i++) {
		wait = &ljs_waiting[first + ((at + i) & (n - 1))];
		if (READ_ONCE(wait->who) == who) {
			if (create)
				wait->lencstack = wait->lensample = 0;
			return wait;
		}
	}
	for (i = 0; create && i < LJS_WAIT_PROBES; i++) {
		wait = &ljs_waiting[first + ((at + i) & (n - 1))];
		if (!cmpxchg(&wait->who, 0, who)) {
			wait->lencstack = wait->lensample = 0;
			return wait;
		}
	}
	return NULL;
}

#define ljs_thread(task, create) \
	ljs_wait_of(0, LJS_NWAIT, (task)->pid, create)
#define ljs_coroutine(L, create) \
	ljs_wait_of(LJS_NWAIT, LJS_NYIELD, L, create)

/* ljs_wait_over - write what was held of it: it waited until then */
static void ljs_wait_over(struct ljs_wait *wait, u64 time)
{
	u32 max;
	struct ljd_sample *r = (struct ljd_sample *)ljs_room(wait, &max);

	if (wait->lencstack)
		ljs_write(ljs_wait_cstack[wait - ljs_waiting],
			  wait->lencstack);
	if (wait->lensample) {
		r->weight = time > r->time ? time - r->time : 1;
		r->h.sum = ljd_sum(r);
		/* one that finds no room leaves a gap, which readers count */
		ljs_write(r, wait->lensample);
	}
	smp_store_release(&wait->who, 0);
}

/* ljs_wait_begin - sample the current thread for one that waits from now on
 * @why: as ljs_why(); 0: it yields, in user mode
 */
static void ljs_wait_begin(struct ljs_wait *wait, const struct pt_regs *regs,
			   u32 why, u32 depth)
{
	struct ljs_event e = { .wait = wait, .why = why };

	if (!wait)
		atomic64_inc(&ljs_busy);
	else if (ljs_sample(regs, !!why, depth, &e) < 0)
		smp_store_release(&wait->who, 0);
}

/* ljs_switch - one thread leaves this CPU, another comes: sched_switch
 *
 * Sampled as it leaves, while its memory can be read; held until it is back
 * and it is known for how long.
 */
static void ljs_switch(int preempt, struct task_struct *prev,
		       struct task_struct *next, u32 depth)
{
	u32 why = ljs_wanted() ? ljs_why(prev, preempt) : 0;
	struct ljs_wait *wait;

	if (ljs_known(task_tgid(next))) {
		wait = ljs_thread(next, 0);
		if (wait)
			ljs_wait_over(wait, ktime_get_mono_fast_ns());
	}
	if (why)
		ljs_wait_begin(ljs_thread(prev, 1), task_pt_regs(prev), why,
			       depth);
}

/* ljs_resume - a coroutine goes on: lua_resume() */
static void ljs_resume(u64 L)
{
	struct ljs_wait *wait = L ? ljs_coroutine(L, 0) : NULL;

	if (wait)
		ljs_wait_over(wait, ktime_get_mono_fast_ns());
}

/* ljs_waits_end - those who still wait have waited until now */
static void ljs_waits_end(void)
{
	u64 now = ktime_get_mono_fast_ns();
	u32 i;

	for (i = 0; i < ARRAY_SIZE(ljs_waiting); i++)
		if (ljs_waiting[i].who)
			ljs_wait_over(&ljs_waiting[i], now);
}

/* -- Allocating ----------------------------------------------------------- */

#define LJS_NGROWN	1024
#define LJS_GROWN_PROBES 8

/* struct ljs_grown - what a thread has allocated since its last sample */
struct ljs_grown {
	u32 tid;		/* 0: free */
	u64 bytes, due;
};

static struct ljs_grown ljs_growns[LJS_NGROWN];

static struct ljs_grown *ljs_grown_of(u32 tid)
{
	struct ljs_grown *g;
	u32 i;

	for (i = 0; i < LJS_GROWN_PROBES; i++) {
		g = &ljs_growns[(tid + i) & (LJS_NGROWN - 1)];
		if (READ_ONCE(g->tid) == tid || !cmpxchg(&g->tid, 0, tid))
			return g;
	}
	return NULL;
}

/* ljs_distance - bytes to the next sample. They vary: a program that allocates
 * in a fixed pattern would be seen at one place only.
 */
static u64 ljs_distance(u32 every)
{
	static u32 random = 1;

	random = random * 1664525 + 1013904223;
	return every / 2 + (random >> 8) % every;
}

/* ljs_grow - the current thread allocates so many bytes; a sample that finds no
 * room is made up for by the next
 */
static void ljs_grow(const struct pt_regs *regs, u64 bytes, u32 every,
		     u32 depth)
{
	struct ljs_grown *g = ljs_wanted() ? ljs_grown_of(current->pid) : NULL;
	struct ljs_event e = { 0 };

	if (!g || !every)
		return;
	g->bytes += bytes;
	if (g->bytes < g->due)
		return;
	e.weight = e.bytes = g->bytes;
	if (ljs_sample(regs, 0, depth, &e) < 0)
		return;
	g->bytes = 0;
	g->due = ljs_distance(every);
}

/* -- Files ---------------------------------------------------------------- */

#define LJS_MAXPATH	2048	/* bytes of a path; a longer one loses its start */
#define LJS_NCALL	1024
#define LJS_CALL_PROBES	8

/* struct ljs_call - a system call that a thread is in */
struct ljs_call {
	u32 tid;		/* 0: free */
	u32 call;		/* ENUM call */
	u32 file;		/* dictionary id, 0: not known yet */
	u64 entered;
};

static struct ljs_call ljs_calls[LJS_NCALL];

static struct ljs_call *ljs_call_of(u32 tid, int create)
{
	struct ljs_call *c;
	u32 i;

	for (i = 0; i < LJS_CALL_PROBES; i++) {
		c = &ljs_calls[(tid + i) & (LJS_NCALL - 1)];
		if (READ_ONCE(c->tid) == tid)
			return c;
	}
	for (i = 0; create && i < LJS_CALL_PROBES; i++) {
		c = &ljs_calls[(tid + i) & (LJS_NCALL - 1)];
		if (!cmpxchg(&c->tid, 0, tid))
			return c;
	}
	return NULL;
}

/* ljs_path_of - where a file is, for the process: its bytes at *path
 *
 * buf has PATH_MAX bytes. None of what is in no folder, such as a pipe.
 */
static u32 ljs_path_of(struct file *file, char *buf, char **path)
{
	struct dentry *dentry = file->f_path.dentry;
	static const char gone[] = " (deleted)";
	u32 n;

	if (dentry->d_op && dentry->d_op->d_dname)
		return 0;
	*path = d_path(&file->f_path, buf, PATH_MAX);
	if (IS_ERR(*path))
		return 0;
	n = strlen(*path);
	if (d_unlinked(dentry) && n >= sizeof(gone) &&
	    !strcmp(*path + n - (sizeof(gone) - 1), gone))
		n -= sizeof(gone) - 1;
	if (n > LJS_MAXPATH) {
		*path += n - LJS_MAXPATH;
		n = LJS_MAXPATH;
	}
	return n;
}

static int ljs_emit_file(struct lj_walk *w, struct file *file, u32 id)
{
	const struct inode *inode = file_inode(file);
	struct ljd_file *r = &w->rec.file;
	char *tail = (char *)(w->rec.w + sizeof(*r) / 8), *path;
	u32 n = ljs_path_of(file, (char *)w->crec.w, &path);

	r->time = w->time;
	r->dev = (u64)MAJOR(inode->i_sb->s_dev) << 32 |
		 MINOR(inode->i_sb->s_dev);
	r->ino = inode->i_ino;
	r->id = id;
	r->pid = w->pid;
	r->mode = inode->i_mode;
	r->n = n;
	memset(tail + n, 0, 8);
	if (n)
		memcpy(tail, path, n);
	return LJ_EMIT(w, file, n);
}

/* ljs_file_id - dictionary id of a file, which is written if it is new
 *
 * The key holds its name and folder: what is removed leaves its inode number
 * and its place in memory to another one.
 */
static u32 ljs_file_id(struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	struct lj_walk *w = ljs_take();
	u32 id, isnew = 0;
	u64 key;

	if (!w)
		return 0;
	w->time = ktime_get_mono_fast_ns();
	w->pid = current->tgid;
	key = lj_mix(lj_mix(11, (unsigned long)file_inode(file)),
		     (unsigned long)dentry);
	key = lj_mix(key, (unsigned long)READ_ONCE(dentry->d_parent));
	key = lj_mix(lj_mix(key, dentry->d_name.hash), file_inode(file)->i_ino);
	id = LJ_ID(w, key, &isnew);
	if (!id || (isnew & LJ_ID_NEW && ljs_emit_file(w, file, id)))
		w->t.dictfail++;
	else if (isnew & LJ_ID_NEW)
		LJ_ID_SENT(w, key);
	ljs_give(w);
	return id;
}

/* ljs_fd_id - dictionary id of a descriptor's file; -1: it is not wanted */
static s64 ljs_fd_id(u32 fd, int all)
{
	struct file *file = fget_raw(fd);
	s64 id = -1;

	if (!file)
		return -1;
	if (all || S_ISREG(file_inode(file)->i_mode))
		id = ljs_file_id(file);
	fput(file);
	return id;
}

/* ljs_io_enter - the current thread enters a system call: sys_enter */
static void ljs_io_enter(u64 number, int all)
{
	const struct pt_regs *regs = task_pt_regs(current);
	u32 call = lj_io_call(number), what = lj_io_what(call);
	struct ljs_call *c;
	s64 file = 0;

	if (!call)
		return;
	if (what != LJ_IO_OPEN)
		file = ljs_fd_id(what == LJ_IO_SEND ? regs->si : regs->di, all);
	if (file < 0)
		return;
	c = ljs_call_of(current->pid, 1);
	if (!c) {
		atomic64_inc(&ljs_busy);
		return;
	}
	c->call = call;
	c->file = file;
	c->entered = ktime_get_mono_fast_ns();	/* last: not its own time */
}

/* ljs_io_leave - the current thread leaves it, with what it entered: sys_exit */
static void ljs_io_leave(s64 ret, u32 depth, int all)
{
	struct ljs_call *c = ljs_call_of(current->pid, 0);
	u64 now = ktime_get_mono_fast_ns();
	struct ljs_event e = { 0 };
	s64 file;
	u32 what;

	if (!c)
		return;
	e.weight = now - c->entered;
	e.call = c->call;
	e.file = c->file;
	smp_store_release(&c->tid, 0);
	what = lj_io_what(e.call);
	if (ret > 0 && (what == LJ_IO_MOVE || what == LJ_IO_SEND))
		e.bytes = ret;
	if (what == LJ_IO_OPEN && ret >= 0) {
		file = ljs_fd_id(ret, all);
		if (file < 0)
			return;
		e.file = file;
	}
	ljs_sample(task_pt_regs(current), 1, depth, &e);
}
