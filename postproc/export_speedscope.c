/* export_speedscope.c - a fold -> speedscope's JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "export.h"
#include "framename.h"
#include "json.h"

struct writer {
	const struct fold *f;
	FILE *out;
	uint32_t *number;	/* of each name among the frames, from 1 */
	unsigned *name;		/* of each frame */
	size_t nframes, maxframes;
	size_t stacks;
};

static uint32_t frame_number(struct writer *w, unsigned name)
{
	if (!w->number[name]) {
		w->name = xgrow(w->name, w->nframes, &w->maxframes,
				sizeof(*w->name));
		w->name[w->nframes++] = name;
		w->number[name] = w->nframes;
	}
	return w->number[name] - 1;
}

static void write_stack(void *ctx, const struct export_frame *frame, size_t n,
			uint64_t count)
{
	struct writer *w = ctx;

	(void)count;
	fputs(w->stacks++ ? ",\n[" : "\n[", w->out);
	for (size_t i = 0; i < n; i++)
		fprintf(w->out, "%s%u", i ? "," : "",
			frame_number(w, frame[i].name));
	putc(']', w->out);
}

static void write_weight(void *ctx, const struct export_frame *frame,
			 size_t n, uint64_t count)
{
	struct writer *w = ctx;
	char text[FOLD_COUNT];

	(void)frame;
	(void)n;
	fprintf(w->out, "%s%s", w->stacks++ ? "," : "",
		fold_count(w->f, count, text));
}

static void write_frames(struct writer *w)
{
	struct framename fn;

	for (size_t i = 0; i < w->nframes; i++) {
		const char *name = pool_str(w->f->names, w->name[i]);
		char *file;

		fprintf(w->out, "%s\n{\"name\":", i ? "," : "");
		json_string(w->out, name);
		framename_split(name, &fn);
		if (fn.file) {
			file = xasprintf("%.*s", (int)fn.nfile, fn.file);
			fputs(",\"file\":", w->out);
			json_string(w->out, file);
			free(file);
		}
		if (fn.line)
			fprintf(w->out, ",\"line\":%ld", fn.line);
		putc('}', w->out);
	}
}

static const char *unit_of(const struct pipeline *pl)
{
	if (pl->profile && pl->profile->header.weight == LJD_weight_NS)
		return "nanoseconds";
	if (pl->profile && pl->profile->header.weight == LJD_weight_BYTES)
		return "bytes";
	return "none";
}

int export_speedscope(const struct pipeline *pl, const char *title, FILE *out)
{
	struct writer w = { .f = pl->fold, .out = out };
	char total[FOLD_COUNT];

	w.number = xcalloc(pool_count(pl->names), sizeof(*w.number));
	fprintf(out, "{\"$schema\":\"https://www.speedscope.app/"
		"file-format-schema.json\",\n\"exporter\":\"%s\",\n\"name\":",
		PACKAGE_STRING);
	json_string(out, title);
	fprintf(out, ",\n\"profiles\":[{\"type\":\"sampled\",\"name\":");
	json_string(out, title);
	fprintf(out, ",\"unit\":\"%s\",\"startValue\":0,\"endValue\":%s,\n"
		"\"samples\":[", unit_of(pl),
		fold_count(pl->fold, pl->fold->node[0].total, total));
	export_stacks(pl->fold, write_stack, &w);
	w.stacks = 0;
	fprintf(out, "],\n\"weights\":[");
	export_stacks(pl->fold, write_weight, &w);
	fprintf(out, "]}],\n\"shared\":{\"frames\":[");
	write_frames(&w);
	fprintf(out, "]}}\n");
	free(w.number);
	free(w.name);
	return 0;
}
