/* cmd_bt.c - `ljstap bt`: where the threads and coroutines of a process are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "backtrace.h"
#include "cmd.h"
#include "collect.h"
#include "diag.h"
#include "luaobj.h"
#include "luatext.h"
#include "luaval.h"
#include "mem.h"
#include "outfile.h"
#include "readiness.h"
#include "remote.h"
#include "target.h"
#include "vmpick.h"

#define TRIES	500	/* reads of a stack that is in use */
#define NS	100000	/* between two of them */

enum how { HOW_AUTO, HOW_BPF, HOW_MEMORY };

struct bt_opts {
	struct cmd_look look;
	uint32_t tid;
	enum how how;
	int coroutines;
};

static const struct argp_option options[] = {
	{ "all-coroutines", 'a', NULL, 0, "All coroutines, too", 0 },
	{ "collector", 'c', "NAME", 0, "How threads that run are looked at: "
	  "bpf (eBPF, 1 s), or memory; auto: the first that can be used", 0 },
	CMD_OUT,
	CMD_PID,
	{ "tid", 't', "TID", 0, "Only thread TID", 0 },
	{ 0 }
};

#ifdef HAVE_BPF
#define HAS_BPF	1
#else
#define HAS_BPF	0
#endif

static int parse_how(const char *arg, struct bt_opts *o)
{
	if (!strcmp(arg, "auto")) {
		o->how = HOW_AUTO;
	} else if (!strcmp(arg, "memory")) {
		o->how = HOW_MEMORY;
	} else if (!strcmp(arg, "bpf") && HAS_BPF) {
		o->how = HOW_BPF;
	} else {
		diag_usage(strcmp(arg, "bpf") ? "--collector: '%s' is none of "
			   "auto, bpf, memory; see --help" :
			   "--collector: this ljstap was built without %s; "
			   "use memory", arg);
		return EINVAL;
	}
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct bt_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case 'a':
		o->coroutines = 1;
		return 0;
	case 'c':
		return parse_how(arg, o);
	case 't':
		if (cmd_number("--tid", arg, INT32_MAX, &n))
			return EINVAL;
		o->tid = n;
		return 0;
	}
	return cmd_look(key, arg, state, &o->look);
}

/* -- What is looked at -------------------------------------------------- */

/* struct shot - one thread or coroutine */
struct shot {
	uint32_t tid;		/* 0: a coroutine, or a thread not known */
	size_t vm;		/* number of its VM, 0: not known */
	struct luaval_co co;	/* L is 0 for a thread */
	long sample;		/* in the dump, -1: none */
	int running, agree;	/* read from memory while it ran */
	char *fn;		/* fresh: the function it will run */
};

struct session {
	const struct bt_opts *o;
	struct remote *r;
	const struct remote_vm *vm;
	size_t nvms;
	struct target *target;
	FILE *dump;
	char *buf;		/* of the dump */
	size_t len;
	long nsamples;
	uint64_t nrecords;
	void *last;		/* the last sample record */
	size_t lastlen;
	struct shot *shot;
	size_t nshots, maxshots;
	uint32_t *busy;		/* threads that run */
	size_t nbusy, maxbusy;
};

static int put(void *ctx, const void *rec, size_t len)
{
	struct session *s = ctx;

	if (LJD_KIND((const struct ljd_head *)rec) == LJD_KIND_sample) {
		s->nsamples++;
		s->last = xrealloc(s->last, len, 1);
		memcpy(s->last, rec, len);
		s->lastlen = len;
	}
	s->nrecords++;
	return fwrite(rec, len, 1, s->dump) == 1 ? 0 : -1;
}

static struct shot *add_shot(struct session *s, uint32_t tid)
{
	struct shot *shot;

	s->shot = xgrow(s->shot, s->nshots, &s->maxshots, sizeof(*s->shot));
	shot = &s->shot[s->nshots++];
	memset(shot, 0, sizeof(*shot));
	shot->tid = tid;
	shot->sample = -1;
	return shot;
}

/* -- Threads ------------------------------------------------------------ */

