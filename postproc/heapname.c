/* heapname.c - what references are called: keys, upvalues, locals.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "clean.h"
#include "heapname.h"

#define MAXKEY		48	/* bytes of a key that is shown */
#define MAXNAME		128	/* of a variable's name */
#define MAXCHUNK	1024	/* of the name of a chunk */
#define MAXLABELS	200000	/* then keys are strings like any other */
#define NRECENT		4096
#define VARNAME_MAX	7	/* lj_bc.h: VARNAME__MAX */

struct heapname {
	struct heappath *hp;
	struct recent {
		uint64_t key;
		uint32_t label;
	} recent[NRECENT];	/* keys of tables seen last */
	struct index *known;	/* strings and variables -> label */
	uint32_t element, boolean, object, ccall;
	struct pool *hidden;	/* names that are numbered; NULL: shown */
};

struct heapname *heapname_new(struct heappath *hp, int hide)
{
	struct heapname *hn = xcalloc(1, sizeof(*hn));

	hn->hp = hp;
	hn->known = index_new();
	hn->element = heappath_label(hp, "[*]");
	hn->boolean = heappath_label(hp, "[boolean]");
	hn->object = heappath_label(hp, "[object]");
	hn->ccall = heappath_label(hp, "(C function)");
	if (hide)
		hn->hidden = pool_new();
	return hn;
}

void heapname_free(struct heapname *hn)
{
	if (!hn)
		return;
	index_free(hn->known);
	pool_free(hn->hidden);
	free(hn);
}

/* The label of a name's number, which is the same for the same name. */
static uint32_t hidden(struct heapname *hn, const char *kind, const char *name)
{
	char text[64];

	snprintf(text, sizeof(text), "%s#%u", kind,
		 pool_add(hn->hidden, name, strlen(name)));
	return heappath_label(hn->hp, text);
}

/* -- Keys --------------------------------------------------------------- */

static int is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* An identifier, or the name of a module: "resty.core.base", "lua-cjson". */
static int is_name(const char *s, uint32_t n)
{
	if (!n || n > MAXKEY || !is_letter(*s))
		return 0;
	for (uint32_t i = 1; i < n; i++)
		if (!is_letter(s[i]) && !(s[i] >= '0' && s[i] <= '9') &&
		    !(s[i] && strchr(".-/:", s[i])))
			return 0;
	return 1;
}

static uint32_t string_label(struct heapname *hn, const struct heapvm *vm,
			     uint64_t addr)
{
	char text[MAXKEY + 2];
	uint32_t n;
	const char *s = heapobj_string(vm, addr, &n);

	if (!s || !is_name(s, n) || pool_count(hn->hp->labels) > MAXLABELS)
		return hn->hp->strings;
	snprintf(text, sizeof(text), ".%.*s", (int)n, s);
	return hn->hidden ? hidden(hn, ".", text) :
			    heappath_label(hn->hp, text);
}

static uint32_t string_key(struct heapname *hn, const struct heapvm *vm,
			   uint64_t addr)
{
	struct recent *r = &hn->recent[(addr >> 4) % NRECENT];

	if (r->key != addr) {
		r->key = addr;
		r->label = string_label(hn, vm, addr);
	}
	return r->label;
}

uint32_t heapname_key(struct heapname *hn, const struct heapvm *vm,
		      uint64_t key)
{
	unsigned gct;
	uint64_t addr = heap_tv(vm, key, &gct);

	if (addr)
		return gct == LJ_TSTR ? string_key(hn, vm, addr) : hn->object;
	/* ~LJ_TFALSE and ~LJ_TTRUE */
	return gct == 1 || gct == 2 ? hn->boolean : hn->element;
}

/* -- Variables ---------------------------------------------------------- */

/* struct proto - a GCproto, which is in the copy as a whole */
struct proto {
	const struct heapvm *vm;
	const unsigned char *p, *end;
	uint64_t addr;
};

static int proto_open(struct proto *pt, const struct heapvm *vm, uint64_t addr)
{
	uint64_t size;

	pt->vm = vm;
	pt->addr = addr;
	pt->p = addr ? heapobj_get(vm, addr, LJ_TPROTO, &size) : NULL;
	pt->end = pt->p + (pt->p ? size : 0);
	return pt->p ? 0 : -1;
}

