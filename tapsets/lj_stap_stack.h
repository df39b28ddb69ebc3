/* lj_stap_stack.h - stacks in words, for the functions of the tapset.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Embedded into luajit.stp by the build. The stack taken last on a CPU is kept
 * until the next one; its frames are put into words while the same handler
 * runs, so that nothing of it has changed.
 */
#include "lj_value.h"
#include "lj_objs.h"

#define LJS_MAXSTACK	256	/* frames of a stack that is shown */
#define LJS_NAMESTEPS	8192	/* steps spent on one name */

struct ljs_stack {
	u32 cpu, tid;		/* whose it is; tid 0: nobody's */
	u32 n;
	s32 vmstate;
	struct {
		u64 g;		/* its VM's global_State */
		u64 fn;		/* GCfunc, 0: no function's frame */
		u64 word;	/* LJD_FRAME() */
	} frame[LJS_MAXSTACK];
};

static struct ljs_stack ljs_stacks[LJS_LANES];

static void ljs_seen(const struct lj_walk *w, u64 fn)
{
	struct ljs_stack *s = ljs_shown[w->lane];

	if (s && w->n && w->n <= LJS_MAXSTACK) {
		s->frame[w->n - 1].g = w->g;
		s->frame[w->n - 1].fn = fn;
	}
}

/* ljs_stack_here - the slot of this CPU */
static struct ljs_stack *ljs_stack_here(void)
{
	return &ljs_stacks[raw_smp_processor_id() % LJS_LANES];
}

/* ljs_handlers - where the VM's code is, which else the vm record brings */
static void ljs_handlers(struct lj_walk *w)
{
	struct lj_vm *vm = w->entry;

	if (!vm)
		return;
	if (!vm->hi)
		lj_read_handlers(w, vm);
	w->vmlo = vm->lo;
	w->vmhi = vm->hi;
}

/* ljs_walk_here - the frames of the current thread into the lane */
static int ljs_walk_here(struct lj_walk *w)
{
	w->flags = 0;
	lj_forget(w);
	if (lj_find(w))
		return w->g && !w->check ? 0 : -1;
	if (w->check)
		return -1;
	ljs_handlers(w);
	w->vmstate = lj_image32(w, LJ_REL(w, vmstate));
	lj_stack(w, NULL);
	return 0;
}

/* ljs_keep_frames - the frames in the lane, but for what marks C code */
static u32 ljs_keep_frames(struct ljs_stack *s, const struct lj_walk *w)
{
	u32 i, n = 0;
	u64 word;

	for (i = 0; i < w->n && i < LJS_MAXSTACK; i++) {
		word = w->rec.w[sizeof(struct ljd_sample) / 8 + i];
		if (LJD_FRAME_KIND(word) == LJD_frame_CFRAME)
			continue;
		s->frame[n] = s->frame[i];
		s->frame[n++].word = word;
	}
	return n;
}

/* ljs_take_stack - keep a stack; returns its frames, -1: there is none
 * @regs: user registers of the current thread
 * @g: the VM of a coroutine, 0: the stack of the thread
 * @L: the coroutine
 */
static s64 ljs_take_stack(const struct pt_regs *regs, u64 g, u64 L, s64 depth)
{
	struct ljs_stack *s = ljs_stack_here();
	struct lj_walk *w = ljs_look_here(regs);
	struct lj_tally before;
	s64 n = -1;

	s->tid = 0;
	if (!w)
		return -1;
	before = w->t;	/* nothing of this is a sample */
	memset(s, 0, sizeof(*s));
	ljs_shown[w->lane] = s;
	w->depth = clamp_t(s64, depth, 1, LJS_MAXSTACK);
	if (!g ? !ljs_walk_here(w) :
	    !lj_load_g(w, g) && !w->check && !lj_stack_L(w, L)) {
		s->n = n = ljs_keep_frames(s, w);
		s->vmstate = w->vmstate;
		s->cpu = w->cpu;
		s->tid = w->tid;
	}
	ljs_shown[w->lane] = NULL;
	w->npend = 0;
	w->t = before;
	ljs_looked(w);
	return n;
}

/* ljs_stack_taken - the stack that this thread took on this CPU, or NULL */
static struct ljs_stack *ljs_stack_taken(void)
{
	struct ljs_stack *s = ljs_stack_here();

	return s->tid == current->pid && s->cpu == raw_smp_processor_id() ?
	       s : NULL;
}

