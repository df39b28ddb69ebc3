/* symbolize.c - addresses in mapped files -> names of C functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "elffile.h"
#include "mem.h"
#include "symbolize.h"

struct sym {
	uint64_t start, end;
	const char *name;	/* in the ELF file */
	int rank;		/* smaller is better */
};

struct file {
	const struct mapfile *m;
	struct sym *sym;	/* by start; no two start alike */
	size_t nsyms, maxsyms;
	uint64_t *func;		/* starts of functions, by .eh_frame_hdr */
	size_t nfuncs;
};

struct symbolize {
	const struct profile *p;
	struct mapfiles *files;
	struct pool *names;
	struct index *byplace;	/* hash of file and address -> name */
	struct file *file;	/* by mapfile_number() */
	size_t nfiles, maxfiles;
};

struct symbolize *symbolize_new(const struct profile *p,
				struct mapfiles *files)
{
	struct symbolize *s = xcalloc(1, sizeof(*s));

	s->p = p;
	s->files = files;
	s->names = pool_new();
	s->byplace = index_new();
	return s;
}

void symbolize_free(struct symbolize *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nfiles; i++) {
		free(s->file[i].sym);
		free(s->file[i].func);
	}
	free(s->file);
	pool_free(s->names);
	index_free(s->byplace);
	free(s);
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

	elffile_syms(f->m->elf, add_sym, f);
	if (f->nsyms)
		qsort(f->sym, f->nsyms, sizeof(*f->sym), by_start);
	for (size_t i = 0; i < f->nsyms; i++)
		if (!n || f->sym[n - 1].start != f->sym[i].start)
			f->sym[n++] = f->sym[i];
	f->nsyms = n;
}

/* -- Looking up --------------------------------------------------------- */

static struct file *file_of(struct symbolize *s, const struct profile_map *map)
{
	const struct mapfile *m = mapfile_of(s->files, s->p, map);
	struct file *f;

	while (s->nfiles <= m->number) {
		s->file = xgrow(s->file, s->nfiles, &s->maxfiles, sizeof(*f));
		memset(&s->file[s->nfiles++], 0, sizeof(*f));
	}
	f = &s->file[m->number];
	if (f->m)
		return f;
	f->m = m;
	if (m->elf) {
		load_syms(f);
		f->func = elffile_funcs(m->elf, &f->nfuncs);
	}
	return f;
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

/* The name of the function at an address of the file, or NULL; its start. */
static const char *function_at(const struct file *f, uint64_t ofs,
			       uint64_t *start)
{
	const char *name = NULL;

	*start = ofs;
	if (f->m->elf && !elffile_vaddr(f->m->elf, ofs, start)) {
		name = sym_at(f, *start);
		*start = start_of(f, *start);
	}
	return name;
}

static char *describe(const struct file *f, uint64_t ofs)
{
	uint64_t at;
	const char *name = function_at(f, ofs, &at);

	if (name)	/* without "@VERSION" */
		return xasprintf("%.*s", (int)strcspn(name, "@"), name);
	if (f->m->path[0] != '/')		/* [vdso] and the like */
		return xstrdup(f->m->path);
	return xasprintf("[%s+0x%llx]", base(f->m->path),
			 (unsigned long long)at);
}

static uint64_t offset_of(const struct profile_map *m, uint64_t addr)
{
	return addr - m->r.start + m->r.pgoff;
}

const char *symbolize_addr(struct symbolize *s, const struct profile_map *m,
			   uint64_t addr)
{
	const struct file *f = file_of(s, m);
	const uint64_t place[] = { f->m->number, offset_of(m, addr) };
	uint64_t key = mem_hash(place, sizeof(place));
	char *name;
	long id;

	id = index_get(s->byplace, key);
	if (id < 0) {
		name = describe(f, place[1]);
		id = pool_add(s->names, name, strlen(name));
		index_put(s->byplace, key, id);
		free(name);
	}
	return pool_str(s->names, id);
}

const char *symbolize_symbol(struct symbolize *s, const struct profile_map *m,
			     uint64_t addr)
{
	uint64_t start;

	return function_at(file_of(s, m), offset_of(m, addr), &start);
}

int symbolize_apart(struct symbolize *s, const struct profile_map *m,
		    uint64_t a, uint64_t b)
{
	return file_of(s, m)->nfuncs && b >= m->r.start && b < m->r.end &&
	       !symbolize_same(s, m, a, b);
}

int symbolize_same(struct symbolize *s, const struct profile_map *m,
		   uint64_t a, uint64_t b)
{
	const struct file *f = file_of(s, m);
	uint64_t x, y;

	if (b < m->r.start || b >= m->r.end)
		return 0;
	function_at(f, offset_of(m, a), &x);
	function_at(f, offset_of(m, b), &y);
	return x == y;
}
