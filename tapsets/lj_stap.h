/* lj_stap.h - the walking core's surroundings in a SystemTap module.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Embedded into luajit.stp by the build. Reads user memory without ever
 * sleeping or taking a fault, writes records into SystemTap's print buffer,
 * keeps one struct lj_walk per lane.
 */
#include <linux/version.h>
#include <linux/bitops.h>
#include <linux/fs.h>
#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>

/* A missed tick is a missed sample, no reason to end a session: the default
 * of 100 is reached in seconds on a busy machine.
 */
#undef MAXSKIPPED
#define MAXSKIPPED	1000000

/* Samples are bounded and take a few percent at most. In a virtual machine the
 * cycle counter may step back between CPUs, and the difference, unsigned,
 * would end the session as an overload.
 */
#undef STP_OVERLOAD_THRESHOLD
#define STP_OVERLOAD_THRESHOLD	(~0ULL)

/* SystemTap's print.c and transport.c come behind this file. The latter looks
 * up a function that is gone, for probes which scripts here do not place.
 */
#if STAP_COMPAT_VERSION >= STAP_VERSION(5, 0) && \
	STAP_COMPAT_VERSION < STAP_VERSION(5, 2) && \
	LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define STAPCONF_UPROBE_UNREGISTER_EXPORTED	1
#endif

struct lj_walk;
static int ljs_rd(void *dst, u32 n, u64 addr);
static int ljs_out(const struct lj_walk *w, const void *rec, u32 len);
static void ljs_seen(const struct lj_walk *w, u64 fn);

/* Taken in interrupts and in begin and end probes. */
static DEFINE_RAW_SPINLOCK(ljs_lock);
static unsigned long ljs_lock_flags;	/* its holder's */

static void ljs_lock_irqsave(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ljs_lock, flags);
	ljs_lock_flags = flags;
}

static void ljs_unlock_irqrestore(void)
{
	unsigned long flags = ljs_lock_flags;

	raw_spin_unlock_irqrestore(&ljs_lock, flags);
}

#define LJ_LOCK(d)	ljs_lock_irqsave()
#define LJ_UNLOCK(d)	ljs_unlock_irqrestore()
#define LJ_WMB()	smp_wmb()
#define LJ_RMB()	smp_rmb()

#include "lj_dict.h"
#include "lj_stap_procs.h"

static struct lj_dict ljs_dict;

#define LJ_RD(w, dst, n, addr)	ljs_rd(dst, n, addr)
#define LJ_OUT(w, rec, len)	ljs_out(w, rec, len)
#define LJ_ID(w, key, flags)	lj_dict_id(&ljs_dict, key, flags)
#define LJ_ID_SENT(w, key)	lj_dict_sent(&ljs_dict, key)
#define LJ_TASK(w)		lj_dict_task(&ljs_dict, (w)->pid, (w)->tid)
#define LJ_VM(w, d, create) \
	lj_dict_vm(&ljs_dict, (w)->pid, d, create)
#define LJ_SEEN(w, fn)		ljs_seen(w, fn)
#define LJ_MAXREGISTRY		4096

#include "lj_walk.h"
#include "lj_elf.h"
#include "lj_gc.h"
#include "lj_layout_text.h"
#include "lj_other.h"

/* One lane a CPU that is in a handler; no more run the target at once. */
#define LJS_LANES	64

static struct lj_walk ljs_lane[LJS_LANES];
/* Where a lane puts a stack that is to be shown; else it writes records. */
static struct ljs_stack *ljs_shown[LJS_LANES];
static unsigned long ljs_taken[BITS_TO_LONGS(LJS_LANES)];
static atomic64_t ljs_hits, ljs_busy, ljs_phase;
static int ljs_opened;
/* Mappings of ELF files whose build-id is still to be read: only in the
 * process's own context can its memory be.
 */
#define LJS_NELF	2048

static struct ljs_elf {
	u64 start;		/* 0: it was read */
	u32 pid;
} ljs_elf[LJS_NELF];
static u32 ljs_nelf, ljs_elfdone;	/* so many of them were read */
static u32 ljs_unit = LJD_weight_SAMPLES;
static unsigned long ljs_elfbusy;
static char ljs_path[1024];	/* begin and end probes only */
static char ljs_other[128];	/* a mapped file that is another Lua */

