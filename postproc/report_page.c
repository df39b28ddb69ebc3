/* report_page.c - a report's pages: index.html, and one for each dump.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * templates/report.html has what is the same in every index: its lines come
 * before and after the rows.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clean.h"
#include "diag.h"
#include "outfile.h"
#include "report.h"
#include "svg.h"
#include "template_report_css.h"
#include "template_report_html.h"
#include "template_report_js.h"
#include "tops.h"

#define TABLE_ROWS	40
#define ROWS_HERE	"<!--ROWS-->"

/* -- Elements ----------------------------------------------------------- */

static void text(struct svg *s, const char *t)
{
	struct pool *pool = pool_new();

	if (*t)
		svg_string(s, pool_str(pool, clean_str(pool, t)));
	pool_free(pool);
}

static void element(struct svg *s, const char *name, const char *class,
		    const char *t)
{
	svg_open(s, name);
	if (class)
		svg_attr(s, "class", class);
	text(s, t);
	svg_close(s);
}

static void lines(struct svg *s, const char *class, const char *t)
{
	char *copy = xstrdup(t), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			element(s, "p", class, line);
	free(copy);
}

static void link_to(struct svg *s, const char *id, const char *ext,
		    const char *t)
{
	char *href = xasprintf("%s.%s", id, ext);

	svg_open(s, "a");
	svg_attr(s, "href", href);
	text(s, t);
	svg_close(s);
	free(href);
}

static void head(struct svg *s, const char *title)
{
	svg_open(s, "head");
	svg_open(s, "meta");
	svg_attr(s, "charset", "utf-8");
	svg_close_void(s);
	svg_open(s, "meta");
	svg_attr(s, "name", "viewport");
	svg_attr(s, "content", "width=device-width");
	svg_close_void(s);
	element(s, "title", NULL, title);
	svg_open(s, "style");
	svg_raw(s, template_report_css);
	svg_close(s);
	svg_close(s);
	svg_newline(s);
}

/* -- Values in words ---------------------------------------------------- */

static void time_text(uint64_t realtime, char out[64])
{
	time_t at = realtime / 1000000000;
	struct tm tm;

	if (!realtime || !gmtime_r(&at, &tm) ||
	    !strftime(out, 64, "%Y-%m-%d %H:%M:%S UTC", &tm))
		snprintf(out, 64, "not known");
}

static void loss_text(const struct report_row *r, char out[64])
{
	if (r->status == DIAG_UNUSABLE)
		snprintf(out, 64, "unusable");
	else if (r->lost)
		snprintf(out, 64, "%" PRIu64 " records", r->lost);
	else
		snprintf(out, 64, r->status == DIAG_LOSS ? "some" : "none");
}

static uint64_t all_states(const struct report_row *r)
{
	uint64_t all = 0;

	for (unsigned i = 0; i < VMSTATES_N; i++)
		all += r->state[i];
	return all;
}

static void states(struct svg *s, const struct report_row *r)
{
	uint64_t all = all_states(r);
	char width[64], class[16];
	char *words;

	if (!all)
		return;
	svg_open(s, "span");
	svg_attr(s, "class", "states");
	for (unsigned i = 0; i < VMSTATES_N; i++) {
		if (!r->state[i])
			continue;
		snprintf(width, sizeof(width), "width:%.1f%%",
			 100.0 * r->state[i] / all);
		snprintf(class, sizeof(class), "state%u", i);
		words = xasprintf("%s %.1f %%", vmstates_doc(i),
				  100.0 * r->state[i] / all);
		svg_open(s, "span");
		svg_attr(s, "class", class);
		svg_attr(s, "style", width);
		svg_attr(s, "title", words);
		svg_close(s);
		free(words);
	}
	svg_close(s);
}

/* -- The page of a dump ------------------------------------------------- */

static void fact(struct svg *s, const char *name, const char *value)
{
	if (!*value)
		return;
	element(s, "dt", NULL, name);
	element(s, "dd", NULL, value);
}

static void number_fact(struct svg *s, const char *name, uint64_t value,
			const char *unit)
{
	char *words = xasprintf("%" PRIu64 "%s%s", value, *unit ? " " : "",
				unit);

	if (value)
		fact(s, name, words);
	free(words);
}

