/* luaobj.c - functions and C objects of a live VM in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "elffile.h"
#include "luaobj.h"
#include "luaval.h"
#include "mem.h"

#define NFFID		256	/* ffid is a byte */
#define MAXNAME		128	/* bytes of a name, of a chunkname */
#define MAXDEPTH	16	/* C types within C types */

/* lj_ctype.h: CTInfo */
#define CT_KIND(info)	((info) >> 28)
#define CT_CID(info)	((info) & 0xffff)
enum { CT_NUM, CT_STRUCT, CT_PTR, CT_ARRAY, CT_VOID, CT_ENUM, CT_FUNC };
#define CT_ATTRIB	8
#define CT_ATTR(info)	((info) >> 16 & 0xff)
#define CTA_QUAL	1		/* of an attribute: size is the flags */
#define CTF_CONST	0x02000000
#define CTF_VOLATILE	0x01000000
#define CTF_BOOL	0x08000000
#define CTF_FP		0x04000000
#define CTF_UNSIGNED	0x00800000
#define CTF_REF		0x00800000	/* of a pointer */
#define CTF_UNION	0x00800000	/* of a struct */

/* A file that the process runs C code from. */
struct cfile {
	const struct procmap *map;
	struct elffile *elf;	/* or NULL */
};

struct luaobj {
	struct luaval *v;
	int named;
	char *ff[NFFID];	/* names of built-in functions, or NULL */
	struct cfile *file;
	size_t nfiles, maxfiles;
};

struct luaobj *luaobj_new(struct luaval *v)
{
	struct luaobj *o = xcalloc(1, sizeof(*o));

	o->v = v;
	return o;
}

void luaobj_free(struct luaobj *o)
{
	if (!o)
		return;
	for (int i = 0; i < NFFID; i++)
		free(o->ff[i]);
	for (size_t i = 0; i < o->nfiles; i++)
		elffile_close(o->file[i].elf);
	free(o->file);
	free(o);
}

/* -- Built-in functions ------------------------------------------------- */

static char *string_of(struct luaobj *o, uint64_t tv)
{
	size_t len;

	return lj_tv_type(&o->v->w, tv) == LJ_TSTR ?
	       luaval_string(o->v, lj_tv_ref(&o->v->w, tv), MAXNAME, &len) :
	       NULL;
}

/* The ffid of a function, 0: it is no built-in one. */
static uint32_t ffid_of(struct luaobj *o, uint64_t tv)
{
	struct lj_fn f;

	if (lj_tv_type(&o->v->w, tv) != LJ_TFUNC ||
	    lj_fn_read(&o->v->w, &f, lj_tv_ref(&o->v->w, tv)) ||
	    f.ffid < LJ_FF_MIN)
		return 0;
	return f.ffid & (NFFID - 1);
}

static void name_ff(struct luaobj *o, const char *lib, const struct lj_entry *e)
{
	uint32_t ffid = ffid_of(o, e->val);
	char *name;

	if (!ffid || o->ff[ffid] || !(name = string_of(o, e->key)))
		return;
	o->ff[ffid] = strcmp(lib, "_G") ? xasprintf("%s.%s", lib, name) :
					  xstrdup(name);
	free(name);
}

static void name_lib(struct luaobj *o, const struct lj_entry *lib)
{
	char *name = string_of(o, lib->key);
	struct lj_entry e = { 0 };
	struct lj_tab t;

	if (name && lj_tv_type(&o->v->w, lib->val) == LJ_TTAB &&
	    !luaval_table(o->v, &t, lj_tv_ref(&o->v->w, lib->val)))
		while (luaval_next(o->v, &t, &e) == 1)
			name_ff(o, name, &e);
	free(name);
}

static void name_all(struct luaobj *o)
{
	size_t seen = o->v->nseen;
	struct lj_entry e = { 0 };
	struct lj_tab t;
	uint64_t loaded = luaval_loaded(o->v);

	o->v->nseen = seen;
	o->named = 1;
	if (loaded && !luaval_table(o->v, &t, loaded))
		while (luaval_next(o->v, &t, &e) == 1)
			name_lib(o, &e);
}

