/* cmd_cat.c - `ljstap cat`: a dump in words, one block a record.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Knows no record by name but through dump.def, so that it cannot disagree
 * with the format; only frames and bytecode are spelled out.
 */
#include <config.h>

#include <argp.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "lj_layout_text.h"
#include "outfile.h"
#include "read_dump.h"

struct cat_opts {
	const char *file, *output;
	uint64_t from, to;	/* ns from the start; to: 0: to the end */
};

enum { OPT_FROM = 256, OPT_TO };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "from", OPT_FROM, "S", 0,
	  "Only samples from S seconds after the start", 0 },
	{ "to", OPT_TO, "S", 0, "Only samples before that", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct cat_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_FROM:
		return cmd_seconds("--from", arg, &o->from) ? EINVAL : 0;
	case OPT_TO:
		return cmd_to("--to", arg, &o->to) ? EINVAL : 0;
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return ARGP_ERR_UNKNOWN;
}

/* -- Fields ------------------------------------------------------------- */

/* The set a field's doc names: "ENUM reason" -> "reason". */
static int set_of(const char *doc, const char *word, char *set, size_t size)
{
	size_t n = strlen(word), i = 0;

	if (strncmp(doc, word, n) || doc[n] != ' ')
		return 0;
	for (doc += n + 1; isalnum((unsigned char)*doc) && i < size - 1; doc++)
		set[i++] = *doc;
	set[i] = 0;
	return i > 0;
}

static void print_bits(FILE *out, const char *set, uint64_t v)
{
	const char *sep = "", *name;

	for (uint64_t bit = 1; bit && bit <= v; bit <<= 1) {
		if (!(v & bit))
			continue;
		name = dumptab_value(set, bit);
		if (name)
			fprintf(out, "%s%s", sep, name);
		else
			fprintf(out, "%s0x%" PRIx64, sep, bit);
		sep = "|";
	}
	if (!v)
		fputc('0', out);
}

static int is_hex(const struct dump_field *f)
{
	return strstr(f->doc, "address") || strstr(f->doc, "register") || strstr(f->doc, "pointer") ||
	       strstr(f->doc, "0x") || strstr(f->doc, "map.start") ||
	       strstr(f->doc, "machine code") || strstr(f->doc, "<< 32");
}

static void print_value(FILE *out, const struct dump_field *f, uint64_t v)
{
	const char *name;
	char set[32];

	if (set_of(f->doc, "BIT", set, sizeof(set))) {
		print_bits(out, set, v);
	} else if (set_of(f->doc, "ENUM", set, sizeof(set))) {
		name = dumptab_value(set, v);
		if (name)
			fputs(name, out);
		else
			fprintf(out, "%" PRIu64, v);
	} else if (f->size == 4 && strstr(f->doc, "as u32")) {
		fprintf(out, "%" PRId32, (int32_t)v);
	} else if (is_hex(f) && f->size == 8) {
		fprintf(out, "0x%" PRIx64, v);
	} else if (strstr(f->doc, "0x") || strstr(f->doc, "instruction at")) {
		fprintf(out, "0x%08" PRIx64, v);
	} else {
		fprintf(out, "%" PRIu64, v);
	}
}

static void print_fields(FILE *out, const struct dump_record *r)
{
	size_t ofs = sizeof(struct ljd_head);

	for (const struct dump_field *f = r->type->field; f->name; f++) {
		uint64_t v = dumptab_next(&r->fixed, f, &ofs);

		if (!strcmp(f->name, "spare"))
			continue;
		fprintf(out, " %s=", f->name);
		print_value(out, f, v);
	}
}

/* -- Tails -------------------------------------------------------------- */

static int is_printable(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < ' ' || p[i] == 0x7f)
			return 0;
	return n > 0;
}

static void print_hex(FILE *out, const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%s%02x", i % 32 ? i % 4 ? "" : " " : "\n  ",
			p[i]);
}

static void print_code(FILE *out, const unsigned char *p, size_t n)
{
	uint32_t ins;

	for (size_t i = 0; i + 4 <= n; i += 4) {
		memcpy(&ins, p + i, 4);
		fprintf(out, "%s%08" PRIx32, i % 32 ? " " : "\n  ", ins);
	}
}

static void print_bytes(FILE *out, const struct dump_record *r)
{
	if (r->type->kind == LJD_KIND_pdata &&
	    r->fixed.pdata.section == LJD_section_BC)
		print_code(out, r->tail, r->n);
	else if (r->type->kind == LJD_KIND_buildid)
		print_hex(out, r->tail, r->n);
	else if (is_printable(r->tail, r->n))
		fprintf(out, " \"%.*s\"", (int)r->n, r->tail);
	else
		print_hex(out, r->tail, r->n);
}