/* ljs_rd - copy from the current task's memory, faults disabled */
static int ljs_rd(void *dst, u32 n, u64 addr)
{
	const u8 __user *src = (const u8 __user *)(unsigned long)addr;
	u64 *d = dst;
	u32 i;

	/* an exiting task has given its memory back */
	if (!current->mm || !user_access_begin(src, n))
		return -1;
	for (i = 0; i + 8 <= n; i += 8)
		unsafe_get_user(*d++, (const u64 __user *)(src + i), fault);
	if (i < n)
		unsafe_get_user(*(u32 *)d, (const u32 __user *)(src + i),
				fault);
	user_access_end();
	return 0;
fault:
	user_access_end();
	return -1;
}

/* The print buffer of older releases has no lock but the handler's own. */
#if STAP_COMPAT_VERSION < STAP_VERSION(4, 5)
#define _stp_print_trylock_irqsave(flags)	({ local_irq_save(*(flags)); 1; })
#define _stp_print_unlock_irqrestore(flags)	local_irq_restore(*(flags))
#endif

/* Some releases garble all output behind a message whose 8 bytes of header
 * just fill up a sub-buffer. It does not happen to messages of 16 bytes and
 * multiples. A message is what is printed between two flushes.
 */
#if STAP_COMPAT_VERSION >= STAP_VERSION(4, 8) && \
	STAP_COMPAT_VERSION < STAP_VERSION(5, 1)
#define ljs_padding(len)	(((len) + sizeof(struct _stp_trace)) & 8)
#define ljs_flush()		_stp_print_flush()
#else
#define ljs_padding(len)	0
#define ljs_flush()		do { } while (0)
#endif

/* ljs_write - put a whole record into the print buffer, or nothing of it */
static int ljs_write(const void *rec, u32 len)
{
	unsigned long flags;
	struct ljd_head *room;
	const u32 padding = ljs_padding(len);

	if (!_stp_print_trylock_irqsave(&flags))
		return -1;
	room = _stp_reserve_bytes(len + padding);
	if (room)
		memcpy(room, rec, len);
	if (room && padding) {
		memset((char *)room + len, 0, padding);
		room->len += padding;
		room->sum = ljd_sum(room);
	}
	_stp_print_unlock_irqrestore(&flags);
	ljs_flush();
	return room ? 0 : -1;
}

/* struct ljs_wait - the sample of a thread, or coroutine, that waits, until it
 * is back
 * @who: number of the thread, or address of the lua_State; 0: free
 */
struct ljs_wait {
	u64 who;
	u32 lencstack, lensample;	/* bytes, 0: none */
};

#define LJS_NWAIT	128	/* threads that wait at once */
#define LJS_NYIELD	2048	/* coroutines, with stacks of so many frames */
#define LJS_YIELD_FRAMES	60
#define LJS_WAIT_PROBES	16

#define LJS_SAMPLE_WORDS(n)	(sizeof(struct ljd_sample) / 8 + (n))

/* First the threads, then the coroutines, of which no C stack is kept. */
static struct ljs_wait ljs_waiting[LJS_NWAIT + LJS_NYIELD];
static u64 ljs_wait_cstack[LJS_NWAIT][LJD_MAXLEN / 8];
static u64 ljs_wait_sample[LJS_NWAIT][LJS_SAMPLE_WORDS(LJD_MAXFRAMES)];
static u64 ljs_yield_sample[LJS_NYIELD][LJS_SAMPLE_WORDS(LJS_YIELD_FRAMES)];
static struct ljs_wait *ljs_held[LJS_LANES];	/* what a lane samples for */

/* ljs_room - where the sample of one that waits is; *n: bytes there are */
static u64 *ljs_room(const struct ljs_wait *wait, u32 *n)
{
	u32 i = wait - ljs_waiting;

	*n = i < LJS_NWAIT ? sizeof(ljs_wait_sample[0]) :
	     sizeof(ljs_yield_sample[0]);
	return i < LJS_NWAIT ? ljs_wait_sample[i] :
	       ljs_yield_sample[i - LJS_NWAIT];
}

