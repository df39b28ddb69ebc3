/* caption.c - what is around a picture: title, lines below it, where from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "caption.h"
#include "clean.h"
#include "flame.h"
#include "template_page_css.h"

static void say(char **line, const char *fmt, va_list args)
{
	char *text = NULL, *longer;

	if (vasprintf(&text, fmt, args) < 0)
		text = xstrdup("");
	if (*line) {
		longer = xasprintf("%s, %s", *line, text);
		free(*line);
		free(text);
		text = longer;
	}
	*line = text;
}

__attribute__((format(printf, 2, 3)))
static void say_sub(struct caption *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(&c->subtitle, fmt, args);
	va_end(args);
}

void caption_note(struct caption *c, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(&c->notes, fmt, args);
	va_end(args);
}

static void say_meta(struct caption *c, const char *key)
{
	const char *value = profile_meta(c->profile, key);

	if (value && *value)
		say_sub(c, "%s %s", key, value);
}

static void say_target(struct caption *c, const struct pipeline_opts *how)
{
	const struct ljd_header *h = &c->profile->header;
	time_t at = h->realtime / 1000000000;
	struct tm tm;
	char text[64];

	if (how->pid || h->pid)
		say_sub(c, "pid %u", how->pid ? how->pid : h->pid);
	say_meta(c, "command");
	say_meta(c, "host");
	if (h->realtime && gmtime_r(&at, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		say_sub(c, "%s", text);
}

/* Why it was off the CPU; 0: it was on it. */
static int note_waits(struct caption *c, const struct pipeline *pl)
{
	int any = 0;

	for (int i = 0; i < WAITKIND_N; i++) {
		if (!pl->wait[i])
			continue;
		any = 1;
		caption_note(c, "%s %.1f %%", waitkind_doc(i), 100.0 *
			     pl->wait[i] / pl->fold->node[0].total);
	}
	return any;
}

static void note_samples(struct caption *c, const struct pipeline *pl,
			 const struct pipeline_opts *how)
{
	const struct profile *p = c->profile;
	int part = how->from || how->to || how->pid || how->states ||
		   how->waits;

	if (part && pl->taken != p->nsamples)
		caption_note(c, "%zu of %zu samples", pl->taken, p->nsamples);
	else
		caption_note(c, "%zu samples", p->nsamples);
	if (p->header.hz && p->header.weight == LJD_weight_SAMPLES)
		caption_note(c, "%u Hz", p->header.hz);
	if (how->from || how->to)
		caption_note(c, "from %.2f s to %.2f s", how->from / 1e9,
			     (how->to ? how->to : pl->span) / 1e9);
	else if (p->header.time && p->end.time > p->header.time)
		caption_note(c, "%.1f s",
			     (p->end.time - p->header.time) / 1e9);
	if (pl->place[STACKNAME_UNKNOWN])
		caption_note(c, "in unknown code %.2g %%", 100.0 *
			     pl->place[STACKNAME_UNKNOWN] / pl->taken);
	if (note_waits(c, pl))
		return;
	for (int i = 0; i < VMSTATES_N; i++)
		if (pl->state[i] && p->header.weight != LJD_weight_ABORTS)
			caption_note(c, "%s %.1f %%", vmstates_doc(i),
				     100.0 * pl->state[i] / pl->taken);
}

/* The picture outlives the messages, so it must tell its own losses. */
static void note_losses(struct caption *c, const struct dump_stats *s)
{
	if (!s->has_end)
		caption_note(c, "INCOMPLETE: cut off");
	if (s->damaged)
		caption_note(c, "%" PRIu64 " damaged bytes", s->damaged);
	if (s->has_end && s->end.records + 1 > s->records)
		caption_note(c, "%" PRIu64 " records lost",
			     (uint64_t)s->end.records + 1 - s->records);
	if (s->end.emitfail)
		caption_note(c, "%llu records without room", s->end.emitfail);
}

