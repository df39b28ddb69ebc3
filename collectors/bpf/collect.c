/* collect.c - collect a dump with the BPF object.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 *   load -> open one timer a CPU -> read the ring -> stop -> drain -> end
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

/* Here the core only says what its structs look like. */
struct lj_walk;
#define LJ_RD(w, dst, n, addr)	((void)(w), (void)(dst), (void)(n), -1)
#define LJ_OUT(w, rec, len)	((void)(rec), (void)(len), -1)
#include "lj_bpf.h"

#include "collect.h"
#include "diag.h"
#include "dumptab.h"
#include "jitbooks.h"
#include "lj_cpu.skel.h"
#include "mapwatch.h"
#include "mem.h"
#include "preflight.h"
#include "procs.h"
#include "stop.h"
#include "target.h"
#include "waits.h"

#define RING_PER_CPU	(8u << 20)	/* seconds of a busy CPU, 204 frames deep */
#define RING_MAX	(64u << 20)
#define POLL_MS		50	/* the ring holds much more than that brings */
#define PAUSE_MS	200	/* ... and of reading at most so long */
#define PAUSE_RECORDS	256	/* looks at the clock after so many */
#define MAPS_MS		1000	/* to look for mappings, if not watched */
#define MAXPROBES	3	/* of one profile, but timers */
#define BURST_MS	10	/* the allocator is probed at once */
#define USAGE_MS	250	/* between two points of CPU usage */
#define BOOKS_LANE	0x10000	/* not one of a program or a process */
#define BOOKS_IDS	0x8000000	/* programs give out lower ones */

/* struct process - one that is sampled */
struct process {
	uint32_t pid;
	int fd;			/* of it; -1: this kernel has none */
	int gone;
	int mapped;		/* there are mappings to look for */
	struct target *target;
};

struct session {
	const struct collect *c;
	FILE *out;
	struct lj_cpu_bpf *obj;
	struct bpf_link **link;	/* of each CPU's timer, or each tracepoint */
	size_t nlinks;
	struct waits *waits;
	struct ring_buffer *ring;
	struct process *process;
	size_t nprocesses, maxprocesses;
	struct index *pids;	/* process -> number in process[] */
	struct mapwatch *watch;	/* NULL: the kernel does not allow it */
	uint64_t nextmaps;	/* ms: when to look, if not watched */
	uint64_t toggle;	/* ms: when to place or remove the probe; 0 */
	uint64_t since;		/* ms: when it was placed... */
	uint64_t placing;	/* ... and how long that took... */
	uint64_t removing;	/* ... and to remove it */
	uint64_t pause;		/* ms: when to stop reading the ring for a
				 * look at all else; 0: never */
	uint32_t read;		/* records */
	struct index *yields;	/* thread -> the coroutine of its next sample */
	struct collect_progress progress;
	uint32_t cpus;		/* possible ones */
	struct jitbooks *books;	/* of COLLECT_TRACE: all but aborts */
};

/* -- Loading ------------------------------------------------------------ */

static char refused[256];	/* why, by libbpf or by the verifier */

/* last_line - the last line with something to say of the verifier's log */
static void last_line(const char *log)
{
	size_t n;

	for (; *log; log += n + !!log[n]) {
		n = strcspn(log, "\n");
		if (n && *log != ';' && *log != '-' &&
		    strncmp(log, "processed ", 10) &&
		    strncmp(log, "verification time", 17) &&
		    strncmp(log, "stack depth", 11))
			snprintf(refused, sizeof(refused), "%.*s", (int)n, log);
	}
}

static int on_libbpf(enum libbpf_print_level level, const char *fmt, va_list ap)
{
	char *text = NULL;

	if (level != LIBBPF_WARN || vasprintf(&text, fmt, ap) < 0)
		return 0;
	if (strstr(text, "BEGIN PROG LOAD LOG"))
		last_line(strchr(text, '\n'));
	else if (!*refused)
		snprintf(refused, sizeof(refused), "%.*s",
			 (int)strcspn(text, "\n"), text);
	free(text);
	return 0;
}