/* ljs_hold - keep a record of one that waits; -1: it is another kind */
static int ljs_hold(struct ljs_wait *wait, const struct ljd_head *h, u32 len)
{
	u32 i = wait - ljs_waiting, max;
	u64 *room = ljs_room(wait, &max);

	if (LJD_KIND(h) == LJD_KIND_sample && len <= max) {
		memcpy(room, h, len);
		wait->lensample = len;
		return 0;
	}
	if (LJD_KIND(h) == LJD_KIND_cstack && i < LJS_NWAIT) {
		memcpy(ljs_wait_cstack[i], h, len);
		wait->lencstack = len;
		return 0;
	}
	return -1;
}

/* ljs_out - LJ_OUT of the core */
static int ljs_out(const struct lj_walk *w, const void *rec, u32 len)
{
	struct ljs_wait *wait = ljs_held[w->lane];

	if (ljs_shown[w->lane])
		return -1;
	if (wait && !ljs_hold(wait, rec, len))
		return 0;
	return ljs_write(rec, len);
}

static struct lj_walk *ljs_take(void)
{
	u32 i, lane = raw_smp_processor_id();

	for (i = 0; i < LJS_LANES; i++, lane++) {
		lane %= LJS_LANES;
		if (!test_and_set_bit_lock(lane, ljs_taken)) {
			ljs_lane[lane].lane = lane;
			return &ljs_lane[lane];
		}
	}
	atomic64_inc(&ljs_busy);
	return NULL;
}

static void ljs_give(struct lj_walk *w)
{
	clear_bit_unlock(w->lane, ljs_taken);
}

/* ljs_look_here - a lane that looks at the current thread, faults disabled;
 * NULL: none is free
 * @regs: its user registers
 */
static struct lj_walk *ljs_look_here(const struct pt_regs *regs)
{
	struct lj_walk *w = ljs_take();

	if (!w)
		return NULL;
#define GET(name) regs->name
	LJ_REGS(&w->regs, GET, );
#undef GET
	w->time = ktime_get_mono_fast_ns();
	w->pid = current->tgid;
	w->tid = current->pid;
	w->cpu = raw_smp_processor_id();
	w->inkernel = 0;
	pagefault_disable();
	return w;
}

static void ljs_looked(struct lj_walk *w)
{
	pagefault_enable();
	ljs_give(w);
}

/* ljs_buildids - build-ids of the next few mapped files. Those whose first
 * pages are not in memory go without: the map's inode has to do.
 */
static void ljs_buildids(struct lj_walk *w)
{
	u32 i, some = 0, n = READ_ONCE(ljs_nelf);

	for (i = 0; i < n && some < 8; i++) {
		if (!ljs_elf[i].start || ljs_elf[i].pid != w->pid)
			continue;
		lj_emit_buildid(w, w->pid, ljs_elf[i].start);
		ljs_elf[i].start = 0;
		ljs_elfdone++;
		some++;
	}
}

/* struct ljs_event - what a sample is of
 * @weight, @bytes, @call, @file: as in the sample record
 * @why: BIT sample: the thread leaves its CPU
 * @gc: with a gc record
 * @wait: where to keep it, or NULL
 */
struct ljs_event {
	u64 weight, bytes;
	u32 call, file, why, gc;
	struct ljs_wait *wait;
};

/* SystemTap gives up a script whose handlers take half of a CPU: 500 million of
 * 1000 million cycles. Samples take a fifth of one, and what they save up for
 * a while: 450 million at most. What comes faster is skipped, and counted.
 */
#define LJS_SHARE	5
#define LJS_SAVED	250000000ull

struct ljs_spent {
	u64 at, cycles;		/* above the share, then */
};

static DEFINE_PER_CPU(struct ljs_spent, ljs_spent);

/* ljs_affords - may this CPU take one more sample now? */
static int ljs_affords(u64 now)
{
	struct ljs_spent *s = this_cpu_ptr(&ljs_spent);
	u64 due = (now - s->at) / LJS_SHARE;

	s->cycles -= min(s->cycles, due);
	s->at = now;
	return s->cycles < LJS_SAVED;
}