/* What a member points to inside the proto; its end, if nothing. */
static const unsigned char *proto_part(const struct proto *pt, uint32_t ofs)
{
	uint64_t at = heap_ref(pt->vm, pt->p, ofs) - pt->addr;

	return at < (uint64_t)(pt->end - pt->p) ? pt->p + at : pt->end;
}

/* "FILE:LINE" of a function; "FILE" of a main chunk. */
static char *place_of(const struct proto *pt)
{
	uint32_t n, line = heap_u32(pt->p, LJ_OBJ(pt->vm, pt_firstline));
	const char *s = heapobj_string(pt->vm,
				       heap_ref(pt->vm, pt->p,
						LJ_OBJ(pt->vm, pt_chunkname)),
				       &n);
	char *file;

	/* The name of any other chunk is its text. */
	if (!s || !n || (*s != '@' && *s != '=') || n > MAXCHUNK)
		file = xstrdup("[string]");
	else
		file = xasprintf("%.*s", (int)n - 1, s + 1);
	if (line) {
		char *all = xasprintf("%s:%u", file, line);

		free(file);
		file = all;
	}
	return file;
}

/* @kind: "local ", or "(temporary)" if n is 0 */
static uint32_t variable(struct heapname *hn, const struct proto *pt,
			 const char *kind, const char *name, size_t n)
{
	char *place = place_of(pt);
	char *s = xasprintf("%s%.*s@%s", kind, (int)n, name, place);
	uint32_t label;

	free(place);
	if (!hn->hidden)
		return clean_take(hn->hp->labels, s);
	label = hidden(hn, kind, s);
	free(s);
	return label;
}

/* The i-th of the names that follow each other. */
static const char *name_at(const struct proto *pt, uint32_t i, size_t *n)
{
	const unsigned char *p = proto_part(pt, LJ_OBJ(pt->vm, pt_uvinfo)), *z;

	for (;; p = z + 1) {
		z = p < pt->end ? memchr(p, 0, pt->end - p) : NULL;
		if (!z)
			return NULL;
		if (!i--)
			break;
	}
	*n = z - p < MAXNAME ? z - p : MAXNAME;
	return (const char *)p;
}

uint32_t heapname_upvalue(struct heapname *hn, const struct heapvm *vm,
			  uint64_t addr, uint32_t i)
{
	uint64_t key = addr << 16 | i;
	long label = index_get(hn->known, key);
	struct proto pt;
	const char *name;
	size_t n = 0;

	if (label >= 0)
		return label;
	if (proto_open(&pt, vm, addr))
		return hn->hp->others;
	name = name_at(&pt, i, &n);
	label = variable(hn, &pt, n ? "upvalue " : "(upvalue)", name ? name : "",
			 n);
	index_put(hn->known, key, label);
	return label;
}

static uint32_t uleb(const unsigned char **p, const unsigned char *end)
{
	uint32_t v = 0;

	for (int shift = 0; *p < end && shift < 32; shift += 7) {
		unsigned char c = *(*p)++;

		v |= (uint32_t)(c & 0x7f) << shift;
		if (c < 0x80)
			break;
	}
	return v;
}

/* lj_debug.c: debug_varname(). The n-th variable alive at pos is in slot n. */
static const char *local_at(const struct proto *pt, uint32_t pos,
			    uint32_t slot, size_t *n)
{
	const unsigned char *p = proto_part(pt, LJ_OBJ(pt->vm, pt_varinfo));
	const unsigned char *name, *end;
	uint32_t start = 0, last;

	while (p < pt->end && *p) {
		name = p;
		if (*p < VARNAME_MAX)
			end = p;	/* of a for loop: it has no name */
		else
			end = memchr(p, 0, pt->end - p);
		if (!end)
			return NULL;
		p = end + 1;
		start += uleb(&p, pt->end);
		if (start > pos)
			return NULL;
		last = start + uleb(&p, pt->end);
		if (pos < last && !slot--) {
			*n = end - name < MAXNAME ? end - name : MAXNAME;
			return (const char *)name;
		}
	}
	return NULL;
}

uint32_t heapname_local(struct heapname *hn, const struct heapvm *vm,
			const struct heapframe *f, uint32_t slot)
{
	struct proto pt;
	const char *name = NULL;
	size_t n = 0;

	if (proto_open(&pt, vm, f->proto))
		return hn->ccall;
	if (f->pos != HEAPFRAME_NOPOS)
		name = local_at(&pt, f->pos, slot, &n);
	return variable(hn, &pt, n ? "local " : "(temporary)",
			name ? name : "", n);
}