static uint32_t ring_size(uint32_t cpus)
{
	uint32_t size = RING_PER_CPU;

	while (size < RING_MAX && size < (uint64_t)cpus * RING_PER_CPU)
		size *= 2;
	return size;
}

/* Before 5.11 maps count as locked memory, which libbpf may not allow all. */
static int locks_memory(void)
{
	struct utsname u;

	return !uname(&u) && preflight_kernel(u.release, u.version) <
			     PREFLIGHT_VERSION(5, 11, 0);
}

/* refusal - why the object could not be loaded, in words */
static char *refusal(int err)
{
	int admin = preflight_capable(PREFLIGHT_SYS_ADMIN);
	int bpf = admin || preflight_capable(PREFLIGHT_BPF);
	int perfmon = admin || preflight_capable(PREFLIGHT_PERFMON);

	if (err == -EPERM && (!bpf || !perfmon))
		return xasprintf("may not load BPF programs, there is no "
				 "%s%s%s; run as root, or with CAP_BPF and "
				 "CAP_PERFMON", bpf ? "" : "CAP_BPF",
				 bpf || perfmon ? "" : " and no ",
				 perfmon ? "" : "CAP_PERFMON");
	if (err == -EPERM && locks_memory())
		return xasprintf("may not lock the memory of its maps, which "
				 "kernels before 5.11 ask for; run as root, or "
				 "with ulimit -l unlimited");
	if (err == -EPERM)
		return xasprintf("may not load BPF programs here, with all "
				 "capabilities; is there a security module "
				 "that forbids it?");
	if (err == -ENOMEM)
		return xasprintf("no memory for its maps; free some, or raise "
				 "ulimit -l");
	if (err == -ESRCH || err == -ENOENT)
		return xasprintf("no type information of the kernel "
				 "(/sys/kernel/btf/vmlinux); use a kernel with "
				 "CONFIG_DEBUG_INFO_BTF");
	return xasprintf("the kernel refused the program: %s (%s)",
			 strerror(-err), refused);
}

/* timed - are samples taken by a timer? */
static int timed(const struct collect *c)
{
	return c->what == COLLECT_CPU || c->what == COLLECT_GC;
}

/* follows - is the probe always there, so that nothing is freed unseen? */
static int follows(const struct collect *c)
{
	return c->what == COLLECT_ALLOC && c->duty >= 100;
}

/* load - returns 0, or -errno */
static int load(struct session *s)
{
	struct lj_config *config;

	*refused = 0;
	libbpf_set_print(on_libbpf);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	s->obj = lj_cpu_bpf__open();
	if (!s->obj)
		return -errno;
	s->cpus = libbpf_num_possible_cpus();
	bpf_program__set_autoload(s->obj->progs.lj_cpu,
				  timed(s->c));
	bpf_program__set_autoload(s->obj->progs.lj_offcpu,
				  s->c->what == COLLECT_OFFCPU);
	bpf_program__set_autoload(s->obj->progs.lj_io_enter,
				  s->c->what == COLLECT_IO);
	bpf_program__set_autoload(s->obj->progs.lj_io_exit,
				  s->c->what == COLLECT_IO);
	bpf_program__set_autoload(s->obj->progs.lj_alloc,
				  s->c->what == COLLECT_ALLOC);
	bpf_program__set_autoload(s->obj->progs.lj_alloc_ret, follows(s->c));
	bpf_program__set_autoload(s->obj->progs.lj_yield,
				  s->c->what == COLLECT_YIELD);
	bpf_program__set_autoload(s->obj->progs.lj_resume,
				  s->c->what == COLLECT_YIELD);
	bpf_program__set_autoload(s->obj->progs.lj_abort,
				  s->c->what == COLLECT_TRACE);
	config = &s->obj->rodata->config;
	config->pid = collect_only(s->c);	/* is found faster */
	config->depth = s->c->depth;
	config->cpus = s->cpus;
	config->wake = ring_size(s->cpus) / 4;
	config->allfiles = s->c->allfiles;
	config->every = s->c->every ? s->c->every : 1;
	config->gc = s->c->what == COLLECT_GC;
	config->follow = follows(s->c);
	config->yield = s->c->yield.fast.addr;
	bpf_map__set_max_entries(s->obj->maps.records, ring_size(s->cpus));
	bpf_map__set_max_entries(s->obj->maps.lanes, LJ_NPROG * s->cpus);
	if (s->c->what != COLLECT_ALLOC)
		bpf_map__set_max_entries(s->obj->maps.allocs, 1);
	if (!follows(s->c))
		bpf_map__set_max_entries(s->obj->maps.followed, 1);
	return lj_cpu_bpf__load(s->obj);
}

