/* vmplace.c - places in the code of a live process's LuaJIT, by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* For layout.h. */
#define LJ_ATMOST(n, max)	(n)

#include "codepat.h"
#include "diag.h"
#include "elffile.h"
#include "mem.h"
#include "profile.h"
#include "vmcode.h"
#include "vmelf.h"
#include "vmpick.h"
#include "vmplace.h"

#define FROM_BYTES	64	/* of a function, to look for a call in */
#define TABLE_MAX	512	/* words of a dispatch table: 400 */

enum kind { GIVEN, CODE, FAST, CALL, FROM, NAMED };

static const struct row {
	enum kind kind;
	enum vmplace_id id, from;
	const char *pat[LJ_MODE_MAX];
} rows[] = {
#define GIVEN(name)		{ .kind = GIVEN, .id = VMPLACE_##name },
#define NAMED(name)		{ .kind = NAMED, .id = VMPLACE_##name },
#define ROW(k, name, gc64, gc32) \
	{ k, VMPLACE_##name, 0, { [LJ_MODE_gc64] = gc64, \
				  [LJ_MODE_gc32] = gc32 } },
#define CODE(name, gc64, gc32)	ROW(CODE, name, gc64, gc32)
#define FAST(name, gc64, gc32)	ROW(FAST, name, gc64, gc32)
#define CALL(name, gc64, gc32)	ROW(CALL, name, gc64, gc32)
#define FROM(name, other, any)	{ FROM, VMPLACE_##name, VMPLACE_##other, \
				  { any, any } },
#include "vmplace.def"
#undef GIVEN
#undef NAMED
#undef ROW
#undef CODE
#undef FAST
#undef CALL
#undef FROM
};

static const char *const names[VMPLACE_MAX] = {
#define GIVEN(name)		#name,
#define CODE(name, gc64, gc32)	#name,
#define FAST(name, gc64, gc32)	#name,
#define CALL(name, gc64, gc32)	#name,
#define FROM(name, from, any)
#define NAMED(name)		#name,
#include "vmplace.def"
#undef GIVEN
#undef CODE
#undef FAST
#undef CALL
#undef FROM
#undef NAMED
};

struct vmplaces {
	struct vmplace at[VMPLACE_MAX];
	char *name;		/* of the process, for messages */
	char *path, *alloc_path;	/* LuaJIT's file, the allocator's */
	uint64_t code;		/* an address in the VM */
	struct vmsymbol *sym;
	size_t nsym, maxsym;
};

/* What is known while one file is looked at. */
struct search {
	struct vmplaces *ps;
	struct elffile *f;
	struct vmelf v;
	const unsigned char *p;	/* the VM's code */
	size_t n;
	uint64_t bias;		/* addresses in the process - the file's */
	uint64_t *func, table[TABLE_MAX];
	size_t nfunc, ntable;
};

/* -- The file ------------------------------------------------------------ */

/* The n bytes at an address, or as many of them as the file has. */
static const unsigned char *code_at(struct elffile *f, uint64_t vaddr,
				    size_t *n, uint64_t *offset)
{
	struct elffile_segment s;

	for (size_t i = 0; !elffile_segment(f, i, &s); i++) {
		if (!s.exec || vaddr < s.vaddr || vaddr - s.vaddr >= s.n)
			continue;
		if (*n > s.n - (vaddr - s.vaddr))
			*n = s.n - (vaddr - s.vaddr);
		*offset = s.offset + (vaddr - s.vaddr);
		return s.p + (vaddr - s.vaddr);
	}
	return NULL;
}

static void set(struct search *s, enum vmplace_id id, uint64_t vaddr)
{
	struct vmplace *at = &s->ps->at[id];
	size_t n = 1;

	if (!code_at(s->f, vaddr, &n, &at->offset))
		return;
	at->vaddr = vaddr;
	at->addr = vaddr + s->bias;
	at->path = s->ps->path;
}

/* -- Patterns ------------------------------------------------------------ */

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static int has(const uint64_t *sorted, size_t n, uint64_t v)
{
	return n && bsearch(&v, sorted, n, sizeof(v), by_value);
}