/* ljs_sample - one sample of the current task: its flags, or -1
 * @regs: its user registers
 */
static int ljs_sample(const struct pt_regs *regs, int inkernel, u32 depth,
		      const struct ljs_event *e)
{
	u64 begun = get_cycles();
	struct lj_walk *w;
	int ret;

	atomic64_inc(&ljs_hits);
	if (!ljs_affords(begun)) {
		atomic64_inc(&ljs_busy);
		return -1;
	}
	w = ljs_look_here(regs);
	if (!w)
		return -1;
	w->weight = e->weight;
	w->bytes = e->bytes;
	w->call = e->call;
	w->file = e->file;
	w->why = e->why;
	ljs_held[w->lane] = e->wait;
	w->depth = depth;
	w->inkernel = inkernel;
	ret = lj_sample(w);
	if (e->gc && lj_emit_gc(w))
		ret = -1;
	lj_dict_sampled(&ljs_dict);
	/* one lane at a time does this */
	if (ljs_elfdone < ljs_nelf && !test_and_set_bit_lock(0, &ljs_elfbusy)) {
		ljs_buildids(w);
		clear_bit_unlock(0, &ljs_elfbusy);
	}
	if (!ret)
		ret = w->flags;
	ljs_held[w->lane] = NULL;
	ljs_looked(w);
	this_cpu_ptr(&ljs_spent)->cycles += get_cycles() - begun;
	return ret;
}

/* -- Once per session: begin and end probes (process context) ----------- */

static void ljs_meta(const char *key, const char *value)
{
	struct lj_walk *w = ljs_take();
	char *tail;
	int n;

	if (!w)
		return;
	tail = (char *)(w->rec.w + sizeof(struct ljd_meta) / 8);
	memset(tail, 0, 1024);
	n = scnprintf(tail, 1024, "%s=%s", key, value);
	w->rec.meta.n = n;
	w->rec.meta.spare = 0;
	LJ_EMIT(w, meta, n);
	ljs_give(w);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#define ljs_file_path(file)	file_user_path(file)
#define ljs_file_inode(file)	file_user_inode(file)
#define ljs_mtime(inode)	inode_get_mtime(inode).tv_sec
#else
#define ljs_file_path(file)	(&(file)->f_path)
#define ljs_file_inode(file)	file_inode(file)
#define ljs_mtime(inode)	((inode)->i_mtime.tv_sec)
#endif

/* ljs_map_file - what identifies the mapped file; returns its path */
static const char *ljs_map_file(struct ljd_map *m, struct file *file)
{
	const struct inode *inode = ljs_file_inode(file);
	char *path = d_path(ljs_file_path(file), ljs_path, sizeof(ljs_path));

	m->dev = (u64)MAJOR(inode->i_sb->s_dev) << 32 |
		 MINOR(inode->i_sb->s_dev);
	m->ino = inode->i_ino;
	m->size = i_size_read(inode);
	m->mtime = ljs_mtime(inode);
	return IS_ERR(path) ? "" : path;
}

/* ljs_map - the record of one mapping, once */
static void ljs_map(struct lj_walk *w, struct vm_area_struct *vma, u32 pid)
{
	struct ljd_map *m = &w->rec.map;
	/* not m + 1: the kernel warns of writes behind a struct */
	char *tail = (char *)(w->rec.w + sizeof(*m) / 8);
	const char *path = "";
	u32 flags = 0, n;
	u64 key;

	if (!vma->vm_file && !(vma->vm_flags & VM_EXEC))
		return;
	memset(m, 0, sizeof(*m));
	m->start = vma->vm_start;
	m->end = vma->vm_end;
	m->prot = (vma->vm_flags & VM_READ ? LJD_prot_READ : 0) |
		  (vma->vm_flags & VM_WRITE ? LJD_prot_WRITE : 0) |
		  (vma->vm_flags & VM_EXEC ? LJD_prot_EXEC : 0);
	if (vma->vm_file) {
		path = ljs_map_file(m, vma->vm_file);
		if (lj_other_lua(path))
			scnprintf(ljs_other, sizeof(ljs_other), "%s", path);
		m->pgoff = (u64)vma->vm_pgoff << PAGE_SHIFT;
	}
	key = lj_mix(lj_mix(lj_mix(7, pid), m->start), m->end);
	key = lj_mix(lj_mix(lj_mix(key, m->ino), m->pgoff), m->prot);
	lj_dict_id(&ljs_dict, key, &flags);
	if (!(flags & LJ_ID_NEW))
		return;
	m->time = ktime_get_mono_fast_ns();
	m->pid = pid;
	n = strlen(path);
	m->n = n;
	memset(tail + n, 0, 8);
	memcpy(tail, path, n);
	if (LJ_EMIT(w, map, n))
		return;
	lj_dict_sent(&ljs_dict, key);
	if (vma->vm_file && !vma->vm_pgoff && ljs_nelf < LJS_NELF) {
		ljs_elf[ljs_nelf].start = vma->vm_start;
		ljs_elf[ljs_nelf].pid = pid;
		WRITE_ONCE(ljs_nelf, ljs_nelf + 1);
	}
}

/* ljs_maps_of - all mappings of mm, which its task keeps alive (task_lock).
 *
 * Never sleeps: the lock is tried for at most 10 ms.
 */
static int ljs_maps_of(struct lj_walk *w, struct mm_struct *mm, u32 pid)
{
	struct vm_area_struct *vma;
	int tries = 100;

	while (!mmap_read_trylock(mm)) {
		if (!tries--)
			return -EAGAIN;
		udelay(100);
	}
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 1, 0)
	{
		VMA_ITERATOR(vmi, mm, 0);

		for_each_vma(vmi, vma)
			ljs_map(w, vma, pid);
	}
#else
	for (vma = mm->mmap; vma; vma = vma->vm_next)
		ljs_map(w, vma, pid);
#endif
	mmap_read_unlock(mm);
	return 0;
}