static int read_lane(struct session *s, uint32_t lane, struct lj_lane *l)
{
	return bpf_map__lookup_elem(s->obj->maps.lanes, &lane, sizeof(lane), l,
				    sizeof(*l), 0);
}

static int give_layout(struct session *s)
{
	struct lj_lane *l = xcalloc(1, sizeof(*l));
	int err = 0;

	l->w.given = *s->c->layout;
	for (uint32_t i = 0; !err && i < LJ_NPROG * s->cpus; i++)
		err = bpf_map__update_elem(s->obj->maps.lanes, &i, sizeof(i), l,
					   sizeof(*l), BPF_ANY);
	free(l);
	return err;
}

/* -- Sampling ----------------------------------------------------------- */

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t now_ms(void)
{
	return now_ns() / 1000000;
}

static int open_timer(uint32_t cpu, uint32_t hz)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.freq = 1,
		.sample_freq = hz,
		.disabled = 1,
	};

	return syscall(SYS_perf_event_open, &attr, -1, cpu, -1,
		       PERF_FLAG_FD_CLOEXEC);
}

static int start_tracepoint(struct session *s)
{
	struct bpf_program *p;

	bpf_object__for_each_program(p, s->obj->obj) {
		if (!bpf_program__autoload(p))
			continue;
		s->link[s->nlinks] = bpf_program__attach(p);
		if (s->link[s->nlinks++])
			continue;
		diag_error("cannot trace %s: %s; ljstap check tells what is "
			   "missing", strchr(bpf_program__section_name(p),
					     '/') + 1, strerror(errno));
		return -1;
	}
	return 0;
}

static int start_timers(struct session *s)
{
	for (uint32_t i = 0; i < s->cpus; i++) {
		int fd = open_timer(i, s->c->hz);

		if (fd < 0 && errno == ENODEV)
			continue;	/* possible, but not there */
		if (fd >= 0)
			s->link[s->nlinks] = bpf_program__attach_perf_event(
				s->obj->progs.lj_cpu, fd);
		if (fd < 0 || !s->link[s->nlinks]) {
			diag_error("cannot start the timer of CPU %" PRIu32
				   ": %s; ljstap check tells what is missing",
				   i, strerror(errno));
			if (fd >= 0)
				close(fd);
			return -1;
		}
		s->nlinks++;
	}
	return s->nlinks ? 0 : -1;
}

/* place - a probe of p in a file; ret: at the function's return */
static int place(struct session *s, const struct bpf_program *p, bool ret,
		 const char *file, uint64_t offset)
{
	s->link[s->nlinks] = bpf_program__attach_uprobe(p, ret, s->c->pid[0],
							file, offset);
	if (s->link[s->nlinks]) {
		s->nlinks++;
		return 0;
	}
	diag_error("cannot place a probe in %s at offset 0x%" PRIx64 ": %s; "
		   "the kernel has to have CONFIG_UPROBE_EVENTS", file,
		   offset, strerror(errno));
	return -1;
}

static int start_alloc(struct session *s)
{
	const struct collect *c = s->c;

	s->obj->bss->burst++;
	/* First the one that does nothing without the other. */
	if (follows(c) && place(s, s->obj->progs.lj_alloc_ret, true, c->file,
				c->offset))
		return -1;
	return place(s, s->obj->progs.lj_alloc, false, c->file, c->offset);
}