/* What all places that match tell; 0: there is none, or they differ. */
static uint64_t told(const char *pat, int call, const unsigned char *p,
		     size_t n, uint64_t vaddr)
{
	size_t size = codepat_size(pat);
	const unsigned char *at = p;
	int64_t distance = 0;
	uint64_t all = 0;

	while ((at = codepat_next(pat, at, p + n - at, &distance))) {
		uint64_t v = vaddr + (at - p);

		if (call)
			v += size + distance;
		if (all && v != all)
			return 0;
		all = v;
		at++;
	}
	return all;
}

static const unsigned char endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa };

/* Code of a build for indirect branch tracking begins with that. */
static uint64_t begin(const struct search *s, uint64_t vaddr)
{
	size_t at = vaddr - s->v.start;

	return at >= 4 && !memcmp(s->p + at - 4, endbr64, 4) ? vaddr - 4 : vaddr;
}

static void find_row(struct search *s, const struct row *row)
{
	const char *pat = row->pat[s->v.seen.mode];
	uint64_t vaddr, from = s->ps->at[row->from].vaddr, offset;
	size_t n = FROM_BYTES;
	const unsigned char *p;

	if (s->ps->at[row->id].path)
		return;
	if (row->kind == FROM) {
		p = from ? code_at(s->f, from, &n, &offset) : NULL;
		vaddr = p ? told(pat, 1, p, n, from) : 0;
	} else {
		vaddr = told(pat, row->kind == CALL, s->p, s->n, s->v.start);
	}
	if (!vaddr)
		return;
	if (row->kind == CODE || row->kind == FAST)
		vaddr = begin(s, vaddr);
	else if (s->nfunc && !has(s->func, s->nfunc, vaddr))
		return;
	if (row->kind == FAST && !has(s->table, s->ntable, vaddr + s->bias))
		return;
	set(s, row->id, vaddr);
}

static void find_named(void *ctx, const struct elffile_sym *sym)
{
	struct search *s = ctx;

	for (int i = 0; i < VMPLACE_MAX; i++)
		if (sym->func && !s->ps->at[i].path &&
		    !strcmp(sym->name, names[i]))
			set(s, i, sym->start);
}

/* -- The process --------------------------------------------------------- */

static void read_table(struct search *s, struct remote *r,
		       const struct remote_vm *vm)
{
	s->ntable = vm->words < TABLE_MAX ? vm->words : TABLE_MAX;
	if (remote_read(r, s->table, s->ntable * sizeof(*s->table), vm->d))
		s->ntable = 0;
	if (s->ntable)
		qsort(s->table, s->ntable, sizeof(*s->table), by_value);
}

/* A name for the file that has an address, and the place in it. */
static char *file_at(struct remote *r, uint64_t addr, uint64_t *offset)
{
	const struct procmap *m = procmap_at(remote_maps(r), addr);

	if (!m || !m->exec || !*m->path)
		return NULL;
	*offset = addr - m->start + m->offset;
	return procmap_file(remote_maps(r), m);
}

static void find_code(struct search *s, struct remote *r,
		      const struct remote_vm *vm)
{
	uint64_t offset = 0, vaddr, ignored;

	s->ps->path = file_at(r, vm->code, &offset);
	s->f = s->ps->path ? elffile_open(s->ps->path) : NULL;
	if (!s->f || elffile_vaddr(s->f, offset, &vaddr) ||
	    vmelf_read(s->f, &s->v) || vaddr < s->v.start || vaddr >= s->v.end)
		return;
	s->bias = vm->code - vaddr;
	s->n = s->v.end - s->v.start;
	s->p = code_at(s->f, s->v.start, &s->n, &ignored);
	s->func = elffile_funcs(s->f, &s->nfunc);
	read_table(s, r, vm);
	for (size_t i = 0; s->p && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].kind != GIVEN && rows[i].kind != NAMED)
			find_row(s, &rows[i]);
	elffile_syms(s->f, find_named, s);
}

