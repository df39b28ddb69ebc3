/* cmd_inspect.c - `ljstap inspect` and `ljstap modules`: values of a live
 * process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "json.h"
#include "luaobj.h"
#include "luapath.h"
#include "luatext.h"
#include "luatree.h"
#include "luaval.h"
#include "mem.h"
#include "outfile.h"
#include "remote.h"
#include "vmpick.h"

#define LOADED	"package.loaded"

struct inspect_opts {
	struct cmd_look look;
	const char *path;
	struct vmpick_opts vm;
	struct luatree_opts tree;
	uint64_t bytes;
	double timeout;
	int modules;
};

enum { OPT_DEPTH = 256, OPT_MAX, OPT_STRING, OPT_TIMEOUT, OPT_BYTES, OPT_VM };

#define COMMON \
	CMD_JSON, CMD_OUT, CMD_PID, \
	{ "vm", OPT_VM, "N", 0, "Only the Nth of several VMs, or that whose " \
	  "global_State is at 0xN", 0 }, \
	{ "timeout", OPT_TIMEOUT, "S", 0, "Stop after S seconds " \
	  "(default: 10; 0: never)", 0 }, \
	{ "bytes", OPT_BYTES, "MIB", 0, "Read so much of the process at most " \
	  "(default: 1024; 0: no limit)", 0 }

static const struct argp_option inspect_options[] = {
	COMMON,
	{ "depth", OPT_DEPTH, "N", 0, "Look into tables of N levels "
	  "(default: 3)", 0 },
	{ "max", OPT_MAX, "N", 0, "Print N entries of each table at most "
	  "(default: 100; 0: all)", 0 },
	{ "string", OPT_STRING, "N", 0, "Print N bytes of each string at most "
	  "(default: 256; 0: all)", 0 },
	{ 0 }
};

static const struct argp_option modules_options[] = {
	COMMON,
	{ 0 }
};

/* -- Options ------------------------------------------------------------ */

static int limit(const char *option, const char *arg, size_t most, size_t *n)
{
	uint64_t v;

	if (cmd_limit(option, arg, most, &v))
		return EINVAL;
	*n = v ? v : most;
	return 0;
}

static int parse_tree(int key, char *arg, struct argp_state *state,
		      struct inspect_opts *o)
{
	uint64_t n;

	switch (key) {
	case OPT_DEPTH:
		if (cmd_number("--depth", arg, 64, &n))
			return EINVAL;
		o->tree.depth = n;
		return 0;
	case OPT_MAX:
		return limit("--max", arg, SIZE_MAX / 2, &o->tree.entries);
	case OPT_STRING:
		return limit("--string", arg, INT32_MAX, &o->tree.string);
	}
	return cmd_look(key, arg, state, &o->look);
}

static int parse_path(const char *arg, struct inspect_opts *o)
{
	if (o->modules) {
		diag_usage("there is nothing to say but options; "
			   "see --help");
		return EINVAL;
	}
	if (o->path) {
		diag_usage("'%s': one path at a time; one with blanks needs "
			   "quotes", arg);
		return EINVAL;
	}
	o->path = arg;
	return 0;
}

static int parse_bytes(const char *arg, uint64_t *bytes)
{
	uint64_t n;

	if (cmd_limit("--bytes", arg, 1 << 30, &n))
		return EINVAL;
	*bytes = n << 20;
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct inspect_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case OPT_VM:
		return vmpick_parse(arg, &o->vm) ? EINVAL : 0;
	case OPT_TIMEOUT:
		if (cmd_seconds("--timeout", arg, &n))
			return EINVAL;
		o->timeout = n / 1e9;
		return 0;
	case OPT_BYTES:
		return parse_bytes(arg, &o->bytes);
	case ARGP_KEY_ARG:
		return parse_path(arg, o);
	}
	return parse_tree(key, arg, state, o);
}

/* -- One VM ------------------------------------------------------------- */

static void report(const struct vmpick *p, const struct luatree *t)
{
	struct luatree_flaws f = { 0 };

	luatree_flaws(t, &f);
	if (f.torn)
		diag_loss("%s: %" PRIu64 " values changed each time that they "
			  "were read, and are marked so; try again", p->name,
			  f.torn);
	if (f.cut)
		diag_loss("%s: the limit of --timeout or --bytes was reached; "
			  "%" PRIu64 " values are not whole", p->name, f.cut);
}

/* The seed of all inspectors: for k, v in pairs(package.loaded). */
static void modules_text(const struct luatree *t, FILE *out)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct luatree *k = t->entry[i].key;

		if (k->type == LJ_TSTR && k->str)
			luatext_bytes(out, k->str, k->len);
		else
			luatext_write(out, k);
		fprintf(out, ": %s%s\n", luatree_type(t->entry[i].val),
			t->entry[i].val->torn ? " --[[torn]]" : "");
	}
}