/* That of the resumes first: else a yield could seem to last. */
static int start_yield(struct session *s)
{
	const struct collect_yield *y = &s->c->yield;
	struct lj_cpu_bpf *o = s->obj;

	if (place(s, o->progs.lj_resume, false, y->resume.file,
		  y->resume.offset) ||
	    place(s, o->progs.lj_yield, false, y->fast.file, y->fast.offset))
		return -1;
	return y->c.file ? place(s, o->progs.lj_yield, false, y->c.file,
				 y->c.offset) : 0;
}

/* start_burst - the probe costs the target a trap for whatever it allocates, so
 * that it is there in bursts only. To place and to remove it may take longer
 * than one: then that is longer, too.
 */
static int start_burst(struct session *s)
{
	uint64_t duty = s->c->duty, ms = now_ms(), burst = BURST_MS;

	if (start_alloc(s))
		return -1;
	if (duty >= 100)
		return 0;
	s->since = now_ms();
	s->placing = s->since - ms;
	if (burst < (s->placing + s->removing) * duty / (100 - duty))
		burst = (s->placing + s->removing) * duty / (100 - duty);
	s->toggle = s->since + burst;
	return 0;
}

static void end_burst(struct session *s)
{
	uint64_t ms = now_ms(), pause, now;

	pause = (ms - s->since) * (100 - s->c->duty) / s->c->duty;
	bpf_link__destroy(s->link[--s->nlinks]);
	now = now_ms();
	s->removing = now - ms;
	s->toggle = now;
	if (pause > s->removing + s->placing)
		s->toggle += pause - s->removing - s->placing;
}

/* toggle - place, or remove, the probe if it is time to */
static int toggle(struct session *s, uint64_t ms)
{
	if (!s->toggle || ms < s->toggle)
		return 0;
	if (!s->nlinks)
		return start_burst(s);
	end_burst(s);
	return 0;
}

static int start(struct session *s)
{
	s->link = xcalloc(s->cpus + MAXPROBES, sizeof(*s->link));
	switch (s->c->what) {
	case COLLECT_CPU:
	case COLLECT_GC:
		return start_timers(s);
	case COLLECT_ALLOC:
		return start_burst(s);
	case COLLECT_YIELD:
		return start_yield(s);
	case COLLECT_TRACE:
		return place(s, s->obj->progs.lj_abort, false, s->c->file,
			     s->c->offset);
	default:
		return start_tracepoint(s);
	}
}

static void stop(struct session *s)
{
	while (s->nlinks)
		bpf_link__destroy(s->link[--s->nlinks]);
	free(s->link);
	s->link = NULL;
}

static int take(struct session *s, const void *data, size_t len)
{
	const struct ljd_head *h = data;
	const struct lj_back *back = data;
	const struct lj_gone *gone = data;
	const struct ljd_sample *r = data;

	s->progress.samples += LJD_KIND(h) == LJD_KIND_sample;
	if (LJD_KIND(h) == LJ_KIND_BACK)
		return waits_end(s->waits, back->who, back->time);
	if (LJD_KIND(h) == LJ_KIND_GONE)
		return index_put(s->yields, gone->tid, gone->who), 0;
	if (LJD_KIND(h) == LJD_KIND_sample && s->c->what == COLLECT_OFFCPU)
		return waits_begin(s->waits, r->tid, data, len);
	if (LJD_KIND(h) == LJD_KIND_sample && s->c->what == COLLECT_YIELD)
		return waits_begin(s->waits, index_get(s->yields, r->tid),
				   data, len);
	return fwrite(data, len, 1, s->out) == 1 ? 0 : -1;
}

/* on_record - a record of the ring. Those who write may be faster than this:
 * now and then it ends the reading by -EAGAIN.
 */
static int on_record(void *ctx, void *data, size_t len)
{
	struct session *s = ctx;

	if (take(s, data, len))
		return -EIO;
	if (++s->read % PAUSE_RECORDS || !s->pause || now_ms() < s->pause)
		return 0;
	return -EAGAIN;
}

