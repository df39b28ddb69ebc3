/* cmd_run.c - `ljstap run`: sample a process, with the collector that can.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "allocplace.h"
#include "cmd.h"
#include "collect.h"
#include "diag.h"
#include "lj_layout_text.h"
#include "mem.h"
#include "outfile.h"
#include "preflight.h"
#include "readiness.h"

#define STATES	"lj-vm-states"
#define DEPTH	256
#define EVERY	512
#define DUTY	2

struct run_opts {
	struct collect c;
	struct lj_layout layout;
	uint32_t *pid;		/* c.pid */
	size_t maxpids;
	const char *layout_text, *output;
	enum cmd_collector collector;
};

static const struct argp_option options[] = {
	{ "pid", 'p', "PID,...", 0, "The process to sample, or several (bpf)",
	  0 },
	{ "children-of", 'm', "PID", 0, "The children of that process, such as "
	  "the workers of a master, new ones too (bpf)", 0 },
	{ "comm", 'C', "NAME", 0, "All processes of that name, new ones too "
	  "(bpf)", 0 },
	{ "output", 'o', "FILE", 0, "Write the dump to FILE", 0 },
	{ "duration", 'd', "SECONDS", 0, "Sample so long, 10 if not given; 0: "
	  "until Ctrl-C, or the process exits", 0 },
	{ "hz", 'z', "RATE", 0, "Samples a second and CPU, 1 to 999; 99 if not "
	  "given", 0 },
	{ "depth", 'n', "FRAMES", 0, "Most frames of a stack, 1 to 512; 256 if "
	  "not given", 0 },
	{ "layout", 'l', "LAYOUT", 0, "Of LuaJIT, as ljstap layout prints it",
	  0 },
	{ "collector", 'c', "NAME", 0, "bpf (eBPF) or stap (SystemTap); auto: "
	  "the first of them that can be used", 0 },
	{ "all-files", 'a', NULL, 0, "Of lj-file-io-flame: sockets, pipes and "
	  "terminals as well as regular files", 0 },
	{ "every", 'e', "BYTES", 0, "Of lj-alloc-flame: a sample for about so "
	  "many bytes allocated, 1 each; 512 if not given", 0 },
	{ "duty", 'u', "PERCENT", 0, "Of lj-alloc-flame: look at so much of "
	  "the time, 1 to 100; 2 if not given", 0 },
	{ "verbose", 'v', NULL, 0, "Say what sampling cost (bpf)", 0 },
	{ 0 }
};

/* number - an option's value up to max, which may be 0 if least is */
static int number(const char *option, const char *s, uint32_t least,
		  uint32_t max, uint32_t *value)
{
	uint64_t n = 0;

	if ((least || strcmp(s, "0")) && cmd_number(option, s, max, &n))
		return EINVAL;
	*value = n;
	return 0;
}

static int add_pids(struct run_opts *o, const char *arg)
{
	char *list = xstrdup(arg), *next = list, *one;
	struct collect *c = &o->c;
	uint32_t pid = 0;
	int err = 0;

	while (!err && (one = strsep(&next, ","))) {
		err = number("--pid", one, 1, INT32_MAX, &pid);
		o->pid = xgrow(o->pid, c->npids, &o->maxpids, sizeof(pid));
		o->pid[c->npids++] = pid;
	}
	c->pid = o->pid;
	free(list);
	return err;
}

static int layout(struct run_opts *o, const char *text)
{
	const char *wrong = lj_layout_parse(&o->layout, text);

	if (wrong) {
		diag_usage("--layout: cannot understand '%s'; give what ljstap "
			   "layout prints", wrong);
		return EINVAL;
	}
	o->layout_text = text;
	o->c.layout = &o->layout;
	return 0;
}

static const char *const profiles[COLLECT_N] = {
	[COLLECT_CPU] = "lj-cpu-flame",
	[COLLECT_OFFCPU] = "lj-offcpu-flame",
	[COLLECT_IO] = "lj-file-io-flame",
	[COLLECT_ALLOC] = "lj-alloc-flame",
};

/* what - the profile asked for, by its script's name */
static int what(struct run_opts *o, const char *name)
{
	for (int i = 0; i < COLLECT_N; i++)
		if (!strcmp(name, profiles[i])) {
			o->c.what = i;
			o->c.script = profiles[i];
			return 0;
		}
	if (!strcmp(name, STATES)) {
		o->c.what = COLLECT_CPU;
		o->c.script = name;
		return 0;
	}
	diag_usage("%s: no such profile; there are lj-cpu-flame, "
		   "lj-offcpu-flame, lj-file-io-flame, lj-alloc-flame and "
		   "lj-vm-states", name);
	return EINVAL;
}

