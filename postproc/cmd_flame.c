/* cmd_flame.c - `ljstap flame`: dump or folded stacks -> SVG.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clean.h"
#include "cmd.h"
#include "diag.h"
#include "dumptab.h"
#include "flame.h"
#include "outfile.h"
#include "pipeline.h"
#include "svg.h"

#define WIDTH		1200
#define MINWIDTH	0.1

struct flame_opts {
	const char *file, *output, *title;
	unsigned width;
	double minwidth;
	struct pipeline_opts how;
};

enum { OPT_LINES = 256, OPT_PID, OPT_SYSROOT, OPT_NO_SYMBOLS, OPT_TITLE,
       OPT_WIDTH, OPT_MINWIDTH };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, not to stdout", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
	{ "minwidth", OPT_MINWIDTH, "PX", 0,
	  "Leave out narrower frames (0.1)", 0 },
	{ "lines", OPT_LINES, NULL, 0,
	  "After each Lua function, the line it is at", 0 },
	{ "pid", OPT_PID, "PID", 0, "Only samples of process PID", 0 },
	{ "sysroot", OPT_SYSROOT, "DIR", 0,
	  "Look for the mapped files below DIR", 0 },
	{ "no-symbols", OPT_NO_SYMBOLS, NULL, 0,
	  "Do not open the mapped files", 0 },
	{ 0 }
};

static int parse_width(struct flame_opts *o, const char *arg)
{
	uint64_t n;

	if (cmd_number("--width", arg, 100000, &n))
		return EINVAL;
	if (n < 200) {
		diag_usage("--width: %s is too narrow; give 200 or more", arg);
		return EINVAL;
	}
	o->width = n;
	return 0;
}

static int parse_minwidth(struct flame_opts *o, const char *arg)
{
	char *end;

	o->minwidth = strtod(arg, &end);
	if (*arg >= '0' && *arg <= '9' && !*end && o->minwidth <= 1000)
		return 0;
	diag_usage("--minwidth: '%s' is not a number from 0 to 1000; see "
		   "--help", arg);
	return EINVAL;
}

static error_t parse_how(struct pipeline_opts *how, int key, const char *arg)
{
	uint64_t n;

	switch (key) {
	case OPT_LINES:
		how->lines = 1;
		return 0;
	case OPT_PID:
		if (cmd_number("--pid", arg, UINT32_MAX, &n))
			return EINVAL;
		how->pid = n;
		return 0;
	case OPT_SYSROOT:
		how->sysroot = arg;
		return 0;
	case OPT_NO_SYMBOLS:
		how->no_symbols = 1;
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct flame_opts *o = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL;
		return 0;
	case 'o':
		o->output = arg;
		return 0;
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case OPT_WIDTH:
		return parse_width(o, arg);
	case OPT_MINWIDTH:
		return parse_minwidth(o, arg);
	case ARGP_KEY_ARG:
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	}
	return parse_how(&o->how, key, arg);
}

/* -- What is around the frames ------------------------------------------ */

struct caption {
	char *text;
	size_t n;
};

static void say(struct caption *c, const char *text)
{
	char *longer = xasprintf("%s%s%s", c->n ? c->text : "",
				 c->n ? ", " : "", text);

	free(c->text);
	c->text = longer;
	c->n++;
}

static void say_meta(struct caption *c, const struct profile *p,
		     const char *key)
{
	const char *value = profile_meta(p, key);
	char *text;

	if (!value || !*value)
		return;
	text = xasprintf("%s %s", key, value);
	say(c, text);
	free(text);
}

static void say_time(struct caption *c, const struct profile *p)
{
	time_t at = p->header.realtime / 1000000000;
	struct tm tm;
	char text[64];

	if (p->header.realtime && gmtime_r(&at, &tm) &&
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm))
		say(c, text);
}

static void say_pid(struct caption *c, const struct profile *p,
		    const struct flame_opts *o)
{
	char text[32];

	if (!o->how.pid && !p->header.pid)
		return;
	snprintf(text, sizeof(text), "pid %u",
		 o->how.pid ? o->how.pid : p->header.pid);
	say(c, text);
}