struct caption *caption_new(const struct pipeline *pl,
			    const struct pipeline_opts *how, const char *title)
{
	struct caption *c = xcalloc(1, sizeof(*c));

	c->title = xstrdup(title);
	c->profile = pl->profile;
	if (c->profile) {
		say_target(c, how);
		note_samples(c, pl, how);
		note_losses(c, &pl->stats);
	}
	if (pl->fold && pl->fold->note)
		caption_note(c, "%s", pl->fold->note);
	return c;
}

void caption_free(struct caption *c)
{
	if (!c)
		return;
	free(c->title);
	free(c->subtitle);
	free(c->notes);
	free(c);
}

static void clean_line(struct pool *pool, char **line)
{
	unsigned id;

	if (!*line)
		return;
	id = clean_str(pool, *line);
	free(*line);
	*line = xstrdup(pool_str(pool, id));
}

void caption_clean(struct caption *c)
{
	struct pool *pool = pool_new();

	clean_line(pool, &c->title);
	clean_line(pool, &c->subtitle);
	clean_line(pool, &c->notes);
	pool_free(pool);
}

char *caption_fit(const char *text, double width)
{
	char *fits = flame_cut(text, width > 0 ? width / CAPTION_CHAR : 0);

	return fits ? fits : xstrdup("");
}

static void line_at(struct svg *s, const char *class, unsigned y,
		    const char *text, double width)
{
	char *fits;

	if (!text)
		return;
	fits = caption_fit(text, width);
	svg_open(s, "text");
	svg_attr(s, "class", class);
	svg_count(s, "x", CAPTION_MARGIN);
	svg_count(s, "y", y);
	if (strcmp(fits, text))
		svg_element(s, "title", text);
	svg_string(s, fits);
	svg_close(s);
	svg_newline(s);
	free(fits);
}

struct svg *caption_begin(const struct caption *c, FILE *out, unsigned width,
			  unsigned height, const char *class,
			  const char *const *css)
{
	struct svg *s = svg_begin(out, width, height, class);
	double room = width - 2 * CAPTION_MARGIN;

	if (!s)
		return NULL;
	svg_element(s, "title", c->title);
	svg_open(s, "style");
	svg_raw(s, template_page_css);
	for (; *css; css++)
		svg_raw(s, *css);
	svg_close(s);
	svg_newline(s);
	svg_open(s, "rect");
	svg_attr(s, "class", "paper");
	svg_attr(s, "width", "100%");
	svg_attr(s, "height", "100%");
	svg_close(s);
	svg_open(s, "g");
	svg_attr(s, "class", "caption");
	line_at(s, "title", 24, c->title, room * 12 / 17);
	line_at(s, "sub", 42, c->subtitle, room);
	line_at(s, "notes", 57, c->notes, room);
	svg_close(s);
	svg_newline(s);
	return s;
}

static void fact(struct svg *s, const char *key, const char *value)
{
	struct pool *pool;

	if (!value || !*value)
		return;
	pool = pool_new();
	svg_open(s, "l:fact");
	svg_attr(s, "key", key);
	svg_string(s, pool_str(pool, clean_str(pool, value)));
	svg_close(s);
	svg_newline(s);
	pool_free(pool);
}

static void fact_number(struct svg *s, const char *key,
			unsigned long long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%llu", value);
	fact(s, key, text);
}

void caption_facts(const struct caption *c, struct svg *s)
{
	static const char *const keys[] = {
		"host", "command", "kernel", "runtime", "script", "warning",
	};
	const struct profile *p = c->profile;

	fact(s, "tool", PACKAGE_STRING);
	fact(s, "title", c->title);
	fact(s, "target", c->subtitle);
	fact(s, "taken", c->notes);
	if (!p)
		return;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		fact(s, keys[i], profile_meta(p, keys[i]));
	fact_number(s, "start", p->header.realtime);
	fact_number(s, "hits", p->end.hits);
	fact_number(s, "samples", p->nsamples);
	fact_number(s, "emitfail", p->end.emitfail);
	fact_number(s, "busy", p->end.busy);
}
