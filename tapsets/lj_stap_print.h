/* lj_stap_print.h - a path to a value; a value with what is in it, printed.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Embedded into luajit.stp by the build. Both as ljstap inspect has them
 * (luapath.h, luatext.c), as far as a handler may go.
 */
#include "lj_value.h"

/* -- Paths ---------------------------------------------------------------- */

static int ljs_is_name(char c)
{
	return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* ljs_name - copy the name at s; its length, 0: there is none that fits */
static u32 ljs_name(char *key, const char *s)
{
	u32 n;

	for (n = 0; ljs_is_name(s[n]) && n < LJ_MAXKEY; n++)
		key[n] = s[n];
	key[n] = 0;
	return ljs_is_name(s[n]) || (*s >= '0' && *s <= '9') ? 0 : n;
}

/* ljs_integer - the integer at s; its length, 0: there is none */
static u32 ljs_integer(s64 *v, const char *s)
{
	u32 minus = *s == '-', n = minus;

	for (*v = 0; s[n] >= '0' && s[n] <= '9' && n < 16; n++)
		*v = *v * 10 + s[n] - '0';
	if (n == minus || (s[n] >= '0' && s[n] <= '9'))
		return 0;
	if (minus)
		*v = -*v;
	return n;
}

/* ljs_quoted - copy the string at s; its length with the quotes, or 0 */
static u32 ljs_quoted(char *key, const char *s)
{
	u32 n;

	if (*s != '"' && *s != '\'')
		return 0;
	for (n = 1; s[n] && s[n] != *s && s[n] != '\\' && n <= LJ_MAXKEY; n++)
		key[n - 1] = s[n];
	key[n - 1] = 0;
	return s[n] == *s ? n + 1 : 0;
}

/* ljs_root - what the first name of a path is */
static u64 ljs_root(struct lj_walk *w, const char *name)
{
	if (!strcmp(name, "registry"))
		return ljs_table(w, lj_registry(w));
	if (!strcmp(name, "_G"))
		return ljs_table(w, lj_root_globals(w));
	return ljs_field(w, ljs_table(w, lj_root_globals(w)), name);
}

/* ljs_step - one step of a path: ".name", "[1]", "["key"]", ".upvalue(1)"
 *
 * Returns the bytes it took, 0: it cannot be understood.
 */
static u32 ljs_step(struct lj_walk *w, const char *s, u64 *v, char *key)
{
	u32 n;
	s64 i;

	if (!strncmp(s, ".upvalue(", 9)) {
		n = ljs_integer(&i, s + 9);
		if (!n || s[9 + n] != ')')
			return 0;
		if (w)
			*v = ljs_upvalue(w, *v, i);
		return n + 10;
	}
	if (*s == '.') {
		n = ljs_name(key, s + 1);
		if (n && w)
			*v = ljs_field(w, *v, key);
		return n ? n + 1 : 0;
	}
	if (*s != '[')
		return 0;
	n = ljs_quoted(key, s + 1);
	if (n && s[1 + n] == ']') {
		if (w)
			*v = ljs_field(w, *v, key);
		return n + 2;
	}
	n = ljs_integer(&i, s + 1);
	if (!n || s[1 + n] != ']')
		return 0;
	if (w)
		*v = ljs_index(w, *v, i);
	return n + 2;
}

/* ljs_follow - the value at a path
 * @w: the VM; NULL: the path is only looked at
 *
 * Returns what is left of the path that cannot be understood; "": all was.
 */
static const char *ljs_follow(struct lj_walk *w, const char *s, u64 *v)
{
	char key[LJ_MAXKEY + 1];
	u32 n = ljs_name(key, s);

	*v = LJS_NIL;
	if (!n)
		return *s ? s : "(nothing)";
	/* package.loaded is registry._LOADED, whatever _G.package is now. */
	if (!strncmp(s, "package.loaded", 14) && !ljs_is_name(s[14])) {
		n = 14;
		if (w)
			*v = ljs_loaded(w);
	} else if (w) {
		*v = ljs_root(w, key);
	}
	for (s += n; *s; s += n) {
		n = ljs_step(w, s, v, key);
		if (!n)
			return s;
	}
	return "";
}

/* -- Printing ------------------------------------------------------------- */

#define LJS_MAXDEPTH	8
#define LJS_MAXLINES	300	/* of one value */
#define LJS_MAXTEXT	128	/* bytes of a string that are shown */

/* struct ljs_printer - a value that is being printed */
struct ljs_printer {
	struct lj_walk *w;
	u32 depth, entries, lines;
	struct ljs_level {
		struct lj_tab t;
		struct lj_entry e;
		u32 shown;
		u32 pathlen;
	} level[LJS_MAXDEPTH];
	char path[MAXSTRINGLEN];
	char text[MAXSTRINGLEN];
};

static struct ljs_printer ljs_printers[LJS_LANES];

/* ljs_put_str - a GCstr in quotes, its odd bytes as Lua escapes them */
static void ljs_put_str(struct ljs_printer *p, u64 str)
{
	static const char from[] = "\n\t\r\"\\", to[] = "ntr\"\\";
	const u8 *raw = (const u8 *)p->w->rec.w;
	char *buf = p->text;
	const char *at;
	u32 i, n = 0;
	s64 len = ljs_str(p->w, str, buf, LJS_MAXTEXT + 1);

	if (len < 0) {
		_stp_print("?");
		return;
	}
	for (i = 0; i < LJS_MAXTEXT && i < len && n < sizeof(p->text) - 5; i++) {
		at = raw[i] ? strchr(from, raw[i]) : NULL;
		if (at)
			n += scnprintf(buf + n, 3, "\\%c", to[at - from]);
		else if (raw[i] < ' ' || raw[i] >= 0x7f)
			n += scnprintf(buf + n, 5, "\\%03u", raw[i]);
		else
			buf[n++] = raw[i];
	}
	buf[n] = 0;
	_stp_printf("\"%s\"", buf);
	if (len > LJS_MAXTEXT)
		_stp_printf(" --[[%lld more bytes]]", len - LJS_MAXTEXT);
}

/* ljs_put_scalar - any value but a table */
static void ljs_put_scalar(struct ljs_printer *p, u64 v)
{
	if (lj_tv_type(p->w, v) == LJ_TSTR) {
		ljs_put_str(p, lj_tv_ref(p->w, v));
		return;
	}
	ljs_text(p->w, p->text, sizeof(p->text), v);
	_stp_print(p->text);
}

/* ljs_is_word - is a string, its bytes in buf, a name that needs no quotes? */
static int ljs_is_word(const char *buf, s64 len)
{
	static const char words[] = " and break do else elseif end false for "
		"function goto if in local nil not or repeat return then true "
		"until while ";
	const char *at;
	char key[LJ_MAXKEY + 1];

	if (len <= 0 || len >= LJ_MAXKEY || ljs_name(key, buf) != len ||
	    buf[len])
		return 0;
	at = strstr(words, buf);
	return !at || at[-1] != ' ' || at[len] != ' ';
}

/* ljs_put_key - a key as it is written in a table; adds it to the path */
static void ljs_put_key(struct ljs_printer *p, struct ljs_level *l, u64 key)
{
	u32 type = lj_tv_type(p->w, key);
	char *path = p->path + l->pathlen;
	size_t room = sizeof(p->path) - l->pathlen;
	s64 len = -1;

	if (type == LJ_TSTR)
		len = ljs_str(p->w, lj_tv_ref(p->w, key), p->text,
			      sizeof(p->text));
	if (ljs_is_word(p->text, len)) {
		scnprintf(path, room, ".%s", p->text);
		_stp_print(p->text);
		return;
	}
	if (type != LJ_TSTR)
		ljs_text(p->w, p->text, sizeof(p->text), key);
	scnprintf(path, room, type == LJ_TSTR ? "[\"%s\"]" : "[%s]", p->text);
	_stp_print("[");
	if (type == LJ_TTAB)
		_stp_print("{}");	/* what is in a key is not looked at */
	else
		ljs_put_scalar(p, key);
	_stp_print("]");
}

static void ljs_indent(u32 depth)
{
	while (depth--)
		_stp_print("  ");
}

/* ljs_enter - begin the table v at a depth; 1: it was printed, closed */
static int ljs_enter(struct ljs_printer *p, u32 depth, u64 v)
{
	struct ljs_level *l = &p->level[depth];
	u64 tab = lj_tv_ref(p->w, v);
	u32 i;

	for (i = 0; i < depth; i++)
		if (p->level[i].t.at == tab) {
			_stp_printf("{...} --[[is %.*s]]",
				    (int)p->level[i].pathlen, p->path);
			return 1;
		}
	memset(l, 0, sizeof(*l));
	if (depth >= p->depth || p->lines >= LJS_MAXLINES ||
	    ljs_open(p->w, &l->t, v)) {
		_stp_print("{...}");
		return 1;
	}
	l->pathlen = strlen(p->path);
	_stp_print("{");
	return 0;
}

/* ljs_leave - end the table at a depth; says what of it is not shown */
static void ljs_leave(struct ljs_printer *p, u32 depth, int ret)
{
	struct ljs_level *l = &p->level[depth];
	u32 n;

	if (ret == 1) {
		for (n = 1; n < LJ_MAXLOOK && ret == 1; n++)
			ret = lj_tab_next(p->w, &l->t, &l->e);
		_stp_print("\n");
		ljs_indent(depth + 1);
		if (ret)
			_stp_print("-- more");
		else
			_stp_printf("-- %u more", n - 1);
	} else if (ret < 0) {
		_stp_print(" --[[torn: it changed while it was read]]");
	}
	if (l->shown || ret == 1) {
		_stp_print("\n");
		ljs_indent(depth);
	}
	_stp_print("}");
}

/* ljs_print - a value and what is in it, as text */
static void ljs_print(struct ljs_printer *p, u64 v)
{
	struct ljs_level *l;
	s32 depth = -1;
	int ret;

	if (lj_tv_type(p->w, v) != LJ_TTAB) {
		ljs_put_scalar(p, v);
		return;
	}
	if (!ljs_enter(p, 0, v))
		depth = 0;
	while (depth >= 0) {
		l = &p->level[depth];
		p->path[l->pathlen] = 0;
		ret = ljs_go_on(p->w, &l->t, &l->e);
		if (ret != 1 || l->shown >= p->entries ||
		    p->lines >= LJS_MAXLINES) {
			ljs_leave(p, depth--, ret);
			if (depth >= 0)
				_stp_print(",");
			continue;
		}
		l->shown++;
		p->lines++;
		_stp_print("\n");
		ljs_indent(depth + 1);
		ljs_put_key(p, l, l->e.key);
		_stp_print(" = ");
		if (lj_tv_type(p->w, l->e.val) == LJ_TTAB) {
			if (!ljs_enter(p, depth + 1, l->e.val)) {
				depth++;
				continue;
			}
		} else {
			ljs_put_scalar(p, l->e.val);
		}
		_stp_print(",");
	}
}