/* put_header - the first records, by the first process */
static void put_header(struct session *s, struct target *t)
{
	const struct collect *c = s->c;
	char *runtime = xasprintf("libbpf %u.%u", libbpf_major_version(),
				  libbpf_minor_version());
	int cpu = timed(c);

	target_header(t, LJD_collector_BPF, !collect_only(c),
		      cpu ? LJD_weight_SAMPLES :
		      c->what == COLLECT_ALLOC ? LJD_weight_BYTES :
		      c->what == COLLECT_TRACE ? LJD_weight_ABORTS :
		      LJD_weight_NS,
		      cpu ? c->hz : 0, c->duration, c->depth, runtime);
	target_meta(t, "script", c->script);
	if (c->what == COLLECT_ALLOC) {
		char *duty = xasprintf("%" PRIu32, c->duty);

		target_meta(t, "duty", duty);
		free(duty);
	}
	free(runtime);
}

/* -- Processes ------------------------------------------------------------ */

static struct process *process_of(struct session *s, uint32_t pid)
{
	long i = index_get(s->pids, pid);

	return i < 0 ? NULL : &s->process[i];
}

/* add_process - sample this one as well. Returns its mappings, or as
 * target_maps(): 0: it has none and was not added.
 */
static int add_process(struct session *s, uint32_t pid)
{
	struct process p = { .pid = pid };
	uint32_t one = 1;
	int maps;

	p.fd = syscall(SYS_pidfd_open, pid, 0);
	p.target = target_new(pid, s->out,
			      LJ_NPROG * s->cpus + s->nprocesses);
	if (!s->nprocesses)
		put_header(s, p.target);
	maps = target_maps(p.target);
	if (maps && bpf_map__update_elem(s->obj->maps.targets, &pid,
					 sizeof(pid), &one, sizeof(one),
					 BPF_ANY))
		diag_loss("process %" PRIu32 " is one too many, there are %u; "
			  "it is left out", pid, LJ_NTARGETS);
	if (maps < 0) {
		diag_loss("the memory map of process %" PRIu32 " may not be "
			  "read, C functions will have no names; run as its "
			  "user, or with CAP_SYS_PTRACE", pid);
		target_meta(p.target, "warning", "memory map not readable");
	}
	s->process = xgrow(s->process, s->nprocesses, &s->maxprocesses,
			   sizeof(p));
	index_put(s->pids, pid, s->nprocesses);
	s->process[s->nprocesses++] = p;
	return maps;
}

/* find_processes - those asked for by parent or name that are new */
static void find_processes(struct session *s)
{
	const struct collect *c = s->c;
	uint32_t *pid;
	size_t n;

	if (!c->parent && !c->comm)
		return;
	pid = procs_find(c->parent, c->comm, &n);
	for (size_t i = 0; i < n; i++)
		if (index_get(s->pids, pid[i]) < 0)
			add_process(s, pid[i]);
	free(pid);
}

static void on_mapped(void *ctx, const struct mapped *m)
{
	struct process *p = process_of(ctx, m->pid);

	if (p)
		p->mapped |= target_mapped(p->target, m);
}

/* tell_maps - the mappings made meanwhile */
static void tell_maps(struct session *s, uint64_t ms)
{
	int all = mapwatch_read(s->watch, on_mapped, s) ||
		  (!s->watch && ms >= s->nextmaps);

	for (size_t i = 0; i < s->nprocesses; i++) {
		if (all || s->process[i].mapped)
			target_maps(s->process[i].target);
		s->process[i].mapped = 0;
	}
	if (all)
		s->nextmaps = ms + MAPS_MS;
}

static int is_gone(const struct process *p)
{
	struct pollfd f = { .fd = p->fd, .events = POLLIN };

	if (p->fd >= 0)
		return poll(&f, 1, 0) > 0;
	return kill(p->pid, 0) && errno == ESRCH;
}

/* gone - is there nothing left to sample, and will there be nothing? */
static int gone(struct session *s)
{
	size_t left = 0;

	for (size_t i = 0; i < s->nprocesses; i++) {
		struct process *p = &s->process[i];

		p->gone = p->gone || is_gone(p);
		left += !p->gone;
	}
	return !left && !s->c->comm &&
	       (!s->c->parent || (kill(s->c->parent, 0) && errno == ESRCH));
}

