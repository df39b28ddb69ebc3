/* report_dump.c - one dump -> its picture, thumbnail, page and row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "diag.h"
#include "draw_flame.h"
#include "flame.h"
#include "outfile.h"
#include "report.h"
#include "tops.h"

#define WIDTH		1200	/* of pictures, px */
#define MINWIDTH	0.5
#define THUMB_WIDTH	240
#define THUMB_ROWS	16
#define THUMB_ROW	4	/* px */

static void set(char **to, char *value)
{
	free(*to);
	*to = value;
}

/* -- The row ------------------------------------------------------------ */

static void set_meta(struct pipeline *pl, char **to, const char *key)
{
	const char *value = profile_meta(pl->profile, key);

	if (value)
		set(to, xstrdup(pool_str(pl->names,
					 clean_str(pl->names, value))));
}

static void row_of_profile(struct report_row *r, struct pipeline *pl)
{
	const struct profile *p = pl->profile;
	const struct dump_stats *s = &pl->stats;

	set_meta(pl, &r->host, "host");
	set_meta(pl, &r->command, "command");
	set_meta(pl, &r->script, "script");
	r->pid = p->header.pid;
	r->realtime = p->header.realtime;
	r->hz = p->header.hz;
	if (p->header.time && p->end.time > p->header.time)
		r->ms = (p->end.time - p->header.time) / 1000000;
	r->samples = pl->taken;
	r->lost = p->end.emitfail;
	if (s->has_end && s->end.records + 1 > s->records)
		r->lost += s->end.records + 1 - s->records;
	for (int i = 0; i < VMSTATES_N; i++)
		r->state[i] = pl->state[i];
}

static void row_of(struct report_row *r, struct pipeline *pl)
{
	/* Folded stacks of other programs have no Lua functions to tell. */
	struct tops *t = tops_new(pl->fold, pl->profile ? TOPS_LUA :
							  TOPS_FRAMES);

	set(&r->unit, xstrdup(pipeline_unit(pl)));
	r->samples = pl->fold->node[0].total / pl->fold->scale;
	if (pl->profile)
		row_of_profile(r, pl);
	for (size_t i = 0; i < t->n && i < REPORT_TOPS && t->row[i].self; i++)
		set(&r->top[i],
		    xasprintf("%.1f %% %s", 100.0 * t->row[i].self / t->total,
			      tops_name(pl->fold, &t->row[i])));
	tops_free(t);
}

/* -- Pictures ----------------------------------------------------------- */

static int close_both(struct outfile *out, int bad)
{
	return outfile_close(out, !bad) || bad ? -1 : 0;
}

static struct outfile *open_file(const struct report_opts *o,
				 const struct report_row *r, const char *ext)
{
	char *path = report_row_path(o, r, ext);
	struct outfile *out = outfile_open(path);

	free(path);
	return out;
}

static int picture(const struct report_opts *o, const struct report_row *r,
		   const struct pipeline *pl)
{
	struct draw_flame d = { .fold = pl->fold, .detail = pl->detail,
				.unit = r->unit, .width = WIDTH,
				.minwidth = MINWIDTH };
	struct outfile *out = open_file(o, r, "svg");
	struct caption *c;
	int ret;

	if (!out)
		return -1;
	c = caption_new(pl, &o->how, r->input);
	ret = draw_flame(&d, c, outfile_stream(out));
	caption_free(c);
	return close_both(out, ret);
}

static const char *const layer_color[FLAME_LAYERS] = {
	[FLAME_ROOT] = "#c9c5bb", [FLAME_LUA] = "#e8a33d",
	[FLAME_LINE] = "#f0c987", [FLAME_TRACE] = "#8fbf5a",
	[FLAME_BUILTIN] = "#d8b4a0", [FLAME_C] = "#7aa9d6",
	[FLAME_VM] = "#d98880", [FLAME_KERNEL] = "#b78fd0",
};

static int thumbnail(const struct report_opts *o, const struct report_row *r,
		     const struct fold *f)
{
	struct flame *fl = flame_new(f, (double)f->node[0].total / THUMB_WIDTH);
	struct outfile *out = open_file(o, r, "thumb.svg");
	unsigned height = THUMB_ROWS * THUMB_ROW;
	double scale = (double)THUMB_WIDTH / f->node[0].total;
	struct svg *s = out ? svg_begin(outfile_stream(out), THUMB_WIDTH,
					height, "thumb") : NULL;

	for (size_t i = 0; s && i < fl->n; i++) {
		const struct flame_frame *fr = &fl->frame[i];
		const char *name = pool_str(f->names, f->node[fr->node].name);
		const char *color = fr->siblings ? NULL :
				    layer_color[fr->node ? flame_layer(name) :
							   FLAME_ROOT];

		if (fr->depth >= THUMB_ROWS)
			continue;
		svg_rect(s, fr->start * scale,
			 height - (fr->depth + 1.0) * THUMB_ROW,
			 fr->count * scale, THUMB_ROW - 0.5);
		svg_attr(s, "fill", color ? color : "#aaa");
		svg_close(s);
	}
	flame_free(fl);
	return out ? close_both(out, svg_end(s)) : -1;
}