/* depth - what it is if not given; states have none */
static int depth(struct run_opts *o)
{
	int states = !strcmp(o->c.script, STATES);

	if (states && o->c.depth) {
		diag_usage("--depth: lj-vm-states looks at no stack");
		return EINVAL;
	}
	if (!states && !o->c.depth)
		o->c.depth = DEPTH;
	return 0;
}

/* check - do the options fit together? Fills in what was not given. */
static int check(struct run_opts *o)
{
	struct collect *c = &o->c;

	if (!c->npids && !c->parent && !c->comm) {
		diag_usage("no process; give one with -p PID");
		return EINVAL;
	}
	if (c->hz && c->what != COLLECT_CPU) {
		diag_usage("--hz: %s samples every event, not at a rate; leave "
			   "it out", c->script);
		return EINVAL;
	}
	if (c->allfiles && c->what != COLLECT_IO) {
		diag_usage("--all-files is for lj-file-io-flame");
		return EINVAL;
	}
	if ((c->every || c->duty) && c->what != COLLECT_ALLOC) {
		diag_usage("--%s is for lj-alloc-flame",
			   c->every ? "every" : "duty");
		return EINVAL;
	}
	if (c->what == COLLECT_ALLOC && (c->npids != 1 || c->parent || c->comm)) {
		diag_usage("lj-alloc-flame looks at one process; give it with "
			   "-p PID");
		return EINVAL;
	}
	if (!c->every)
		c->every = EVERY;
	if (!c->duty)
		c->duty = DUTY;
	if (!c->hz && c->what == COLLECT_CPU)
		c->hz = 99;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'p':
		return add_pids(o, arg);
	case 'm':
		return number("--children-of", arg, 1, INT32_MAX,
			      &o->c.parent);
	case 'C':
		o->c.comm = arg;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case 'd':
		return number("--duration", arg, 0, 86400 * 365,
			      &o->c.duration);
	case 'z':
		return number("--hz", arg, 1, 999, &o->c.hz);
	case 'n':
		return number("--depth", arg, 1, 512, &o->c.depth);
	case 'l':
		return layout(o, arg);
	case 'c':
		return cmd_collector(arg, &o->collector) ? EINVAL : 0;
	case 'a':
		o->c.allfiles = 1;
		return 0;
	case 'e':
		return number("--every", arg, 1, 1 << 30, &o->c.every);
	case 'u':
		return number("--duty", arg, 1, 100, &o->c.duty);
	case 'v':
		o->c.verbose = 1;
		return 0;
	case ARGP_KEY_ARG:
		return what(o, arg);
	case ARGP_KEY_END:
		return check(o) || depth(o) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* -- SystemTap ---------------------------------------------------------- */

/* stap_start - stap, writing to out; returns its process, or -1 */
static pid_t stap_start(const struct run_opts *o, FILE *out)
{
	const struct collect *c = &o->c;
	char *pid = xasprintf("%" PRIu32, c->pid[0]);
	char *duration = xasprintf("duration=%" PRIu32, c->duration);
	char *hz = xasprintf("hz=%" PRIu32, c->hz);
	char *depth = xasprintf("depth=%" PRIu32, c->depth);
	char *given = xasprintf("layout=\"%s\"", o->layout_text ?
				o->layout_text : "");
	char *script = xasprintf(PKGDATADIR "/%s.stp", c->script);
	char *argv[] = {
		(char *)"stap", (char *)"-x", pid, (char *)"-G", duration,
		(char *)"-G", hz, script, NULL, NULL, NULL, NULL, NULL
	}, **more = argv + 8;
	posix_spawn_file_actions_t actions;
	extern char **environ;
	pid_t child;
	int err;

	if (c->depth) {
		*more++ = (char *)"-G";
		*more++ = depth;
	}
	if (o->layout_text) {
		*more++ = (char *)"-G";
		*more++ = given;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fileno(out), 1);
	err = posix_spawnp(&child, "stap", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	free(pid);
	free(duration);
	free(hz);
	free(depth);
	free(given);
	free(script);
	if (!err)
		return child;
	diag_error("cannot start stap: %s; install SystemTap", strerror(err));
	return -1;
}

static int collect_stap(const struct run_opts *o, FILE *out)
{
	/* Ctrl-C is stap's: it ends the dump. */
	void (*was)(int) = signal(SIGINT, SIG_IGN);
	pid_t child = stap_start(o, out);
	int status = 0;

	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	signal(SIGINT, was);
	if (child < 0)
		return -1;
	if (!status)
		return 0;
	diag_error("stap failed, nothing was kept: see above; ljstap check "
		   "tells what can be used here");
	return -1;
}

/* -- Which one? ----------------------------------------------------------- */

/* choose - the collector to use, having said why; CMD_AUTO: there is none */
static enum cmd_collector choose(enum cmd_collector want)
{
	struct findings bpf = { 0 }, stap = { 0 };
	const char *nobpf, *nostap = NULL;

	if (want != CMD_AUTO)
		return want;
	readiness_bpf(&bpf);
	nobpf = readiness_bad(&bpf);
	if (nobpf) {
		readiness_stap(&stap);
		nostap = readiness_bad(&stap);
	}
	if (!nobpf) {
		diag_note("sampling with eBPF: it can be used here and starts "
			  "at once");
		want = CMD_BPF;
	} else if (!nostap) {
		diag_note("sampling with SystemTap, not with eBPF: %s", nobpf);
		want = CMD_STAP;
	} else {
		diag_error("no collector can be used; eBPF: %s; SystemTap: %s",
			   nobpf, nostap);
	}
	readiness_free(&bpf);
	readiness_free(&stap);
	return want;
}

/* unfit - is there no such process? Says so. */
static int unfit(uint32_t pid)
{
	char *status = xasprintf("/proc/%" PRIu32 "/status", pid);
	char buf[4096], *tgid;
	int bad = preflight_read(status, buf, sizeof(buf));
	uint32_t leader = pid;

	free(status);
	if (bad) {
		diag_error("no process %" PRIu32 "; give the PID that ps shows "
			   "on the host", pid);
		return -1;
	}
	tgid = strstr(buf, "\nTgid:");
	if (tgid)
		leader = strtoul(tgid + 6, NULL, 10);
	if (leader == pid)
		return 0;
	diag_error("%" PRIu32 " is a thread of process %" PRIu32 "; give that",
		   pid, leader);
	return -1;
}

static int all_fit(const struct collect *c)
{
	for (size_t i = 0; i < c->npids; i++)
		if (unfit(c->pid[i]))
			return 0;
	return !c->parent || !unfit(c->parent);
}

#ifdef HAVE_BPF
static int collect_with_bpf(const struct run_opts *o, FILE *out)
{
	struct collect c = o->c;
	char *file = NULL;
	int ret;

	if (c.what == COLLECT_ALLOC &&
	    allocplace_find(c.pid[0], &file, &c.offset))
		return -1;
	c.file = file;
	ret = collect_bpf(&c, out);
	free(file);
	return ret;
}
#endif

static int collect(const struct run_opts *o, FILE *out)
{
	switch (choose(o->collector)) {
	case CMD_STAP:
		if (o->c.npids != 1 || o->c.parent || o->c.comm) {
			diag_error("SystemTap samples one process; give one "
				   "with -p PID, or use eBPF "
				   "(--collector=bpf)");
			return -1;
		}
		if (o->c.what != COLLECT_CPU) {
			diag_error("SystemTap has no %s; use eBPF "
				   "(--collector=bpf)", o->c.script);
			return -1;
		}
		return collect_stap(o, out);
	case CMD_BPF:
#ifdef HAVE_BPF
		return collect_with_bpf(o, out);
#else
		diag_error("this ljstap was built without eBPF; use "
			   "--collector=stap");
		return -1;
#endif
	default:
		return -1;
	}
}

int cmd_run(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[PROFILE]",
		"Sample the Lua stacks of a process and write a dump: "
		"lj-cpu-flame, where it runs, if no PROFILE is given; "
		"lj-offcpu-flame, where it waits (bpf); lj-file-io-flame, "
		"where it reads and writes files (bpf); lj-alloc-flame, "
		"where it allocates (bpf); lj-vm-states, what the VM does, "
		"without stacks.\v"
		"Exit status: 0 complete; 1 something is missing from it; "
		"2 there is no dump; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct run_opts o = {
		.c = { .script = profiles[COLLECT_CPU], .duration = 10 },
	};
	struct outfile *out;

	if (cmd_parse(&argp, argc, argv, &o)) {
		free(o.pid);
		return DIAG_USAGE;
	}
	if (!o.output && isatty(1)) {
		diag_usage("a dump is not for a terminal; give -o FILE");
		free(o.pid);
		return DIAG_USAGE;
	}
	if (all_fit(&o.c)) {
		out = outfile_open(o.output);
		if (out)
			outfile_close(out, !collect(&o, outfile_stream(out)));
	}
	free(o.pid);
	return diag_status();
}
