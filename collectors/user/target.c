/* target.c - what a collector in user space tells of its target.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "mapwatch.h"
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
#include "lj_alloc.h"
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

void target_header(struct target *t, uint32_t collector, int several,
		   uint32_t weight, uint32_t hz, uint32_t duration,
		   uint32_t depth, const char *runtime)
{
	struct ljd_header *h = lj_header(&t->w, collector,
					 several ? 0 : t->pid, depth);
	struct utsname u;

	h->weight = weight;
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

/* file_of - what the file of a mapping is; -1: there is none to be seen */
static int file_of(uint32_t pid, const struct procmap *p, struct stat *st)
{
	const struct procmaps maps = { .pid = pid };
	char *file = procmap_file(&maps, p);
	int ret = file ? stat(file, st) : -1;

	free(file);
	return ret;
}

static void fill_map(struct target *t, const struct procmap *p, uint64_t time,
		     const struct stat *st)
{
	struct ljd_map *m = &t->w.rec.map;

	memset(&t->w.rec, 0, sizeof(t->w.rec));
	m->time = time;
	m->start = p->start;
	m->end = p->end;
	m->pgoff = p->offset;
	m->dev = p->dev;
	m->ino = p->ino;
	m->pid = t->pid;
	m->prot = (p->read ? LJD_prot_READ : 0) |
		  (p->write ? LJD_prot_WRITE : 0) |
		  (p->exec ? LJD_prot_EXEC : 0);
	if (st) {
		m->size = st->st_size;
		m->mtime = st->st_mtime;
	}
}

static uint64_t map_hash(const struct procmap *p)
{
	const uint64_t key[] = { p->start, p->end, p->offset, p->ino, p->dev,
				 p->read << 2 | p->write << 1 | p->exec };

	return mem_hash(key, sizeof(key));
}

/* emit_map - write the record of a mapping; -1: it could not be written */
static int emit_map(struct target *t, const struct procmap *p, uint64_t time,
		    const struct stat *st)
{
	struct ljd_map *m = &t->w.rec.map;

	if (!t->other && lj_other_lua(p->path))
		t->other = xstrdup(p->path);
	fill_map(t, p, time, st);
	m->n = strnlen(p->path, 4096);
	memcpy(m + 1, p->path, m->n);
	if (LJ_EMIT(&t->w, map, m->n))
		return -1;
	index_put(t->told, map_hash(p), 1);
	return 0;
}

static void put_map(struct target *t, const struct procmap *p)
{
	struct stat st;

	if ((!p->ino && !p->exec) || index_get(t->told, map_hash(p)) >= 0)
		return;
	if (emit_map(t, p, now(CLOCK_MONOTONIC),
		     p->ino && !file_of(t->pid, p, &st) ? &st : NULL))
		return;
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
		put_map(t, &maps->map[i]);
	n = maps->n;
	procmap_free(maps);
	return n;
}

static void put_buildid(struct target *t, const struct mapped *m)
{
	struct ljd_buildid *b = &t->w.rec.buildid;

	memset(&t->w.rec, 0, sizeof(t->w.rec));
	b->start = m->start;
	b->pid = t->pid;
	b->n = m->idlen;
	memcpy(b + 1, m->id, m->idlen);
	LJ_EMIT(&t->w, buildid, m->idlen);
}

int target_mapped(struct target *t, const struct mapped *m)
{
	struct procmap p = {
		.start = m->start, .end = m->end,
		.offset = *m->path ? m->offset : 0,
		.ino = m->ino, .dev = m->dev,
		.read = !!(m->prot & PROT_READ),
		.write = !!(m->prot & PROT_WRITE),
		.exec = !!(m->prot & PROT_EXEC),
		.path = (char *)m->path,
	};
	struct stat st;
	int seen = *m->path && !file_of(t->pid, &p, &st);

	if (seen && !p.ino) {
		p.ino = st.st_ino;
		p.dev = (uint64_t)major(st.st_dev) << 32 | minor(st.st_dev);
	}
	/* Machine code is made writable and executable again and again. */
	if (!*m->path && index_get(t->told, map_hash(&p)) >= 0)
		return 0;
	if (!emit_map(t, &p, m->time, seen ? &st : NULL) && m->idlen)
		put_buildid(t, m);
	return *m->path != 0;
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

void target_block(struct target *t, const struct lj_alloc *a, uint32_t tid)
{
	t->w.time = now(CLOCK_MONOTONIC);
	t->w.pid = t->pid;
	t->w.tid = tid;
	lj_emit_alloc(&t->w, a, 0);
}

void target_tally(const struct target *t, struct ljd_end *end)
{
	end->records += t->w.t.records;
	end->emitfail += t->w.t.emitfail;
}

void target_end(struct target *t, const struct ljd_end *end)
{
	struct ljd_end *e = &t->w.rec.end;

	*e = *end;
	e->time = now(CLOCK_MONOTONIC);
	LJ_EMIT(&t->w, end, 0);
}
