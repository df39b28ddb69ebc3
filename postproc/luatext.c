/* luatext.c - a value of a live VM as text, like Lua; or as JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "json.h"
#include "layout.h"
#include "luatext.h"
#include "luatree.h"

/* -- Pieces ------------------------------------------------------------- */

static void put_escape(FILE *out, unsigned char c)
{
	static const char from[] = "\n\t\r\"\\", to[] = "ntr\"\\";
	const char *at = c ? strchr(from, c) : NULL;

	if (at)
		fprintf(out, "\\%c", to[at - from]);
	else
		fprintf(out, "\\%03u", c);
}

void luatext_bytes(FILE *out, const char *s, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = s[i] == '"' || s[i] == '\\' ? 0 :
		      s[i] == ';' ? 1 : clean_char(s + i, n - i);
		if (len) {
			fwrite(s + i, 1, len, out);
		} else {
			put_escape(out, s[i]);
			len = 1;
		}
	}
}

static void put_str(FILE *out, const char *s)
{
	luatext_bytes(out, s, strlen(s));
}

/* As Lua, but with all digits that it takes to be that number. */
static void put_number(FILE *out, double d)
{
	char s[40];

	if (isnan(d)) {
		fputs("nan", out);
		return;
	}
	snprintf(s, sizeof(s), "%.14g", d);
	if (strtod(s, NULL) != d)
		snprintf(s, sizeof(s), "%.16g", d);
	if (strtod(s, NULL) != d)
		snprintf(s, sizeof(s), "%.17g", d);
	fputs(s, out);
}

static int is_number(const struct luatree *t)
{
	return t->type == LJ_TNUM || t->type == LJ_TINT;
}

/* -- Text --------------------------------------------------------------- */

static int is_keyword(const char *s)
{
	static const char words[] = " and break do else elseif end false for "
		"function goto if in local nil not or repeat return then true "
		"until while ";
	const char *at = strstr(words, s);

	return at && at[-1] == ' ' && at[strlen(s)] == ' ';
}

static int is_name(const struct luatree *k)
{
	if (k->type != LJ_TSTR || !k->len || k->len != k->whole || k->torn ||
	    (k->str[0] >= '0' && k->str[0] <= '9'))
		return 0;
	for (size_t i = 0; i < k->len; i++) {
		char c = k->str[i];

		if (c != '_' && !(c >= '0' && c <= '9') &&
		    !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
			return 0;
	}
	return !is_keyword(k->str);
}

static void note(FILE *out, const char *what, const char *rest)
{
	fprintf(out, " --[[%s", what);
	put_str(out, rest);
	fputs("]]", out);
}

static void indent(FILE *out, unsigned depth)
{
	putc('\n', out);
	for (unsigned i = 0; i < depth; i++)
		fputs("  ", out);
}

static void write_text(FILE *out, const struct luatree *t, unsigned depth);

static void text_key(FILE *out, const struct luatree *k)
{
	if (is_name(k)) {
		fputs(k->str, out);
		return;
	}
	putc('[', out);
	write_text(out, k, 0);
	putc(']', out);
}

static void text_table(FILE *out, const struct luatree *t, unsigned depth)
{
	if (t->closed || t->shown) {
		fputs("{...}", out);
		if (t->shown)
			note(out, "is ", t->shown);
		return;
	}
	putc('{', out);
	for (size_t i = 0; i < t->n; i++) {
		indent(out, depth + 1);
		text_key(out, t->entry[i].key);
		fputs(" = ", out);
		write_text(out, t->entry[i].val, depth + 1);
		putc(',', out);
	}
	if (t->more) {
		indent(out, depth + 1);
		fprintf(out, "-- %" PRIu64 " more", t->more);
	}
	if (t->n || t->more)
		indent(out, depth);
	putc('}', out);
}

static void text_string(FILE *out, const struct luatree *t)
{
	putc('"', out);
	if (t->str)
		luatext_bytes(out, t->str, t->len);
	putc('"', out);
	if (t->str && t->len < t->whole)
		fprintf(out, " --[[%zu more bytes]]", t->whole - t->len);
}

static void text_object(FILE *out, const struct luatree *t)
{
	if (t->type == LJ_TFUNC)
		fputs("function: ", out);
	put_str(out, t->text ? t->text : t->type == LJ_TFUNC ? "?" :
		luatree_type(t));
	if (t->type != LJ_TFUNC && t->at &&
	    !(t->type == LJ_TCDATA && t->text && t->text[0] != 'c'))
		fprintf(out, ": 0x%" PRIx64, t->at);
}

static void write_text(FILE *out, const struct luatree *t, unsigned depth)
{
	switch (t->type) {
	case LJ_TNIL:
		fputs("nil", out);
		break;
	case LJ_TFALSE:
		fputs("false", out);
		break;
	case LJ_TTRUE:
		fputs("true", out);
		break;
	case LJ_TSTR:
		text_string(out, t);
		break;
	case LJ_TTAB:
		text_table(out, t, depth);
		break;
	case LJ_TNUM:
	case LJ_TINT:
		put_number(out, t->num);
		break;
	default:
		text_object(out, t);
	}
	if (t->torn)
		note(out, "torn: it changed while it was read", "");
	if (t->cut)
		note(out, "not all: a limit was reached", "");
}

void luatext_write(FILE *out, const struct luatree *t)
{
	write_text(out, t, 0);
}

/* -- JSON --------------------------------------------------------------- */

/* Can it be a JSON string, with nothing lost? */
static int is_text(const char *s, size_t n)
{
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		unsigned char c = s[i];

		len = (c && c < ' ') || c == 0x7f || c == ';' ? 1 :
		      clean_char(s + i, n - i);
		if (!len)
			return 0;
	}
	return 1;
}

