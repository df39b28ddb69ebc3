/* luacdata.c - what is in the C objects of a live VM, by field and index.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "luacdata.h"
#include "luaval.h"

#define MAXDEPTH	16	/* C types within C types */
#define MAXFIELDS	65536	/* there are no more C types */
#define MAXNAME		256
#define FIRST_IDS	32	/* the types that LuaJIT itself begins with */

/* lj_ctype.h */
#define CT_KIND(info)	((info) >> 28)
#define CT_CID(info)	((info) & 0xffff)
#define CT_ATTR(info)	((info) >> 16 & 0xff)
enum { CT_NUM, CT_STRUCT, CT_PTR, CT_ARRAY, CT_VOID, CT_ENUM, CT_FUNC,
       CT_TYPEDEF, CT_ATTRIB, CT_FIELD, CT_BITFIELD, CT_CONSTVAL };
#define CTA_SUBTYPE	3
#define CTF_BOOL	0x08000000
#define CTF_FP		0x04000000
#define CTF_UNSIGNED	0x00800000
#define CTF_REF		0x00800000	/* of a pointer */
#define CTF_COMPLEX	0x04000000	/* of an array */
#define CTID_INT32	9

/* struct ctype - a CType */
struct ctype {
	uint32_t id, info, size;
	uint32_t sib;		/* of a struct: its first field */
	uint64_t name;		/* GCstr, or 0 */
};

static int get_type(struct luaval *v, struct ctype *ct, uint32_t id)
{
	struct lj_walk *w = &v->w;

	if (lj_ctype(w, id))
		return -1;
	ct->id = id;
	ct->info = lj_obj32(w, LJ_OBJ(w, ct_info));
	ct->size = lj_obj32(w, LJ_OBJ(w, ct_bytes));
	ct->sib = lj_obj16(w, LJ_OBJ(w, ct_sib));
	ct->name = lj_objref(w, LJ_OBJ(w, ct_name));
	return 0;
}

/* What is behind attributes and typedefs. */
static int raw_type(struct luaval *v, struct ctype *ct, uint32_t id)
{
	for (int i = 0; i < MAXDEPTH; i++) {
		if (get_type(v, ct, id))
			return -1;
		if (CT_KIND(ct->info) != CT_ATTRIB &&
		    CT_KIND(ct->info) != CT_TYPEDEF)
			return 0;
		id = CT_CID(ct->info);
	}
	return -1;
}

static uint64_t sized(const void *p, uint32_t size, int sign)
{
	int8_t i1;
	int16_t i2;
	int32_t i4;
	uint64_t u = 0;

	memcpy(&u, p, size);
	memcpy(&i1, p, 1);
	memcpy(&i2, p, 2);
	memcpy(&i4, p, 4);
	if (!sign || size == 8)
		return u;
	return size == 1 ? (uint64_t)i1 : size == 2 ? (uint64_t)i2 :
	       (uint64_t)i4;
}

/* lj_cconv.c: lj_cconv_tv_ct() of a number */
static void get_number(const struct ctype *ct, uint64_t bits,
		       struct luacdata_value *out)
{
	int sign = !(ct->info & CTF_UNSIGNED);
	uint64_t u;
	float f;

	out->kind = LUACDATA_NUMBER;
	if (ct->size != 1 && ct->size != 2 && ct->size != 4 && ct->size != 8) {
		out->kind = LUACDATA_LOST;
		return;
	}
	u = sized(&bits, ct->size, sign);
	if (ct->info & CTF_BOOL) {
		out->kind = LUACDATA_BOOL;
		out->num = (u & 0xff) != 0;
	} else if (ct->info & CTF_FP && ct->size == 4) {
		memcpy(&f, &bits, 4);
		out->num = f;
	} else if (ct->info & CTF_FP) {
		memcpy(&out->num, &bits, 8);
	} else if (ct->size == 8) {
		out->kind = sign ? LUACDATA_INT64 : LUACDATA_UINT64;
		out->u64 = u;
	} else {
		out->num = sign ? (double)(int64_t)u : (double)u;
	}
}

static int is_ctypeid(const struct ctype *ct)
{
	return CT_KIND(ct->info) == CT_ENUM && ct->id < FIRST_IDS &&
	       CT_CID(ct->info) == CTID_INT32;
}

