/* cmd_lua.c - `ljstap lua': looks into a live process with a Lua script.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "luascript.h"
#include "mem.h"
#include "outfile.h"
#include "remote.h"
#include "vmpick.h"
#include "vmreport.h"
#ifdef HAVE_LUA
#include "luahost.h"
#endif

struct lua_opts {
	struct cmd_look look;
	const char *code, *file;
	char **argv;			/* of the script */
	int argc;
	struct vmpick_opts vm;
	uint64_t bytes, nodes, string;
	double timeout;
	int raw, list, snapshot;
};

enum { OPT_TIMEOUT = 256, OPT_BYTES, OPT_NODES, OPT_STRING, OPT_VM, OPT_RAW,
       OPT_LIST, OPT_SNAPSHOT };

static const struct argp_option options[] = {
	{ "execute", 'e', "CODE", 0, "Run CODE", 0 },
	{ "list", OPT_LIST, NULL, 0, "Print the ready scripts", 0 },
	CMD_OUT, CMD_PID,
	{ "raw", OPT_RAW, NULL, 0, "Print control characters as they are, not "
	  "as \\ddd", 0 },
	{ "snapshot", OPT_SNAPSHOT, NULL, 0, "Look at a copy of its memory, "
	  "made at the start", 0 },
	{ "vm", OPT_VM, "N", 0, "The Nth of several VMs, or that whose "
	  "global_State is at 0xN", 0 },
	{ "timeout", OPT_TIMEOUT, "S", 0, "Stop a script, or what a probe of "
	  "it does, after S seconds (default: 10; 0: never)", 0 },
	{ "bytes", OPT_BYTES, "MIB", 0, "Read so much of the process at most "
	  "(default: 4096; 0: no limit)", 0 },
	{ "nodes", OPT_NODES, "N", 0, "Read N entries of tables at most "
	  "(default: 100000000; 0: no limit)", 0 },
	{ "string", OPT_STRING, "N", 0, "Copy strings of N bytes at most "
	  "(default: 1048576)", 0 },
	{ 0 }
};

static int parse_limit(int key, const char *arg, struct lua_opts *o)
{
	uint64_t n, *to = key == OPT_NODES ? &o->nodes : &o->bytes;
	const char *name = key == OPT_NODES ? "--nodes" : "--bytes";

	if (key == OPT_STRING)
		return cmd_number("--string", arg, INT32_MAX, &o->string) ?
		       EINVAL : 0;
	if (cmd_limit(name, arg, 1ull << 40, &n))
		return EINVAL;
	*to = key == OPT_BYTES ? n << 20 : n;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct lua_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case 'e':
		o->code = arg;
		return 0;
	case OPT_VM:
		return vmpick_parse(arg, &o->vm) ? EINVAL : 0;
	case OPT_RAW:
		o->raw = 1;
		return 0;
	case OPT_LIST:
		o->list = 1;
		return 0;
	case OPT_SNAPSHOT:
		o->snapshot = 1;
		return 0;
	case OPT_TIMEOUT:
		if (cmd_seconds("--timeout", arg, &n))
			return EINVAL;
		o->timeout = n / 1e9;
		return 0;
	case OPT_BYTES:
	case OPT_NODES:
	case OPT_STRING:
		return parse_limit(key, arg, o);
	case ARGP_KEY_ARG:
		/* What follows the script's name is the script's. */
		if (!o->code)
			o->file = arg;
		else
			state->next--;
		o->argv = state->argv + state->next;
		o->argc = state->argc - state->next;
		state->next = state->argc;
		return 0;
	}
	return cmd_look(key, arg, state, &o->look);
}

/* -- Ready scripts ------------------------------------------------------ */

static void print_one(void *ctx, const char *name, const char *doc)
{
	fprintf(ctx, "%-20s %s\n", name, doc);
}

static int list(const struct lua_opts *o)
{
	struct outfile *out = outfile_open(o->look.out);
	size_t n = 0;

	if (!out)
		return DIAG_UNUSABLE;
	n = luascript_list(print_one, outfile_stream(out));
	if (!n)
		diag_error("there are no ready scripts here; is ljstap "
			   "installed?");
	return outfile_close(out, n > 0) || !n ? DIAG_UNUSABLE : DIAG_OK;
}