static void say_rate(struct caption *c, const struct pipeline *pl)
{
	const struct profile *p = pl->profile;
	double seconds;
	char text[96];

	snprintf(text, sizeof(text), "%" PRIu64 " samples", p->nsamples);
	say(c, text);
	if (p->header.hz) {
		snprintf(text, sizeof(text), "%u Hz", p->header.hz);
		say(c, text);
	}
	if (p->header.time && p->end.time > p->header.time) {
		seconds = (p->end.time - p->header.time) / 1e9;
		snprintf(text, sizeof(text), "%.1f s", seconds);
		say(c, text);
	}
}

/* The picture outlives the messages, so it must tell its own losses. */
static void say_losses(struct caption *c, const struct dump_stats *s)
{
	char text[64];

	if (!s->has_end)
		say(c, "INCOMPLETE: cut off");
	if (s->damaged) {
		snprintf(text, sizeof(text), "%" PRIu64 " damaged bytes",
			 s->damaged);
		say(c, text);
	}
	if (s->has_end && s->end.records + 1 > s->records) {
		snprintf(text, sizeof(text), "%" PRIu64 " records lost",
			 (uint64_t)s->end.records + 1 - s->records);
		say(c, text);
	}
	if (s->end.emitfail) {
		snprintf(text, sizeof(text), "%llu records without room",
			 s->end.emitfail);
		say(c, text);
	}
}

static char *clean(struct pool *names, struct caption *c)
{
	const char *text = c->text ? c->text : "";
	unsigned id = clean_name(names, text, strlen(text));

	free(c->text);
	return xstrdup(pool_str(names, id));
}

/* What counts count, and the default title that goes with it. */
static const char *unit_of(const struct pipeline *pl, const char **title)
{
	const char *unit = NULL;

	*title = "Lua flame graph";
	if (!pl->profile)
		return "samples";
	unit = dumptab_doc("weight", pl->profile->header.weight);
	if (pl->profile->header.weight == LJD_weight_SAMPLES)
		*title = "Lua CPU flame graph";
	return unit ? unit : "samples";
}

static int draw(const struct pipeline *pl, const struct flame_opts *o,
		FILE *out)
{
	struct caption sub = { 0 }, notes = { 0 }, title = { 0 };
	uint64_t total = pl->fold->node[0].total;
	struct svg_text text = { .width = o->width };
	struct flame *fl;
	double min = o->minwidth * total / svg_frames_width(o->width);
	const char *default_title;
	char hidden[64];
	int ret;

	text.unit = unit_of(pl, &default_title);
	say(&title, o->title ? o->title : default_title);
	if (pl->profile) {
		say_pid(&sub, pl->profile, o);
		say_meta(&sub, pl->profile, "command");
		say_meta(&sub, pl->profile, "host");
		say_time(&sub, pl->profile);
		say_rate(&notes, pl);
		say_losses(&notes, &pl->stats);
	}
	fl = flame_new(pl->fold, min < 1 ? 1 : (uint64_t)min);
	if (fl->hidden) {
		snprintf(hidden, sizeof(hidden), "%zu frames too narrow to "
			 "show", fl->hidden);
		say(&notes, hidden);
	}
	text.title = clean(pl->names, &title);
	text.subtitle = sub.text ? clean(pl->names, &sub) : xstrdup("");
	text.notes = notes.text ? clean(pl->names, &notes) : NULL;
	ret = svg_write(out, fl, pl->fold, &text);
	flame_free(fl);
	free((char *)text.title);
	free((char *)text.subtitle);
	free((char *)text.notes);
	return ret;
}

static int run(const struct flame_opts *o)
{
	struct input *in = input_open(o->file);
	struct pipeline *pl = NULL;
	struct outfile *out = NULL;
	int ret = -1;

	if (!in)
		goto out;
	pl = pipeline_run(in, &o->how);
	if (pl)
		out = outfile_open(o->output);
	if (!out)
		goto out;
	ret = draw(pl, o, outfile_stream(out));
	if (outfile_close(out, !ret))
		ret = -1;
out:
	pipeline_free(pl);
	input_close(in);
	return ret;
}

int cmd_flame(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "[FILE]",
		"Draw a flame graph as SVG.\v"
		"FILE is the output of an ljstap script, folded lines, or "
		"stacks as SystemTap prints them; none or - is stdin.",
		NULL, NULL, NULL
	};
	struct flame_opts o = { .width = WIDTH, .minwidth = MINWIDTH };

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	return run(&o) ? DIAG_UNUSABLE : (int)diag_status();
}