static void get_boxed(struct luaval *v, const struct ctype *ct,
		      const struct luacdata *c, struct luacdata_value *out)
{
	uint32_t n = CT_KIND(ct->info) == CT_ENUM ||
		     (!LJ_GC64(&v->w) && ct->size == 4) ? 4 : 8;
	uint64_t val = 0;

	out->kind = LUACDATA_OBJECT;
	out->c = *c;
	if (c->boxed)
		return;
	if (luaval_rd(&v->w, &val, n, c->at)) {
		out->kind = LUACDATA_LOST;
		return;
	}
	out->c.boxed = 1;
	out->c.val = val;
	if (is_ctypeid(ct)) {
		out->kind = LUACDATA_CTYPE;
		out->u64 = val;
	}
}

void luacdata_get(struct luaval *v, const struct luacdata *c,
		  struct luacdata_value *out)
{
	struct luacdata in = *c;
	struct ctype ct;
	lj_u64 bits = 0;

	memset(out, 0, sizeof(*out));
	out->kind = LUACDATA_LOST;
	if (raw_type(v, &ct, in.id))
		return;
	/* A reference is what it refers to. */
	if (CT_KIND(ct.info) == CT_PTR && ct.info & CTF_REF) {
		if (!in.boxed && lj_rd64(&v->w, &bits, in.at))
			return;
		in = (struct luacdata){ .id = CT_CID(ct.info),
					.at = in.boxed ? in.val : bits };
		if (raw_type(v, &ct, in.id))
			return;
	}
	switch (CT_KIND(ct.info)) {
	case CT_NUM:
		if (ct.size <= 8 && !luaval_rd(&v->w, &bits, ct.size, in.at))
			get_number(&ct, bits, out);
		break;
	case CT_PTR:
	case CT_ENUM:
	case CT_FUNC:
		get_boxed(v, &ct, &in, out);
		break;
	default:
		out->kind = LUACDATA_OBJECT;
		out->c = in;
	}
}

/* -- Elements ----------------------------------------------------------- */

/* Where what a pointer points to is, and its type; of an array, its bytes. */
static int behind(struct luaval *v, const struct luacdata *c,
		  struct ctype *ct, uint64_t *at)
{
	struct luacdata_value p;

	if (CT_KIND(ct->info) == CT_ARRAY) {
		*at = c->at;
	} else if (CT_KIND(ct->info) == CT_PTR) {
		get_boxed(v, ct, c, &p);
		if (p.kind != LUACDATA_OBJECT)
			return -1;
		*at = p.c.val;
	} else {
		return -1;
	}
	return raw_type(v, ct, CT_CID(ct->info));
}

void luacdata_index(struct luaval *v, const struct luacdata *c, int64_t i,
		    struct luacdata_value *out)
{
	struct luacdata e = { 0 };
	struct ctype ct;
	uint32_t child;

	memset(out, 0, sizeof(*out));
	if (raw_type(v, &ct, c->id))
		return;
	child = CT_CID(ct.info);
	if (behind(v, c, &ct, &e.at) || ct.size == UINT32_MAX ||
	    CT_KIND(ct.info) == CT_VOID)
		return;
	e.id = child;
	e.at += (uint64_t)i * ct.size;
	luacdata_get(v, &e, out);
}

/* -- Fields ------------------------------------------------------------- */

static int type_name(struct luaval *v, const struct ctype *ct, char *buf,
		     size_t *n)
{
	char *s = ct->name ? luaval_string(v, ct->name, MAXNAME, n) : NULL;

	if (!s || *n > MAXNAME) {
		free(s);
		return -1;
	}
	memcpy(buf, s, *n);
	free(s);
	return 0;
}

/* struct find - a field that is looked for */
struct find {
	struct luaval *v;
	const char *name;
	size_t n;
	void (*fn)(void *ctx, const char *name, size_t n);	/* or: all */
	void *ctx;
	struct ctype field;
	unsigned left;		/* fields that may still be looked at */
};

/* Returns the offset of the struct that has the field, or -1. */
static int64_t find_field(struct find *f, struct ctype ct, unsigned depth)
{
	char name[MAXNAME];
	size_t n;
	int64_t ofs;

	while (ct.sib && f->left-- > 0 && depth < MAXDEPTH) {
		struct ctype sub;

		if (get_type(f->v, &ct, ct.sib))
			return -1;
		if (!type_name(f->v, &ct, name, &n)) {
			if (f->fn) {
				f->fn(f->ctx, name, n);
			} else if (n == f->n && !memcmp(name, f->name, n)) {
				f->field = ct;
				return 0;
			}
		} else if (CT_KIND(ct.info) == CT_ATTRIB &&
			   CT_ATTR(ct.info) == CTA_SUBTYPE &&
			   !raw_type(f->v, &sub, CT_CID(ct.info))) {
			ofs = find_field(f, sub, depth + 1);
			if (ofs >= 0)
				return ofs + ct.size;
		}
	}
	return -1;
}

