/* luaproc.c - the processes of this machine that have a LuaJIT in them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elffile.h"
#include "luafile.h"
#include "luaproc.h"
#include "mem.h"
#include "procmap.h"
#include "vmelf.h"

/* What is known of one mapped file. */
struct known {
	enum luafile_kind kind;
	char *version;
	const char *mode;
};

struct look {
	struct luaprocs *procs;
	size_t max;
	struct index *files;	/* dev and ino -> known */
	struct known *known;
	size_t nknown, maxknown;
};

/* -- Files ---------------------------------------------------------------- */

static const char *mode_of(const char *file)
{
	static const char *const names[] = {
		[LJ_MODE_gc64] = "GC64", [LJ_MODE_gc32] = "GC32",
	};
	struct elffile *elf = elffile_open(file);
	const char *mode = "?";
	struct vmelf v;

	if (elf && !vmelf_read(elf, &v))
		mode = names[v.seen.mode];
	elffile_close(elf);
	return mode;
}

/* The file of a mapping: the same one is mapped by many. */
static const struct known *file_of(struct look *l, const struct procmaps *maps,
				   const struct procmap *m)
{
	uint64_t key = m->ino ^ m->dev << 40 ^ m->dev >> 24;
	long i = index_get(l->files, key);
	struct known *k;
	char *file;

	if (i >= 0)
		return &l->known[i];
	l->known = xgrow(l->known, l->nknown, &l->maxknown, sizeof(*l->known));
	index_put(l->files, key, (long)l->nknown);
	k = &l->known[l->nknown++];
	memset(k, 0, sizeof(*k));
	k->mode = "?";
	file = procmap_file(maps, m);
	if (file)
		k->kind = luafile_read(file, &k->version);
	if (k->kind == LUAFILE_JIT)
		k->mode = mode_of(file);
	free(file);
	return k;
}

/* -- Processes ------------------------------------------------------------ */

/* A file of a process, as a string; 0 bytes in it become blanks. */
static char *proc_text(uint32_t pid, const char *name)
{
	char *path = xasprintf("/proc/%" PRIu32 "/%s", pid, name), *text;
	FILE *f = fopen(path, "re");
	char buf[4096];
	size_t n = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;

	free(path);
	if (f)
		fclose(f);
	while (n && (buf[n - 1] == 0 || buf[n - 1] == '\n'))
		n--;
	for (size_t i = 0; i < n; i++)
		if (!buf[i])
			buf[i] = ' ';
	buf[n] = 0;
	text = xstrdup(buf);
	return text;
}

/* Fields of /proc/PID/stat behind the name, which may hold anything. */
static int stat_of(uint32_t pid, uint32_t *ppid, uint64_t *ticks)
{
	char *text = proc_text(pid, "stat"), *at = strrchr(text, ')');
	unsigned long long user, sys;
	char state;
	int ok;

	ok = at && sscanf(at + 1, " %c %" SCNu32 " %*d %*d %*d %*d %*u %*u "
			  "%*u %*u %*u %llu %llu", &state, ppid, &user, &sys) == 4 &&
	     state != 'Z';	/* has ended, only its parent was not told */
	if (ok)
		*ticks = user + sys;
	free(text);
	return ok ? 0 : -1;
}

int luaproc_ticks(uint32_t pid, uint64_t *ticks)
{
	uint32_t ppid;

	return stat_of(pid, &ppid, ticks);
}

static int named(const char *file, const char *name)
{
	size_t n = strlen(name);

	/* luajit-2.1.0-beta3 is one, luajittex is not */
	return !strncmp(file, name, n) &&
	       !(file[n] >= 'a' && file[n] <= 'z');
}

/* kind_of - what the program is, by its command line and its file */
static const char *kind_of(const char *command, const char *exe)
{
	static const struct {
		const char *start;	/* of the command line */
		const char *file;	/* the program's */
		const char *kind, *openresty;
	} kinds[] = {
		{ "nginx: worker process", NULL, "nginx worker",
		  "openresty worker" },
		{ "nginx: master process", NULL, "nginx master",
		  "openresty master" },
		{ "nginx: ", NULL, "nginx helper", "openresty helper" },
		{ NULL, "nginx", "nginx", "openresty" },
		{ NULL, "openresty", "openresty", "openresty" },
		{ NULL, "nvim", "neovim", "neovim" },
		{ NULL, "luajit", "luajit", "luajit" },
		{ NULL, "sysbench", "sysbench", "sysbench" },
		{ NULL, "wrk", "wrk", "wrk" },
	};
	const char *base = strrchr(exe, '/');
	int openresty = !!strstr(exe, "/openresty/");

	base = base ? base + 1 : exe;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const char *start = kinds[i].start, *file = kinds[i].file;

		if ((start && !strncmp(command, start, strlen(start))) ||
		    (file && named(base, file)))
			return openresty ? kinds[i].openresty : kinds[i].kind;
	}
	return "other";
}

/* The path of the program, as the process calls it. */
static char *exe_of(uint32_t pid)
{
	char *link = xasprintf("/proc/%" PRIu32 "/exe", pid), buf[4096];
	ssize_t n = readlink(link, buf, sizeof(buf) - 1);

	free(link);
	buf[n < 0 ? 0 : n] = 0;
	return xstrdup(buf);
}

/* container_of - the id that docker, podman, Kubernetes or LXC name it by in
 * its control group: 12 of its 64 digits; or its name
 */
