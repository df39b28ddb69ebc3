/* luapath.c - text such as package.loaded["resty.core"].version -> steps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "luapath.h"
#include "mem.h"

#define MAXTEXT		65536
#define MAXNEST		100	/* of parentheses, and of # */

struct parser {
	const char *text, *s;
	struct luapath *p;
	unsigned nest;
	char *why;
};

static int expr(struct parser *ps);

/* -- Messages ----------------------------------------------------------- */

static int wrong(struct parser *ps, const char *what)
{
	if (!ps->why)
		ps->why = xasprintf("%s at character %zu", what,
				    (size_t)(ps->s - ps->text) + 1);
	return -1;
}

/* -- Words -------------------------------------------------------------- */

static int is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_name(char c)
{
	return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

static void skip(struct parser *ps)
{
	while (is_space(*ps->s))
		ps->s++;
}

static int take(struct parser *ps, char c)
{
	skip(ps);
	if (*ps->s != c)
		return 0;
	ps->s++;
	return 1;
}

/* The bytes of the name that comes next, 0: there is none. */
static size_t name_len(struct parser *ps)
{
	size_t n = 0;

	skip(ps);
	if (is_digit(*ps->s))
		return 0;
	while (is_name(ps->s[n]))
		n++;
	return n;
}

static int word_is(const struct parser *ps, size_t n, const char *word)
{
	return n == strlen(word) && !memcmp(ps->s, word, n);
}

static struct luapath_step *add(struct parser *ps, enum luapath_op op)
{
	struct luapath *p = ps->p;
	struct luapath_step *step;

	p->step = xgrow(p->step, p->n, &p->max, sizeof(*p->step));
	step = &p->step[p->n++];
	memset(step, 0, sizeof(*step));
	step->op = op;
	return step;
}

static void add_str(struct parser *ps, enum luapath_op op, const char *s,
		    size_t n)
{
	struct luapath_step *step = add(ps, op);

	step->str = xmalloc(n + 1);
	memcpy(step->str, s, n);
	step->str[n] = 0;
	step->len = n;
}

/* What the step just added is the end of. */
static void mark(struct parser *ps, const char *from)
{
	struct luapath_step *step = &ps->p->step[ps->p->n - 1];

	step->from = from - ps->text;
	step->to = ps->s - ps->text;
}

/* -- Strings and numbers ------------------------------------------------ */

static int hex(char c)
{
	return is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	       c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte that follows a backslash, or -1. */
static int escape(struct parser *ps)
{
	static const char from[] = "abfnrtv\\\"'\n", to[] = "\a\b\f\n\r\t\v\\\"'\n";
	char c = *ps->s;
	const char *at = c ? strchr(from, c) : NULL;
	int v = 0;

	if (at) {
		ps->s++;
		return (unsigned char)to[at - from];
	}
	if (c == 'x') {
		if (hex(ps->s[1]) < 0 || hex(ps->s[2]) < 0)
			return -1;
		v = hex(ps->s[1]) * 16 + hex(ps->s[2]);
		ps->s += 3;
		return v;
	}
	if (!is_digit(c))
		return -1;
	for (int i = 0; i < 3 && is_digit(*ps->s); i++)
		v = v * 10 + *ps->s++ - '0';
	return v < 256 ? v : -1;
}

static int string(struct parser *ps, enum luapath_op op)
{
	char quote = *ps->s++, *buf = xmalloc(strlen(ps->s) + 1);
	size_t n = 0;
	int c;

	while (*ps->s && *ps->s != quote) {
		c = (unsigned char)*ps->s++;
		if (c == '\\')
			c = escape(ps);
		if (c < 0) {
			free(buf);
			return wrong(ps, "no such escape");
		}
		buf[n++] = c;
	}
	if (*ps->s)
		add_str(ps, op, buf, n);
	free(buf);
	if (!*ps->s)
		return wrong(ps, "the string has no end");
	ps->s++;
	return 0;
}

static int number(struct parser *ps, enum luapath_op op)
{
	char *end;
	double d = strtod(ps->s, &end);

	if (end == ps->s || isnan(d))
		return wrong(ps, "no string and no number");
	add(ps, op)->num = d;
	ps->s = end;
	return 0;
}

static int is_number(const char *s)
{
	if (*s == '-')
		s++;
	return is_digit(*s) || (*s == '.' && is_digit(s[1]));
}

/* -- Suffixes ----------------------------------------------------------- */

static int key(struct parser *ps)
{
	size_t n = name_len(ps);

	if (*ps->s == '"' || *ps->s == '\'')
		return string(ps, LUAPATH_STR);
	if (word_is(ps, n, "true") || word_is(ps, n, "false")) {
		add(ps, LUAPATH_BOOL)->num = n == 4;
		ps->s += n;
		return 0;
	}
	if (is_number(ps->s))
		return number(ps, LUAPATH_NUM);
	return wrong(ps, n ? "a key that is a string needs quotes" :
		     "no key that can be looked up");
}

static int upvalue(struct parser *ps)
{
	skip(ps);
	if (*ps->s == '"' || *ps->s == '\'' ? string(ps, LUAPATH_UPNAME) :
	    !is_digit(*ps->s) ? wrong(ps, "no name or number of an upvalue") :
				number(ps, LUAPATH_UPNUM))
		return -1;
	return take(ps, ')') ? 0 : wrong(ps, "no )");
}

static int field(struct parser *ps)
{
	size_t n = name_len(ps);
	const char *name = ps->s;

	if (!n)
		return wrong(ps, "no name of a field");
	ps->s += n;
	if (n == 7 && !memcmp(name, "upvalue", 7) && take(ps, '('))
		return upvalue(ps);
	add_str(ps, LUAPATH_STR, name, n);
	return 0;
}

/* What may follow a value, any number of times. */
static int suffixes(struct parser *ps, const char *from)
{
	for (;;) {
		if (take(ps, '.')) {
			if (field(ps))
				return -1;
		} else if (take(ps, '[')) {
			if (key(ps))
				return -1;
			if (!take(ps, ']'))
				return wrong(ps, "no ]");
		} else {
			return 0;
		}
		mark(ps, from);
	}
}

/* -- Expressions -------------------------------------------------------- */

/* A function of ours: what is between the parentheses, then the step. */
static int call(struct parser *ps, enum luapath_op op, const char *from)
{
	if (expr(ps))
		return -1;
	if (!take(ps, ')'))
		return wrong(ps, "no )");
	add(ps, op);
	mark(ps, from);
	return 0;
}

/* Is there a ( behind the name? */
static int is_called(const struct parser *ps, size_t n)
{
	const char *s = ps->s + n;

	while (is_space(*s))
		s++;
	return *s == '(';
}

static int primary(struct parser *ps)
{
	size_t n = name_len(ps);
	const char *from = ps->s;
	enum luapath_op op;

	if (!n && take(ps, '(')) {
		if (expr(ps))
			return -1;
		return take(ps, ')') ? 0 : wrong(ps, "no )");
	}
	if (!n)
		return wrong(ps, *ps->s ? "no name" : "it ends too early,");
	if (is_called(ps, n)) {
		op = word_is(ps, n, "getmetatable") ? LUAPATH_META :
		     word_is(ps, n, "getfenv") ? LUAPATH_ENV : LUAPATH_ROOT;
		if (op == LUAPATH_ROOT)
			return wrong(ps, "only getmetatable() and getfenv() "
				     "can be called, nothing of the process,");
		ps->s = strchr(from, '(') + 1;
		return call(ps, op, from);
	}
	ps->s += n;
	add_str(ps, LUAPATH_ROOT, from, n);
	mark(ps, from);
	return 0;
}

static int expr(struct parser *ps)
{
	const char *from;
	int ret;

	if (++ps->nest > MAXNEST)
		return wrong(ps, "too deep");
	skip(ps);
	from = ps->s;
	if (take(ps, '#')) {
		ret = expr(ps);
		if (!ret) {
			add(ps, LUAPATH_LEN);
			mark(ps, from);
		}
	} else {
		ret = primary(ps) || suffixes(ps, from) ? -1 : 0;
	}
	ps->nest--;
	return ret;
}

struct luapath *luapath_parse(const char *text, char **why)
{
	struct parser ps = { .text = text, .s = text };
	int ret;

	*why = NULL;
	ps.p = xcalloc(1, sizeof(*ps.p));
	if (strlen(text) > MAXTEXT)
		ret = wrong(&ps, "too long");
	else
		ret = expr(&ps);
	skip(&ps);
	if (!ret && *ps.s)
		ret = wrong(&ps, "more than a value,");
	if (!ret)
		return ps.p;
	*why = ps.why;
	luapath_free(ps.p);
	return NULL;
}

void luapath_free(struct luapath *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		free(p->step[i].str);
	free(p->step);
	free(p);
}
