/* lj_stap_value.h - Lua values, for the functions of the tapset.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Embedded into luajit.stp by the build. In the tapset a value is the target's
 * TValue, a VM its global_State; each function finds the VM again by that, so
 * that no state is kept between them. To be called while the target is the
 * current process: its thread cannot run meanwhile, so nothing is torn but
 * what it was about to change.
 */
#include "lj_value.h"

#define LJS_NIL		(~0ULL)

/* ljs_look - begin to read values of a VM; NULL: it is not there, or unknown */
static struct lj_walk *ljs_look(u64 g)
{
	struct lj_walk *w = ljs_take();

	if (!w)
		return NULL;
	w->time = ktime_get_mono_fast_ns();
	w->pid = current->tgid;
	w->tid = current->pid;
	w->winlen = 0;
	pagefault_disable();
	if (g && !lj_load_g(w, g) && !w->check)
		return w;
	pagefault_enable();
	ljs_give(w);
	return NULL;
}

/* ljs_vm - the global_State of the VM of the current thread, or 0 */
static u64 ljs_vm(const struct pt_regs *regs)
{
	struct lj_walk *w = ljs_look_here(regs);
	u64 g;

	if (!w)
		return 0;
	w->flags = 0;
	w->cflen = 0;
	lj_find(w);
	g = w->check ? 0 : w->g;
	ljs_looked(w);
	return g;
}

static u64 ljs_table(struct lj_walk *w, u64 ref)
{
	return ref ? lj_tv_make(w, LJ_TTAB, ref) : LJS_NIL;
}

/* ljs_open - the header of the table v; 0, or -1 */
static int ljs_open(struct lj_walk *w, struct lj_tab *t, u64 v)
{
	if (lj_tv_type(w, v) != LJ_TTAB)
		return -1;
	return lj_tab_open(w, t, lj_tv_ref(w, v)) ? -1 : 0;
}

/* ljs_go_on - lj_tab_next(), in at most 64 pieces */
static int ljs_go_on(struct lj_walk *w, const struct lj_tab *t,
		     struct lj_entry *e)
{
	int i, ret = 2;

	for (i = 0; i < 64 && ret == 2; i++)
		ret = lj_tab_next(w, t, e);
	return ret == 2 ? -1 : ret;
}

/* ljs_field - the value of a string key; nil if there is none */
static u64 ljs_field(struct lj_walk *w, u64 table, const char *name)
{
	struct lj_entry e = { 0 };
	struct lj_tab t;
	int i, ret = 2;

	if (ljs_open(w, &t, table))
		return LJS_NIL;
	for (i = 0; i < 64 && ret == 2; i++)
		ret = lj_tab_str(w, &t, &e, name, strlen(name));
	return ret == 1 ? e.val : LJS_NIL;
}

/* ljs_loaded - package.loaded */
static u64 ljs_loaded(struct lj_walk *w)
{
	return ljs_table(w, lj_find_loaded(w));
}

/* ljs_double - the bits of an IEEE double that is the integer n, |n| < 2^53 */
static u64 ljs_double(s64 n)
{
	u64 sign = n < 0 ? 1ULL << 63 : 0, m = n < 0 ? -n : n;
	int top;

	if (!m || m >> 53)
		return 0;
	top = fls64(m) - 1;
	return sign | (u64)(top + 1023) << 52 |
	       ((m << (52 - top)) & 0xfffffffffffffULL);
}

static u64 ljs_index(struct lj_walk *w, u64 table, s64 n)
{
	struct lj_entry e = { 0 };
	struct lj_tab t;
	int i, ret = 2;

	if (ljs_open(w, &t, table))
		return LJS_NIL;
	for (i = 0; i < 64 && ret == 2; i++)
		ret = lj_tab_num(w, &t, &e, ljs_double(n));
	return ret == 1 ? e.val : LJS_NIL;
}

static u64 ljs_metatable(struct lj_walk *w, u64 v)
{
	struct lj_tab t;
	u32 len;
	u64 mt = 0;

	if (!ljs_open(w, &t, v))
		mt = t.metatable;
	else if (lj_tv_type(w, v) == LJ_TUDATA)
		lj_userdata(w, lj_tv_ref(w, v), &len, &mt);
	return ljs_table(w, mt);
}

