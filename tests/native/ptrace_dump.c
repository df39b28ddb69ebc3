/* ptrace_dump.c - a test's collector: samples a live process with ptrace and
 * process_vm_readv through the walking core, and writes a dump.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: ptrace_dump PID SAMPLES [USEC [DEPTH]] > DUMP
 *
 * Samples in turn all threads that are running. Stops a thread for each
 * sample, unlike every collector for users: it shows what the core reads, in
 * seconds and without a kernel module.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct lj_walk;
static int rd(struct lj_walk *w, void *dst, size_t n, unsigned long long addr);
static int out(const void *rec, size_t len);

#define LJ_RD(w, dst, n, addr)	rd(w, dst, n, addr)
#define LJ_OUT(w, rec, len)	out(rec, len)
#define LJ_ID(w, key, flags)	lj_dict_id(&dict, key, flags)
#define LJ_ID_SENT(w, key)	lj_dict_sent(&dict, key)
#define LJ_TASK(w)		lj_dict_task(&dict, (w)->pid, (w)->tid)
#define LJ_VM(w, d, create)	lj_dict_vm(&dict, (w)->pid, d, create)
#define LJ_LOCK(d)
#define LJ_UNLOCK(d)
#define LJ_WMB()
#define LJ_RMB()
#include "lj_dict.h"
static struct lj_dict dict;
#include "lj_walk.h"
#include "target.h"

static struct lj_walk walk;

static int rd(struct lj_walk *w, void *dst, size_t n, unsigned long long addr)
{
	struct iovec l = { dst, n }, r = { (void *)(uintptr_t)addr, n };

	return process_vm_readv(w->pid, &l, 1, &r, 1, 0) == (ssize_t)n ? 0 : -1;
}

static int out(const void *rec, size_t len)
{
	return fwrite(rec, len, 1, stdout) == 1 ? 0 : -1;
}

static lj_u64 now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* -- Threads --------------------------------------------------------------- */

#define MAXTHREAD	64
#define ROUNDS		64	/* after so many look for new threads */

static pid_t threads[MAXTHREAD];
static int nthreads;

static int known(pid_t tid)
{
	int i;

	for (i = 0; i < nthreads; i++)
		if (threads[i] == tid)
			return 1;
	return 0;
}

/* Threads that have started since; -1: the first one cannot be traced. */
static int seize_threads(pid_t pid)
{
	struct dirent *e;
	char path[64];
	pid_t tid;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	while (dir && (e = readdir(dir)) && nthreads < MAXTHREAD) {
		tid = atoi(e->d_name);
		if (tid && !known(tid) && !ptrace(PTRACE_SEIZE, tid, 0, 0))
			threads[nthreads++] = tid;
	}
	if (dir)
		closedir(dir);
	return nthreads ? 0 : -1;
}

static int is_running(pid_t pid, pid_t tid)
{
	char path[64], state = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/stat", (int)pid,
		 (int)tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(f);
	/* Stopped: a test wants to know what it ran just now. */
	return state == 'R' || state == 'T' || state == 't';
}

/* Wait until a thread has stopped; -1: it has ended. A process that ends keeps
 * its first thread until the others are waited for: so this gives up in time.
 */
static int stopped(pid_t tid)
{
	int i, status;

	for (i = 0; i < 20000; i++) {
		pid_t got = waitpid(tid, &status, __WALL | WNOHANG);

		if (got)
			return got > 0 && WIFSTOPPED(status) ? 0 : -1;
		usleep(50);
	}
	return -1;
}

/* sample - one sample of a thread; -1: it has ended */
static int sample(pid_t pid, pid_t tid, lj_u32 depth)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_INTERRUPT, tid, 0, 0) || stopped(tid) ||
	    ptrace(PTRACE_GETREGS, tid, 0, &r))
		return -1;
#define GET(name) r.name
	LJ_REGS(&walk.regs, GET, r);
#undef GET
	walk.time = now(CLOCK_MONOTONIC);
	walk.weight = 1;
	walk.pid = pid;
	walk.tid = tid;
	walk.depth = depth;
	walk.inkernel = (long long)r.orig_rax >= 0;
	lj_sample(&walk);
	lj_dict_sampled(&dict);
	return ptrace(PTRACE_CONT, tid, 0, 0) ? -1 : 0;
}

/* round_of_samples - at most n, one a running thread; returns how many */
static lj_u64 round_of_samples(pid_t pid, lj_u64 n, lj_u32 depth)
{
	lj_u64 taken = 0;
	int i;

	for (i = 0; i < nthreads && taken < n; i++) {
		if (!is_running(pid, threads[i]))
			continue;
		if (sample(pid, threads[i], depth))
			threads[i--] = threads[--nthreads];
		else
			taken++;
	}
	return taken;
}

int main(int argc, char **argv)
{
	pid_t pid = argc > 2 ? atoi(argv[1]) : 0;
	lj_u64 n = argc > 2 ? strtoull(argv[2], 0, 0) : 0, taken = 0, rounds;
	unsigned int usec = argc > 3 ? atoi(argv[3]) : 1000;
	lj_u32 depth = argc > 4 ? atoi(argv[4]) : 250;
	struct ljd_end end = { .reason = LJD_reason_DURATION };
	struct target *t;

	if (!pid || !n) {
		fputs("usage: ptrace_dump PID SAMPLES [USEC [DEPTH]]\n", stderr);
		return 64;
	}
	if (seize_threads(pid)) {
		perror("ptrace_dump: PTRACE_SEIZE");
		return 2;
	}
	t = target_new(pid, stdout, 1);
	target_header(t, LJD_collector_USER, 0, LJD_weight_SAMPLES, 0, 0,
		      depth, "ptrace_dump");
	target_maps(t);
	for (rounds = 1; taken < n && rounds < 20 * n && nthreads; rounds++) {
		taken += round_of_samples(pid, n - taken, depth);
		if (rounds % ROUNDS == 0)
			seize_threads(pid);
		usleep(usec + random() % 97);
	}
	end.hits = taken;
#define T(name) end.name = walk.t.name;
	LJ_TALLIES(T)
#undef T
	target_tally(t, &end);
	target_end(t, &end);
	target_free(t);
	return fflush(stdout) ? 2 : 0;
}