static void facts(struct svg *s, const struct report_row *r)
{
	char buf[64], *words;

	svg_open(s, "dl");
	fact(s, "command", r->command);
	number_fact(s, "process", r->pid, "");
	fact(s, "host", r->host);
	fact(s, "script", r->script);
	if (r->realtime) {
		time_text(r->realtime, buf);
		fact(s, "time", buf);
	}
	if (r->ms) {
		words = xasprintf("%.1f s", r->ms / 1e3);
		fact(s, "duration", words);
		free(words);
	}
	number_fact(s, "samples", r->samples, "");
	number_fact(s, "rate", r->hz, "Hz");
	loss_text(r, buf);
	fact(s, "loss", buf);
	for (unsigned i = 0; i < VMSTATES_N; i++) {
		if (!r->state[i])
			continue;
		words = xasprintf("%.1f %%", 100.0 * r->state[i] /
				  all_states(r));
		fact(s, vmstates_doc(i), words);
		free(words);
	}
	svg_close(s);
}

static void table_row(struct svg *s, const struct fold *f,
		      const struct tops *t, const struct tops_row *r)
{
	char buf[FOLD_COUNT], share[32];

	svg_open(s, "tr");
	element(s, "td", "number", fold_count(f, r->self, buf));
	snprintf(share, sizeof(share), "%.2f %%", 100.0 * r->self / t->total);
	element(s, "td", "number", share);
	element(s, "td", "number", fold_count(f, r->total, buf));
	snprintf(share, sizeof(share), "%.2f %%", 100.0 * r->total / t->total);
	element(s, "td", "number", share);
	element(s, "td", NULL, tops_name(f, r));
	svg_close(s);
	svg_newline(s);
}

static void table(struct svg *s, const struct fold *f, enum tops_by by,
		  const char *title)
{
	static const char *const column[] = { "self", "", "total", "", "name" };
	struct tops *t = tops_new(f, by);

	element(s, "h2", NULL, title);
	svg_open(s, "table");
	svg_open(s, "thead");
	svg_open(s, "tr");
	for (unsigned i = 0; i < 5; i++)
		element(s, "th", i < 4 ? "number" : NULL, column[i]);
	svg_close(s);
	svg_close(s);
	svg_open(s, "tbody");
	for (size_t i = 0; i < t->n && i < TABLE_ROWS; i++)
		table_row(s, f, t, &t->row[i]);
	svg_close(s);
	svg_close(s);
	tops_free(t);
}

static void page(struct svg *s, const struct report_row *r,
		 const struct pipeline *pl)
{
	char *picture = xasprintf("%s.svg", r->id);

	head(s, r->input);
	svg_open(s, "body");
	svg_open(s, "p");
	link_to(s, "../index", "html", "all dumps");
	svg_close(s);
	element(s, "h1", NULL, r->input);
	facts(s, r);
	svg_open(s, "p");
	link_to(s, r->id, "svg", "the picture alone");
	svg_close(s);
	svg_open(s, "object");
	svg_attr(s, "type", "image/svg+xml");
	svg_attr(s, "data", picture);
	svg_attr(s, "aria-label", "flame graph");
	svg_close(s);
	if (pl->profile)
		table(s, pl->fold, TOPS_LUA, "Lua functions");
	if (pl->profile)
		table(s, pl->detail, TOPS_LINES, "Lines");
	table(s, pl->fold, TOPS_FRAMES, "All frames");
	svg_close(s);
	free(picture);
}

int report_page(const struct report_opts *o, const struct report_row *r,
		const struct pipeline *pl)
{
	char *path = report_row_path(o, r, "html");
	struct outfile *out = outfile_open(path);
	struct svg *s = out ? svg_html(outfile_stream(out)) : NULL;
	int ret = -1;

	if (s) {
		page(s, r, pl);
		ret = svg_end(s);
	}
	if (outfile_close(out, !ret))
		ret = -1;
	free(path);
	return ret;
}

/* -- The index ---------------------------------------------------------- */

/* What a column sorts by, if not by its text. */
static void cell(struct svg *s, const char *class, uint64_t sort)
{
	svg_open(s, "td");
	if (class)
		svg_attr(s, "class", class);
	svg_count(s, "data-sort", sort);
}

