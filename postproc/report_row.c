/* report_row.c - what a report tells of a dump, kept from run to run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A line each: "key value"; a newline in a value is a tab.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "outfile.h"
#include "report.h"

/* -- The fields of a row, once ------------------------------------------ */

enum { TEXTS = 9 + REPORT_TOPS, NUMBERS = 7 + VMSTATES_N };

struct text_field { const char *name; char **value; };
struct number_field { const char *name; uint64_t *value; };

static void text_fields(struct report_row *r, struct text_field *f)
{
	const struct text_field fixed[] = {
		{ "key", &r->key }, { "said", &r->said },
		{ "host", &r->host }, { "command", &r->command },
		{ "script", &r->script }, { "unit", &r->unit },
		{ "id", &r->id }, { "before", &r->before },
		{ "change", &r->change },
	};

	memcpy(f, fixed, sizeof(fixed));
	for (unsigned i = 0; i < REPORT_TOPS; i++)
		f[9 + i] = (struct text_field){ "top", &r->top[i] };
}

static void number_fields(struct report_row *r, struct number_field *f)
{
	const struct number_field fixed[] = {
		{ "status", (uint64_t *)&r->status }, { "pid", &r->pid },
		{ "realtime", &r->realtime }, { "hz", &r->hz },
		{ "ms", &r->ms }, { "samples", &r->samples },
		{ "lost", &r->lost },
	};

	memcpy(f, fixed, sizeof(fixed));
	for (unsigned i = 0; i < VMSTATES_N; i++)
		f[7 + i] = (struct number_field){ "state", &r->state[i] };
}

/* -- Rows --------------------------------------------------------------- */

struct report_row *report_row_new(const char *input)
{
	struct report_row *r = xcalloc(1, sizeof(*r));
	struct text_field f[TEXTS];

	text_fields(r, f);
	for (unsigned i = 0; i < TEXTS; i++)
		*f[i].value = xstrdup("");
	r->input = xstrdup(input);
	return r;
}

void report_row_free(struct report_row *r)
{
	struct text_field f[TEXTS];

	if (!r)
		return;
	text_fields(r, f);
	for (unsigned i = 0; i < TEXTS; i++)
		free(*f[i].value);
	free(r->input);
	free(r);
}

int report_row_same_target(const struct report_row *a,
			   const struct report_row *b)
{
	return a->status != DIAG_UNUSABLE && b->status != DIAG_UNUSABLE &&
	       *a->command && !strcmp(a->command, b->command) &&
	       !strcmp(a->host, b->host) && !strcmp(a->script, b->script) &&
	       !strcmp(a->unit, b->unit);
}

char *report_row_mark(const struct report_row *r)
{
	return xasprintf("%s %08x", r->id,
			 (unsigned)mem_hash(r->key, strlen(r->key)));
}

char *report_row_path(const struct report_opts *o, const struct report_row *r,
		      const char *ext)
{
	return xasprintf("%s/d/%s.%s", o->out, r->id, ext);
}

int report_row_save(const struct report_row *r, const char *path)
{
	struct report_row *row = (struct report_row *)r;
	struct outfile *out = outfile_open(path);
	struct number_field n[NUMBERS];
	struct text_field t[TEXTS];
	FILE *f;

	if (!out)
		return -1;
	f = outfile_stream(out);
	text_fields(row, t);
	number_fields(row, n);
	for (unsigned i = 0; i < NUMBERS; i++)
		fprintf(f, "%s %" PRIu64 "\n", n[i].name, *n[i].value);
	for (unsigned i = 0; i < TEXTS; i++) {
		fprintf(f, "%s ", t[i].name);
		for (const char *s = *t[i].value; *s; s++)
			putc(*s == '\n' ? '\t' : *s, f);
		putc('\n', f);
	}
	return outfile_close(out, 1);
}

static void take_line(struct report_row *r, char *line, unsigned i)
{
	struct number_field n[NUMBERS];
	struct text_field t[TEXTS];
	char *value = strchr(line, ' ');

	if (!value)
		return;
	*value++ = 0;
	number_fields(r, n);
	text_fields(r, t);
	if (i < NUMBERS && !strcmp(line, n[i].name)) {
		*n[i].value = strtoull(value, NULL, 10);
	} else if (i >= NUMBERS && i < NUMBERS + TEXTS &&
		   !strcmp(line, t[i - NUMBERS].name)) {
		for (char *c = value; *c; c++)
			if (*c == '\t')
				*c = '\n';
		free(*t[i - NUMBERS].value);
		*t[i - NUMBERS].value = xstrdup(value);
	}
}

/* Lines are in the order of the fields. */
int report_row_load(struct report_row *r, const char *path)
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t max = 0;
	ssize_t n;

	if (!f)
		return -1;
	for (unsigned i = 0; (n = getline(&line, &max, f)) > 0; i++) {
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		take_line(r, line, i);
	}
	free(line);
	fclose(f);
	return 0;
}