static void tell_usage(struct session *s)
{
	for (size_t i = 0; i < s->nprocesses; i++)
		if (!s->process[i].gone)
			target_usage(s->process[i].target);
}

/* lost - records that found no room so far */
static uint64_t lost(struct session *s)
{
	struct lj_lane *l = xcalloc(1, sizeof(*l));
	uint64_t n = 0;

	for (uint32_t i = 0; i < LJ_NPROG * s->cpus; i++)
		n += read_lane(s, i, l) ? 0 : l->w.t.emitfail;
	free(l);
	return n;
}

static void tell_progress(struct session *s, uint64_t ms)
{
	if (!s->c->progress)
		return;
	s->progress.seconds = ms / 1e3;
	s->progress.lost = lost(s);
	s->c->progress(s->c->ctx, &s->progress);
}

/* sample - until it is over: returns ENUM reason, 0: cannot write */
static uint32_t sample(struct session *s)
{
	uint64_t t = now_ms(), since = t, end = t + s->c->duration * 1000ull;
	uint64_t usage = t;

	s->nextmaps = t + MAPS_MS;

	while (!stop_asked()) {
		uint64_t wait = POLL_MS;

		t = now_ms();
		if (s->c->duration && t >= end)
			return LJD_reason_DURATION;
		if (gone(s))
			return LJD_reason_EXIT;
		if (toggle(s, t))
			return 0;
		if (s->books)
			jitbooks_look(s->books, 0);
		tell_maps(s, t);
		if (t >= usage) {
			find_processes(s);
			tell_usage(s);
			tell_progress(s, t - since);
			usage = t + USAGE_MS;
		}
		if (s->c->duration && end - t < wait)
			wait = end - t;
		if (s->toggle && s->toggle < t + wait)
			wait = s->toggle > t ? s->toggle - t : 1;
		if (s->books && wait > 1000 / s->c->hz)
			wait = 1000 / s->c->hz;
		s->pause = t + PAUSE_MS;
		/* Wakes up early only if the ring fills. */
		if (ring_buffer__poll(s->ring, wait) == -EIO ||
		    ring_buffer__consume(s->ring) == -EIO)
			return 0;
	}
	return LJD_reason_SIGNAL;
}

/* -- The end -------------------------------------------------------------- */

/* What the kernel counts of all programs that are loaded. */
static struct bpf_prog_info counted(struct session *s)
{
	struct bpf_prog_info all = { 0 };
	struct bpf_program *p;

	bpf_object__for_each_program(p, s->obj->obj) {
		struct bpf_prog_info info = { 0 };
		uint32_t len = sizeof(info);

		if (!bpf_program__autoload(p) ||
		    bpf_obj_get_info_by_fd(bpf_program__fd(p), &info, &len))
			continue;
		all.recursion_misses += info.recursion_misses;
		all.verified_insns += info.verified_insns;
		all.run_cnt += info.run_cnt;
		all.run_time_ns += info.run_time_ns;
	}
	return all;
}

static void add_tallies(struct session *s, struct ljd_end *e)
{
	struct lj_lane *l = xcalloc(1, sizeof(*l));

	e->busy = counted(s).recursion_misses;
	for (uint32_t i = 0; i < LJ_NPROG * s->cpus; i++) {
		if (read_lane(s, i, l))
			continue;
		e->hits += l->hits;
		e->busy += l->skipped;
#define T(name) e->name += l->w.t.name;
		LJ_TALLIES(T)
#undef T
	}
	free(l);
}

/* tell_last - where the last block of each thread is, which allocated no more
 * after it
 */
static void tell_last(struct session *s)
{
	const struct bpf_map *map = s->obj->maps.allocs;
	struct lj_allocs t;

	if (!follows(s->c))
		return;
	for (uint32_t i = 0; i < bpf_map__max_entries(map); i++)
		if (!bpf_map__lookup_elem(map, &i, sizeof(i), &t, sizeof(t),
					  0) && t.a.time && t.a.to)
			target_block(s->process[0].target, &t.a, t.who);
}