static char *container_of(uint32_t pid)
{
	char *text = proc_text(pid, "cgroup"), *id = NULL;
	const char *lxc = strstr(text, "/lxc/");

	if (!lxc)
		lxc = strstr(text, "/lxc.payload.");
	for (const char *s = text; *s && !id; s += !!*s) {
		size_t n = strspn(s, "0123456789abcdef");

		if (n == 64)
			id = xasprintf("%.12s", s);
		s += n;
	}
	if (!id && lxc) {
		lxc += lxc[4] == '/' ? 5 : 13;
		id = xasprintf("%.*s", (int)strcspn(lxc, "/\n"), lxc);
	}
	free(text);
	return id;
}

/* inner_pid - its number in its container; 0: it has only one */
static uint32_t inner_pid(uint32_t pid)
{
	char *text = proc_text(pid, "status"), *at = strstr(text, "\nNSpid:");
	uint32_t inner = 0;
	unsigned n = 0;

	if (at) {
		at += 7;
		while (*at == '\t' || *at == ' ') {
			inner = strtoul(at, &at, 10);
			n++;
		}
	}
	free(text);
	return n > 1 ? inner : 0;
}

static void add(struct look *l, const struct procmaps *maps,
		const struct procmap *m, const struct known *k)
{
	struct luaproc p = { .pid = maps->pid };
	char *exe;

	if (stat_of(p.pid, &p.ppid, &p.ticks))
		return;		/* gone meanwhile */
	p.command = proc_text(p.pid, "cmdline");
	if (!p.command[0]) {
		free(p.command);
		p.command = proc_text(p.pid, "comm");
	}
	exe = exe_of(p.pid);
	p.kind = kind_of(p.command, exe);
	free(exe);
	p.version = xstrdup(k->version);
	p.mode = k->mode;
	p.supported = k->kind == LUAFILE_JIT;
	p.path = xstrdup(m->path);
	p.deleted = m->deleted;
	p.container = container_of(p.pid);
	if (!p.container && inner_pid(p.pid))
		p.container = xstrdup("yes");
	l->procs->list = xgrow(l->procs->list, l->procs->n, &l->max,
			       sizeof(p));
	l->procs->list[l->procs->n++] = p;
}

/* Is it this program? It has a LuaJIT of its own, which is nobody's question. */
static int is_ours(uint32_t pid)
{
	char *path = xasprintf("/proc/%" PRIu32 "/exe", pid);
	struct stat a, b;
	int same = !stat(path, &a) && !stat("/proc/self/exe", &b) &&
		   a.st_dev == b.st_dev && a.st_ino == b.st_ino;

	free(path);
	return same;
}

static void look_at(struct look *l, uint32_t pid)
{
	const struct procmap *m = NULL, *where = NULL;
	enum luafile_kind best = LUAFILE_PUC;
	struct procmaps *maps;
	const struct known *k;

	if (is_ours(pid))
		return;
	maps = procmap_read(pid);
	if (!maps) {
		l->procs->hidden += errno == EACCES || errno == EPERM;
		return;
	}
	while (best != LUAFILE_JIT && (m = procmap_program(maps, m))) {
		k = file_of(l, maps, m);
		if (k->kind > best) {
			best = k->kind;
			where = m;
		}
	}
	if (where)
		add(l, maps, where, file_of(l, maps, where));
	procmap_free(maps);
}

static int by_pid(const void *a, const void *b)
{
	const struct luaproc *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

struct luaprocs *luaproc_list(void)
{
	DIR *proc = opendir("/proc");
	struct look l = { 0 };
	struct dirent *e;

	if (!proc)
		return NULL;
	l.procs = xcalloc(1, sizeof(*l.procs));
	l.files = index_new();
	while ((e = readdir(proc)))
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			look_at(&l, strtoul(e->d_name, NULL, 10));
	closedir(proc);
	if (l.procs->n)
		qsort(l.procs->list, l.procs->n, sizeof(*l.procs->list),
		      by_pid);
	for (size_t i = 0; i < l.nknown; i++)
		free(l.known[i].version);
	free(l.known);
	index_free(l.files);
	return l.procs;
}

static int has_lua(uint32_t pid)
{
	struct procmaps *maps = procmap_read(pid);
	const struct procmap *where;
	char *version = NULL;
	int has = maps && luafile_in(maps, &version, &where) == LUAFILE_JIT;

	free(version);
	procmap_free(maps);
	return has;
}

uint32_t luaproc_outer(uint32_t pid, char **container)
{
	uint32_t any = 0, lua = 0, nany = 0, nlua = 0, outer;
	DIR *proc = opendir("/proc");
	struct dirent *e;

	*container = NULL;
	while (proc && (e = readdir(proc))) {
		outer = strtoul(e->d_name, NULL, 10);
		if (!outer || inner_pid(outer) != pid)
			continue;
		any = outer;
		nany++;
		if (has_lua(outer)) {
			lua = outer;
			nlua++;
		}
	}
	if (proc)
		closedir(proc);
	outer = nlua == 1 ? lua : !nlua && nany == 1 ? any : 0;
	if (outer)
		*container = container_of(outer);
	return outer;
}

void luaproc_free(struct luaprocs *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++) {
		free(l->list[i].command);
		free(l->list[i].version);
		free(l->list[i].path);
		free(l->list[i].container);
	}
	free(l->list);
	free(l);
}
