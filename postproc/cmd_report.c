/* cmd_report.c - `ljstap report': many dumps -> pages.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "diag.h"
#include "jobs.h"
#include "mem.h"
#include "report.h"

#define MAXWORKERS	64

struct run {
	struct report_opts o;
	char **arg;		/* files and folders, as given */
	size_t nargs, maxargs;
	uint64_t workers;
	struct report_row **row;
	size_t n, max;
	size_t *todo;		/* rows there is work for */
	size_t ntodo, done;
	const char *what;	/* what is being done, for progress */
};

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "Folder of the report; made if needed", 0 },
	{ "jobs", 'j', "N", 0, "At once (as many as there are CPUs)", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct run *r = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		state->child_inputs[0] = &r->o.how;
		return 0;
	case 'o':
		r->o.out = arg;
		return 0;
	case 'j':
		return cmd_number("--jobs", arg, MAXWORKERS, &r->workers) ?
		       EINVAL : 0;
	case ARGP_KEY_ARG:
		r->arg = xgrow(r->arg, r->nargs, &r->maxargs, sizeof(arg));
		r->arg[r->nargs++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (r->nargs && r->o.out)
			return 0;
		diag_usage("%s; see --help", r->nargs ? "give -o DIR" :
			   "give files, or a folder of them");
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

/* -- Which files -------------------------------------------------------- */

/* The same file gets the same id, wherever it is called from. */
static char *id_of(const char *path)
{
	char *real = realpath(path, NULL), *id;
	const char *full = real ? real : path, *base = strrchr(full, '/');
	char name[33];
	size_t n = 0;

	for (base = base ? base + 1 : full; *base && n < 32; base++)
		name[n++] = (*base >= 'a' && *base <= 'z') ||
			    (*base >= 'A' && *base <= 'Z') ||
			    (*base >= '0' && *base <= '9') ? *base : '-';
	name[n] = 0;
	id = xasprintf("%s-%08x", name,
		       (unsigned)mem_hash(full, strlen(full)));
	free(real);
	return id;
}

static void add_file(struct run *r, const char *path, const struct stat *st)
{
	struct report_row *row = report_row_new(path);

	free(row->id);
	row->id = id_of(path);
	free(row->key);
	row->key = xasprintf("%s %jd %jd.%09ld %s %d %d", PACKAGE_STRING,
			     (intmax_t)st->st_size,
			     (intmax_t)st->st_mtim.tv_sec,
			     st->st_mtim.tv_nsec, r->o.how.sysroot ?
			     r->o.how.sysroot : "-", r->o.how.no_symbols,
			     r->o.how.lines);
	r->row = xgrow(r->row, r->n, &r->max, sizeof(row));
	r->row[r->n++] = row;
}

static int no_hidden(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int add_folder(struct run *r, const char *path)
{
	struct dirent **entry;
	struct stat st;
	int n = scandir(path, &entry, no_hidden, alphasort);

	if (n < 0) {
		diag_error("%s: cannot open: %s; check the name and its "
			   "permissions", path, strerror(errno));
		return -1;
	}
	for (int i = 0; i < n; i++) {
		char *name = xasprintf("%s/%s", path, entry[i]->d_name);

		if (!stat(name, &st) && S_ISREG(st.st_mode))
			add_file(r, name, &st);
		free(name);
		free(entry[i]);
	}
	free(entry);
	return 0;
}

static int collect(struct run *r)
{
	struct stat st;

	for (size_t i = 0; i < r->nargs; i++) {
		if (stat(r->arg[i], &st)) {
			diag_error("%s: cannot open: %s; check the name and "
				   "its permissions", r->arg[i],
				   strerror(errno));
			return -1;
		}
		if (!S_ISDIR(st.st_mode))
			add_file(r, r->arg[i], &st);
		else if (add_folder(r, r->arg[i]))
			return -1;
	}
	if (r->n)
		return 0;
	diag_error("%s: no files in it; give dumps", r->arg[0]);
	return -1;
}

/* -- Work --------------------------------------------------------------- */

static void load_row(struct run *r, struct report_row *row)
{
	char *path = report_row_path(&r->o, row, "row");

	report_row_load(row, path);
	free(path);
}

static void progress(struct run *r)
{
	r->done++;
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%s %zu of %zu", r->what, r->done, r->ntodo);
	else if (r->done % 50 == 0 && r->done < r->ntodo)
		fprintf(stderr, "%s %zu of %zu\n", r->what, r->done, r->ntodo);
}

static void work_dump(void *ctx, size_t i)
{
	struct run *r = ctx;

	report_dump(&r->o, r->row[r->todo[i]]);
}

static void work_compare(void *ctx, size_t i)
{
	struct run *r = ctx;
	size_t k = r->todo[i];

	report_compare(&r->o, r->row[k - 1], r->row[k]);
}

static void done(void *ctx, size_t i)
{
	struct run *r = ctx;

	load_row(r, r->row[r->todo[i]]);
	progress(r);
}

static void died(void *ctx, size_t i)
{
	struct run *r = ctx;
	struct report_row *row = r->row[r->todo[i]];

	row->status = DIAG_UNUSABLE;
	free(row->said);
	row->said = xstrdup("the program that read it crashed or ran out of "
			    "memory; try ljstap flame on it");
	progress(r);
}

static int run_jobs(struct run *r, const char *what,
		    void (*work)(void *ctx, size_t i))
{
	struct jobs j = { .n = r->ntodo, .workers = r->workers, .work = work,
			  .done = done, .died = died, .ctx = r };
	int ret;

	if (!r->ntodo)
		return 0;
	if (j.workers > j.n)
		j.workers = j.n;
	r->what = what;
	r->done = 0;
	ret = jobs_run(&j);
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	else
		fprintf(stderr, "%s %zu of %zu\n", what, r->done, r->ntodo);
	return ret;
}

static void forget(struct run *r)
{
	free(r->todo);
	r->todo = xcalloc(r->n, sizeof(*r->todo));
	r->ntodo = 0;
}

/* Whether the row of an earlier run can stay: it was made of the very same. */
static int take_old_row(struct run *r, struct report_row *row)
{
	char *key = row->key;
	int same;

	row->key = xstrdup("");
	load_row(r, row);
	same = !strcmp(key, row->key);
	free(row->key);
	row->key = key;
	return same;
}

static int dumps(struct run *r)
{
	forget(r);
	for (size_t i = 0; i < r->n; i++) {
		struct report_row *row = r->row[i];

		if (take_old_row(r, row))
			continue;
		r->row[i] = report_row_new(row->input);
		free(r->row[i]->id);
		r->row[i]->id = id_of(row->input);
		free(r->row[i]->key);
		r->row[i]->key = xstrdup(row->key);
		report_row_free(row);
		r->todo[r->ntodo++] = i;
	}
	return run_jobs(r, "dumps", work_dump);
}

static int by_target(const void *a, const void *b)
{
	const struct report_row *x = *(struct report_row *const *)a;
	const struct report_row *y = *(struct report_row *const *)b;
	int c = (x->status == DIAG_UNUSABLE) - (y->status == DIAG_UNUSABLE);

	if (!c)
		c = strcmp(x->host, y->host);
	if (!c)
		c = strcmp(x->command, y->command);
	if (!c)
		c = strcmp(x->script, y->script);
	if (!c && x->realtime != y->realtime)
		c = x->realtime < y->realtime ? -1 : 1;
	return c ? c : strcmp(x->input, y->input);
}

static int comparisons(struct run *r)
{
	char *before;

	qsort(r->row, r->n, sizeof(*r->row), by_target);
	forget(r);
	for (size_t i = 1; i < r->n; i++) {
		if (!report_row_same_target(r->row[i - 1], r->row[i]))
			continue;
		before = report_row_mark(r->row[i - 1]);
		if (strcmp(before, r->row[i]->before))
			r->todo[r->ntodo++] = i;
		free(before);
	}
	return run_jobs(r, "comparisons", work_compare);
}

/* -- All ---------------------------------------------------------------- */

static int make_folder(const char *path)
{
	if (!mkdir(path, 0777) || errno == EEXIST)
		return 0;
	diag_error("%s: cannot make: %s; choose another place", path,
		   strerror(errno));
	return -1;
}

static int run(struct run *r)
{
	char *inner = xasprintf("%s/d", r->o.out);
	size_t bad = 0;
	int ret = -1;

	if (collect(r) || make_folder(r->o.out) || make_folder(inner) ||
	    dumps(r) || comparisons(r) || report_index(&r->o, r->row, r->n))
		goto out;
	for (size_t i = 0; i < r->n; i++)
		bad += r->row[i]->status == DIAG_UNUSABLE;
	ret = bad == r->n ? -1 : 0;
	if (bad && !ret)
		diag_loss("%zu of %zu files could not be used; their rows "
			  "say why", bad, r->n);
	else if (bad)
		diag_error("none of %zu files could be used; %s/index.html "
			   "says why", r->n, r->o.out);
out:
	for (size_t i = 0; i < r->n; i++)
		report_row_free(r->row[i]);
	free(r->row);
	free(r->todo);
	free(r->arg);
	free(inner);
	return ret;
}

int cmd_report(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &cmd_pipeline_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		options, parse, "FILE|DIR...",
		"Make pages of many dumps: a list to sort and search, and a "
		"picture and tables for each.\v"
		"Files are outputs of ljstap scripts, folded lines, or stacks "
		"as SystemTap prints them. Of a folder, all files are taken. "
		"What has not changed since the last run is not made again.",
		children, NULL, NULL
	};
	struct run r = { .n = 0 };
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	r.workers = cpus < 1 ? 1 : cpus > MAXWORKERS ? MAXWORKERS : cpus;
	if (cmd_parse(&argp, argc, argv, &r)) {
		free(r.arg);
		return DIAG_USAGE;
	}
	return run(&r) ? DIAG_UNUSABLE : (int)diag_status();
}