/* -- All of it ---------------------------------------------------------- */

static int make(const struct report_opts *o, struct report_row *r)
{
	struct pipeline_opts how = o->how;
	struct input *in = input_open(r->input);
	struct pipeline *pl;
	int ret = -1;

	if (!in)
		return -1;
	how.detail = 1;
	pl = pipeline_open(in, &how);
	if (pl) {
		row_of(r, pl);
		ret = picture(o, r, pl) || thumbnail(o, r, pl->fold) ||
		      report_page(o, r, pl);
	}
	pipeline_free(pl);
	input_close(in);
	return ret;
}

/* The file's name is told beside, and so is the program. */
static char *without_names(const struct report_row *r, const char *said)
{
	char *start = xasprintf("ljstap: %s: ", r->input), *text;
	size_t n = strlen(start), len = 0;

	text = xmalloc(strlen(said) + 1);
	for (const char *s = said; *s;) {
		const char *end = strchrnul(s, '\n');

		if (!strncmp(s, start, n))
			s += n;
		memcpy(text + len, s, end - s);
		len += end - s;
		if (*end && end[1])
			text[len++] = '\n';
		s = *end ? end + 1 : end;
	}
	text[len] = 0;
	free(start);
	return text;
}

void report_dump(const struct report_opts *o, struct report_row *r)
{
	char *said = NULL, *path;
	size_t n;
	FILE *f = open_memstream(&said, &n);
	int bad;

	if (!f)
		return;
	diag_reset(f);
	bad = make(o, r);
	fclose(f);
	r->status = bad ? DIAG_UNUSABLE : diag_status();
	set(&r->said, without_names(r, said));
	free(said);
	diag_reset(stderr);
	path = report_row_path(o, r, "row");
	report_row_save(r, path);
	free(path);
}

/* -- Comparison --------------------------------------------------------- */

static struct pipeline *fold_again(const struct report_opts *o,
				   const char *name)
{
	struct input *in = input_open(name);
	struct pipeline *pl = in ? pipeline_open(in, &o->how) : NULL;

	input_close(in);
	return pl;
}

static void largest_change(struct report_row *r, const struct diff *d)
{
	size_t n;
	struct diff_row *row = diff_table(d, &n);
	double all = d->node[0].after, change;

	if (n && all > 0) {
		change = 100 * (row[0].self[1] - row[0].self[0]) / all;
		set(&r->change, xasprintf("%+.1f %% %s", change, row[0].name));
	}
	free(row);
}

static int draw_change(const struct report_opts *o, const struct report_row *a,
		       struct report_row *r, const struct diff *d,
		       const struct pipeline *pl)
{
	struct draw_flame what = { .fold = d->fold, .diff = d,
				   .unit = r->unit, .width = WIDTH,
				   .minwidth = MINWIDTH };
	struct outfile *out = open_file(o, r, "diff.svg");
	struct caption *c;
	int ret;

	if (!out)
		return -1;
	c = caption_new(pl, &o->how, "Change since the dump before");
	caption_note(c, "before: %s, scaled by %.4g", a->input, d->scale);
	ret = draw_flame(&what, c, outfile_stream(out));
	caption_free(c);
	return close_both(out, ret);
}

void report_compare(const struct report_opts *o, const struct report_row *a,
		    struct report_row *r)
{
	struct pipeline *before, *after;
	struct diff *d = NULL;
	char *path;

	/* What is wrong with them has been said. */
	diag_reset(NULL);
	before = fold_again(o, a->input);
	after = fold_again(o, r->input);
	if (before && after) {
		d = diff_new(before->fold, after->fold, 1);
		if (!draw_change(o, a, r, d, after))
			largest_change(r, d);
	}
	diff_free(d);
	pipeline_free(before);
	pipeline_free(after);
	diag_reset(stderr);
	set(&r->before, report_row_mark(a));
	path = report_row_path(o, r, "row");
	report_row_save(r, path);
	free(path);
}