/* ljs_maps_one - the mappings of one process that no record tells yet
 *
 * 0; -EINVAL: it has no memory (a kernel thread, or exiting); -EAGAIN: its
 * map stayed locked
 */
static int ljs_maps_one(struct pid *pid)
{
	struct task_struct *task = get_pid_task(pid, PIDTYPE_TGID);
	struct lj_walk *w;
	int ret;

	if (!task)
		return -EINVAL;
	w = ljs_take();
	/* exit_mm() needs this lock to let go of the mm */
	task_lock(task);
	ret = task->mm && w ? ljs_maps_of(w, task->mm, task->tgid) : -EINVAL;
	task_unlock(task);
	if (w)
		ljs_give(w);
	put_task_struct(task);
	return ret;
}

/* ljs_maps - those of all; as above, of the first one for which it is not 0 */
static int ljs_maps(void)
{
	int ret = 0, one;
	u32 i;

	for (i = 0; i < ljs_nprocs; i++) {
		one = ljs_maps_one(ljs_proc[i]);
		if (!ret)
			ret = one;
	}
	return ret;
}

/* ljs_cpu_time - CPU time of all threads of a process so far, ns. Under RCU.
 *
 * A running thread's is that of its last scheduler tick.
 */
static u64 ljs_cpu_time(struct task_struct *task)
{
	u64 sum = READ_ONCE(task->signal->sum_sched_runtime);
	struct task_struct *t;

	for_each_thread(task, t)
		sum += READ_ONCE(t->se.sum_exec_runtime);
	return sum;
}

/* ljs_usage - a usage record of each process: 0; -1: one found no room, or
 * they are all gone
 */
static int ljs_usage(void)
{
	struct task_struct *task;
	struct lj_walk *w = ljs_take();
	int ret = -1;
	u32 i;

	if (!w)
		return -1;
	ljs_find_ruled();
	rcu_read_lock();
	for (i = 0; i < ljs_nprocs; i++) {
		task = pid_task(ljs_proc[i], PIDTYPE_TGID);
		if (!task)
			continue;
		w->rec.usage.time = ktime_get_mono_fast_ns();
		w->rec.usage.cpu = ljs_cpu_time(task);
		w->rec.usage.pid = task->tgid;
		w->rec.usage.threads = task->signal->nr_threads;
		ret = LJ_EMIT(w, usage, 0);
	}
	rcu_read_unlock();
	ljs_give(w);
	return ret;
}

