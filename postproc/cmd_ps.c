/* cmd_ps.c - `ljstap ps`: which processes have a LuaJIT in them?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clean.h"
#include "cmd.h"
#include "diag.h"
#include "json.h"
#include "luaproc.h"
#include "mem.h"
#include "outfile.h"

struct ps_opts {
	struct cmd_look look;
	double seconds;
};

static const struct argp_option options[] = {
	{ "interval", 'i', "SECONDS", 0, "Measure CPU usage for so long, 0.5 "
	  "if not given", 0 },
	CMD_JSON,
	CMD_OUT,
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct ps_opts *o = state->input;
	char *end;

	if (key != 'i')
		return cmd_look(key, arg, state, &o->look);
	o->seconds = strtod(arg, &end);
	if (end != arg && !*end && o->seconds >= 0.01 && o->seconds <= 3600)
		return 0;
	diag_usage("--interval: '%s' is not a number from 0.01 to 3600", arg);
	return EINVAL;
}

struct row {
	const struct luaproc *p;
	double cpu;		/* percent of one; below 0: gone */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void wait_for(double seconds)
{
	struct timespec t = {
		.tv_sec = seconds,
		.tv_nsec = (seconds - (time_t)seconds) * 1e9,
	};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

/* The CPU usage of all, busiest first. */
static int by_cpu(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->cpu != y->cpu)
		return x->cpu < y->cpu ? 1 : -1;
	return (x->p->pid > y->p->pid) - (x->p->pid < y->p->pid);
}

static struct row *measure(const struct luaprocs *l, double seconds)
{
	struct row *rows = xcalloc(l->n + 1, sizeof(*rows));
	uint64_t *was = xcalloc(l->n + 1, sizeof(*was)), ticks;
	double start = now(), hz = sysconf(_SC_CLK_TCK);

	for (size_t i = 0; i < l->n; i++)
		luaproc_ticks(l->list[i].pid, &was[i]);
	if (l->n)
		wait_for(seconds);
	seconds = now() - start;
	for (size_t i = 0; i < l->n; i++) {
		rows[i].p = &l->list[i];
		rows[i].cpu = luaproc_ticks(l->list[i].pid, &ticks) ? -1 :
			(ticks - was[i]) / hz / seconds * 100;
	}
	free(was);
	qsort(rows, l->n, sizeof(*rows), by_cpu);
	return rows;
}

static void print_json(const struct row *rows, size_t n, FILE *to)
{
	const char *sep = "[";

	for (size_t i = 0; i < n; i++) {
		const struct luaproc *p = rows[i].p;

		if (rows[i].cpu < 0)
			continue;
		fprintf(to, "%s{\"pid\":%" PRIu32 ",\"ppid\":%" PRIu32
		       ",\"cpu\":%.1f,\"kind\":", sep, p->pid, p->ppid,
		       rows[i].cpu);
		json_string(to, p->kind);
		fputs(",\"luajit\":", to);
		json_string(to, p->version);
		fprintf(to, ",\"mode\":\"%s\",\"supported\":%s,\"file\":", p->mode,
		       p->supported ? "true" : "false");
		json_string(to, p->path);
		fprintf(to, ",\"deleted\":%s,\"container\":",
		       p->deleted ? "true" : "false");
		if (p->container)
			json_string(to, p->container);
		else
			fputs("null", to);
		fputs(",\"command\":", to);
		json_string(to, p->command);
		putc('}', to);
		sep = ",\n ";
	}
	fputs(sep[0] == '[' ? "[]\n" : "]\n", to);
}

static void print_text(const struct row *rows, size_t n, FILE *to)
{
	struct pool *names = pool_new();

	fprintf(to, "%7s %6s %-16s %-26s %-4s %-12s %s\n", "PID", "CPU%", "KIND",
	       "LUAJIT", "MODE", "CONTAINER", "COMMAND");
	for (size_t i = 0; i < n; i++) {
		const struct luaproc *p = rows[i].p;

		if (rows[i].cpu < 0)
			continue;
		fprintf(to, "%7" PRIu32 " %6.1f %-16s %-26s %-4s %-12s %s%s\n",
		       p->pid, rows[i].cpu, p->kind, p->version, p->mode,
		       p->container ? p->container : "-",
		       pool_str(names, clean_str(names, p->command)),
		       p->deleted ? "  (its LuaJIT was deleted or replaced)" :
		       "");
	}
	pool_free(names);
}

static void say_losses(const struct luaprocs *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (!l->list[i].supported)
			diag_note("process %" PRIu32 " has %s, which cannot be "
				  "looked into; only LuaJIT 2.1 can",
				  l->list[i].pid, l->list[i].version);
	if (l->hidden)
		diag_loss("processes that may not be looked at from here: %zu; "
			  "run as root, outside any container", l->hidden);
	else if (!l->n)
		diag_note("no process here has a LuaJIT; is it in a container "
			  "of another machine, or did it exit?");
}

int cmd_ps(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "",
		"List the processes of this machine that have a LuaJIT in "
		"them, those that use most CPU time first.\v"
		"Exit status: 0 complete; 1 some processes may not be looked "
		"at; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct ps_opts o = { .seconds = 0.5 };
	struct outfile *out;
	struct luaprocs *l;
	struct row *rows;
	int ok;

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	out = outfile_open(o.look.out);
	if (!out)
		return diag_status();
	l = luaproc_list();
	ok = l != NULL;
	if (ok) {
		rows = measure(l, o.seconds);
		(o.look.json ? print_json : print_text)(rows, l->n,
						   outfile_stream(out));
		say_losses(l);
		free(rows);
	} else {
		diag_error("/proc: cannot read: %s; mount it", strerror(errno));
	}
	luaproc_free(l);
	outfile_close(out, ok);
	return diag_status();
}
