/* readiness.c - can a collector be used on this machine, on this process?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

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

#include "collect.h"
#include "lj_layout_text.h"
#include "luafile.h"
#include "luaproc.h"
#include "mem.h"
#include "preflight.h"
#include "procmap.h"
#include "readiness.h"
#include "remote.h"
#include "vmreport.h"

#define INIT_PID_NS	"pid:[4026531836]"

__attribute__((format(printf, 3, 0)))
static void add(struct findings *f, int good, const char *fmt, va_list ap)
{
	char text[1024];

	vsnprintf(text, sizeof(text), fmt, ap);
	f->list = xgrow(f->list, f->n, &f->max, sizeof(*f->list));
	f->list[f->n++] = (struct finding){ good, xstrdup(text) };
}

__attribute__((format(printf, 2, 3)))
static void good(struct findings *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(f, 1, fmt, ap);
	va_end(ap);
}

__attribute__((format(printf, 2, 3)))
static void bad(struct findings *f, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	add(f, 0, fmt, ap);
	va_end(ap);
}

const char *readiness_bad(const struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (!f->list[i].good)
			return f->list[i].text;
	return NULL;
}

void readiness_free(struct findings *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->list[i].text);
	free(f->list);
	*f = (struct findings){ 0 };
}

/* -- SystemTap ---------------------------------------------------------- */

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

