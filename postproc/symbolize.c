/* symbolize.c - addresses in mapped files -> names of C functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"
#include "elffile.h"
#include "mem.h"
#include "symbolize.h"

struct sym {
	uint64_t start, end;
	const char *name;	/* in the ELF file */
	int rank;		/* smaller is better */
};

struct file {
	const char *path;
	uint64_t dev, ino;
	struct elffile *elf;	/* NULL: not to be used */
	struct elffile *debug;	/* its separate symbols, or NULL */
	struct sym *sym;	/* by start; no two start alike */
	size_t nsyms, maxsyms;
	uint64_t *func;		/* starts of functions, by .eh_frame_hdr */
	size_t nfuncs;
};

struct symbolize {
	const struct profile *p;
	char *sysroot;
	int off;
	struct pool *names;
	struct index *byplace;	/* hash of file and address -> name */
	struct file *file;
	size_t nfiles, maxfiles;
};

struct symbolize *symbolize_new(const struct profile *p, const char *sysroot,
				int off)
{
	struct symbolize *s = xcalloc(1, sizeof(*s));

	s->p = p;
	s->sysroot = sysroot ? xstrdup(sysroot) : NULL;
	s->off = off;
	s->names = pool_new();
	s->byplace = index_new();
	return s;
}

void symbolize_free(struct symbolize *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nfiles; i++) {
		elffile_close(s->file[i].elf);
		elffile_close(s->file[i].debug);
		free(s->file[i].sym);
		free(s->file[i].func);
	}
	free(s->file);
	free(s->sysroot);
	pool_free(s->names);
	index_free(s->byplace);
	free(s);
}

/* -- Is it the file that was mapped? ------------------------------------ */

static int same_id(const struct elffile *elf, const struct profile_buildid *b)
{
	const unsigned char *id;
	size_t n = elffile_buildid(elf, &id);

	/* The collector may keep only the first bytes of a long id. */
	return n >= b->n && !memcmp(id, b->id, b->n);
}

static int same_inode(const struct elffile *elf, const struct ljd_map *m)
{
	struct stat st;

	return !elffile_stat(elf, &st) && st.st_ino == m->ino &&
	       (!m->size || (uint64_t)st.st_size == m->size) &&
	       (!m->mtime || (uint64_t)st.st_mtime == m->mtime);
}

static int is_the_one(const struct symbolize *s, const struct file *f,
		      const struct profile_map *m)
{
	const struct profile_buildid *b = profile_buildid_of(s->p, m);

	if (b)
		return same_id(f->elf, b);
	/* Below a sysroot inodes are others: the user vouches for it. */
	return s->sysroot || same_inode(f->elf, &m->r);
}

/* The path without what the kernel says about it. */
static char *real_path(const struct symbolize *s, const char *path)
{
	static const char deleted[] = " (deleted)";
	size_t n = strlen(path), d = sizeof(deleted) - 1;

	if (n > d && !strcmp(path + n - d, deleted))
		n -= d;
	return xasprintf("%s%.*s", s->sysroot ? s->sysroot : "", (int)n, path);
}

/* The file itself while the process lives, by whatever name it has in a
 * container, or by none: /proc shows it to root.
 */
static int open_live(struct symbolize *s, struct file *f,
		     const struct profile_map *m)
{
	char *path;

	if (s->sysroot)
		return -1;
	path = xasprintf("/proc/%" PRIu32 "/map_files/%llx-%llx", m->r.pid,
			 m->r.start, m->r.end);
	f->elf = elffile_open(path);
	free(path);
	if (f->elf && is_the_one(s, f, m))
		return 0;
	elffile_close(f->elf);
	f->elf = NULL;
	return -1;
}

static void open_elf(struct symbolize *s, struct file *f,
		     const struct profile_map *m)
{
	char *path = real_path(s, m->path);
	int other;

	f->elf = elffile_open(path);
	if (f->elf && is_the_one(s, f, m))
		goto out;
	other = f->elf != NULL;
	elffile_close(f->elf);
	f->elf = NULL;
	if (open_live(s, f, m) && other)
		diag_note("%s: not the file that was running; its symbols are "
			  "not used, see --sysroot", path);
out:
	free(path);
}