static char *builtin(struct luaobj *o, uint32_t ffid)
{
	if (!o->named)
		name_all(o);
	ffid &= NFFID - 1;
	return o->ff[ffid] ? xstrdup(o->ff[ffid]) :
	       xasprintf("[builtin#%" PRIu32 "]", ffid);
}

/* -- Functions in C ----------------------------------------------------- */

/* The symbol that an address is in. */
struct find {
	uint64_t at;
	const char *name;
	int good;		/* global functions before others */
};

static void find_sym(void *ctx, const struct elffile_sym *s)
{
	struct find *f = ctx;
	int good = 1 + !s->local;

	if (!s->func || f->at < s->start || f->at >= s->end || good <= f->good)
		return;
	f->name = s->name;
	f->good = good;
}

static struct elffile *file_of(struct luaobj *o, const struct procmap *m)
{
	const struct procmaps *maps = remote_maps(o->v->r);
	char *path;

	for (size_t i = 0; i < o->nfiles; i++)
		if (procmap_same(o->file[i].map, m))
			return o->file[i].elf;
	o->file = xgrow(o->file, o->nfiles, &o->maxfiles, sizeof(*o->file));
	path = procmap_file(maps, m);
	o->file[o->nfiles].map = m;
	o->file[o->nfiles].elf = path ? elffile_open(path) : NULL;
	free(path);
	return o->file[o->nfiles++].elf;
}

static char *c_function(struct luaobj *o, uint64_t f)
{
	const struct procmap *m = procmap_at(remote_maps(o->v->r), f);
	struct elffile *elf;
	struct find find = { 0 };
	const char *base;

	if (!m || !m->path[0])
		return xstrdup("C:[unknown]");
	elf = file_of(o, m);
	if (elf && !elffile_vaddr(elf, f - m->start + m->offset, &find.at))
		elffile_syms(elf, find_sym, &find);
	if (find.name)
		return xasprintf("C:%s", find.name);
	base = strrchr(m->path, '/');
	return xasprintf("C:[%s+0x%" PRIx64 "]", base ? base + 1 : m->path,
			 f - m->start + m->offset);
}

/* -- Functions in Lua --------------------------------------------------- */

/* lj_debug.c: lj_debug_shortname() */
static char *chunk_of(struct luaobj *o, uint64_t str)
{
	size_t len;
	char *s = luaval_string(o->v, str, MAXNAME, &len), *text;

	if (!s)
		return xstrdup("?");
	if (*s == '@' || *s == '=') {
		memmove(s, s + 1, strlen(s));
		return s;
	}
	s[strcspn(s, "\r\n")] = 0;
	text = xasprintf("[string \"%.40s\"]", s);
	free(s);
	return text;
}

char *luaobj_function(struct luaobj *o, const struct lj_fn *f,
		      const char *name)
{
	char *chunk, *text;

	if (f->ffid >= LJ_FF_MIN)
		return builtin(o, f->ffid);
	if (f->ffid == LJ_FF_C)
		return c_function(o, f->f);
	chunk = chunk_of(o, f->chunkname);
	if (!f->firstline)
		name = "[main]";
	text = xasprintf("%s@%s:%" PRIu32, name && *name ? name : "?", chunk,
			 f->firstline);
	free(chunk);
	return text;
}

/* -- C types ------------------------------------------------------------ */

static const char *number_name(uint32_t info, uint32_t size)
{
	static const char *const name[2][4] = {
		{ "char", "short", "int", "int64_t" },
		{ "unsigned char", "unsigned short", "unsigned int",
		  "uint64_t" },
	};
	int i = size == 1 ? 0 : size == 2 ? 1 : size == 4 ? 2 : 3;

	if (info & CTF_BOOL)
		return "bool";
	if (info & CTF_FP)
		return size == 4 ? "float" : "double";
	return size > 8 ? "__int128" : name[!!(info & CTF_UNSIGNED)][i];
}