static void print_frame(FILE *out, uint64_t f)
{
	const char *kind = dumptab_value("frame", LJD_FRAME_KIND(f)), *bad;
	uint32_t pos = LJD_FRAME_POS(f);

	if (kind)
		fprintf(out, "\n  %s", kind);
	else
		fprintf(out, "\n  frame kind %u", LJD_FRAME_KIND(f));
	if (LJD_FRAME_KIND(f) == LJD_frame_BAD) {
		bad = dumptab_value("bad", pos);
		fprintf(out, " %s", bad ? bad : "?");
		return;
	}
	if (LJD_FRAME_KIND(f) == LJD_frame_VM)
		fprintf(out, " %u, cframe", pos);
	fprintf(out, " %u", LJD_FRAME_ID(f));
	if (LJD_FRAME_KIND(f) == LJD_frame_C ||
	    LJD_FRAME_KIND(f) == LJD_frame_CO ||
	    LJD_FRAME_KIND(f) == LJD_frame_VM ||
	    LJD_FRAME_KIND(f) == LJD_frame_CFRAME)
		return;
	if (pos == LJD_NOPOS)
		fputs(" pos ?", out);
	else
		fprintf(out, " %s %u", LJD_FRAME_KIND(f) == LJD_frame_FF ?
			"ffid" : "pos", pos);
}

static void print_words(FILE *out, const struct dump_record *r)
{
	uint64_t w;

	for (size_t i = 0; i < r->n; i++) {
		memcpy(&w, r->tail + i * 8, 8);
		if (r->type->kind == LJD_KIND_sample)
			print_frame(out, w);
		else if (r->type->kind == LJD_KIND_layout && i < LJ_NREL)
			fprintf(out, "%s%s=%" PRIu64, i % 8 ? " " : "\n  ",
				lj_rel_name[i], w);
		else
			fprintf(out, "%s0x%" PRIx64, i % 4 ? " " : "\n  ", w);
	}
}

struct printer {
	const struct cat_opts *o;
	FILE *out;
	uint64_t start;		/* of the dump, ns */
};

/* A sample that is not of the time asked for. */
static int left_out(struct printer *p, const struct dump_record *r)
{
	uint64_t at = r->fixed.sample.time;

	if (r->type && r->type->kind == LJD_KIND_header)
		p->start = r->fixed.header.time;
	if (!r->type || r->type->kind != LJD_KIND_sample)
		return 0;
	at = at > p->start ? at - p->start : 0;
	return at < p->o->from || (p->o->to && at >= p->o->to);
}

static void print_record(void *ctx, const struct dump_record *r)
{
	struct printer *p = ctx;
	FILE *out = p->out;
	const struct ljd_head *h = &r->fixed.h;

	if (left_out(p, r))
		return;
	fprintf(out, "@%" PRIu64 " %u.%u ", r->offset, h->lane, h->seq);
	if (!r->type) {
		fprintf(out, "unknown kind %u, %u bytes\n", LJD_KIND(h),
			h->len);
		return;
	}
	fprintf(out, "%s", r->type->name);
	print_fields(out, r);
	if (r->type->tail == DUMP_BYTES)
		print_bytes(out, r);
	else if (r->type->tail == DUMP_WORDS)
		print_words(out, r);
	fputc('\n', out);
}

static void print_damaged(void *ctx, uint64_t offset, uint64_t bytes)
{
	fprintf(((struct printer *)ctx)->out, "@%" PRIu64 " damaged, %" PRIu64
		" bytes\n", offset, bytes);
}

/* -- Command ------------------------------------------------------------ */

static int run(const struct cat_opts *o)
{
	struct printer printer = { .o = o };
	struct dump_handler handler = { print_record, print_damaged, &printer };
	struct input *in = input_open(o->file);
	struct outfile *out = in ? outfile_open(o->output) : NULL;
	struct dump_stats stats;
	int ret = -1;

	if (!out)
		goto out;
	printer.out = outfile_stream(out);
	ret = read_dump(in, &handler, &stats);
	if (!ret)
		read_dump_losses(&stats, input_name(in));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	input_close(in);
	return ret;
}

int cmd_cat(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Print a dump in words: \"@OFFSET LANE.NUMBER RECORD "
		"FIELD=VALUE...\".\v"
		"FILE is the output of an ljstap script; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct cat_opts o = { 0 };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
