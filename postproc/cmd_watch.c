/* cmd_watch.c - `ljstap watch`: sample a process whenever it gets hot.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "luaproc.h"
#include "mem.h"
#include "stop.h"

#define LOOK_MS		250	/* between two looks at its CPU time */
#define CALM		0.75	/* of --cpu: less is calm, not just less hot */

struct watch_opts {
	struct cmd_sample s;
	struct cmd_pipeline how;
	uint32_t pid;
	const char *as, *dir;
	uint64_t cpu, keep;
	double window;		/* s */
};

enum { OPT_CPU = 256, OPT_FOR, OPT_KEEP, OPT_AS, OPT_LINES };

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "The process to watch", 0 },
	{ "cpu", OPT_CPU, "PERCENT", 0, "Sample when it takes so much of a "
	  "CPU, 80 if not given; above 100 for several threads", 0 },
	{ "for", OPT_FOR, "TIME", 0, "... on average over so long: 5s, 2m; 5s "
	  "if not given", 0 },
	{ "keep", OPT_KEEP, "N", 0, "Keep the last N dumps of this watch, 10 "
	  "if not given", 0 },
	{ "output", 'o', "DIR", 0, "Write into DIR, which is made if needed; "
	  "here if not given", 0 },
	{ "as", OPT_AS, "WHAT", 0, "Make this of each dump: svg, text, folded, "
	  "pprof, speedscope, chrome, firefox; dump: nothing. svg, or text, if "
	  "not given", 0 },
	{ "lines", OPT_LINES, NULL, 0, "Show the line after each Lua function",
	  0 },
	{ 0 }
};

/* parse_time - seconds of "5", "5s", "2m" */
static int parse_time(const char *arg, double *seconds)
{
	char *end;

	*seconds = strtod(arg, &end);
	if (end != arg && !strcmp(end, "m"))
		*seconds *= 60;
	if (end != arg && (!*end || !strcmp(end, "s") || !strcmp(end, "m")) &&
	    *seconds >= 0.5 && *seconds <= 86400)
		return 0;
	diag_usage("--for: '%s' is not a time from 0.5s to a day, such as 5s "
		   "or 2m", arg);
	return EINVAL;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct watch_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		state->child_inputs[0] = &o->s;
		return 0;
	case 'p':
		if (cmd_number("--pid", arg, INT32_MAX, &n))
			return EINVAL;
		o->pid = n;
		return 0;
	case 'o':
		o->dir = arg;
		return 0;
	case OPT_CPU:
		return cmd_number("--cpu", arg, 1000000, &o->cpu) ? EINVAL : 0;
	case OPT_FOR:
		return parse_time(arg, &o->window);
	case OPT_KEEP:
		return cmd_number("--keep", arg, 100000, &o->keep) ? EINVAL : 0;
	case OPT_AS:
		o->as = arg;
		return 0;
	case OPT_LINES:
		o->how.how.lines = 1;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* -- How hot is it? ------------------------------------------------------- */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

struct look {
	double at;		/* s */
	uint64_t ticks;
};

/* struct heat - the looks of the last while */
struct heat {
	struct look *look;
	size_t n, max;
	int hot;		/* it was, and was sampled */
};

/* usage - of a CPU in percent over the window; -1: not that long yet */
static double usage(struct heat *h, double window)
{
	const struct look *last = &h->look[h->n - 1];
	size_t old = 0;

	while (old + 1 < h->n && h->look[old + 1].at <= last->at - window)
		old++;
	h->n -= old;
	memmove(h->look, h->look + old, h->n * sizeof(*h->look));
	last = &h->look[h->n - 1];
	if (last->at - h->look[0].at < window)
		return -1;
	return 100.0 * (last->ticks - h->look[0].ticks) /
	       sysconf(_SC_CLK_TCK) / (last->at - h->look[0].at);
}

/* look - at the process now; -1: it is gone */
static int look(struct heat *h, uint32_t pid)
{
	struct look l = { .at = now() };

	if (luaproc_ticks(pid, &l.ticks))
		return -1;
	h->look = xgrow(h->look, h->n, &h->max, sizeof(l));
	h->look[h->n++] = l;
	return 0;
}

/* -- What it was ---------------------------------------------------------- */

/* struct shots - the files that were written, a ring of those to keep */
struct shots {
	char **file;		/* two of each: the dump, what was made of it */
	uint64_t n;		/* dumps so far */
};

/* put - a name into the ring; the file that was there goes */
static void put(struct shots *s, size_t i, char *name)
{
	if (s->file[i])
		unlink(s->file[i]);
	free(s->file[i]);
	s->file[i] = name;
}

static void shoot(struct watch_opts *o, const struct cmd_as *as,
		  struct shots *s)
{
	size_t i = s->n % o->keep * 2;
	time_t t = time(NULL);
	char *base, *dump, *made, when[32];
	struct tm tm;

	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", gmtime_r(&t, &tm));
	base = xasprintf("%s/%s-%" PRIu32 "-%s", o->dir, o->s.tool->name,
			 o->pid, when);
	dump = xasprintf("%s.ljd", base);
	made = xasprintf("%s%s", base, as->suffix ? as->suffix : ".json");
	o->how.output = as->make ? made : dump;
	if (!cmd_sample_make(&o->s, as, &o->how, dump)) {
		diag_note("%s", o->how.output);
		put(s, i, dump);
		put(s, i + 1, made);
		s->n++;
	} else {
		free(dump);
		free(made);
	}
	free(base);
}

/* -- The watch ------------------------------------------------------------ */

static void watch(struct watch_opts *o, const struct cmd_as *as,
		  struct shots *s)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000 };
	struct heat h = { 0 };

	while (!stop_asked()) {
		double percent;

		if (look(&h, o->pid)) {
			diag_progress(NULL);
			diag_note("process %" PRIu32 " has ended", o->pid);
			break;
		}
		percent = usage(&h, o->window);
		diag_progress("%s: %.0f %% of a CPU, %" PRIu64 " dumps; Ctrl-C "
			      "ends it", o->s.tool->name,
			      percent < 0 ? 0 : percent, s->n);
		if (percent >= 0 && percent < CALM * o->cpu)
			h.hot = 0;
		if (percent >= o->cpu && !h.hot) {
			diag_note("process %" PRIu32 " takes %.0f %% of a CPU",
				  o->pid, percent);
			shoot(o, as, s);
			h.hot = 1;
			h.n = 0;	/* sampling is no part of the next */
		}
		nanosleep(&pause, NULL);
	}
	diag_progress(NULL);
	free(h.look);
}