/* ljs_state - the name of a vmstate, as ljstap states has it */
static const char *ljs_state(s32 vmstate)
{
	if (vmstate >= 0)
		return "jit";
	switch (~vmstate) {
	case LJ_VMST_INTERP: return "interp";
	case LJ_VMST_C: return "c";
	case LJ_VMST_GC: return "gc";
	case LJ_VMST_GC + 1: return "jit";	/* leaves compiled code */
	default: return "compiler";
	}
}

/* -- Names and lines ------------------------------------------------------ */

/* struct ljs_proto - a proto in memory, for lj_debug.h */
struct ljs_proto {
	struct lj_walk *w;
	struct lj_fn f;
	u64 end, k, lineinfo, varinfo;
	u32 sizekgc;
	u64 at, word;		/* the 8 bytes read last */
};

struct lj_code;
static int ljs_code_rd(struct ljs_proto *p, u32 section, u64 ofs, void *dst,
		       u32 n);
static int ljs_code_kname(const struct lj_code *c, u32 idx);

#define LJ_CODE_RD(c, section, ofs, dst, n) \
	ljs_code_rd((struct ljs_proto *)(c)->of, section, ofs, dst, n)
#define LJ_CODE_KNAME(c, idx)	ljs_code_kname(c, idx)

#include "lj_debug.h"

static int ljs_byte(struct ljs_proto *p, u64 at, u8 *b)
{
	if (p->at != (at & ~7ull)) {
		if (lj_rd64(p->w, &p->word, at & ~7ull))
			return -1;
		p->at = at & ~7ull;
	}
	*b = p->word >> (at & 7) * 8;
	return 0;
}

/* All sections lie inside the proto, and end with it. */
static int ljs_code_rd(struct ljs_proto *p, u32 section, u64 ofs, void *dst,
		       u32 n)
{
	u64 from = section == LJD_section_BC ?
			p->f.pt + LJ_OBJ(p->w, pt_size) :
		   section == LJD_section_LINE ? p->lineinfo :
		   section == LJD_section_UVNAME ? p->f.uvinfo : p->varinfo;
	u32 i;

	if (from < p->f.pt || from + ofs + n > p->end)
		return -1;
	for (i = 0; i < n; i++)
		if (ljs_byte(p, from + ofs + i, (u8 *)dst + i))
			return -1;
	return 0;
}

static int ljs_code_kname(const struct lj_code *c, u32 idx)
{
	const struct ljs_proto *p = c->of;
	struct lj_walk *w = p->w;
	u64 str;
	u32 len;

	if (idx >= p->sizekgc ||
	    lj_rdref(w, &str, p->k - (idx + 1ull) * (LJ_GC64(w) ? 8 : 4)) ||
	    lj_str_len(w, str, &len))
		return -1;
	len = min_t(u32, len, LJ_CALLNAME - 1);
	if (!len || lj_str_bytes(w, c->name, str, 0, len))
		return -1;
	c->name[len] = 0;
	return 0;
}

/* ljs_proto - the proto of a Lua function; -1: it is none */
static int ljs_proto(struct lj_walk *w, struct ljs_proto *p, u64 fn)
{
	p->w = w;
	p->at = 1;
	if (lj_fn_read(w, &p->f, fn) || !p->f.pt)
		return -1;
	/* its header is in w->obj */
	p->end = p->f.pt + lj_obj32(w, LJ_OBJ(w, pt_sizept));
	p->k = lj_objref(w, LJ_OBJ(w, pt_k));
	p->lineinfo = lj_objref(w, LJ_OBJ(w, pt_lineinfo));
	p->varinfo = lj_objref(w, LJ_OBJ(w, pt_varinfo));
	p->sizekgc = lj_obj32(w, LJ_OBJ(w, pt_sizekgc));
	return 0;
}

/* ljs_callee - what the Lua frame n calls the function above it, or NULL */
static const char *ljs_callee(struct lj_walk *w, const struct ljs_stack *s,
			      u32 n)
{
	/* behind what ljs_str() uses */
	char *name = (char *)(w->rec.w + 256), *c;
	lj_u64 budget = LJS_NAMESTEPS;
	struct ljs_proto p;
	struct lj_code code = { &p, LJ_REL(w, nbc), &budget, name };

	if (n >= s->n || LJD_FRAME_KIND(s->frame[n].word) != LJD_frame_LUA ||
	    s->frame[n].g != w->g || ljs_proto(w, &p, s->frame[n].fn) ||
	    lj_code_callee(&code, LJD_FRAME_POS(s->frame[n].word)))
		return NULL;
	for (c = name; *c; c++)
		if ((u8)*c < ' ' || *c == 0x7f)
			*c = '?';
	return name;
}