/* misfit - what does not fit in a VM whose layout is not known */
static const char *misfit(struct session *s)
{
	const struct bpf_map *vms = s->obj->maps.vms;
	const char *doc = NULL;
	struct lj_known_vm k;

	for (uint32_t i = 0; i < bpf_map__max_entries(vms); i++)
		if (!bpf_map__lookup_elem(vms, &i, sizeof(i), &k, sizeof(k),
					  0) && k.pid && k.vm.check)
			doc = dumptab_doc("check", k.vm.check);
	return doc ? doc : "unknown layout";
}

/* who - the processes, in words; the caller's */
static char *who(const struct session *s)
{
	char *text = xasprintf("%s %" PRIu32, s->nprocesses == 1 ? "process" :
			       "processes", s->process[0].pid), *more;

	for (size_t i = 1; i < s->nprocesses && i < 8; i++) {
		more = xasprintf("%s%s%" PRIu32, text, i + 1 < s->nprocesses ?
				 ", " : " and ", s->process[i].pid);
		free(text);
		text = more;
	}
	return text;
}

/* other_lua - the process that runs a Lua, but not LuaJIT; NULL: none does */
static const struct process *other_lua(const struct session *s)
{
	for (size_t i = 0; i < s->nprocesses; i++)
		if (target_other_lua(s->process[i].target))
			return &s->process[i];
	return NULL;
}

/* judge - is there anything in it? The words are the script's. */
static int judge(struct session *s, const struct ljd_end *e)
{
	const struct process *other = other_lua(s);
	char *they = who(s);
	int ret = -1;

	if (!e->samples && s->c->what == COLLECT_TRACE)
		ret = 0;	/* nothing was given up */
	else if (!e->samples && s->c->what == COLLECT_OFFCPU)
		diag_error("%s never waited in the time sampled; sample longer "
			   "with --duration=SECONDS", they);
	else if (!e->samples && s->c->what == COLLECT_ALLOC)
		diag_error("%s allocated nothing while its allocator was "
			   "probed; sample longer with --duration=SECONDS, or "
			   "more of the time with --duty=PERCENT", they);
	else if (!e->samples && s->c->what == COLLECT_YIELD)
		diag_error("no coroutine of %s yielded in the time sampled; "
			   "sample longer with --duration=SECONDS", they);
	else if (!e->samples && s->c->what == COLLECT_IO)
		diag_error("%s opened, read and wrote no %sfile in the time "
			   "sampled; sample longer with --duration=SECONDS%s",
			   they, s->c->allfiles ? "" : "regular ",
			   s->c->allfiles ? "" :
			   ", or look at all files with --all-files");
	else if (!e->samples)
		diag_error("%s never ran in the time sampled; put load on it, "
			   "or sample longer with --duration=SECONDS", they);
	else if (e->layout && e->samples == e->novm + e->layout)
		diag_error("%s: a LuaJIT that cannot be read (%s); run ljstap "
			   "layout %" PRIu32 " and report what it prints",
			   they, misfit(s), s->process[0].pid);
	else if (e->samples == e->novm && other)
		diag_error("process %" PRIu32 " runs PUC Lua, not LuaJIT (it "
			   "has %s); only LuaJIT can be looked into",
			   other->pid, target_other_lua(other->target));
	else if (e->samples == e->novm)
		diag_error("no LuaJIT found in %s; see ljstap check -p PID, "
			   "and give a worker, not its master", they);
	else
		ret = 0;
	free(they);
	return ret;
}

/* What sampling took, by the kernel's own count. */
static void say_cost(struct session *s, uint64_t samples)
{
	struct bpf_prog_info info = counted(s);

	diag_note("%u instructions verified; %" PRIu64 " runs took %" PRIu64
		  " ns, for %" PRIu64 " samples", info.verified_insns,
		  (uint64_t)info.run_cnt, (uint64_t)info.run_time_ns, samples);
}

/* -- The session ---------------------------------------------------------- */