/* Symbols a distribution keeps apart, in .build-id/xx/yyyy.debug. */
static void open_debug(struct symbolize *s, struct file *f)
{
	const unsigned char *id, *other;
	size_t n = elffile_buildid(f->elf, &id);
	char hex[2 * PROFILE_MAXBUILDID + 1], *path;

	if (n < 2 || n > PROFILE_MAXBUILDID)
		return;
	for (size_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", id[i]);
	path = xasprintf("%s/usr/lib/debug/.build-id/%.2s/%s.debug",
			 s->sysroot ? s->sysroot : "", hex, hex + 2);
	f->debug = elffile_open(path);
	if (f->debug && (elffile_buildid(f->debug, &other) != n ||
			 memcmp(id, other, n))) {
		elffile_close(f->debug);
		f->debug = NULL;
	}
	free(path);
}

/* -- Symbols ------------------------------------------------------------ */

/* Of several names of one function, the one people use. */
static int rank(const struct elffile_sym *s)
{
	return (s->name[0] == '_') * 4 + s->local * 2 + s->weak;
}

static void add_sym(void *ctx, const struct elffile_sym *s)
{
	struct file *f = ctx;

	if (!s->func || s->start == s->end)
		return;
	f->sym = xgrow(f->sym, f->nsyms, &f->maxsyms, sizeof(*f->sym));
	f->sym[f->nsyms++] = (struct sym){ s->start, s->end, s->name, rank(s) };
}

static int by_start(const void *a, const void *b)
{
	const struct sym *x = a, *y = b;

	if (x->start != y->start)
		return x->start < y->start ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank - y->rank;
	if (strlen(x->name) != strlen(y->name))
		return strlen(x->name) < strlen(y->name) ? -1 : 1;
	return strcmp(x->name, y->name);
}

static void load_syms(struct file *f)
{
	size_t n = 0;

	elffile_syms(f->elf, add_sym, f);
	if (f->debug)
		elffile_syms(f->debug, add_sym, f);
	if (f->nsyms)
		qsort(f->sym, f->nsyms, sizeof(*f->sym), by_start);
	for (size_t i = 0; i < f->nsyms; i++)
		if (!n || f->sym[n - 1].start != f->sym[i].start)
			f->sym[n++] = f->sym[i];
	f->nsyms = n;
}

/* -- Looking up --------------------------------------------------------- */

static size_t file_of(struct symbolize *s, const struct profile_map *m)
{
	struct file *f;

	for (size_t i = 0; i < s->nfiles; i++)
		if (s->file[i].path == m->path && s->file[i].ino == m->r.ino &&
		    s->file[i].dev == m->r.dev)
			return i;
	s->file = xgrow(s->file, s->nfiles, &s->maxfiles, sizeof(*f));
	f = &s->file[s->nfiles];
	memset(f, 0, sizeof(*f));
	f->path = m->path;
	f->ino = m->r.ino;
	f->dev = m->r.dev;
	if (!s->off && m->path[0] == '/')
		open_elf(s, f, m);
	if (f->elf) {
		open_debug(s, f);
		load_syms(f);
		f->func = elffile_funcs(f->elf, &f->nfuncs);
	}
	return s->nfiles++;
}

static const char *sym_at(const struct file *f, uint64_t vaddr)
{
	size_t lo = 0, hi = f->nsyms;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->sym[mid].start <= vaddr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && vaddr < f->sym[lo - 1].end ? f->sym[lo - 1].name : NULL;
}

static uint64_t start_of(const struct file *f, uint64_t vaddr)
{
	size_t lo = 0, hi = f->nfuncs;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->func[mid] <= vaddr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? f->func[lo - 1] : vaddr;
}

static const char *base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

static char *describe(const struct file *f, uint64_t ofs)
{
	const char *name = NULL;
	uint64_t at = ofs;

	if (f->elf && !elffile_vaddr(f->elf, ofs, &at)) {
		name = sym_at(f, at);
		at = start_of(f, at);
	}
	if (name)
		return xstrdup(name);
	if (f->path[0] != '/')		/* [vdso] and the like */
		return xstrdup(f->path);
	return xasprintf("[%s+0x%llx]", base(f->path), (unsigned long long)at);
}

const char *symbolize_addr(struct symbolize *s, const struct profile_map *m,
			   uint64_t addr)
{
	uint64_t place[2], key;
	char *name;
	long id;

	place[0] = file_of(s, m);
	place[1] = addr - m->r.start + m->r.pgoff;
	key = mem_hash(place, sizeof(place));
	id = index_get(s->byplace, key);
	if (id < 0) {
		name = describe(&s->file[place[0]], place[1]);
		id = pool_add(s->names, name, strlen(name));
		index_put(s->byplace, key, id);
		free(name);
	}
	return pool_str(s->names, id);
}
