/* cmd_check.c - `ljstap check`: can SystemTap be used here, on this process?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "luafile.h"
#include "mem.h"
#include "preflight.h"
#include "procmap.h"

#define CAP_SYS_MODULE	16	/* as in linux/capability.h */

struct check_opts {
	uint32_t pid;
};

static const struct argp_option options[] = {
	{ "pid", 'p', "PID", 0, "Also look for LuaJIT in process PID", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct check_opts *o = state->input;
	uint64_t n;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'p':
		if (cmd_number("--pid", arg, INT32_MAX, &n))
			return EINVAL;
		o->pid = n;
		return 0;
	case ARGP_KEY_ARG:
		diag_usage("%s: check reads no file; see --help", arg);
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

/* Each check prints what is well to stdout, or one line what is not. */

static void good(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

static void good(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("ok: ", stdout);
	vprintf(fmt, ap);
	fputc('\n', stdout);
	va_end(ap);
}

static int in_group(const char *name)
{
	const struct group *g = getgrnam(name);
	int n = getgroups(0, NULL), found = 0;
	gid_t *list;

	if (!g || n < 0)
		return 0;
	list = xcalloc(n + 1, sizeof(*list));
	n = getgroups(n, list);
	for (int i = 0; i < n; i++)
		found |= list[i] == g->gr_gid;
	free(list);
	return found || getegid() == g->gr_gid;
}

static void check_rights(void)
{
	char status[4096], *cap;

	if (geteuid()) {
		if (in_group("stapdev") && in_group("stapusr"))
			good("in the groups stapdev and stapusr");
		else
			diag_loss("not root; run as root, or as a member of "
				  "the groups stapdev and stapusr");
		return;
	}
	cap = preflight_read("/proc/self/status", status, sizeof(status)) ?
		NULL : strstr(status, "CapEff:");
	if (cap && !(strtoull(cap + 7, NULL, 16) >> CAP_SYS_MODULE & 1))
		diag_loss("root here may not load kernel modules "
			  "(CAP_SYS_MODULE); run outside the container");
	else
		good("running as root");
}

/* What a program says, on either stream. */
static int capture(const char *program, const char *arg, char *buf, size_t size)
{
	char *const argv[] = { (char *)program, (char *)arg, NULL };
	posix_spawn_file_actions_t actions;
	extern char **environ;
	int fd[2], status, err;
	size_t n = 0;
	ssize_t got;
	pid_t pid;

	buf[0] = 0;
	if (pipe(fd))
		return -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fd[1], 1);
	posix_spawn_file_actions_adddup2(&actions, fd[1], 2);
	posix_spawn_file_actions_addclose(&actions, fd[0]);
	posix_spawn_file_actions_addclose(&actions, fd[1]);
	err = posix_spawnp(&pid, program, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fd[1]);
	while (!err && n < size - 1 &&
	       (got = read(fd[0], buf + n, size - 1 - n)) > 0)
		n += got;
	buf[n] = 0;
	close(fd[0]);
	if (err || waitpid(pid, &status, 0) != pid)
		return -1;
	return n ? 0 : -1;
}

/* Returns the version of stap, 0 if there is none. */
static uint64_t check_stap(void)
{
	char said[4096], *v;
	uint64_t version;

	if (capture("stap", "--version", said, sizeof(said))) {
		diag_loss("no stap in $PATH; install the package systemtap");
		return 0;
	}
	v = strstr(said, "version ");
	version = v ? preflight_version(v + 8) : 0;
	if (version)
		good("stap %.*s", (int)strcspn(v + 8, "/,) \n"), v + 8);
	else
		diag_loss("stap does not tell its version; try stap --version");
	if (!preflight_in_path("staprun"))
		diag_loss("no staprun in $PATH; install the package "
			  "systemtap-runtime");
	return version;
}

static void check_modules(void)
{
	char buf[256];

	if (access("/proc/modules", R_OK))
		diag_loss("the kernel has no loadable modules (no "
			  "/proc/modules); use a kernel with CONFIG_MODULES");
	else if (!preflight_read("/proc/sys/kernel/modules_disabled", buf,
				 sizeof(buf)) && buf[0] == '1')
		diag_loss("loading modules was switched off until the next "
			  "boot (kernel.modules_disabled=1); reboot without it");
	else if (!preflight_read("/sys/kernel/security/lockdown", buf,
				 sizeof(buf)) &&
		 (strstr(buf, "[integrity]") ||
		  strstr(buf, "[confidentiality]")))
		diag_loss("the kernel is locked down and takes signed modules "
			  "only; switch Secure Boot off, or sign with a key "
			  "it knows (see stap --sign-module)");
	else
		good("kernel modules can be loaded");
}

/* Headers may bring their compiler under its full name only. */
static void check_compiler(const char *release, const char *build)
{
	char *want = preflight_compiler(build);

	if (!preflight_in_path("make") || (!preflight_in_path("gcc") &&
					   !preflight_in_path("*gcc-[0-9]*")))
		diag_loss("no gcc or no make in $PATH, stap needs both; "
			  "install them");
	else if (want && !preflight_in_path(want) && !preflight_rc("CC="))
		diag_loss("no %s in $PATH, which the headers of kernel %s ask "
			  "for; install it, or give stap -B CC=gcc-NUMBER with "
			  "another one, or put this into ~/.systemtap/rc",
			  want, release);
	else if (want && !preflight_rc("CC="))
		good("compiler %s", want);
	free(want);
}

static void check_pair(uint64_t stap, const struct utsname *u)
{
	const struct preflight_pair *bad;

	bad = preflight_pair(stap, preflight_kernel(u->release, u->version));
	if (bad && !bad->option)
		diag_loss("this stap fails with kernel %s: %s; use SystemTap "
			  "5.6 or newer", u->release, bad->what);
	else if (bad && preflight_rc(bad->option))
		good("stap's rc file has %s", bad->option);
	else if (bad)
		diag_loss("this stap needs an option with kernel %s (%s); "
			  "give it %s, or put this into ~/.systemtap/rc",
			  u->release, bad->what, bad->option);
}

static void check_kernel(uint64_t stap)
{
	struct utsname u;
	char *build, *makefile;

	if (uname(&u))
		return;
	build = xasprintf("/lib/modules/%s/build", u.release);
	makefile = xasprintf("%s/Makefile", build);
	if (access(makefile, R_OK)) {
		diag_loss("no headers of kernel %s (%s); install its package, "
			  "linux-headers-%s or kernel-devel-%s", u.release,
			  build, u.release, u.release);
	} else {
		good("headers of kernel %s", u.release);
		check_compiler(u.release, build);
	}
	free(makefile);
	free(build);
	check_pair(stap, &u);
}

static void check_lua(const struct procmaps *maps)
{
	char *version, *why;
	const struct procmap *where;
	enum luafile_kind kind = luafile_in(maps, &version, &where);

	if (kind == LUAFILE_JIT) {
		good("%s in process %" PRIu32 ", %s", version, maps->pid,
		     where->path);
	} else if (kind == LUAFILE_NONE) {
		diag_loss("no LuaJIT in process %" PRIu32 "; is it the right "
			  "one, not its parent or a launcher?", maps->pid);
	} else {
		why = luafile_refusal(kind, version, where->path);
		diag_loss("process %" PRIu32 " runs %s", maps->pid, why);
		free(why);
	}
	free(version);
}

static void check_pid(uint32_t pid)
{
	struct procmaps *maps = procmap_read(pid);

	if (maps)
		check_lua(maps);
	else if (errno == ENOENT)
		diag_loss("no process %" PRIu32 "; check the number", pid);
	else
		diag_loss("process %" PRIu32 " may not be looked at from here; "
			  "run as root, outside any container", pid);
	procmap_free(maps);
}

int cmd_check(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "",
		"Say whether SystemTap can be used on this machine, and what "
		"to do if not.\v"
		"Exit status: 0 yes; 1 no; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct check_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	check_rights();
	check_modules();
	check_kernel(check_stap());
	if (o.pid)
		check_pid(o.pid);
	if (fflush(stdout))
		diag_error("standard output: cannot write: %s; choose another "
			   "place", strerror(errno));
	return diag_status();
}