static void json_bytes(FILE *out, const struct luatree *t)
{
	fprintf(out, "{\"type\":\"string\",\"length\":%zu", t->whole);
	if (t->str && is_text(t->str, t->len)) {
		fputs(",\"value\":", out);
		json_string(out, t->str);
	} else if (t->str) {
		fputs(",\"hex\":\"", out);
		for (size_t i = 0; i < t->len; i++)
			fprintf(out, "%02x", (unsigned char)t->str[i]);
		putc('"', out);
	}
}

static void json_table(FILE *out, const struct luatree *t)
{
	fprintf(out, "{\"type\":\"table\",\"address\":\"0x%" PRIx64 "\"", t->at);
	if (t->path) {
		fputs(",\"path\":", out);
		json_string(out, t->path);
	}
	if (t->meta)
		fputs(",\"metatable\":true", out);
	if (t->shown) {
		fputs(",\"shown\":", out);
		json_string(out, t->shown);
		return;
	}
	if (t->closed) {
		fputs(",\"closed\":true", out);
		return;
	}
	fputs(",\"entries\":[", out);
	for (size_t i = 0; i < t->n; i++) {
		fputs(i ? ",\n{\"key\":" : "\n{\"key\":", out);
		luatext_json(out, t->entry[i].key);
		fputs(",\"value\":", out);
		luatext_json(out, t->entry[i].val);
		putc('}', out);
	}
	fprintf(out, "],\"more\":%" PRIu64, t->more);
}

static void json_object(FILE *out, const struct luatree *t)
{
	fprintf(out, "{\"type\":\"%s\",\"address\":\"0x%" PRIx64 "\"",
		luatree_type(t), t->at);
	if (t->text) {
		fputs(",\"text\":", out);
		json_string(out, t->text);
	}
}

static void json_flaws(FILE *out, const struct luatree *t)
{
	if (t->torn)
		fputs(",\"torn\":true", out);
	if (t->cut)
		fputs(",\"cut\":true", out);
	putc('}', out);
}

/* As a JSON value of its own? */
static int json_plain(FILE *out, const struct luatree *t)
{
	if (t->torn || t->cut)
		return 0;
	if (t->type <= LJ_TTRUE)
		fputs(t->type == LJ_TNIL ? "null" :
		      t->type == LJ_TTRUE ? "true" : "false", out);
	else if (is_number(t) && isfinite(t->num))
		put_number(out, t->num);
	else if (t->type == LJ_TSTR && t->len == t->whole &&
		 is_text(t->str, t->len))
		json_string(out, t->str);
	else
		return 0;
	return 1;
}

void luatext_json(FILE *out, const struct luatree *t)
{
	if (json_plain(out, t))
		return;
	if (t->type == LJ_TSTR) {
		json_bytes(out, t);
	} else if (t->type == LJ_TTAB) {
		json_table(out, t);
	} else if (is_number(t)) {
		fputs("{\"type\":\"number\",\"value\":\"", out);
		put_number(out, t->num);
		putc('"', out);
	} else {
		json_object(out, t);
	}
	json_flaws(out, t);
}