/* -- Frames ------------------------------------------------------------- */

/* struct walk - down the stack of a coroutine, see lj_walk.h */
struct walk {
	const struct heapvm *vm;
	const unsigned char *slot;	/* of the stack */
	uint64_t n;			/* slots */
	uint64_t base;			/* of the frame, as an index */
	uint64_t pc;			/* where it is, 0: not known */
};

static uint64_t slot_at(const struct walk *w, uint64_t i)
{
	return heap_u64(w->slot + 8 * i, 0);
}

static void note_frame(const struct walk *w, uint64_t stack,
		       struct heapframe *f)
{
	const struct heapvm *vm = w->vm;
	uint64_t v = slot_at(w, w->base - 1 - vm->gc64), size, pos;
	uint64_t fn = vm->gc64 ? v & 0x7fffffffffff : v & 0xffffffff;
	const unsigned char *p = heapobj_get(vm, fn, LJ_TFUNC, &size);
	struct proto pt;

	f->base = stack + 8 * w->base;
	f->proto = p ? heapobj_proto(vm, p) : 0;
	f->pos = HEAPFRAME_NOPOS;
	if (!w->pc || !f->proto || proto_open(&pt, vm, f->proto))
		return;
	/* It is the next instruction. */
	pos = (w->pc - f->proto - LJ_OBJ(vm, pt_size)) / 4 - 1;
	if (pos < heap_u32(pt.p, LJ_OBJ(vm, pt_sizebc)))
		f->pos = pos;
}

/* Go to the frame below; -1: there is none. */
static int down(struct walk *w)
{
	uint64_t v = slot_at(w, w->base - 1), below;
	uint64_t link = w->vm->gc64 ? v : v >> 32;
	const unsigned char *ins;

	switch (link & 7) {
	case LJ_FRAME_LUA:
	case LJ_FRAME_LUAP:
		ins = heapcopy_at(w->vm->c, link - 4, 4);
		if (!ins)
			return -1;
		below = 1 + w->vm->gc64 + heap_u8(ins, 1);
		w->pc = link;
		break;
	case LJ_FRAME_VARG:	/* the same function's: its extra arguments */
		below = link >> 3;
		w->pc = 0;
		break;
	case LJ_FRAME_CONT:
		below = link >> 3;
		if (w->base < 4)
			return -1;
		w->pc = w->vm->gc64 ? slot_at(w, w->base - 3) :
				      slot_at(w, w->base - 2) >> 32;
		break;
	default:
		below = link >> 3;
		w->pc = 0;
	}
	if (!below || below + 1 + w->vm->gc64 >= w->base)
		return -1;
	w->base -= below;
	return 0;
}

/* Where the innermost frame is, if a C function was called from C: the VM
 * saved it in its C frame. */
static uint64_t saved_pc(const struct heapvm *vm, const unsigned char *L)
{
	uint64_t cf = heap_u64(L, LJ_OBJ(vm, L_cframe)) & ~3ull;
	const unsigned char *p = heapcopy_at(vm->c, cf,
					     LJ_OBJ(vm, cframe_size));

	return p ? heap_ref(vm, p, LJ_OBJ(vm, cframe_pc)) : 0;
}

size_t heapname_frames(const struct heapvm *vm, uint64_t L, struct heapframe *f)
{
	uint64_t size, stack;
	const unsigned char *p = heapobj_get(vm, L, LJ_TTHREAD, &size);
	struct walk w = { .vm = vm };
	size_t n = 0;

	if (!p)
		return 0;
	stack = heap_ref(vm, p, LJ_OBJ(vm, L_stack));
	w.n = heap_u32(p, LJ_OBJ(vm, L_stacksize));
	w.slot = heapcopy_at(vm->c, stack, 8 * w.n);
	w.base = (heap_u64(p, LJ_OBJ(vm, L_base)) - stack) / 8;
	if (!w.slot || w.base >= w.n || w.base < 1u + vm->gc64)
		return 0;
	w.pc = saved_pc(vm, p);
	do
		note_frame(&w, stack, &f[n++]);
	while (n < HEAPFRAME_MAX && !down(&w));
	return n;
}
