/* jobs.c - the same work for many inputs, on all cores.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A worker writes the number of a job when it takes it and again when it is
 * done; it takes the next by adding to a counter all processes share.
 */
#include <config.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "diag.h"
#include "jobs.h"
#include "mem.h"

struct message {
	uint32_t worker;
	uint32_t done;		/* 0: taken */
	uint64_t job;
};

#define NO_JOB	SIZE_MAX

static void tell(int fd, unsigned worker, size_t job, int done)
{
	struct message m = { worker, done, job };
	ssize_t n;

	/* So short a message is written at once or not at all. */
	do
		n = write(fd, &m, sizeof(m));
	while (n < 0 && errno == EINTR);
}

static void work(const struct jobs *j, unsigned worker, uint64_t *next, int fd)
{
	size_t i;

	while ((i = __atomic_fetch_add(next, 1, __ATOMIC_SEQ_CST)) < j->n) {
		tell(fd, worker, i, 0);
		j->work(j->ctx, i);
		tell(fd, worker, i, 1);
	}
}

static int start(const struct jobs *j, unsigned worker, uint64_t *next,
		 const int *fd)
{
	pid_t pid = fork();

	if (pid)
		return pid < 0 ? -1 : 0;
	close(fd[0]);
	work(j, worker, next, fd[1]);
	_exit(0);
}

/* Listen until all workers are gone. */
static void listen_to(const struct jobs *j, int fd, size_t *at)
{
	struct message m;
	ssize_t n;

	while ((n = read(fd, &m, sizeof(m))) == sizeof(m) ||
	       (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		at[m.worker] = m.done ? NO_JOB : m.job;
		if (m.done)
			j->done(j->ctx, m.job);
	}
	for (unsigned w = 0; w < j->workers; w++)
		if (at[w] != NO_JOB)
			j->died(j->ctx, at[w]);
}

/* As many workers as can be had; returns how many. */
static unsigned run_workers(const struct jobs *j, uint64_t *next, size_t *at)
{
	unsigned started = 0;
	int fd[2];

	if (pipe(fd))
		return 0;
	for (unsigned w = 0; w < j->workers; w++)
		at[w] = NO_JOB;
	while (started < j->workers && !start(j, started, next, fd))
		started++;
	close(fd[1]);
	if (started)
		listen_to(j, fd[0], at);
	close(fd[0]);
	while (wait(NULL) > 0)
		;
	return started;
}

int jobs_run(const struct jobs *j)
{
	size_t *at = xcalloc(j->workers, sizeof(*at));
	uint64_t *next = mmap(NULL, sizeof(*next), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ret = -1;

	if (next == MAP_FAILED)
		goto out;
	*next = 0;
	/* If all workers died, others take what is left. */
	do
		ret = run_workers(j, next, at) ? 0 : -1;
	while (!ret && *next < j->n);
	munmap(next, sizeof(*next));
out:
	if (ret)
		diag_error("no process could be started: %s; raise its limits",
			   strerror(errno));
	free(at);
	return ret;
}