static int read_allocf(struct remote *r, const struct vmpick *p, uint64_t *addr)
{
	uint32_t ofs = LJ_S20(p->vm) ? LJ_OBJ(p->vm, s20_G_allocf) :
				       LJ_OBJ(p->vm, s17_G_allocf);

	if (!remote_read(r, addr, sizeof(*addr), p->vm->g + ofs))
		return 0;
	diag_error("%s: its global_State cannot be read", p->name);
	return -1;
}

/* -- Symbols ------------------------------------------------------------- */

struct naming {
	struct profile *p;
	uint32_t vm;
};

static int take_name(void *ctx, const void *rec, size_t len)
{
	const struct ljd_head *h = rec;
	const struct ljd_vm *vm = rec;
	const struct ljd_ffname *ff = rec;
	struct naming *n = ctx;

	if (LJD_KIND(h) == LJD_KIND_vm && len >= sizeof(*vm)) {
		profile_add_vm(n->p, vm, vm + 1);
		n->vm = vm->id;
	} else if (LJD_KIND(h) == LJD_KIND_ffname && len >= sizeof(*ff)) {
		profile_add_ffname(n->p, ff, ff + 1);
	}
	return 0;
}

static void add_symbol(struct vmplaces *ps, char *name, uint64_t vaddr)
{
	ps->sym = xgrow(ps->sym, ps->nsym, &ps->maxsym, sizeof(*ps->sym));
	ps->sym[ps->nsym++] = (struct vmsymbol){ .name = name,
						 .vaddr = vaddr };
}

/* The handlers, named as samples in them are. */
static void add_handlers(struct search *s, struct remote *r,
			 const struct remote_vm *rvm)
{
	struct naming n = { .p = profile_new(NULL) };
	const struct profile_vm *vm;
	struct vmcode *code;

	remote_names(r, rvm, take_name, &n);
	vm = profile_vm(n.p, n.vm);
	code = vm && vm->handler ? vmcode_new(n.p, vm) : NULL;
	for (size_t i = 0; code && i < vm->r.n; i++) {
		uint64_t vaddr = vm->handler[i] - s->bias;
		char *name = vmcode_name(code, vm->handler[i]);

		if (name && *name != '[' && vaddr >= s->v.start &&
		    vaddr < s->v.end)
			add_symbol(s->ps, name, vaddr);
		else
			free(name);
	}
	vmcode_free(code);
	profile_free(n.p);
}

static int by_vaddr(const void *a, const void *b)
{
	const struct vmsymbol *x = a, *y = b;

	if (x->vaddr != y->vaddr)
		return x->vaddr < y->vaddr ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Up to the next symbol, or the next function. */
static uint64_t end_of(const struct search *s, size_t i)
{
	uint64_t vaddr = s->ps->sym[i].vaddr, end = 0;

	if (vaddr >= s->v.start && vaddr < s->v.end)
		end = s->v.end;
	for (size_t lo = 0, hi = s->nfunc; lo < hi; ) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->func[mid] <= vaddr) {
			lo = mid + 1;
		} else {
			hi = mid;
			end = s->func[mid];
		}
	}
	while (++i < s->ps->nsym && s->ps->sym[i].vaddr == vaddr)
		;
	if (i < s->ps->nsym && (!end || s->ps->sym[i].vaddr < end))
		end = s->ps->sym[i].vaddr;
	return end ? end : vaddr;
}

static void order_symbols(struct search *s)
{
	struct vmsymbol *sym = s->ps->sym;
	size_t n = 0;

	if (s->ps->nsym)
		qsort(sym, s->ps->nsym, sizeof(*sym), by_vaddr);
	for (size_t i = 0; i < s->ps->nsym; i++)
		if (n && !by_vaddr(&sym[n - 1], &sym[i]))
			free(sym[i].name);
		else
			sym[n++] = sym[i];
	s->ps->nsym = n;
	for (size_t i = 0; i < n; i++)
		sym[i].end = end_of(s, i);
}

