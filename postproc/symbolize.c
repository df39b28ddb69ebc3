/* symbolize.c - addresses in mapped files -> names of C functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The only user of elfutils.
 */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>
#include <gelf.h>

#include "diag.h"
#include "mem.h"
#include "symbolize.h"

#define MAXSYMS		(1 << 22)	/* of a file; keeps damage cheap */

struct sym {
	uint64_t start, end;
	const char *name;	/* in the ELF file */
	int rank;		/* smaller is better */
};

struct file {
	const char *path;
	uint64_t dev, ino;
	int fd, debug_fd;
	Elf *elf;		/* NULL: not to be used */
	Elf *debug;		/* its separate symbols, or NULL */
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

	elf_version(EV_CURRENT);
	s->p = p;
	s->sysroot = sysroot ? xstrdup(sysroot) : NULL;
	s->off = off;
	s->names = pool_new();
	s->byplace = index_new();
	return s;
}

static void close_elf(Elf **elf, int *fd)
{
	elf_end(*elf);
	*elf = NULL;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void symbolize_free(struct symbolize *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nfiles; i++) {
		close_elf(&s->file[i].elf, &s->file[i].fd);
		close_elf(&s->file[i].debug, &s->file[i].debug_fd);
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

static int same_id(Elf *elf, const struct profile_buildid *b)
{
	const void *id = NULL;
	ssize_t n = dwelf_elf_gnu_build_id(elf, &id);

	/* The collector may keep only the first bytes of a long id. */
	return n >= (ssize_t)b->n && !memcmp(id, b->id, b->n);
}

static int same_inode(int fd, const struct ljd_map *m)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_ino == m->ino &&
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
	return s->sysroot || same_inode(f->fd, &m->r);
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

/* Open a file if it is a regular one and ELF. */
static Elf *open_file(const char *path, int *fd)
{
	struct stat st;
	Elf *elf = NULL;

	/* O_NONBLOCK: a path of the dump may name a pipe by now. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (*fd >= 0 && !fstat(*fd, &st) && S_ISREG(st.st_mode))
		elf = elf_begin(*fd, ELF_C_READ_MMAP, NULL);
	if (!elf || elf_kind(elf) != ELF_K_ELF)
		close_elf(&elf, fd);
	return elf;
}

static void open_elf(struct symbolize *s, struct file *f,
		     const struct profile_map *m)
{
	char *path = real_path(s, m->path);

	f->elf = open_file(path, &f->fd);
	if (f->elf && !is_the_one(s, f, m)) {
		diag_note("%s: not the file that was running; its symbols are "
			  "not used, see --sysroot", path);
		close_elf(&f->elf, &f->fd);
	}
	free(path);
}

/* Symbols a distribution keeps apart, in .build-id/xx/yyyy.debug. */
static void open_debug(struct symbolize *s, struct file *f)
{
	const void *id = NULL, *other = NULL;
	ssize_t n = dwelf_elf_gnu_build_id(f->elf, &id);
	char hex[2 * PROFILE_MAXBUILDID + 1], *path;

	if (n < 2 || n > PROFILE_MAXBUILDID)
		return;
	for (ssize_t i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x",
			 ((const unsigned char *)id)[i]);
	path = xasprintf("%s/usr/lib/debug/.build-id/%.2s/%s.debug",
			 s->sysroot ? s->sysroot : "", hex, hex + 2);
	f->debug = open_file(path, &f->debug_fd);
	if (f->debug && (dwelf_elf_gnu_build_id(f->debug, &other) != n ||
			 memcmp(id, other, n)))
		close_elf(&f->debug, &f->debug_fd);
	free(path);
}

/* -- Symbols ------------------------------------------------------------ */

/* Of several names of one function, the one people use. */
static int rank(const char *name, const GElf_Sym *sym)
{
	int bind = GELF_ST_BIND(sym->st_info);

	return (name[0] == '_') * 4 + (bind == STB_LOCAL) * 2 +
	       (bind == STB_WEAK);
}

static void add_sym(struct file *f, Elf *elf, const GElf_Shdr *sh,
		    Elf_Data *data, int i)
{
	const char *name;
	GElf_Sym sym;
	int type;

	if (!gelf_getsym(data, i, &sym) || sym.st_shndx == SHN_UNDEF ||
	    !sym.st_size || f->nsyms >= MAXSYMS)
		return;
	type = GELF_ST_TYPE(sym.st_info);
	if (type != STT_FUNC && type != STT_GNU_IFUNC && type != STT_NOTYPE)
		return;
	name = elf_strptr(elf, sh->sh_link, sym.st_name);
	if (!name || !*name)
		return;
	f->sym = xgrow(f->sym, f->nsyms, &f->maxsyms, sizeof(*f->sym));
	f->sym[f->nsyms++] = (struct sym){
		sym.st_value, sym.st_value + sym.st_size, name,
		rank(name, &sym)
	};
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

static void add_syms(struct file *f, Elf *elf)
{
	Elf_Scn *scn = NULL;

	while ((scn = elf_nextscn(elf, scn))) {
		GElf_Shdr sh;
		Elf_Data *data;

		if (!gelf_getshdr(scn, &sh) || (sh.sh_type != SHT_SYMTAB &&
						sh.sh_type != SHT_DYNSYM))
			continue;
		data = elf_getdata(scn, NULL);
		if (!data || !sh.sh_entsize)
			continue;
		for (size_t i = 0; i < data->d_size / sh.sh_entsize &&
				   i < MAXSYMS; i++)
			add_sym(f, elf, &sh, data, i);
	}
}

static void load_syms(struct file *f)
{
	size_t n = 0;

	add_syms(f, f->elf);
	if (f->debug)
		add_syms(f, f->debug);
	if (f->nsyms)
		qsort(f->sym, f->nsyms, sizeof(*f->sym), by_start);
	for (size_t i = 0; i < f->nsyms; i++)
		if (!n || f->sym[n - 1].start != f->sym[i].start)
			f->sym[n++] = f->sym[i];
	f->nsyms = n;
}

/* -- Starts of functions without symbols -------------------------------- */

/* What binutils and lld write: 32 bit pairs relative to the section. */
#define HDR_UDATA4		0x03
#define HDR_DATAREL_SDATA4	0x3b

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* .eh_frame_hdr is a sorted table of all functions' starts. */
static void parse_hdr(struct file *f, const GElf_Phdr *ph)
{
	size_t size;
	char *raw = elf_rawfile(f->elf, &size);
	unsigned char *p;
	uint32_t n;
	int32_t rel;

	if (!raw || ph->p_offset > size || ph->p_filesz > size - ph->p_offset ||
	    ph->p_filesz < 12)
		return;
	p = (unsigned char *)raw + ph->p_offset;
	if (p[0] != 1 || (p[1] & 0x0f) != 0x0b || p[2] != HDR_UDATA4 ||
	    p[3] != HDR_DATAREL_SDATA4)
		return;
	memcpy(&n, p + 8, 4);
	if (n > (ph->p_filesz - 12) / 8)
		n = (ph->p_filesz - 12) / 8;
	f->func = xmalloc((size_t)n * sizeof(*f->func));
	for (uint32_t i = 0; i < n; i++) {
		memcpy(&rel, p + 12 + (size_t)i * 8, 4);
		f->func[i] = ph->p_vaddr + (int64_t)rel;
	}
	f->nfuncs = n;
	if (n)
		qsort(f->func, n, sizeof(*f->func), by_value);
}

static void load_funcs(struct file *f)
{
	size_t n = 0;
	GElf_Phdr ph;

	if (elf_getphdrnum(f->elf, &n))
		return;
	for (size_t i = 0; i < n && !f->func; i++)
		if (gelf_getphdr(f->elf, i, &ph) &&
		    ph.p_type == PT_GNU_EH_FRAME)
			parse_hdr(f, &ph);
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
	f->fd = f->debug_fd = -1;
	if (!s->off && m->path[0] == '/')
		open_elf(s, f, m);
	if (f->elf) {
		open_debug(s, f);
		load_syms(f);
		load_funcs(f);
	}
	return s->nfiles++;
}

/* File offset -> the address the ELF file itself uses. */
static int to_vaddr(const struct file *f, uint64_t ofs, uint64_t *vaddr)
{
	size_t n = 0;
	GElf_Phdr ph;

	if (!f->elf || elf_getphdrnum(f->elf, &n))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(f->elf, i, &ph) || ph.p_type != PT_LOAD ||
		    ofs < ph.p_offset || ofs - ph.p_offset >= ph.p_filesz)
			continue;
		*vaddr = ofs - ph.p_offset + ph.p_vaddr;
		return 0;
	}
	return -1;
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

	if (!to_vaddr(f, ofs, &at)) {
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