/* A struct, union or enum: by its tag, or by its number as LuaJIT has it. */
static char *tag_name(struct luaobj *o, uint32_t info, uint32_t id)
{
	struct lj_walk *w = &o->v->w;
	const char *kind = CT_KIND(info) == CT_ENUM ? "enum" :
			   info & CTF_UNION ? "union" : "struct";
	uint64_t str = lj_objref(w, LJ_OBJ(w, ct_name));
	size_t len;
	char *tag = str ? luaval_string(o->v, str, MAXNAME, &len) : NULL, *s;

	s = tag ? xasprintf("%s %s", kind, tag) :
		  xasprintf("%s %" PRIu32, kind, id);
	free(tag);
	return s;
}

/* Frees both. */
static char *join(char *a, char *b)
{
	char *s = xasprintf("%s%s", a, b);

	free(a);
	free(b);
	return s;
}

static char *array_part(struct luaobj *o, uint32_t size, uint32_t id)
{
	struct lj_walk *w = &o->v->w;
	uint32_t each = lj_ctype(w, id) ? 0 :
			lj_obj32(w, LJ_OBJ(w, ct_bytes));

	return size == UINT32_MAX || !each || each == UINT32_MAX ?
	       xstrdup("[?]") : xasprintf("[%" PRIu32 "]", size / each);
}

/* From the type in w->obj to the one it is made of: a pointer's, an array's,
 * a typedef's. What is written behind that one grows around @decl, as in C.
 */
static char *go_in(struct luaobj *o, uint32_t *id, char *decl)
{
	struct lj_walk *w = &o->v->w;
	uint32_t info = lj_obj32(w, LJ_OBJ(w, ct_info));
	uint32_t size = lj_obj32(w, LJ_OBJ(w, ct_bytes));
	char *part = NULL;

	*id = CT_CID(info);
	if (CT_KIND(info) == CT_PTR)
		return join(xstrdup(info & CTF_REF ? "&" : "*"), decl);
	if (CT_KIND(info) == CT_FUNC)
		part = xstrdup("()");
	else if (CT_KIND(info) == CT_ARRAY)
		part = array_part(o, size, *id);
	if (!part)
		return decl;
	if (*decl == '*' || *decl == '&')
		decl = join(xstrdup("("), join(decl, xstrdup(")")));
	return join(decl, part);
}

/* decl is freed. */
static char *name_type(struct luaobj *o, uint32_t id, char *decl)
{
	struct lj_walk *w = &o->v->w;
	uint32_t qual = 0;
	char *base = NULL, *s;

	for (int i = 0; i < MAXDEPTH && !base; i++) {
		uint32_t info, size;

		if (lj_ctype(w, id))
			break;
		info = lj_obj32(w, LJ_OBJ(w, ct_info));
		size = lj_obj32(w, LJ_OBJ(w, ct_bytes));
		switch (CT_KIND(info)) {
		case CT_NUM:
			qual |= info;
			base = xstrdup(number_name(info, size));
			break;
		case CT_VOID:
			qual |= info;
			base = xstrdup("void");
			break;
		case CT_STRUCT:
			qual |= info;
			base = tag_name(o, info, id);
			break;
		case CT_ENUM:
			base = tag_name(o, info, id);
			break;
		default:
			if (CT_KIND(info) == CT_ATTRIB &&
			    CT_ATTR(info) == CTA_QUAL)
				qual |= size;
			else if (CT_KIND(info) == CT_PTR)
				qual = 0;
			decl = go_in(o, &id, decl);
		}
	}
	s = xasprintf("%s%s%s%s%s", qual & CTF_CONST ? "const " : "",
		      qual & CTF_VOLATILE ? "volatile " : "",
		      base ? base : "?", *decl ? " " : "", decl);
	free(base);
	free(decl);
	return s;
}

char *luaobj_ctype(struct luaobj *o, uint32_t id)
{
	return name_type(o, id, xstrdup(""));
}

char *luaobj_ctype_ref(struct luaobj *o, uint32_t id)
{
	return name_type(o, id, xstrdup("&"));
}

char *luaobj_int64(struct luaobj *o, const struct lj_cdata *c)
{
	lj_u64 n;

	if (CT_KIND(c->info) != CT_NUM || c->size != 8 ||
	    c->info & (CTF_FP | CTF_BOOL) || lj_rd64(&o->v->w, &n, c->data))
		return NULL;
	return c->info & CTF_UNSIGNED ? xasprintf("%lluULL", n) :
					xasprintf("%lldLL", (long long)n);
}
