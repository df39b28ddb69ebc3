/* cmd_top.c - `ljstap top`: what takes most, as a table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>

#include "cmd.h"
#include "json.h"
#include "tops.h"

#define ROWS	30

struct top_opts {
	struct cmd_pipeline in;
	int json, lua;
	uint64_t rows;
};

enum { OPT_JSON = 256, OPT_LUA };

static const struct argp_option options[] = {
	{ "rows", 'n', "N", 0, "Only the first N rows (30; JSON: all)", 0 },
	{ "lua", OPT_LUA, NULL, 0,
	  "Only Lua functions; what ran in them counts as theirs", 0 },
	{ "json", OPT_JSON, NULL, 0, "Print JSON", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct top_opts *o = state->input;

	switch (key) {
	case 'n':
		return cmd_number("--rows", arg, UINT32_MAX, &o->rows) ?
		       EINVAL : 0;
	case OPT_JSON:
		o->json = 1;
		return 0;
	case OPT_LUA:
		o->lua = 1;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static double percent(const struct tops *t, uint64_t count)
{
	return 100.0 * count / t->total;
}

static void print_text(const struct pipeline *pl, const struct tops *t,
		       const struct top_opts *o, FILE *out)
{
	const struct fold *f = pl->fold;
	char self[FOLD_COUNT], total[FOLD_COUNT];
	uint64_t rows = o->rows ? o->rows : ROWS;

	fprintf(out, "# %s %s\n", fold_count(f, t->total, total),
		pipeline_unit(pl));
	fprintf(out, "%10s  %8s  %10s  %8s  %s\n", "self", "", "total", "",
		o->in.how.lines ? "line" : "function");
	for (size_t i = 0; i < t->n && i < rows; i++) {
		const struct tops_row *r = &t->row[i];

		fprintf(out, "%10s  %6.2f %%  %10s  %6.2f %%  %s\n",
			fold_count(f, r->self, self), percent(t, r->self),
			fold_count(f, r->total, total), percent(t, r->total),
			tops_name(f, r));
	}
	if (t->n > rows)
		fprintf(out, "# %" PRIu64 " more; -n tells how many to "
			"print\n", t->n - rows);
}

static void print_json(const struct pipeline *pl, const struct tops *t,
		       const struct top_opts *o, FILE *out)
{
	const struct fold *f = pl->fold;
	char self[FOLD_COUNT], total[FOLD_COUNT];

	fprintf(out, "{\"by\": \"%s\", \"unit\": ", o->in.how.lines ? "line" :
		o->lua ? "lua function" : "function");
	json_string(out, pipeline_unit(pl));
	fprintf(out, ", \"total\": %s, \"rows\": [",
		fold_count(f, t->total, total));
	for (size_t i = 0; i < t->n && (!o->rows || i < o->rows); i++) {
		const struct tops_row *r = &t->row[i];

		fprintf(out, "%s\n {\"name\": ", i ? "," : "");
		json_string(out, tops_name(f, r));
		fprintf(out, ", \"self\": %s, \"total\": %s}",
			fold_count(f, r->self, self),
			fold_count(f, r->total, total));
	}
	fprintf(out, "\n]}\n");
}

static int print(const struct pipeline *pl, const void *opts, FILE *out)
{
	const struct top_opts *o = opts;
	struct tops *t = tops_new(pl->fold, o->in.how.lines ? TOPS_LINES :
					    o->lua ? TOPS_LUA : TOPS_FRAMES);

	if (o->json)
		print_json(pl, t, o, out);
	else
		print_text(pl, t, o, out);
	tops_free(t);
	return 0;
}

int cmd_top_make(const struct cmd_pipeline *in, const char *as)
{
	const struct top_opts o = { .in = *in };

	(void)as;
	return cmd_pipeline_run(&o.in, print);
}

int cmd_top(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, NULL,
		"Print a table of functions, or lines, that take most.\v"
		"FILE is the output of an ljstap script, folded lines, or "
		"stacks as SystemTap prints them; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct top_opts o = { 0 };

	return cmd_pipeline(&argp, argc, argv, &o.in, print);
}