/* lj_cconv.c: lj_cconv_tv_bf() */
static void get_bits(struct luaval *v, const struct ctype *ct, uint64_t at,
		     struct luacdata_value *out)
{
	uint32_t pos = ct->info & 127, n = ct->info >> 8 & 127;
	uint32_t bytes = ct->info >> 16 & 127, val = 0;

	out->kind = LUACDATA_LOST;
	if (bytes > 4 || !n || pos + n > 8 * bytes ||
	    luaval_rd(&v->w, &val, bytes, at))
		return;
	val <<= 32 - pos - n;
	out->kind = LUACDATA_NUMBER;
	if (ct->info & CTF_BOOL) {
		out->kind = LUACDATA_BOOL;
		out->num = val >> (32 - n);
	} else if (ct->info & CTF_UNSIGNED) {
		out->num = val >> (32 - n);
	} else {
		out->num = (int32_t)val >> (32 - n);
	}
}

/* The struct itself, and where it is. */
static int find_struct(struct luaval *v, const struct luacdata *c,
		       struct ctype *ct, uint64_t *at)
{
	*at = c->at;
	if (raw_type(v, ct, c->id))
		return -1;
	if (CT_KIND(ct->info) == CT_PTR && behind(v, c, ct, at))
		return -1;
	return CT_KIND(ct->info) == CT_STRUCT ? 0 : -1;
}

void luacdata_field(struct luaval *v, const struct luacdata *c,
		    const char *name, size_t n, struct luacdata_value *out)
{
	struct find f = { .v = v, .name = name, .n = n, .left = MAXFIELDS };
	struct luacdata field;
	struct ctype ct;
	uint64_t at;
	int64_t ofs;

	memset(out, 0, sizeof(*out));
	if (find_struct(v, c, &ct, &at))
		return;
	ofs = find_field(&f, ct, 0);
	if (ofs < 0)
		return;
	at += ofs;
	switch (CT_KIND(f.field.info)) {
	case CT_FIELD:
		field = (struct luacdata){ .id = CT_CID(f.field.info),
					   .at = at + f.field.size };
		luacdata_get(v, &field, out);
		break;
	case CT_BITFIELD:
		get_bits(v, &f.field, at + f.field.size, out);
		break;
	case CT_CONSTVAL:
		out->kind = LUACDATA_NUMBER;
		out->num = (int32_t)f.field.size;
		break;
	}
}

void luacdata_names(struct luaval *v, const struct luacdata *c,
		    void (*fn)(void *ctx, const char *name, size_t n),
		    void *ctx)
{
	struct find f = { .v = v, .fn = fn, .ctx = ctx, .left = MAXFIELDS };
	struct ctype ct;
	uint64_t at;

	if (!find_struct(v, c, &ct, &at))
		find_field(&f, ct, 0);
}

/* -- What is it? -------------------------------------------------------- */

void luacdata_about(struct luaval *v, const struct luacdata *c,
		    struct luacdata_about *a)
{
	struct luacdata_value p;
	struct ctype ct, child;

	memset(a, 0, sizeof(*a));
	a->what = LUACDATA_OTHER;
	a->size = a->count = UINT32_MAX;
	if (raw_type(v, &ct, c->id))
		return;
	a->size = ct.size;
	switch (CT_KIND(ct.info)) {
	case CT_NUM:
		a->what = LUACDATA_SCALAR;
		break;
	case CT_STRUCT:
		a->what = LUACDATA_STRUCT;
		break;
	case CT_ARRAY:
		a->what = ct.info & CTF_COMPLEX ? LUACDATA_SCALAR :
						  LUACDATA_ARRAY;
		if (ct.size != UINT32_MAX &&
		    !raw_type(v, &child, CT_CID(ct.info)) && child.size)
			a->count = ct.size / child.size;
		break;
	case CT_PTR:
	case CT_ENUM:
	case CT_FUNC:
		a->what = CT_KIND(ct.info) == CT_PTR ? LUACDATA_POINTER :
			  CT_KIND(ct.info) == CT_ENUM ? LUACDATA_ENUM :
							LUACDATA_FUNCTION;
		get_boxed(v, &ct, c, &p);
		a->pointer = p.kind == LUACDATA_LOST ? 0 : p.c.val;
		break;
	}
}
