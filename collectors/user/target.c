/* target.c - what a collector in user space tells of its target.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "mem.h"
#include "procmap.h"
#include "target.h"

/* The core's surroundings here. It walks nothing, so there is no dictionary. */
struct lj_walk;
static int rd(struct lj_walk *w, void *dst, size_t n, uint64_t addr);
static int put(struct lj_walk *w, const void *rec, size_t len);

#define LJ_RD(w, dst, n, addr)	rd(w, dst, n, addr)
#define LJ_OUT(w, rec, len)	put(w, rec, len)
#define LJ_ID(w, key, flags)	((void)(key), (void)(flags), 0)
#define LJ_ID_SENT(w, key)	((void)(key))
#define LJ_TASK(w)		((struct lj_task *)0)
#define LJ_VM(w, d, create)	((void)(d), (struct lj_vm *)0)
#include "lj_walk.h"
#include "lj_elf.h"
#include "lj_other.h"

struct target {
	struct lj_walk w;	/* first: what the core hands to rd() and put() */
	uint32_t pid;
	FILE *out;
	struct index *told;	/* hashes of mappings */
	char *other;		/* path of another Lua, or NULL */
};

static int rd(struct lj_walk *w, void *dst, size_t n, uint64_t addr)
{
	struct iovec l = { dst, n }, r = { (void *)(uintptr_t)addr, n };

	return process_vm_readv(w->pid, &l, 1, &r, 1, 0) == (ssize_t)n ? 0 : -1;
}

static int put(struct lj_walk *w, const void *rec, size_t len)
{
	struct target *t = (struct target *)w;

	return fwrite(rec, len, 1, t->out) == 1 ? 0 : -1;
}

static uint64_t now(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

struct target *target_new(uint32_t pid, FILE *out, uint32_t lane)
{
	struct target *t = xcalloc(1, sizeof(*t));

	t->pid = t->w.pid = pid;
	t->w.lane = lane;
	t->out = out;
	t->told = index_new();
	return t;
}

void target_free(struct target *t)
{
	if (!t)
		return;
	index_free(t->told);
	free(t->other);
	free(t);
}

void target_meta(struct target *t, const char *key, const char *value)
{
	struct ljd_meta *m = &t->w.rec.meta;
	char *text = xasprintf("%s=%.1000s", key, value);

	memset(&t->w.rec, 0, sizeof(t->w.rec));
	m->n = strlen(text);
	memcpy(m + 1, text, m->n);
	LJ_EMIT(&t->w, meta, m->n);
	free(text);
}

static void meta_command(struct target *t)
{
	char *path = xasprintf("/proc/%" PRIu32 "/comm", t->pid);
	char comm[64] = "";
	FILE *f = fopen(path, "re");

	if (f && fgets(comm, sizeof(comm), f))
		comm[strcspn(comm, "\n")] = 0;
	if (f)
		fclose(f);
	target_meta(t, "command", comm);
	free(path);
}

void target_header(struct target *t, uint32_t collector, uint32_t hz,
		   uint32_t duration, uint32_t depth, const char *runtime)
{
	struct ljd_header *h = lj_header(&t->w, collector, t->pid, depth);
	struct utsname u;

	h->hz = hz;
	h->duration = duration;
	h->cpus = sysconf(_SC_NPROCESSORS_ONLN);
	h->time = now(CLOCK_MONOTONIC);
	h->realtime = now(CLOCK_REALTIME);
	LJ_EMIT(&t->w, header, 0);
	target_meta(t, "runtime", runtime);
	if (!uname(&u)) {
		target_meta(t, "kernel", u.release);
		target_meta(t, "host", u.nodename);
	}
	meta_command(t);
}

/* -- The memory map ----------------------------------------------------- */

static void fill_map(struct ljd_map *m, const struct procmaps *maps,
		     const struct procmap *p)
{
	char *file = p->ino ? procmap_file(maps, p) : NULL;
	struct stat st;

	m->time = now(CLOCK_MONOTONIC);
	m->start = p->start;
	m->end = p->end;
	m->pgoff = p->offset;
	m->dev = p->dev;
	m->ino = p->ino;
	m->pid = maps->pid;
	m->prot = (p->read ? LJD_prot_READ : 0) |
		  (p->write ? LJD_prot_WRITE : 0) |
		  (p->exec ? LJD_prot_EXEC : 0);
	if (file && !stat(file, &st)) {
		m->size = st.st_size;
		m->mtime = st.st_mtime;
	}
	free(file);
}

static void put_map(struct target *t, const struct procmaps *maps,
		    const struct procmap *p)
{
	const uint64_t key[] = { p->start, p->end, p->offset, p->ino, p->dev,
				 p->read << 2 | p->write << 1 | p->exec };
	uint64_t hash = mem_hash(key, sizeof(key));
	struct ljd_map *m = &t->w.rec.map;

	if ((!p->ino && !p->exec) || index_get(t->told, hash) >= 0)
		return;
	if (!t->other && lj_other_lua(p->path))
		t->other = xstrdup(p->path);
	memset(&t->w.rec, 0, sizeof(t->w.rec));
	fill_map(m, maps, p);
	m->n = strnlen(p->path, 4096);
	memcpy(m + 1, p->path, m->n);
	if (LJ_EMIT(&t->w, map, m->n))
		return;
	index_put(t->told, hash, 1);
	if (p->ino && !p->offset)
		lj_emit_buildid(&t->w, t->pid, p->start);
}

int target_maps(struct target *t)
{
	struct procmaps *maps = procmap_read(t->pid);
	int n = 0;

	if (!maps)
		return errno == EACCES || errno == EPERM ? -1 : 0;
	for (size_t i = 0; i < maps->n; i++)
		put_map(t, maps, &maps->map[i]);
	n = maps->n;
	procmap_free(maps);
	return n;
}

const char *target_other_lua(const struct target *t)
{
	return t->other;
}

/* -- CPU usage ------------------------------------------------------------ */

static uint32_t thread_count(uint32_t pid)
{
	char *path = xasprintf("/proc/%" PRIu32 "/stat", pid), text[1024];
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	uint32_t threads = 0;
	char *behind;

	free(path);
	if (f)
		fclose(f);
	text[n] = 0;
	/* The command may hold anything, a parenthesis too. */
	behind = strrchr(text, ')');
	if (!behind || sscanf(behind + 1, " %*c %*d %*d %*d %*d %*d %*u %*u "
			      "%*u %*u %*u %*u %*u %*d %*d %*d %*d %" SCNu32,
			      &threads) != 1)
		return 0;
	return threads;
}

void target_usage(struct target *t)
{
	struct ljd_usage *u = &t->w.rec.usage;
	clockid_t clock;
	struct timespec ts;

	if (clock_getcpuclockid(t->pid, &clock) || clock_gettime(clock, &ts))
		return;
	u->time = now(CLOCK_MONOTONIC);
	u->cpu = ts.tv_sec * 1000000000ull + ts.tv_nsec;
	u->pid = t->pid;
	u->threads = thread_count(t->pid);
	LJ_EMIT(&t->w, usage, 0);
}

void target_end(struct target *t, const struct ljd_end *end)
{
	struct ljd_end *e = &t->w.rec.end;

	*e = *end;
	e->time = now(CLOCK_MONOTONIC);
	e->records += t->w.t.records;
	e->emitfail += t->w.t.emitfail;
	LJ_EMIT(&t->w, end, 0);
}
