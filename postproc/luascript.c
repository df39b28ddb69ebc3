/* luascript.c - the one addition to Lua: probe blocks; and ready scripts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "luascript.h"
#include "mem.h"

#define MAXNEST		1000	/* blocks within blocks */

/* -- Words of Lua ------------------------------------------------------- */

enum { T_END, T_NAME, T_NUMBER, T_SIGN, T_OTHER };

/* struct token - a word, and where it is */
struct token {
	int type;
	const char *s;
	size_t n;
	unsigned line;
};

struct scan {
	const char *s, *end;
	unsigned line;
};

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_name(char c)
{
	return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static char at(const struct scan *sc, size_t i)
{
	return (size_t)(sc->end - sc->s) > i ? sc->s[i] : 0;
}

static void step(struct scan *sc, size_t n)
{
	for (; n && sc->s < sc->end; n--)
		if (*sc->s++ == '\n')
			sc->line++;
}

/* The = signs of a [==[ here; -1: there is none. */
static long long_bracket(const struct scan *sc)
{
	size_t n = 0;

	if (at(sc, 0) != '[')
		return -1;
	while (at(sc, n + 1) == '=')
		n++;
	return at(sc, n + 1) == '[' ? (long)n : -1;
}

static void skip_long(struct scan *sc, size_t level)
{
	step(sc, level + 2);
	while (sc->s < sc->end) {
		size_t n = 0;

		if (*sc->s == ']') {
			while (at(sc, n + 1) == '=')
				n++;
			if (n == level && at(sc, n + 1) == ']') {
				step(sc, n + 2);
				return;
			}
		}
		step(sc, 1);
	}
}

static void skip_comment(struct scan *sc)
{
	step(sc, 2);
	if (long_bracket(sc) >= 0) {
		skip_long(sc, long_bracket(sc));
		return;
	}
	while (sc->s < sc->end && *sc->s != '\n')
		sc->s++;
}

static void skip_string(struct scan *sc)
{
	char quote = *sc->s;

	step(sc, 1);
	while (sc->s < sc->end && *sc->s != quote && *sc->s != '\n')
		step(sc, *sc->s == '\\' ? 2 : 1);
	step(sc, at(sc, 0) == quote);
}

static void skip_blank(struct scan *sc)
{
	for (;;) {
		char c = at(sc, 0);

		if (c == ' ' || (c >= '\t' && c <= '\r'))
			step(sc, 1);
		else if (c == '-' && at(sc, 1) == '-')
			skip_comment(sc);
		else
			return;
	}
}

static struct token next(struct scan *sc)
{
	struct token t;
	char c;

	skip_blank(sc);
	t.s = sc->s;
	t.line = sc->line;
	c = at(sc, 0);
	if (sc->s >= sc->end) {
		t.type = T_END;
	} else if (is_name(c) || (c == '.' && is_digit(at(sc, 1)))) {
		t.type = is_digit(c) || c == '.' ? T_NUMBER : T_NAME;
		while (is_name(at(sc, 0)) ||
		       (t.type == T_NUMBER && at(sc, 0) == '.' &&
			at(sc, 1) != '.'))
			sc->s++;
	} else if (c == '"' || c == '\'') {
		t.type = T_OTHER;
		skip_string(sc);
	} else if (long_bracket(sc) >= 0) {
		t.type = T_OTHER;
		skip_long(sc, long_bracket(sc));
	} else {
		t.type = T_SIGN;
		do
			step(sc, 1);
		while (c == '.' && at(sc, 0) == '.');
	}
	t.n = sc->s - t.s;
	return t;
}

static int is(const struct token *t, const char *word)
{
	return t->n == strlen(word) && !memcmp(t->s, word, t->n);
}

/* -- Probes ------------------------------------------------------------- */

struct script {
	struct scan sc;
	const char *from;	/* not written yet */
	FILE *out;
	unsigned probes;
	int nest;
	int probe_nest;		/* the block around a probe's body, or -1 */
	int brace;		/* the body is in braces, of this nest */
	struct token begin;	/* of the probe */
	int after_dot;
	char *why;
};

static int wrong(struct script *s, const struct token *t, const char *what)
{
	if (!s->why)
		s->why = xasprintf("line %u: %s", t->line, what);
	return -1;
}

static void replace(struct script *s, const char *from, const char *to,
		    const char *text)
{
	fwrite(s->from, 1, from - s->from, s->out);
	fputs(text, s->out);
	/* What was there may have had line ends. */
	for (; from < to; from++)
		if (*from == '\n')
			putc('\n', s->out);
	s->from = to;
}

/* (N) */
static int period(struct script *s, char *n, size_t max)
{
	struct token a = next(&s->sc), b = next(&s->sc), c = next(&s->sc);

	if (!is(&a, "(") || b.type != T_NUMBER || b.n >= max || !is(&c, ")"))
		return wrong(s, &a, "timer.s(N) and timer.ms(N) take a number");
	memcpy(n, b.s, b.n);
	n[b.n] = 0;
	return 0;
}

/* Behind `probe': is it one? Then its head is replaced. */
static int probe_head(struct script *s, const struct token *word)
{
	struct scan back = s->sc;
	struct token a = next(&s->sc), dot = next(&s->sc), b = next(&s->sc);
	int process = is(&a, "process"), timer = is(&a, "timer");
	char n[32] = "0", *text;
	struct token body;

	if ((!process && !timer) || !is(&dot, ".")) {
		s->sc = back;
		return 0;
	}
	if (process ? !is(&b, "begin") && !is(&b, "end") :
		      !is(&b, "s") && !is(&b, "ms"))
		return wrong(s, &b, "there are process.begin, process.end, "
			     "timer.s(N) and timer.ms(N)");
	if (s->nest)
		return wrong(s, word, "a probe cannot be inside a block");
	if (timer && period(s, n, sizeof(n)))
		return -1;
	text = xasprintf("ljstap.probe(\"%.*s.%.*s\", %s, function()",
			 (int)a.n, a.s, (int)b.n, b.s, n);
	back = s->sc;
	body = next(&s->sc);
	s->brace = is(&body, "{");
	if (!s->brace)
		s->sc = back;
	replace(s, word->s, s->sc.s, text);
	free(text);
	if (!s->brace)
		putc(' ', s->out);
	s->probes++;
	s->begin = *word;
	s->probe_nest = s->nest++;
	return 0;
}

static int open_block(struct script *s, const struct token *t)
{
	if (++s->nest > MAXNEST)
		return wrong(s, t, "too many blocks within blocks");
	return 0;
}

static int close_block(struct script *s, const struct token *t, int brace)
{
	if (s->nest)
		s->nest--;
	if (s->nest != s->probe_nest)
		return 0;
	if (brace != s->brace)
		return wrong(s, t, s->brace ? "the probe that began with { "
			     "ends with }" : "the probe ends with `end'");
	replace(s, t->s, t->s + t->n, "end)");
	s->probe_nest = -1;
	return 0;
}

static int one_token(struct script *s, const struct token *t)
{
	int field = s->after_dot;

	s->after_dot = is(t, ".") || is(t, ":");
	if (field)
		return 0;
	if (t->type == T_SIGN)
		return is(t, "{") ? open_block(s, t) :
		       is(t, "}") ? close_block(s, t, 1) : 0;
	if (t->type != T_NAME)
		return 0;
	if (is(t, "probe"))
		return probe_head(s, t);
	if (is(t, "do") || is(t, "if") || is(t, "function") ||
	    is(t, "repeat"))
		return open_block(s, t);
	if (is(t, "end") || is(t, "until"))
		return close_block(s, t, 0);
	return 0;
}

char *luascript_lua(const char *text, size_t n, unsigned *probes, char **why)
{
	struct script s = { .sc = { text, text + n, 1 }, .from = text,
			    .probe_nest = -1 };
	struct token t;
	char *out;
	size_t len;

	s.out = open_memstream(&out, &len);
	/* #! is for the shell; the line stays. */
	if (at(&s.sc, 0) == '#') {
		while (s.sc.s < s.sc.end && *s.sc.s != '\n')
			s.sc.s++;
		replace(&s, text, s.sc.s, "");
	}
	do {
		t = next(&s.sc);
	} while (t.type != T_END && !one_token(&s, &t));
	if (s.probe_nest >= 0)
		wrong(&s, &s.begin, "the probe that begins here has no end");
	replace(&s, text + n, text + n, "");
	fclose(s.out);
	*probes = s.probes;
	*why = s.why;
	if (!s.why)
		return out;
	free(out);
	return NULL;
}

/* -- Files -------------------------------------------------------------- */

char *luascript_read(const char *path, size_t *n)
{
	int is_stdin = !strcmp(path, "-");
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	size_t max = 65536, got;
	char *text = xmalloc(max);
	int err = errno;

	*n = 0;
	if (!f) {
		free(text);
		errno = err;
		return NULL;
	}
	do {
		if (*n + 1 == max)
			text = xrealloc(text, max *= 2, 1);
		got = fread(text + *n, 1, max - *n - 1, f);
		*n += got;
	} while (got);
	err = ferror(f) ? errno : 0;
	text[*n] = 0;
	if (!is_stdin)
		fclose(f);
	if (!err)
		return text;
	free(text);
	errno = err;
	return NULL;
}

static const char *folder(void)
{
	const char *dir = getenv("LJSTAP_LUA");

	return dir ? dir : PKGDATADIR "/lua";
}

char *luascript_find(const char *name)
{
	char *path = xasprintf("%s/%s.lua", folder(), name);
	FILE *f = strchr(name, '/') ? NULL : fopen(path, "re");

	if (f) {
		fclose(f);
		return path;
	}
	free(path);
	return NULL;
}

static int is_lua(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 4 && !strcmp(e->d_name + n - 4, ".lua");
}

/* "-- NAME - PURPOSE" */
static void tell(const char *file, void (*fn)(void *ctx, const char *name,
					      const char *doc), void *ctx)
{
	char *path = xasprintf("%s/%s", folder(), file);
	char *name = xstrdup(file), line[256] = "", *doc;
	FILE *f = fopen(path, "re");

	if (f && !fgets(line, sizeof(line), f))
		line[0] = 0;
	if (f)
		fclose(f);
	line[strcspn(line, "\n")] = 0;
	name[strlen(name) - 4] = 0;
	doc = strstr(line, " - ");
	fn(ctx, name, doc ? doc + 3 : "");
	free(name);
	free(path);
}

size_t luascript_list(void (*fn)(void *ctx, const char *name,
				 const char *doc), void *ctx)
{
	struct dirent **e = NULL;
	int n = scandir(folder(), &e, is_lua, alphasort);

	for (int i = 0; i < n; i++) {
		tell(e[i]->d_name, fn, ctx);
		free(e[i]);
	}
	free(e);
	return n > 0 ? n : 0;
}