static u64 ljs_upvalue(struct lj_walk *w, u64 v, s64 n)
{
	struct lj_fn f;
	u64 at, value;

	if (lj_tv_type(w, v) != LJ_TFUNC || n < 1 || n > 255 ||
	    lj_fn_read(w, &f, lj_tv_ref(w, v)) ||
	    lj_upvalue(w, &f, (u32)n - 1, &at) || lj_rd64(w, &value, at))
		return LJS_NIL;
	return value;
}

/* -- Words ---------------------------------------------------------------- */

static const char *ljs_type(struct lj_walk *w, u64 v)
{
	switch (lj_tv_type(w, v)) {
	case LJ_TNIL: return "nil";
	case LJ_TFALSE:
	case LJ_TTRUE: return "boolean";
	case LJ_TLIGHTUD:
	case LJ_TUDATA: return "userdata";
	case LJ_TSTR: return "string";
	case LJ_TTHREAD: return "thread";
	case LJ_TPROTO: return "proto";
	case LJ_TFUNC: return "function";
	case LJ_TCDATA: return "cdata";
	case LJ_TTAB: return "table";
	case LJ_TINT:
	case LJ_TNUM: return "number";
	default: return "?";
	}
}

/* ljs_str - the bytes of a GCstr, as many as fit; returns its length, -1: none.
 *
 * Bytes that end a string of SystemTap's, or that a terminal obeys, are '?'.
 */
static s64 ljs_str(struct lj_walk *w, u64 str, char *buf, size_t size)
{
	char *word = (char *)w->rec.w;
	u32 len, n, i;

	buf[0] = 0;
	if (lj_str_len(w, str, &len))
		return -1;
	n = min_t(u32, len, size - 1);
	n = min_t(u32, n, 1024);
	if (lj_str_bytes(w, word, str, 0, n))
		return -1;
	for (i = 0; i < n; i++)
		buf[i] = (u8)word[i] < ' ' || word[i] == 0x7f ? '?' : word[i];
	buf[n] = 0;
	return len;
}

/* ljs_fraction - a number of 2^-8 and more that is no integer, as "%.14g"
 * @m: its 53 bits
 * @e: how many of them are behind the point, 1 to 60
 */
static void ljs_fraction(char *buf, size_t size, int minus, u64 m, int e)
{
	u64 whole = m >> e, rest = m & ((1ULL << e) - 1), dec = 0, one = 1;
	int digits = 0, first = !whole;
	u64 n;

	for (n = whole; n; n = div64_u64(n, 10))
		digits++;
	while (digits < 14) {
		rest *= 10;
		dec = dec * 10 + (rest >> e);
		one *= 10;
		/* zeros behind "0." do not count */
		if (!first || rest >> e) {
			first = 0;
			digits++;
		}
		rest &= (1ULL << e) - 1;
	}
	if (rest * 2 >= 1ULL << e && ++dec == one) {
		whole++;
		dec = 0;
	}
	while (one > 1 && dec == div64_u64(dec, 10) * 10) {
		dec = div64_u64(dec, 10);
		one = div64_u64(one, 10);
	}
	n = scnprintf(buf, size, "%s%llu", minus ? "-" : "", whole);
	if (one == 1)
		return;
	n += scnprintf(buf + n, size - n, ".");
	for (one = div64_u64(one, 10); one; one = div64_u64(one, 10))
		n += scnprintf(buf + n, size - n, "%llu",
			       div64_u64(dec, one) -
			       div64_u64(div64_u64(dec, one), 10) * 10);
}

/* ljs_number - a double in words, without a floating point unit: as Lua up to
 * 2^63 and down to 2^-8, then as "%a" of C
 */