/* ljs_frame_text - a frame in words: "name@file:line", "[coroutine]" */
static void ljs_frame_text(struct lj_walk *w, const struct ljs_stack *s,
			   u32 n, char *buf, size_t size)
{
	const char *name;
	struct lj_fn f;
	size_t len;

	if (lj_fn_read(w, &f, s->frame[n].fn)) {
		scnprintf(buf, size, "?");
		return;
	}
	name = f.pt && !f.firstline ? "[main]" : ljs_callee(w, s, n + 1);
	len = scnprintf(buf, size, "%.200s", name ? name : "?");
	ljs_place(w, buf + len, size - len, &f);
}

/* ljs_other_frame - a frame that is no function's, in words */
static const char *ljs_other_frame(u64 word)
{
	switch (LJD_FRAME_KIND(word)) {
	case LJD_frame_CO: return "[coroutine]";
	case LJD_frame_VM: return "[VM]";
	default: return "[damaged]";
	}
}

/* ljs_frame_line - the line a Lua frame is at, 0: not known */
static s64 ljs_frame_line(struct lj_walk *w, const struct ljs_stack *s, u32 n)
{
	struct ljs_proto p;
	struct lj_code code = { .of = &p };
	lj_u32 pos = LJD_FRAME_POS(s->frame[n].word);
	s32 line;

	if (LJD_FRAME_KIND(s->frame[n].word) != LJD_frame_LUA ||
	    pos == LJD_NOPOS || ljs_proto(w, &p, s->frame[n].fn))
		return 0;
	line = lj_code_line(&code, p.f.firstline, p.f.numline, pos);
	return line < 0 ? 0 : line;
}

/* ljs_frame - a frame as a line of a backtrace */
static void ljs_frame(struct lj_walk *w, const struct ljs_stack *s, u32 n,
		      char *buf, size_t size)
{
	s64 line = ljs_frame_line(w, s, n);
	struct lj_fn f;
	size_t len;

	ljs_frame_text(w, s, n, buf, size);
	if (!line || lj_fn_read(w, &f, s->frame[n].fn))
		return;
	len = strlen(buf);
	len += scnprintf(buf + len, size - len, "  at ");
	if (size - len < 32)
		return;
	ljs_chunk(w, buf + len, size - len - 16, f.chunkname);
	len = strlen(buf);
	scnprintf(buf + len, size - len, ":%lld", line);
}

/* -- Coroutines ----------------------------------------------------------- */

#define LJS_MAXOBJ	2000	/* objects looked at in one call */

/* ljs_next_co - go on in the list of all objects, to a coroutine
 * @at: an object's address, and the current white in its low bits; 0: begin
 *
 * Returns where that is; 0: there are no more; -1: the list may have changed
 * meanwhile. The collector takes objects out of the list while it sweeps, and
 * changes the current white before it does.
 */
static s64 ljs_next_co(struct lj_walk *w, u64 at)
{
	u32 white, type, marked, i;
	u64 obj, root;

	white = lj_objs_white(w, &root);
	if (!white || (at && (at & 3) != white))
		return -1;
	obj = at & ~7ull;
	if (!at)
		obj = root;
	else if (lj_gc_next(w, &obj, &type, &marked))
		return -1;
	for (i = 0; i < LJS_MAXOBJ && obj; i++) {
		u64 next = obj;

		if (lj_gc_next(w, &next, &type, &marked))
			return -1;
		if (type == LJ_TTHREAD || i == LJS_MAXOBJ - 1)
			return obj | white;
		obj = next;
	}
	return 0;
}

/* -- All objects ----------------------------------------------------------- */

static struct lj_objs ljs_objs;		/* of one walk at a time */
static u64 ljs_objs_vm;			/* ... in this VM; 0: none */

/* ljs_count - go on with the count of a VM's objects, as lj_objs_some() */
static s64 ljs_count(struct lj_walk *w, u32 max)
{
	int ret;

	if (ljs_objs_vm != w->g && lj_objs_begin(w, &ljs_objs))
		return -1;
	ljs_objs_vm = w->g;
	ret = lj_objs_some(w, &ljs_objs, max);
	if (ret <= 0)
		ljs_objs_vm = 0;
	return ret;
}

/* ljs_total - gc.total, 0: it cannot be read */
static u64 ljs_total(struct lj_walk *w)
{
	u32 ofs = LJ_S20(w) ? LJ_OBJ(w, s20_G_total) : LJ_OBJ(w, s17_G_total);
	u64 total = 0;

	return lj_rdref(w, &total, w->g + ofs) ? 0 : total;
}