#ifdef HAVE_LUA

/* struct job - a script and what it is run with */
struct job {
	const struct lua_opts *o;
	const char *name;
	char *text;		/* NULL: a prompt */
	size_t n;
	struct outfile *out;
	int ret;		/* of luahost_run() */
};

static int run_script(struct job *job, struct remote *r,
		      const struct remote_vm *vm, size_t number)
{
	const struct lua_opts *o = job->o;
	const struct luahost_opts opts = {
		.pid = o->vm.pid, .number = number,
		.out = outfile_stream(job->out), .raw = o->raw,
		.snapshot = o->snapshot, .string = o->string,
		.bytes = o->bytes, .nodes = o->nodes, .timeout = o->timeout,
	};
	struct luahost *h = luahost_new(r, vm, &opts);

	job->ret = -1;
	if (!h)
		return 0;
	if (job->text)
		job->ret = luahost_run(h, job->name, job->text, job->n,
				       o->argv, o->argc);
	else
		job->ret = luahost_prompt(h, stdin, isatty(0));
	luahost_free(h);
	return 1;
}

/* One VM: a script has one world. */
static int one_vm(void *ctx, struct remote *r, const struct vmpick *p)
{
	struct job *job = ctx;

	if (!p->several)
		return run_script(job, r, p->vm, p->number);
	if (p->first && !job->ret)
		diag_error("process %" PRIu32 " has several VMs: choose one "
			   "with --vm=1, --vm=2, ...; see ljstap layout",
			   job->o->vm.pid);
	job->ret = -1;
	return 0;
}

/* The script, or the ready one of that name. */
static int read_script(struct job *job, const char *file)
{
	char *ready = access(file, R_OK) && strcmp(file, "-") ?
		      luascript_find(file) : NULL;

	job->text = luascript_read(ready ? ready : file, &job->n);
	free(ready);
	job->name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	if (!job->text)
		diag_error("%s: %s; see ljstap lua --list for ready scripts",
			   file, strerror(errno));
	return job->text ? 0 : -1;
}

static int run(const struct lua_opts *o)
{
	struct job job = { .o = o, .name = "-e" };
	int n;

	if (o->code) {
		job.text = xstrdup(o->code);
		job.n = strlen(o->code);
	} else if (o->file && read_script(&job, o->file)) {
		return DIAG_UNUSABLE;
	}
	job.out = outfile_open(o->look.out);
	if (!job.out) {
		free(job.text);
		return DIAG_UNUSABLE;
	}
	n = vmpick_each(&o->vm, one_vm, &job);
	free(job.text);
	if (outfile_close(job.out, n > 0) || !n)
		return DIAG_UNUSABLE;
	return job.ret > 0 ? job.ret : (int)diag_status();
}

#else

static int run(const struct lua_opts *o)
{
	(void)o;
	diag_error("this ljstap was built without LuaJIT: install "
		   "libluajit-5.1-dev, then configure and build it again");
	return DIAG_UNUSABLE;
}

#endif

int cmd_lua(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE [ARG...]]",
		"Run a Lua script that looks into a live process: the "
		"process's globals are its globals, read only. Without FILE "
		"and -e: a prompt.\v"
		"FILE is a file, - for standard input, or the name of a ready "
		"script: see --list. Nothing of the process runs for it, and "
		"it is never stopped. ljstap-lua(1) tells the language.\n"
		"Exit status: 0 complete; 1 something is torn or cut off; 2 no "
		"such VM or process, or the script failed; 64 wrong usage; or "
		"what the script says to exit.",
		NULL, NULL, NULL
	};
	struct lua_opts o = { .timeout = 10, .bytes = 1ull << 32,
			      .nodes = 100000000, .string = 1 << 20 };
	int err;

	/* Options behind FILE are the script's. */
	err = argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &o);
	if (err && err != EINVAL)
		diag_usage("cannot parse the arguments; see --help");
	if (err)
		return DIAG_USAGE;
	if (o.list)
		return list(&o);
	o.vm.pid = o.look.pid;
	if (!o.vm.pid) {
		diag_usage("give a process, before the script: -p PID; see --help");
		return DIAG_USAGE;
	}
	return run(&o);
}