static int open_targets(struct session *s)
{
	const struct collect *c = s->c;

	s->watch = mapwatch_new(s->cpus);	/* before the maps are read */
	for (size_t i = 0; i < c->npids; i++) {
		if (process_of(s, c->pid[i]) || add_process(s, c->pid[i]))
			continue;
		diag_error("process %" PRIu32 " has no memory to look into, it "
			   "is a kernel thread; give the PID of a program",
			   c->pid[i]);
		return -1;
	}
	find_processes(s);
	if (s->nprocesses)
		return 0;
	diag_error("there is no such process: no %s%s%s; see ps -e",
		   c->parent ? "children of that one" : "process",
		   c->comm ? " of the name " : "", c->comm ? c->comm : "");
	return -1;
}

/* open_books - what no probe is needed for; 0, or -1 after saying why not */
static int open_books(struct session *s)
{
	const struct jitbooks_opts o = {
		.pid = collect_only(s->c), .out = s->out, .lane = BOOKS_LANE,
		.ids = BOOKS_IDS, .no_aborts = 1,
	};

	if (s->c->what != COLLECT_TRACE)
		return 0;
	s->books = jitbooks_open(&o);
	return s->books ? 0 : -1;
}

static void put_end(struct session *s, struct ljd_end *e)
{
	add_tallies(s, e);
	if (s->books)
		jitbooks_tally(s->books, e);
	for (size_t i = 0; i < s->nprocesses; i++)
		target_tally(s->process[i].target, e);
	target_end(s->process[0].target, e);
}

static int run(struct session *s)
{
	struct ljd_end e = { 0 };
	int stats = s->c->verbose ? bpf_enable_stats(BPF_STATS_RUN_TIME) : -1;
	int ret = -1;

	s->ring = ring_buffer__new(bpf_map__fd(s->obj->maps.records),
				   on_record, s, NULL);
	if (!s->ring) {
		diag_error("cannot read the ring of records: %s",
			   strerror(errno));
		goto out;
	}
	if (start(s) || open_books(s))
		goto out;
	e.reason = sample(s);
	stop(s);
	s->pause = 0;
	ring_buffer__consume(s->ring);
	if (s->books)
		jitbooks_look(s->books, 1);
	waits_end_all(s->waits, now_ns());
	tell_maps(s, UINT64_MAX);
	tell_last(s);
	put_end(s, &e);
	if (s->c->verbose)
		say_cost(s, e.samples);
	ret = judge(s, &e);
out:
	stop(s);
	if (stats >= 0)
		close(stats);
	return ret;
}

static void close_session(struct session *s)
{
	ring_buffer__free(s->ring);
	jitbooks_close(s->books);
	waits_free(s->waits);
	mapwatch_free(s->watch);
	for (size_t i = 0; i < s->nprocesses; i++) {
		target_free(s->process[i].target);
		if (s->process[i].fd >= 0)
			close(s->process[i].fd);
	}
	free(s->process);
	index_free(s->pids);
	index_free(s->yields);
	lj_cpu_bpf__destroy(s->obj);
	free(s);
}

static struct session *open_session(const struct collect *c, FILE *out)
{
	struct session *s = xcalloc(1, sizeof(*s));

	s->c = c;
	s->out = out;
	s->waits = waits_new(out);
	s->pids = index_new();
	s->yields = index_new();
	return s;
}

int collect_bpf(const struct collect *c, FILE *out)
{
	struct session *s = open_session(c, out);
	int err, ret = -1;

	stop_begin();	/* first: who is stopped early still tidies up */
	err = load(s);
	if (!err && c->layout)
		err = give_layout(s);
	if (err) {
		char *why = refusal(err);

		diag_error("eBPF: %s", why);
		free(why);
	} else if (!open_targets(s)) {
		ret = run(s);
	}
	stop_end();
	close_session(s);
	return ret;
}

char *collect_bpf_refused(void)
{
	static const struct collect nobody = { .script = "", .depth = 1 };
	struct session *s = open_session(&nobody, NULL);
	int err = load(s);
	char *why = err ? refusal(err) : NULL;

	close_session(s);
	return why;
}