static void shoot_thread(struct session *s, uint32_t tid)
{
	if (!remote_sample(s->r, tid, put, s)) {
		add_shot(s, tid)->sample = s->nsamples - 1;
		return;
	}
	s->busy = xgrow(s->busy, s->nbusy, &s->maxbusy, sizeof(*s->busy));
	s->busy[s->nbusy++] = tid;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void shoot_threads(struct session *s)
{
	char *path = xasprintf("/proc/%" PRIu32 "/task", s->o->look.pid);
	DIR *dir = opendir(path);
	uint32_t *tid = NULL;
	size_t n = 0, max = 0;
	struct dirent *e;

	free(path);
	while (dir && (e = readdir(dir))) {
		uint32_t id = strtoul(e->d_name, NULL, 10);

		if (!id || (s->o->tid && id != s->o->tid))
			continue;
		tid = xgrow(tid, n, &max, sizeof(*tid));
		tid[n++] = id;
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(tid, n, sizeof(*tid), by_number);
	for (size_t i = 0; i < n; i++)
		shoot_thread(s, tid[i]);
	free(tid);
}

/* Two samples that say the same, but for the time. */
static int same(const struct ljd_sample *a, size_t na,
		const struct ljd_sample *b, size_t nb)
{
	return na == nb && a->vmstate == b->vmstate && a->trace == b->trace &&
	       a->flags == b->flags &&
	       !memcmp(a + 1, b + 1, na - sizeof(*a));
}

static int is_whole(const struct session *s)
{
	const struct ljd_sample *last = s->last;

	return !(last->flags & (LJD_sample_DAMAGED | LJD_sample_NOFRAME));
}

/* A thread that runs, without its registers: until two reads are the same. In
 * the interpreter many show a frame that is gone by now.
 */
static void shoot_running(struct session *s, size_t vm, uint64_t L,
			  uint32_t tid)
{
	const struct timespec wait = { 0, NS };
	struct shot *shot = add_shot(s, tid);
	void *before = NULL;
	size_t len = 0;

	shot->vm = vm + 1;
	shot->running = 1;
	for (int i = 0; i < TRIES && !shot->agree; i++) {
		if (remote_sample_L(s->r, &s->vm[vm], L, tid, put, s))
			continue;
		nanosleep(&wait, NULL);
		if (!is_whole(s))
			continue;
		shot->sample = s->nsamples - 1;
		shot->agree = before && same(before, len, s->last, s->lastlen);
		before = xrealloc(before, s->lastlen, 1);
		memcpy(before, s->last, s->lastlen);
		len = s->lastlen;
	}
	free(before);
}

/* Is this C frame on the first thread's stack? */
static int of_leader(const struct session *s, uint64_t cframe)
{
	const struct procmap *m = procmap_at(remote_maps(s->r), cframe);

	return m && !strcmp(m->path, "[stack]");
}

/* VMs whose running coroutine is not that of a thread that is blocked. */
static void shoot_from_memory(struct session *s)
{
	for (size_t i = 0; i < s->nvms; i++) {
		uint64_t cframe, L = remote_running(s->r, &s->vm[i], &cframe);
		uint32_t tid = L && of_leader(s, cframe) ? s->o->look.pid :
			       s->nbusy == 1 ? s->busy[0] : 0;

		if (L && (!tid || bsearch(&tid, s->busy, s->nbusy,
					  sizeof(tid), by_number)))
			shoot_running(s, i, L, tid);
	}
}

/* -- Coroutines --------------------------------------------------------- */

static void shoot_coroutine(struct session *s, struct luaval *v,
			    struct luaobj *o, size_t vm,
			    const struct luaval_co *co)
{
	struct shot *shot;
	struct lj_fn f;

	if (co->state == LJ_CO_RUNNING)		/* its thread has it */
		return;
	shot = add_shot(s, 0);
	shot->vm = vm + 1;
	shot->co = *co;
	if (co->fn && !lj_fn_read(&v->w, &f, co->fn))
		shot->fn = luaobj_function(o, &f, NULL);
	/* One that is dead by an error still has its stack. */
	if (co->state != LJ_CO_FRESH &&
	    !remote_sample_L(s->r, &s->vm[vm], co->L, 0, put, s))
		shot->sample = s->nsamples - 1;
}

static void shoot_coroutines(struct session *s, size_t vm)
{
	struct luaval *v = luaval_new(s->r, &s->vm[vm]);
	struct luaobj *o = luaobj_new(v);
	uint64_t cframe, running = remote_running(s->r, &s->vm[vm], &cframe);
	struct luaval_co *co;
	size_t n;

	luaval_limit(v, 0, 10);
	if (luaval_coroutines(v, running, &co, &n))
		diag_loss("process %" PRIu32 ": there may be more coroutines: "
			  "the list of objects changed while it was read; try "
			  "again", s->o->look.pid);
	luaval_limit(v, 0, 0);
	for (size_t i = 0; i < n; i++)
		shoot_coroutine(s, v, o, vm, &co[i]);
	free(co);
	luaobj_free(o);
	luaval_free(v);
}

/* -- In words ----------------------------------------------------------- */

#define OUTSIDE	(LJD_sample_NOVM | LJD_sample_OUTSIDE)

/* What is not in Lua has a root that says so; the line above does already. */
static void print_frames(const struct backtrace *b, FILE *out)
{
	size_t n = b->n - (b->n && b->flags & OUTSIDE);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "#%-3zu %s%s%s\n", i, b->frame[i].name,
			b->frame[i].line ? "  at " : "",
			b->frame[i].line ? b->frame[i].line : "");
}

static void print_thread(uint32_t pid, uint32_t tid, FILE *out)
{
	char *path = xasprintf("/proc/%" PRIu32 "/task/%" PRIu32 "/comm", pid,
			       tid), name[64] = "";
	FILE *f = fopen(path, "re");

	free(path);
	if (!f || !fgets(name, sizeof(name), f))
		name[0] = 0;
	if (f)
		fclose(f);
	fprintf(out, "thread %" PRIu32 " (", tid);
	luatext_bytes(out, name, strcspn(name, "\n"));
	fputs("): ", out);
}

static const char *const state_name[] = {
	[LJ_CO_RUNNING] = "running", [LJ_CO_SUSPENDED] = "suspended",
	[LJ_CO_NORMAL] = "normal: it has resumed another one",
	[LJ_CO_DEAD] = "dead", [LJ_CO_FRESH] = "suspended, never resumed",
};

static const struct backtrace *stack_of(const struct shot *shot,
					const struct backtraces *b)
{
	return shot->sample >= 0 && (size_t)shot->sample < b->n ?
	       &b->bt[shot->sample] : NULL;
}

static void print_how(const struct shot *shot, const struct backtrace *bt,
		      FILE *out)
{
	if (!shot->running)
		fputs(bt && bt->flags & OUTSIDE ? "blocked, not in Lua\n" :
		      "blocked\n", out);
	else if (shot->agree)
		fputs("running, read from memory twice alike; the innermost "
		      "calls may have ended\n", out);
	else if (bt)
		fputs("running, read from memory while it changed\n", out);
	else
		fputs("running; it changed each time that memory was read: "
		      "try again, or with eBPF\n", out);
}

static void print_shot(const struct session *s, const struct shot *shot,
		       const struct backtraces *b, FILE *out)
{
	const struct backtrace *bt = stack_of(shot, b);

	if (shot->co.L) {
		fprintf(out, "coroutine 0x%" PRIx64, shot->co.L);
		if (s->nvms > 1)
			fprintf(out, " of VM %zu", shot->vm);
		fprintf(out, ": %s\n", state_name[shot->co.state]);
		if (shot->fn) {
			fputs("#0   ", out);
			luatext_bytes(out, shot->fn, strlen(shot->fn));
			fputs("  to be called\n", out);
		}
	} else {
		if (shot->tid)
			print_thread(s->o->look.pid, shot->tid, out);
		else
			fprintf(out, "a thread in VM %zu: ", shot->vm);
		print_how(shot, bt, out);
	}
	if (bt && !(shot->co.L && bt->flags & LJD_sample_NOFRAME))
		print_frames(bt, out);
	putc('\n', out);
}

/* A thread that has nothing to do with Lua is of interest if asked for, or if
 * there is no other.
 */
static int is_of_lua(const struct session *s, const struct shot *shot,
		     const struct backtraces *b)
{
	const struct backtrace *bt = stack_of(shot, b);

	return s->o->tid || shot->co.L || !bt || !(bt->flags & LJD_sample_NOVM);
}

static int any_of_lua(const struct session *s, const struct backtraces *b)
{
	for (size_t i = 0; i < s->nshots; i++)
		if (!s->shot[i].co.L && is_of_lua(s, &s->shot[i], b))
			return 1;
	return 0;
}

static void finish(struct session *s)
{
	struct ljd_end end = { .reason = LJD_reason_DURATION };

	end.samples = end.hits = s->nsamples;
	end.records = s->nrecords;
	target_end(s->target, &end);
	target_free(s->target);
	fclose(s->dump);
}

static size_t print_all(struct session *s, FILE *out)
{
	struct backtraces *b = backtraces_read(s->buf, s->len);
	size_t printed = 0, others = 0;
	int all = b && !any_of_lua(s, b);

	for (size_t i = 0; b && i < s->nshots; i++) {
		if (all || is_of_lua(s, &s->shot[i], b)) {
			print_shot(s, &s->shot[i], b, out);
			printed++;
		} else {
			others++;
		}
	}
	if (others)
		fprintf(out, "%zu threads without Lua\n", others);
	backtraces_free(b);
	return printed + others;
}

/* -- eBPF --------------------------------------------------------------- */

/* The last sample of a thread, and how many others are like it. */
static size_t print_sampled(const struct session *s, uint32_t tid,
			    const struct backtraces *b, FILE *out)
{
	const struct backtrace *last = NULL;
	size_t n = 0, alike = 0;

	for (size_t i = 0; i < b->n; i++)
		if (b->bt[i].tid == tid)
			last = &b->bt[i];
	if (!last)
		return 0;
	for (size_t i = 0; i < b->n; i++) {
		n += b->bt[i].tid == tid;
		alike += b->bt[i].tid == tid && b->bt[i].stack == last->stack;
	}
	print_thread(s->o->look.pid, tid, out);
	fprintf(out, "running; the last of %zu samples in 1 s, of which %zu "
		"have this Lua stack\n", n, alike);
	print_frames(last, out);
	putc('\n', out);
	return 1;
}

static int sample_1s(uint32_t pid, FILE *dump)
{
#ifdef HAVE_BPF
	const struct collect c = { .what = COLLECT_CPU, .script = "lj-bt",
				   .pid = &pid, .npids = 1, .hz = 99,
				   .duration = 1, .depth = 512 };

	return collect_bpf(&c, dump);
#else
	(void)pid;
	(void)dump;
	return -1;
#endif
}

/* Returns how many of the busy threads it has printed; those are done. */
static size_t bpf(struct session *s, FILE *out)
{
	struct backtraces *b = NULL;
	size_t len, left = 0, printed = 0;
	char *buf;
	FILE *f = open_memstream(&buf, &len);
	int err = !f || sample_1s(s->o->look.pid, f);

	if (f)
		fclose(f);
	if (!err)
		b = backtraces_read(buf, len);
	for (size_t i = 0; i < s->nbusy; i++) {
		if (b && print_sampled(s, s->busy[i], b, out))
			printed++;
		else
			s->busy[left++] = s->busy[i];
	}
	s->nbusy = left;
	backtraces_free(b);
	if (f)
		free(buf);
	return printed;
}

/* May it be sampled? Asked only if something runs: it takes 0.3 s. */
static int may_bpf(const struct bt_opts *o)
{
	struct findings f = { 0 };
	int ok;

	if (!HAS_BPF || o->how != HOW_AUTO)
		return o->how == HOW_BPF;
	readiness_bpf(&f);
	ok = !readiness_bad(&f);
	readiness_free(&f);
	return ok;
}

/* -- The command -------------------------------------------------------- */

static size_t look(struct session *s, FILE *out)
{
	size_t printed = 0;

	s->dump = open_memstream(&s->buf, &s->len);
	s->target = target_new(s->o->look.pid, s->dump, 1);
	target_header(s->target, LJD_collector_USER, 0, LJD_weight_SAMPLES,
		      0, 0, LJD_MAXFRAMES, "process_vm_readv");
	target_maps(s->target);
	for (size_t i = 0; i < s->nvms; i++)
		remote_names(s->r, &s->vm[i], put, s);
	shoot_threads(s);
	if (s->nbusy && may_bpf(s->o))
		printed = bpf(s, out);
	/* Those that were not seen running may be blocked by now. */
	for (size_t n = s->nbusy, i = 0; printed && i < n; i++)
		shoot_thread(s, s->busy[i]);
	if (s->nbusy && !printed)
		shoot_from_memory(s);
	for (size_t i = 0; s->o->coroutines && i < s->nvms; i++)
		if (!s->vm[i].check)
			shoot_coroutines(s, i);
	finish(s);
	return printed + print_all(s, out);
}

static int run(const struct bt_opts *o)
{
	struct session s = { .o = o };
	struct outfile *out = NULL;
	size_t n = 0;

	s.r = remote_open(o->look.pid);
	if (!s.r) {
		vmpick_refuse_pid(o->look.pid, errno);
		goto out;
	}
	s.nvms = remote_find(s.r, &s.vm);
	if (!s.nvms) {
		vmpick_refuse(remote_maps(s.r));
		goto out;
	}
	out = outfile_open(o->look.out);
	if (!out)
		goto out;
	n = look(&s, outfile_stream(out));
	if (!n)
		diag_error("process %" PRIu32 ": nothing to show; is %" PRIu32
			   " one of its threads?", o->look.pid, o->tid);
out:
	if (outfile_close(out, n > 0))
		n = 0;
	for (size_t i = 0; i < s.nshots; i++)
		free(s.shot[i].fn);
	free(s.shot);
	free(s.busy);
	free(s.last);
	free(s.buf);
	remote_close(s.r);
	return n ? (int)diag_status() : DIAG_UNUSABLE;
}

int cmd_bt(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, NULL,
		"Print where the threads of a live process are in Lua and C, "
		"innermost first; with --all-coroutines its coroutines, too.\v"
		"The process is only read; not stopped, not signalled.\n"
		"Exit status: 0 complete; 1 something is missing; 2 no such VM "
		"or process; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct bt_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	if (!o.look.pid) {
		diag_usage("give a process: -p PID; see --help");
		return DIAG_USAGE;
	}
	return run(&o);
}