static void ljs_number(char *buf, size_t size, u64 bits)
{
	int e = (int)(bits >> 52 & 0x7ff) - 1075, minus = bits >> 63;
	u64 m = (bits & 0xfffffffffffffULL) | 1ULL << 52;

	if (e == 0x7ff - 1075)
		scnprintf(buf, size, "%s", bits << 12 ? "nan" :
			  minus ? "-inf" : "inf");
	else if (!(bits << 1))
		scnprintf(buf, size, minus ? "-0" : "0");
	else if (e >= 0 && e <= 10)
		scnprintf(buf, size, "%s%llu", minus ? "-" : "", m << e);
	else if (e < 0 && e >= -52 && !(m & ((1ULL << -e) - 1)))
		scnprintf(buf, size, "%s%llu", minus ? "-" : "", m >> -e);
	else if (e < 0 && e >= -60)
		ljs_fraction(buf, size, minus, m, -e);
	else
		scnprintf(buf, size, "%s0x1.%013llxp%+d", minus ? "-" : "",
			  m & 0xfffffffffffffULL, e + 52);
}

/* ljs_chunk - where a proto is from, as lj_debug_shortname(): "test.lua",
 * "[string \"return 1\"]"; paths in full
 */
static void ljs_chunk(struct lj_walk *w, char *buf, size_t size, u64 str)
{
	const char *raw = (const char *)w->rec.w;
	size_t n;

	if (ljs_str(w, str, buf, size) < 0) {
		scnprintf(buf, size, "?");
		return;
	}
	n = strlen(buf);
	if (*buf == '@' || *buf == '=') {
		memmove(buf, buf + 1, n);
		return;
	}
	for (n = 0; n < 44 && buf[n] && (u8)raw[n] >= ' '; n++)
		;
	/* ljs_str() left the bytes themselves there */
	scnprintf(buf, size, "[string \"%.*s%s\"]", (int)n, raw,
		  buf[n] ? "..." : "");
}

/* ljs_place - behind a function's name: "@test.lua:10", "@[C]" */
static void ljs_place(struct lj_walk *w, char *buf, size_t size,
		      const struct lj_fn *f)
{
	size_t n = scnprintf(buf, size, "@");

	if (!f->pt) {
		scnprintf(buf + n, size - n, "[C]");
		return;
	}
	ljs_chunk(w, buf + n, size - n - 16, f->chunkname);
	n = strlen(buf);
	scnprintf(buf + n, size - n, ":%u", f->firstline);
}

/* ljs_function - where a function is: "@test.lua:10", "C:0x7f...", "builtin#9" */
static void ljs_function(struct lj_walk *w, char *buf, size_t size, u64 fn)
{
	struct lj_fn f;

	if (lj_fn_read(w, &f, fn))
		scnprintf(buf, size, "?");
	else if (f.pt)
		ljs_place(w, buf, size, &f);
	else if (f.ffid == LJ_FF_C)
		scnprintf(buf, size, "C:0x%llx", f.f);
	else
		scnprintf(buf, size, "builtin#%u", f.ffid);
}

static const char *ljs_status(struct lj_walk *w, u64 co)
{
	static const char *const names[] = {
		[LJ_CO_RUNNING] = "running", [LJ_CO_SUSPENDED] = "suspended",
		[LJ_CO_NORMAL] = "normal", [LJ_CO_DEAD] = "dead",
		[LJ_CO_FRESH] = "suspended",
	};
	int state = lj_co_state(w, co, lj_imageref(w, LJ_REL(w, cur_L)));

	return state < 0 ? "?" : names[state];
}

static void ljs_text(struct lj_walk *w, char *buf, size_t size, u64 v)
{
	u32 type = lj_tv_type(w, v);
	size_t n;

	switch (type) {
	case LJ_TNIL:
		scnprintf(buf, size, "nil");
		break;
	case LJ_TFALSE:
	case LJ_TTRUE:
		scnprintf(buf, size, type == LJ_TTRUE ? "true" : "false");
		break;
	case LJ_TSTR:
		if (ljs_str(w, lj_tv_ref(w, v), buf, size) < 0)
			scnprintf(buf, size, "?");
		break;
	case LJ_TINT:
		scnprintf(buf, size, "%d", (s32)v);
		break;
	case LJ_TNUM:
		ljs_number(buf, size, v);
		break;
	case LJ_TFUNC:
		n = scnprintf(buf, size, "function: ");
		ljs_function(w, buf + n, size - n, lj_tv_ref(w, v));
		break;
	default:
		scnprintf(buf, size, "%s: 0x%llx", ljs_type(w, v),
			  lj_tv_ref(w, v));
	}
}
