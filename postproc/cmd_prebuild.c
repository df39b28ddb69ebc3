/* cmd_prebuild.c - `ljstap prebuild`: a tool as a kernel module, for machines
 * without a compiler.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "mem.h"

struct prebuild_opts {
	struct cmd_sample s;
	const char *kernel, *dir;
};

static const struct argp_option options[] = {
	{ "kernel", 'r', "KVER", 0, "For the kernel of that release, whose "
	  "headers are here; if not given, for this one", 0 },
	{ "output", 'o', "DIR", 0, "Write it into DIR, which is made if "
	  "needed; ljstap-KVER if not given", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct prebuild_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'r':
		o->kernel = arg;
		return 0;
	case 'o':
		o->dir = arg;
		return 0;
	case ARGP_KEY_ARG:	/* the input begins with what it fills in */
		return cmd_sample_argp.parser(key, arg, state);
	}
	return ARGP_ERR_UNKNOWN;
}

static int check(struct prebuild_opts *o)
{
	if (!o->s.tool) {
		diag_usage("which tool? ljstap list names them");
		return -1;
	}
	if (o->s.tool->by & TOOL_STAP)
		return cmd_sample_check(&o->s);
	diag_usage("%s is done by eBPF alone, which needs no module",
		   o->s.tool->name);
	return -1;
}

static int run(struct prebuild_opts *o, const char *kernel, const char *dir)
{
	char name[TOOL_MODULE], *ko;
	int ret = -1;

	tool_module(o->s.tool, name);
	ko = xasprintf("%s/%s.ko", dir, name);
	if (mkdir(dir, 0777) && errno != EEXIST) {
		diag_error("%s: cannot make this folder: %s", dir,
			   strerror(errno));
		goto out;
	}
	if (collect_stap_compile(&o->s.c, kernel, name, dir))
		goto out;
	if (access(ko, R_OK)) {
		diag_error("stap left no %s: %s", ko, strerror(errno));
		goto out;
	}
	diag_note("%s: for kernel %s; to be used there: ljstap run --module "
		  "%s.ko -p PID", ko, kernel, name);
	ret = 0;
out:
	free(ko);
	return ret;
}

int cmd_prebuild(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "TOOL [-- STAP-OPTION...]",
		"Compile a tool into a kernel module, for machines that have "
		"that kernel and no compiler. There SystemTap's runtime "
		"(staprun) and ljstap are enough: ljstap run --module FILE "
		"-p PID, with all its options.\v"
		"Exit status: 0; 2 there is no module; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct prebuild_opts o = { 0 };
	struct utsname u;
	int ret = DIAG_USAGE;
	char *dir;

	if (cmd_parse(&argp, argc, argv, &o) || check(&o))
		goto out;
	if (uname(&u))
		strcpy(u.release, "unknown");
	if (!o.kernel)
		o.kernel = u.release;
	dir = o.dir ? xstrdup(o.dir) : xasprintf("ljstap-%s", o.kernel);
	run(&o, o.kernel, dir);
	ret = diag_status();
	free(dir);
out:
	cmd_sample_free(&o.s);
	return ret;
}