static void modules_json(const struct luatree *t, FILE *out)
{
	putc('{', out);
	for (size_t i = 0; i < t->n; i++) {
		const struct luatree *k = t->entry[i].key;

		fputs(i ? ",\n" : "\n", out);
		json_string(out, k->str ? k->str : luatree_type(k));
		fprintf(out, ":\"%s\"", luatree_type(t->entry[i].val));
	}
	putc('}', out);
}

static void write_tree(const struct inspect_opts *o, const struct luatree *t,
		       const struct vmpick *p, FILE *out)
{
	if (o->look.json) {
		fprintf(out, "%s{\"pid\":%" PRIu32 ",\"vm\":%zu,"
			"\"global_State\":\"0x%" PRIx64 "\",\"%s\":",
			p->first ? "[" : ",\n", o->vm.pid, p->number, p->vm->g,
			o->modules ? "modules" : "value");
		if (o->modules)
			modules_json(t, out);
		else
			luatext_json(out, t);
		putc('}', out);
		return;
	}
	if (p->several)
		fprintf(out, "%s-- VM %zu: global_State at 0x%" PRIx64 "\n",
			p->first ? "" : "\n", p->number, p->vm->g);
	if (o->modules) {
		modules_text(t, out);
	} else {
		luatext_write(out, t);
		putc('\n', out);
	}
}

struct job {
	const struct inspect_opts *o;
	const struct luapath *path;
	FILE *out;
};

/* Returns 1 if something was written. */
static int one_vm(void *ctx, struct remote *r, const struct vmpick *p)
{
	const struct job *job = ctx;
	const struct inspect_opts *o = job->o;
	struct luaval *v = luaval_new(r, p->vm);
	struct luaobj *names = luaobj_new(v);
	struct luatree *t;
	char *why;
	int ret = 0;

	luaval_limit(v, o->bytes, o->timeout);
	switch (luatree_read(v, names, job->path, o->path, &o->tree, &t, &why)) {
	case LUATREE_OK:
		write_tree(o, t, p, job->out);
		report(p, t);
		ret = 1;
		break;
	case LUATREE_WRONG:
		diag_error("%s: %s", p->name, why);
		break;
	case LUATREE_LIMIT:
		diag_error("%s: the limit of --timeout or --bytes was reached "
			   "before %s was found", p->name, o->path);
		break;
	}
	free(why);
	luatree_free(t);
	luaobj_free(names);
	luaval_free(v);
	return ret;
}

/* -- The commands ------------------------------------------------------- */

static int run(const struct inspect_opts *o, const struct luapath *path)
{
	struct outfile *out = outfile_open(o->look.out);
	struct job job = { .o = o, .path = path };
	int n;

	if (!out)
		return DIAG_UNUSABLE;
	job.out = outfile_stream(out);
	n = vmpick_each(&o->vm, one_vm, &job);
	if (o->look.json && n)
		fputs("]\n", job.out);
	if (outfile_close(out, n > 0) || !n)
		return DIAG_UNUSABLE;
	return diag_status();
}

static int start(const struct argp *argp, int argc, char **argv,
		 struct inspect_opts *o)
{
	struct luapath *path;
	char *why;
	int ret;

	if (cmd_parse(argp, argc, argv, o))
		return DIAG_USAGE;
	o->vm.pid = o->look.pid;
	if (!o->vm.pid || !o->path) {
		diag_usage(o->path ? "give a process: -p PID; see --help" :
			   "give a path, such as " LOADED "; see --help");
		return DIAG_USAGE;
	}
	path = luapath_parse(o->path, &why);
	if (!path) {
		diag_usage("'%s': %s; see --help", o->path, why);
		free(why);
		return DIAG_USAGE;
	}
	ret = run(o, path);
	luapath_free(path);
	return ret;
}

int cmd_inspect(int argc, char **argv)
{
	static const struct argp argp = {
		inspect_options, parse, "PATH",
		"Print a value of a live process: a global, or what is in "
		"one.\v"
		"PATH is as in Lua: package.loaded[\"resty.core\"].version, "
		"config.list[1], #queue, getmetatable(obj).__index, "
		"handler.upvalue(\"cache\"); registry, _G. Nothing of the "
		"process runs for it, and it is never stopped.\n"
		"Exit status: 0 complete; 1 something is torn or cut off by a "
		"limit; 2 no such value, VM or process; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct inspect_opts o = { .timeout = 10, .bytes = 1ull << 30,
				  .tree = { 3, 100, 256 } };

	return start(&argp, argc, argv, &o);
}

int cmd_modules(int argc, char **argv)
{
	static const struct argp argp = {
		modules_options, parse, NULL,
		"Print the modules that a live process has loaded, and their "
		"types: package.loaded.\v"
		"Exit status: 0 complete; 1 something is torn or cut off by a "
		"limit; 2 no such VM or process; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct inspect_opts o = { .timeout = 10, .bytes = 1ull << 30,
				  .tree = { 1, SIZE_MAX / 2, 4096 },
				  .path = LOADED, .modules = 1 };

	return start(&argp, argc, argv, &o);
}