static int run(struct watch_opts *o, const struct cmd_as *as)
{
	struct shots s = { 0 };

	if (cmd_sample_unfit(o->pid))
		return diag_status();
	if (mkdir(o->dir, 0777) && errno != EEXIST) {
		diag_error("%s: cannot make this folder: %s", o->dir,
			   strerror(errno));
		return diag_status();
	}
	s.file = xcalloc(2 * o->keep, sizeof(*s.file));
	stop_begin();
	watch(o, as, &s);
	stop_end();
	if (!s.n)
		diag_note("it never took %" PRIu64 " %% of a CPU for %g s: "
			  "there is no dump", o->cpu, o->window);
	for (size_t i = 0; i < 2 * o->keep; i++)
		free(s.file[i]);
	free(s.file);
	return diag_status();
}

static const struct cmd_as *check(struct watch_opts *o)
{
	if (!o->pid) {
		diag_usage("no process; give one with -p PID");
		return NULL;
	}
	o->s.c.pid = &o->pid;
	o->s.c.npids = 1;
	if (cmd_sample_check(&o->s))
		return NULL;
	if (o->s.tool->shows == TOOL_WORDS) {
		diag_usage("%s writes no dump; watch with another tool",
			   o->s.tool->name);
		return NULL;
	}
	if (!o->s.c.duration) {
		diag_usage("--duration: 0 would never come to a second dump");
		return NULL;
	}
	return cmd_as(o->s.tool, o->as ? o->as :
		      o->s.tool->shows == TOOL_STATES ? "text" : "svg", NULL);
}

int cmd_watch(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_sample_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "[TOOL] [-- STAP-OPTION...]",
		"Wait until a process takes much CPU time, then sample it, and "
		"again each time after it has calmed down. The dumps and their "
		"pictures are TOOL-PID-TIME.ljd and .svg; the last few are "
		"kept.\v"
		"Ends with the process, or by Ctrl-C.\n"
		"Exit status: 0 complete; 1 something is missing from a dump; "
		"2 one could not be taken or shown; 64 wrong usage.",
		children, NULL, NULL
	};
	struct watch_opts o = {
		.s.c.duration = 10, .cpu = 80, .keep = 10, .window = 5,
		.dir = ".",
	};
	const struct cmd_as *as = NULL;
	int ret = DIAG_USAGE;

	if (!cmd_parse(&argp, argc, argv, &o))
		as = check(&o);
	if (as)
		ret = run(&o, as);
	cmd_sample_free(&o.s);
	return ret;
}