static void rights(struct findings *f)
{
	if (geteuid()) {
		if (in_group("stapdev") && in_group("stapusr"))
			good(f, "in the groups stapdev and stapusr");
		else
			bad(f, "not root; run as root, or as a member of "
			    "the groups stapdev and stapusr");
		return;
	}
	if (!preflight_capable(PREFLIGHT_SYS_MODULE))
		bad(f, "root here may not load kernel modules "
		    "(CAP_SYS_MODULE); run outside the container");
	else
		good(f, "running as root");
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
static uint64_t stap_version(struct findings *f)
{
	char said[4096], *v;
	uint64_t version;

	if (capture("stap", "--version", said, sizeof(said))) {
		bad(f, "no stap in $PATH; install the package systemtap");
		return 0;
	}
	v = strstr(said, "version ");
	version = v ? preflight_version(v + 8) : 0;
	if (version)
		good(f, "stap %.*s", (int)strcspn(v + 8, "/,) \n"), v + 8);
	else
		bad(f, "stap does not tell its version; try stap --version");
	if (!preflight_in_path("staprun"))
		bad(f, "no staprun in $PATH; install the package "
		    "systemtap-runtime");
	return version;
}

static void modules(struct findings *f)
{
	char buf[256];

	if (access("/proc/modules", R_OK))
		bad(f, "the kernel has no loadable modules (no "
		    "/proc/modules); use a kernel with CONFIG_MODULES");
	else if (!preflight_read("/proc/sys/kernel/modules_disabled", buf,
				 sizeof(buf)) && buf[0] == '1')
		bad(f, "loading modules was switched off until the next "
		    "boot (kernel.modules_disabled=1); reboot without it");
	else if (!preflight_read("/sys/kernel/security/lockdown", buf,
				 sizeof(buf)) &&
		 (strstr(buf, "[integrity]") ||
		  strstr(buf, "[confidentiality]")))
		bad(f, "the kernel is locked down and takes signed modules "
		    "only; switch Secure Boot off, or sign with a key "
		    "it knows (see stap --sign-module)");
	else
		good(f, "kernel modules can be loaded");
}

/* Headers may bring their compiler under its full name only. */
static void compiler(struct findings *f, const char *release, const char *build)
{
	char *want = preflight_compiler(build);

	if (!preflight_in_path("make") || (!preflight_in_path("gcc") &&
					   !preflight_in_path("*gcc-[0-9]*")))
		bad(f, "no gcc or no make in $PATH, stap needs both; "
		    "install them");
	else if (want && !preflight_in_path(want) && !preflight_rc("CC="))
		bad(f, "no %s in $PATH, which the headers of kernel %s ask "
		    "for; install it, or give stap -B CC=gcc-NUMBER with "
		    "another one, or put this into ~/.systemtap/rc",
		    want, release);
	else if (want && !preflight_rc("CC="))
		good(f, "compiler %s", want);
	free(want);
}

static void pair(struct findings *f, uint64_t stap, const struct utsname *u)
{
	const struct preflight_pair *p;

	p = preflight_pair(stap, preflight_kernel(u->release, u->version));
	if (p && !p->option)
		bad(f, "this stap fails with kernel %s: %s; use SystemTap 5.6 "
		    "or newer", u->release, p->what);
	else if (p && preflight_rc(p->option))
		good(f, "stap's rc file has %s", p->option);
	else if (p)
		bad(f, "this stap needs an option with kernel %s (%s); "
		    "give it %s, or put this into ~/.systemtap/rc",
		    u->release, p->what, p->option);
}

static void kernel_for(struct findings *f, uint64_t stap)
{
	struct utsname u;
	char *build, *makefile;

	if (uname(&u))
		return;
	build = xasprintf("/lib/modules/%s/build", u.release);
	makefile = xasprintf("%s/Makefile", build);
	if (access(makefile, R_OK)) {
		bad(f, "no headers of kernel %s (%s); install its package, "
		    "linux-headers-%s or kernel-devel-%s", u.release,
		    build, u.release, u.release);
	} else {
		good(f, "headers of kernel %s", u.release);
		compiler(f, u.release, build);
	}
	free(makefile);
	free(build);
	pair(f, stap, &u);
}

void readiness_stap(struct findings *f)
{
	rights(f);
	modules(f);
	kernel_for(f, stap_version(f));
}

/* -- eBPF --------------------------------------------------------------- */

static void bpf_rights(struct findings *f)
{
	int admin = preflight_capable(PREFLIGHT_SYS_ADMIN), fine = 1;
	char level[16];

	if (!admin && !preflight_capable(PREFLIGHT_BPF)) {
		bad(f, "no CAP_BPF; run as root, or with CAP_BPF and "
		    "CAP_PERFMON");
		fine = 0;
	}
	if (!admin && !preflight_capable(PREFLIGHT_PERFMON)) {
		bad(f, "no CAP_PERFMON; run as root, or with CAP_BPF and "
		    "CAP_PERFMON");
		fine = 0;
	}
	/* A level of Debian's: not even for CAP_PERFMON. */
	if (!admin &&
	    !preflight_read("/proc/sys/kernel/perf_event_paranoid", level,
			    sizeof(level)) && atol(level) > 2) {
		bad(f, "kernel.perf_event_paranoid is %ld, which lets none but "
		    "root sample; set it to 2", atol(level));
		fine = 0;
	}
	if (fine)
		good(f, "may load BPF programs and sample");
}

static void bpf_kernel(struct findings *f)
{
	char buf[256], ns[64];
	ssize_t n = readlink("/proc/self/ns/pid", ns, sizeof(ns) - 1);
	struct utsname u;

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		bad(f, "no type information of the kernel "
		    "(/sys/kernel/btf/vmlinux); use a kernel with "
		    "CONFIG_DEBUG_INFO_BTF");
	else
		good(f, "the kernel has type information");
	if (!uname(&u) && preflight_kernel(u.release, u.version) <
	    PREFLIGHT_VERSION(5, 8, 0))
		bad(f, "kernel %s is older than 5.8; use a newer one",
		    u.release);
	if (!preflight_read("/sys/kernel/security/lockdown", buf,
			    sizeof(buf)) && strstr(buf, "[confidentiality]"))
		bad(f, "the kernel is locked down for confidentiality; boot "
		    "it with lockdown=integrity");
	if (n > 0 && ((ns[n] = 0), strcmp(ns, INIT_PID_NS)))
		bad(f, "this is a container with process numbers of its own; "
		    "run on the host");
}

void readiness_bpf(struct findings *f)
{
#ifdef HAVE_BPF
	char *why;

	bpf_rights(f);
	bpf_kernel(f);
	if (readiness_bad(f))
		return;
	why = collect_bpf_refused();
	if (why)
		bad(f, "%s", why);
	else
		good(f, "the kernel takes the program");
	free(why);
#else
	(void)bpf_rights;
	(void)bpf_kernel;
	bad(f, "this ljstap was built without it; build it where clang, "
	    "bpftool and libbpf are");
#endif
}

void readiness_lua(struct findings *f)
{
#ifdef HAVE_LUA
	good(f, "ljstap lua can be used");
#else
	bad(f, "ljstap was built without LuaJIT: no ljstap lua; install "
	    "libluajit-5.1-dev, then configure and build it again");
#endif
}

/* -- The process -------------------------------------------------------- */

static void vm(struct findings *f, uint32_t pid, const struct remote_vm *v)
{
	if (v->check)
		bad(f, "the layout of the LuaJIT in process %" PRIu32 " is not "
		    "known: %s; run ljstap layout %" PRIu32 " and report what "
		    "it prints", pid, vmreport_check(v->check), pid);
	else
		good(f, "Lua VM at 0x%" PRIx64 ", %s", v->g,
		     v->lay.col < LJ_COL_MAX ? lj_column_name[v->lay.col] :
		     "layout found from its memory");
}

/* What its memory tells, which is what collectors go by. */
static void vms(struct findings *f, uint32_t pid)
{
	struct remote *r = remote_open(pid);
	const struct remote_vm *list;
	size_t n;

	if (!r) {
		bad(f, "the memory of process %" PRIu32 " may not be read from "
		    "here: %s; run as root, outside any container", pid,
		    strerror(errno));
		return;
	}
	n = remote_find(r, &list);
	for (size_t i = 0; i < n && i < 8; i++)
		vm(f, pid, &list[i]);
	if (n > 8)
		good(f, "%zu more Lua VMs", n - 8);
	if (!n)
		bad(f, "process %" PRIu32 " has a LuaJIT, but no Lua VM in its "
		    "memory; does it run Lua at all, and now?", pid);
	remote_close(r);
}

static void lua(struct findings *f, const struct procmaps *maps)
{
	char *version, *why;
	const struct procmap *where;
	enum luafile_kind kind = luafile_in(maps, &version, &where);

	if (kind == LUAFILE_JIT) {
		good(f, "%s in process %" PRIu32 ", %s", version, maps->pid,
		     where->path);
		vms(f, maps->pid);
	} else if (kind == LUAFILE_NONE) {
		bad(f, "no LuaJIT in process %" PRIu32 "; is it the right "
		    "one, not its parent or a launcher? See ljstap ps",
		    maps->pid);
	} else {
		why = luafile_refusal(kind, version, where->path);
		bad(f, "process %" PRIu32 " runs %s", maps->pid, why);
		free(why);
	}
	free(version);
}

/* Was it a number that is told inside a container? */
static void outer(struct findings *f, uint32_t pid)
{
	char *container;
	uint32_t here = luaproc_outer(pid, &container);

	if (here)
		bad(f, "process %" PRIu32 " of %s%s is %" PRIu32 " here; give "
		    "that", pid, container ? "container " : "a container",
		    container ? container : "", here);
	free(container);
}

void readiness_process(struct findings *f, uint32_t pid)
{
	struct procmaps *maps = procmap_read(pid);
	size_t was = f->n;

	if (maps)
		lua(f, maps);
	else if (errno == ENOENT)
		bad(f, "no process %" PRIu32 "; check the number, it is the "
		    "one that ps shows on the host", pid);
	else if (errno == ESRCH)
		bad(f, "process %" PRIu32 " has no memory of its own: it is a "
		    "kernel thread, or it has ended", pid);
	else
		bad(f, "process %" PRIu32 " may not be looked at from here; "
		    "run as root, outside any container", pid);
	procmap_free(maps);
	for (size_t i = was; i < f->n; i++)
		if (!f->list[i].good) {
			outer(f, pid);
			return;
		}
}
