/* collect_stap.c - collect a dump with SystemTap: start it, watch it, end it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "collect.h"
#include "diag.h"
#include "ljtypes.h"
#include "dump.h"
#include "mem.h"
#include "stop.h"

#define LOOK_MS		50	/* between two looks at stap */
#define TELL_MS		250	/* between two words of progress */

/* -- Its command line ----------------------------------------------------- */

struct args {
	char **v;		/* NULL at the end */
	size_t n, max;
};

static void add(struct args *a, char *arg)
{
	a->v = xgrow(a->v, a->n + 1, &a->max, sizeof(*a->v));
	a->v[a->n++] = arg;
	a->v[a->n] = NULL;
}

static void free_args(struct args *a)
{
	for (size_t i = 0; i < a->n; i++)
		free(a->v[i]);
	free(a->v);
}

static char *script(const struct collect *c)
{
	return xasprintf(PKGDATADIR "/%s.stp", c->script);
}

static struct args command(const struct collect *c)
{
	const struct collect_stap *s = &c->stap;
	struct args a = { 0 };

	add(&a, xstrdup(s->module ? "staprun" : "stap"));
	if (s->module)
		add(&a, xstrdup("-R"));	/* two sessions of it are two modules */
	if (s->by_x) {
		add(&a, xstrdup("-x"));
		add(&a, xasprintf("%" PRIu32, collect_only(c)));
	}
	if (s->module)
		add(&a, xstrdup(s->module));
	for (size_t i = 0; i < s->nparams; i++) {
		if (!s->module)
			add(&a, xstrdup("-G"));
		add(&a, xstrdup(s->param[i]));
	}
	if (!s->module)
		add(&a, script(c));
	if (!s->module && s->arg)
		add(&a, xstrdup(s->arg));
	/* Behind it: there may be arguments of the script among them. */
	for (size_t i = 0; i < s->noptions; i++)
		add(&a, xstrdup(s->option[i]));
	return a;
}

/* start - returns its process, or -1. A group of its own: Ctrl-C is ours. */
static pid_t start(char **argv, const char *dir, int out)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	extern char **environ;
	pid_t child;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (dir)
		posix_spawn_file_actions_addchdir_np(&actions, dir);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
	err = posix_spawnp(&child, argv[0], &actions, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (!err)
		return child;
	diag_error("cannot start %s: %s; install %s", argv[0], strerror(err),
		   strcmp(argv[0], "stap") ? "systemtap-runtime" : "SystemTap");
	return -1;
}

/* -- Meanwhile ------------------------------------------------------------ */

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/* struct growth - the dump as it grows: stap writes it, this reads behind */
struct growth {
	int fd;			/* -1: no file, or no dump */
	off_t at;
	double since;		/* its first record came; 0: not yet */
	struct collect_progress p;
};

static void look(struct growth *g)
{
	struct ljd_head h;

	while (g->fd >= 0 && pread(g->fd, &h, sizeof(h), g->at) == sizeof(h)) {
		if (h.sync != LJD_SYNC || h.len < sizeof(h) ||
		    h.len > LJD_MAXLEN) {
			g->fd = -1;
			break;
		}
		if (!g->since)
			g->since = now();
		g->p.samples += LJD_KIND(&h) == LJD_KIND_sample;
		g->at += h.len;
	}
	g->p.seconds = g->since ? now() - g->since : 0;
}

/* wait_for - until it ends; returns its status */
static int wait_for(const struct collect *c, pid_t child, FILE *out)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000 };
	struct growth g = { .fd = fileno(out) };
	int status = 0, told = 0, asked = 0;
	struct stat st;
	pid_t got;

	if (fstat(g.fd, &st) || !S_ISREG(st.st_mode))
		g.fd = -1;
	else
		g.at = lseek(g.fd, 0, SEEK_CUR);
	while (!(got = waitpid(child, &status, WNOHANG)) ||
	       (got < 0 && errno == EINTR)) {
		if (stop_asked() && !asked++)
			kill(child, SIGINT);	/* it ends the dump */
		if (c->progress && told++ % (TELL_MS / LOOK_MS) == 0) {
			look(&g);
			c->progress(c->ctx, &g.p);
		}
		nanosleep(&pause, NULL);
	}
	return got < 0 ? -1 : status;
}

/* session - a program of SystemTap from its start to its end. Returns 0, or says
 * what went wrong and returns -1.
 */
static int session(const struct collect *c, char **argv, const char *dir,
		   FILE *out)
{
	int status = -1;
	pid_t child;

	stop_begin();
	child = start(argv, dir, fileno(out));
	if (child > 0)
		status = wait_for(c, child, out);
	stop_end();
	if (child < 0)
		return -1;
	if (!status)
		return 0;
	diag_error("%s failed, nothing was kept: see above; ljstap check "
		   "tells what can be used here", argv[0]);
	return -1;
}

int collect_stap(const struct collect *c, FILE *out)
{
	struct args a = command(c);
	int ret = session(c, a.v, NULL, out);

	free_args(&a);
	return ret;
}

int collect_stap_compile(const struct collect *c, const char *kernel,
			 const char *name, const char *dir)
{
	const struct collect_stap *s = &c->stap;
	struct args a = { 0 };
	int ret;

	add(&a, xstrdup("stap"));
	add(&a, xstrdup("-p4"));
	add(&a, xstrdup("-r"));
	add(&a, xstrdup(kernel));
	add(&a, xstrdup("-m"));
	add(&a, xstrdup(name));
	add(&a, script(c));
	for (size_t i = 0; i < s->noptions; i++)
		add(&a, xstrdup(s->option[i]));
	/* What it prints is the module's name. */
	ret = session(c, a.v, dir, stderr);
	free_args(&a);
	return ret;
}