static void find_symbols(struct search *s, struct remote *r,
			 const struct remote_vm *vm)
{
	for (int i = 0; i < VMPLACE_MAX; i++)
		if (s->ps->at[i].path &&
		    !strcmp(s->ps->at[i].path, s->ps->path))
			add_symbol(s->ps, xstrdup(names[i]),
				   s->ps->at[i].vaddr);
	add_handlers(s, r, vm);
	order_symbols(s);
}

/* It may be the host's, and in another file than LuaJIT. */
static void find_alloc(struct search *s, struct remote *r, uint64_t addr)
{
	struct vmplace *at = &s->ps->at[VMPLACE_lj_alloc_f];
	struct elffile *f;
	uint64_t offset;

	memset(at, 0, sizeof(*at));	/* a symbol may have told another */
	s->ps->alloc_path = file_at(r, addr, &offset);
	f = s->ps->alloc_path ? elffile_open(s->ps->alloc_path) : NULL;
	if (f && !elffile_vaddr(f, offset, &at->vaddr)) {
		at->addr = addr;
		at->offset = offset;
		at->path = s->ps->alloc_path;
	}
	elffile_close(f);
}

/* Another VM of the process: does all that is found hold for it? */
static void compare(const struct vmplaces *ps, struct remote *r,
		    const struct vmpick *p, uint64_t allocf)
{
	const struct procmap *a = procmap_at(remote_maps(r), ps->code);
	const struct procmap *b = procmap_at(remote_maps(r), p->vm->code);

	if (allocf != ps->at[VMPLACE_lj_alloc_f].addr)
		diag_loss("%s has an allocator of its own; what that does is "
			  "not seen", p->name);
	if (!a || !b || !procmap_same(a, b))
		diag_loss("%s runs another LuaJIT; what that does is not seen",
			  p->name);
}

static int one_vm(void *ctx, struct remote *r, const struct vmpick *p)
{
	struct vmplaces **ps = ctx;
	struct search s = { 0 };
	uint64_t allocf;

	if (read_allocf(r, p, &allocf))
		return 0;
	if (*ps) {
		compare(*ps, r, p, allocf);
		return 0;
	}
	*ps = s.ps = xcalloc(1, sizeof(**ps));
	s.ps->name = xstrdup(p->name);
	s.ps->code = p->vm->code;
	find_code(&s, r, p->vm);
	find_alloc(&s, r, allocf);
	if (s.ps->path)
		find_symbols(&s, r, p->vm);
	elffile_close(s.f);
	free(s.func);
	return 1;
}

struct vmplaces *vmplaces_find(uint32_t pid)
{
	const struct vmpick_opts o = { .pid = pid };
	struct vmplaces *ps = NULL;

	vmpick_each(&o, one_vm, &ps);
	return ps;
}

void vmplaces_free(struct vmplaces *ps)
{
	if (!ps)
		return;
	for (size_t i = 0; i < ps->nsym; i++)
		free(ps->sym[i].name);
	free(ps->sym);
	free(ps->name);
	free(ps->path);
	free(ps->alloc_path);
	free(ps);
}

const struct vmplace *vmplaces_get(const struct vmplaces *ps,
				   enum vmplace_id id)
{
	return ps->at[id].path ? &ps->at[id] : NULL;
}

const struct vmplace *vmplaces_need(const struct vmplaces *ps,
				    enum vmplace_id id)
{
	if (ps->at[id].path)
		return &ps->at[id];
	if (id == VMPLACE_lj_alloc_f)
		diag_error("%s: its allocator is in no file that can be "
			   "opened", ps->name);
	else if (!ps->path)
		diag_error("%s: its LuaJIT is in no file that can be opened",
			   ps->name);
	else
		diag_error("%s: %s is not found in %s", ps->name, names[id],
			   ps->path);
	return NULL;
}

const char *vmplaces_name(enum vmplace_id id)
{
	return names[id];
}

size_t vmplaces_symbols(const struct vmplaces *ps, const char **path,
			const struct vmsymbol **sym)
{
	*path = ps->path;
	*sym = ps->sym;
	return ps->nsym;
}