static void picture_cell(struct svg *s, const struct report_row *r)
{
	char *page = xasprintf("d/%s.html", r->id);
	char *thumb = xasprintf("d/%s.thumb.svg", r->id);

	svg_open(s, "td");
	if (r->status != DIAG_UNUSABLE) {
		svg_open(s, "a");
		svg_attr(s, "href", page);
		svg_open(s, "img");
		svg_attr(s, "src", thumb);
		svg_attr(s, "alt", "flame graph");
		svg_attr(s, "loading", "lazy");
		svg_attr(s, "width", "240");
		svg_attr(s, "height", "64");
		svg_close_void(s);
		svg_close(s);
	}
	svg_close(s);
	free(page);
	free(thumb);
}

static void target_cell(struct svg *s, const struct report_row *r)
{
	const char *slash = strrchr(r->input, '/');
	char *words;

	svg_open(s, "td");
	words = *r->command || r->pid ?
		xasprintf("%s pid %" PRIu64, r->command, r->pid) :
		xstrdup("");
	element(s, "strong", NULL, words);
	free(words);
	words = xasprintf("%s%s%s", r->host, *r->host && *r->script ? ", " :
			  "", r->script);
	lines(s, NULL, words);
	free(words);
	element(s, "small", NULL, slash ? slash + 1 : r->input);
	svg_close(s);
}

static void change_cell(struct svg *s, const struct report_row *r)
{
	char *picture;

	svg_open(s, "td");
	if (*r->change) {
		picture = xasprintf("d/%s.diff", r->id);
		link_to(s, picture, "svg", r->change);
		free(picture);
	}
	svg_close(s);
}

/* Cut off by the style sheet, so whole in a title, too. */
static void top_cell(struct svg *s, const struct report_row *r)
{
	svg_open(s, "td");
	svg_attr(s, "class", "top");
	for (unsigned i = 0; i < REPORT_TOPS && *r->top[i]; i++) {
		svg_open(s, "p");
		svg_attr(s, "title", r->top[i]);
		svg_string(s, r->top[i]);
		svg_close(s);
	}
	svg_close(s);
}

static void index_row(struct svg *s, const struct report_row *r)
{
	char buf[64];

	svg_open(s, "tr");
	if (r->status)
		svg_attr(s, "class", r->status == DIAG_UNUSABLE ? "bad" :
								  "loss");
	picture_cell(s, r);
	target_cell(s, r);
	cell(s, NULL, r->realtime / 1000000);
	if (r->realtime) {
		time_text(r->realtime, buf);
		text(s, buf);
	}
	svg_close(s);
	cell(s, "number", r->samples);
	snprintf(buf, sizeof(buf), "%" PRIu64, r->samples);
	text(s, r->status == DIAG_UNUSABLE ? "" : buf);
	svg_close(s);
	cell(s, NULL, r->lost + (uint64_t)r->status);
	loss_text(r, buf);
	text(s, buf);
	lines(s, "said", r->said);
	svg_close(s);
	top_cell(s, r);
	svg_open(s, "td");
	states(s, r);
	svg_close(s);
	change_cell(s, r);
	svg_close(s);
	svg_newline(s);
}

static void index_of(struct svg *s, struct report_row *const *row, size_t n)
{
	const char *rows = strstr(template_report_html, ROWS_HERE);
	char *before = xasprintf("%.*s", (int)(rows - template_report_html),
				 template_report_html);

	head(s, "ljstap report");
	svg_open(s, "body");
	svg_raw(s, before);
	for (size_t i = 0; i < n; i++)
		index_row(s, row[i]);
	svg_raw(s, rows + strlen(ROWS_HERE));
	report_trends(s, row, n);
	svg_open(s, "script");
	svg_raw(s, template_report_js);
	svg_close(s);
	svg_close(s);
	free(before);
}

int report_index(const struct report_opts *o, struct report_row *const *row,
		 size_t n)
{
	char *path = xasprintf("%s/index.html", o->out);
	struct outfile *out = outfile_open(path);
	struct svg *s = out ? svg_html(outfile_stream(out)) : NULL;
	int ret = -1;

	if (s) {
		index_of(s, row, n);
		ret = svg_end(s);
	}
	if (outfile_close(out, !ret))
		ret = -1;
	free(path);
	return ret;
}