/* ljs_wrong_option - the first "name=value" word behind the module in the
 * current command line whose name is not in the list; NULL: none.
 *
 * The kernel only logs module parameters it does not know. In a begin probe
 * the current process is the one that was given them.
 */
static const char *ljs_wrong_option(const char *known)
{
	unsigned long start = current->mm ? current->mm->arg_start : 0;
	unsigned long len = start ? current->mm->arg_end - start : 0;
	char *word, *end, *eq, *at;
	int behind = 0;
	size_t n;

	len = min(len, sizeof(ljs_path) - 8) & ~3ul;
	pagefault_disable();
	if (!len || ljs_rd(ljs_path, len, start))
		len = 0;
	pagefault_enable();
	memset(ljs_path + len, 0, 8);
	for (word = ljs_path, end = word + len; word < end;
	     word += strlen(word) + 1) {
		eq = strchr(word, '=');
		n = strlen(word);
		if (!behind || !eq) {
			behind |= !strcmp(word, THIS_MODULE->name) ||
				  (n > 3 && !strcmp(word + n - 3, ".ko"));
			continue;
		}
		*eq = 0;
		n = strlen(word);
		at = strstr(known, word);
		if (!at || (at > known && at[-1] != ' ') ||
		    (at[n] && at[n] != ' '))
			return word;
		*eq = '=';
	}
	return NULL;
}

/* ljs_given - use this layout for every VM; the word that is wrong, or NULL */
static const char *ljs_given(const char *text)
{
	struct lj_layout l;
	const char *wrong = lj_layout_parse(&l, text);
	u32 i;

	for (i = 0; !wrong && i < LJS_LANES; i++)
		ljs_lane[i].given = l;
	return wrong;
}

/* ljs_misfit - what did not fit in a VM whose layout is not known */
static const char *ljs_misfit(void)
{
	static const struct {
		const char *set, *doc;
		u32 value;
	} what[] = {
#define REC(name, kind, tail, doc)
#define U32(field, doc)
#define U64(field, doc)
#define END(name)
#define ENUM(set, NAME, value, doc)	{ #set, doc, value },
#include "dump.def"
	};
	u32 i, check = 0;

	for (i = 0; i < LJ_NVM && !check; i++)
		check = ljs_dict.vm[i].vm.check;
	for (i = 0; i < ARRAY_SIZE(what); i++)
		if (!strcmp(what[i].set, "check") && what[i].value == check)
			return what[i].doc;
	return "";
}

static void ljs_header(u32 pid, u32 hz, u32 duration, u32 depth)
{
	struct lj_walk *w = ljs_take();
	struct ljd_header *h;

	if (!w)
		return;
	h = lj_header(w, LJD_collector_STAP, pid, depth);
	h->weight = ljs_unit;
	h->hz = hz;
	h->duration = duration;
	h->cpus = num_online_cpus();
	h->time = ktime_get_mono_fast_ns();
	h->realtime = ktime_get_real_ns();
	LJ_EMIT(w, header, 0);
	ljs_give(w);
}

/* LJS_SUM - one tally over all lanes */
#define LJS_SUM(name) ({						\
	u64 sum_ = 0;							\
	u32 i_;								\
	for (i_ = 0; i_ < LJS_LANES; i_++)				\
		sum_ += ljs_lane[i_].t.name;				\
	sum_;								\
})

static void ljs_end(u32 reason)
{
	struct lj_walk *w = ljs_take();
	struct ljd_end *e;

	if (!w)
		return;
	e = &w->rec.end;
	e->time = ktime_get_mono_fast_ns();
	e->reason = reason;
	e->hits = atomic64_read(&ljs_hits);
#define T(name) e->name = LJS_SUM(name);
	LJ_TALLIES(T)
#undef T
	e->busy = atomic64_read(&ljs_busy);
	LJ_EMIT(w, end, 0);
	ljs_give(w);
}
