/* export_firefox.c - a fold in order of time -> a processed profile of
 * Firefox Profiler, version 48.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All tables are lists of columns. A node of the fold is a row of the table
 * of stacks, a name one of functions and of frames.
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "flame.h"
#include "framename.h"
#include "json.h"

struct sample {
	uint32_t node;
	uint64_t start, weight;
};

struct writer {
	const struct pipeline *pl;
	const struct fold *f;
	FILE *out;
	struct sample *sample;
	size_t nsamples, maxsamples;
	uint32_t *func;		/* of each name, from 1; 0: not in use */
	unsigned *name;		/* of each function */
	size_t nfuncs;
};

static int is_nothing(const struct writer *w, uint32_t node)
{
	return !strcmp(pool_str(w->f->names, w->f->node[node].name),
		       FLAME_NOTHING);
}

/* Time without a callee is the caller's own. */
static void add_sample(void *ctx, const struct export_span *span)
{
	struct writer *w = ctx;
	uint32_t node = span->node;

	if (!span->self)
		return;
	if (is_nothing(w, node))
		node = w->f->node[node].parent;
	if (!node)
		return;
	w->sample = xgrow(w->sample, w->nsamples, &w->maxsamples,
			  sizeof(*w->sample));
	w->sample[w->nsamples++] = (struct sample){
		node, span->end - span->self, span->self };
}

/* -- Columns ------------------------------------------------------------ */

/* A column of the same in every row. */
static void same(const struct writer *w, const char *column, size_t n,
		 const char *value)
{
	fprintf(w->out, ",\"%s\":[", column);
	for (size_t i = 0; i < n; i++)
		fprintf(w->out, "%s%s", i ? "," : "", value);
	putc(']', w->out);
}

/* A column that has a number for each row. */
static void counted(const struct writer *w, const char *column, size_t n)
{
	fprintf(w->out, ",\"%s\":[", column);
	for (size_t i = 0; i < n; i++)
		fprintf(w->out, "%s%zu", i ? "," : "", i);
	putc(']', w->out);
}

static int layer_of(const struct writer *w, unsigned name)
{
	return flame_layer(pool_str(w->f->names, name));
}

static void write_samples(const struct writer *w, int chart)
{
	fprintf(w->out, "\"samples\":{\"length\":%zu,\"weightType\":\"%s\"",
		w->nsamples, chart ? "tracing-ms" : "samples");
	fprintf(w->out, ",\"stack\":[");
	for (size_t i = 0; i < w->nsamples; i++)
		fprintf(w->out, "%s%u", i ? "," : "", w->sample[i].node - 1);
	fprintf(w->out, "],\"time\":[");
	for (size_t i = 0; i < w->nsamples; i++)
		fprintf(w->out, "%s%.3f", i ? "," : "",
			export_us(w->pl, w->sample[i].start) / 1e3);
	fprintf(w->out, "],\"weight\":[");
	for (size_t i = 0; i < w->nsamples; i++)
		if (chart)
			fprintf(w->out, "%s%.3f", i ? "," : "",
				export_us(w->pl, w->sample[i].weight) / 1e3);
		else
			fprintf(w->out, "%s%" PRId64, i ? "," : "",
				export_whole(w->f, w->sample[i].weight));
	fprintf(w->out, "]},\n");
}

static void write_stacks(const struct writer *w)
{
	const struct fold *f = w->f;

	fprintf(w->out, "\"stackTable\":{\"length\":%zu,\"prefix\":[",
		f->n - 1);
	for (size_t i = 1; i < f->n; i++)
		if (f->node[i].parent)
			fprintf(w->out, "%s%u", i > 1 ? "," : "",
				f->node[i].parent - 1);
		else
			fprintf(w->out, "%snull", i > 1 ? "," : "");
	fprintf(w->out, "],\"frame\":[");
	for (size_t i = 1; i < f->n; i++)
		fprintf(w->out, "%s%u", i > 1 ? "," : "",
			w->func[f->node[i].name] - 1);
	fprintf(w->out, "],\"category\":[");
	for (size_t i = 1; i < f->n; i++)
		fprintf(w->out, "%s%d", i > 1 ? "," : "",
			layer_of(w, f->node[i].name));
	putc(']', w->out);
	same(w, "subcategory", f->n - 1, "0");
	fprintf(w->out, "},\n");
}

static void write_lines(const struct writer *w, const char *column)
{
	struct framename fn;

	fprintf(w->out, ",\"%s\":[", column);
	for (size_t i = 0; i < w->nfuncs; i++) {
		framename_split(pool_str(w->f->names, w->name[i]), &fn);
		if (fn.line)
			fprintf(w->out, "%s%ld", i ? "," : "", fn.line);
		else
			fprintf(w->out, "%snull", i ? "," : "");
	}
	putc(']', w->out);
}

static void write_functions(const struct writer *w)
{
	size_t n = w->nfuncs;

	fprintf(w->out, "\"frameTable\":{\"length\":%zu", n);
	same(w, "address", n, "-1");
	same(w, "inlineDepth", n, "0");
	fprintf(w->out, ",\"category\":[");
	for (size_t i = 0; i < n; i++)
		fprintf(w->out, "%s%d", i ? "," : "", layer_of(w, w->name[i]));
	putc(']', w->out);
	same(w, "subcategory", n, "0");
	counted(w, "func", n);
	same(w, "nativeSymbol", n, "null");
	same(w, "innerWindowID", n, "0");
	same(w, "implementation", n, "null");
	same(w, "line", n, "null");
	same(w, "column", n, "null");
	fprintf(w->out, "},\n\"funcTable\":{\"length\":%zu", n);
	counted(w, "name", n);
	same(w, "isJS", n, "false");
	same(w, "relevantForJS", n, "false");
	same(w, "resource", n, "-1");
	/* Files follow the names in stringArray. */
	fprintf(w->out, ",\"fileName\":[");
	for (size_t i = 0; i < n; i++)
		fprintf(w->out, "%s%zu", i ? "," : "", n + i);
	putc(']', w->out);
	write_lines(w, "lineNumber");
	same(w, "columnNumber", n, "null");
	fprintf(w->out, "},\n");
}

static void write_strings(const struct writer *w)
{
	struct framename fn;
	char *file;

	fprintf(w->out, "\"stringArray\":[");
	for (size_t i = 0; i < w->nfuncs; i++) {
		fputs(i ? ",\n" : "\n", w->out);
		json_string(w->out, pool_str(w->f->names, w->name[i]));
	}
	for (size_t i = 0; i < w->nfuncs; i++) {
		framename_split(pool_str(w->f->names, w->name[i]), &fn);
		file = xasprintf("%.*s", (int)fn.nfile,
				 fn.file ? fn.file : "");
		fputs(",\n", w->out);
		json_string(w->out, file);
		free(file);
	}
	fprintf(w->out, "],\n");
}

static void write_meta(const struct writer *w, const struct pipeline *pl,
		       const char *title)
{
	const struct profile *p = pl->profile;
	static const char *const color[FLAME_LAYERS] = {
		[FLAME_LUA] = "yellow", [FLAME_LINE] = "yellow",
		[FLAME_TRACE] = "green", [FLAME_BUILTIN] = "lightblue",
		[FLAME_C] = "blue", [FLAME_VM] = "orange",
		[FLAME_KERNEL] = "red",
	};

	fprintf(w->out, "{\"meta\":{\"interval\":%.6g,\"startTime\":%.3f,"
		"\"processType\":0,\"product\":", p && p->header.hz ?
		1e3 / p->header.hz : 1, p ? p->header.realtime / 1e6 : 0);
	json_string(w->out, title);
	fprintf(w->out, ",\"importedFrom\":\"%s\",\"stackwalk\":1,"
		"\"version\":29,\"preprocessedProfileVersion\":48,"
		"\"symbolicated\":true,\"symbolicationNotSupported\":true,"
		"\"markerSchema\":[],\"categories\":[", PACKAGE_STRING);
	for (int i = 0; i < FLAME_LAYERS; i++)
		fprintf(w->out, "%s{\"name\":\"%s\",\"color\":\"%s\","
			"\"subcategories\":[\"Other\"]}", i ? "," : "",
			flame_layer_name(i), color[i] ? color[i] : "grey");
	fprintf(w->out, "]},\n\"libs\":[],\"pages\":[],\n\"threads\":[{");
}

static void number_functions(struct writer *w)
{
	size_t names = pool_count(w->f->names);

	w->func = xcalloc(names, sizeof(*w->func));
	w->name = xcalloc(names, sizeof(*w->name));
	for (size_t i = 1; i < w->f->n; i++) {
		unsigned name = w->f->node[i].name;

		if (w->func[name])
			continue;
		w->name[w->nfuncs++] = name;
		w->func[name] = w->nfuncs;
	}
}

int export_firefox(const struct pipeline *pl, const char *title, FILE *out)
{
	struct writer w = { .pl = pl, .f = pl->fold, .out = out };
	uint32_t pid = pl->profile ? pl->profile->sum[0].pid : 1;

	number_functions(&w);
	export_time(pl->fold, NULL, add_sample, &w);
	write_meta(&w, pl, title);
	fprintf(out, "\"processType\":\"default\",\"processStartupTime\":0,"
		"\"processShutdownTime\":null,\"registerTime\":0,"
		"\"unregisterTime\":null,\"pausedRanges\":[],\"name\":");
	json_string(out, title);
	fprintf(out, ",\"isMainThread\":true,\"pid\":\"%u\",\"tid\":%u,\n",
		pid, pid);
	write_samples(&w, pl->profile != NULL);
	write_stacks(&w);
	write_functions(&w);
	write_strings(&w);
	fprintf(out, "\"markers\":{\"length\":0,\"category\":[],\"data\":[],"
		"\"endTime\":[],\"name\":[],\"phase\":[],\"startTime\":[]},\n"
		"\"resourceTable\":{\"length\":0,\"lib\":[],\"name\":[],"
		"\"host\":[],\"type\":[]},\n\"nativeSymbols\":{\"length\":0,"
		"\"libIndex\":[],\"address\":[],\"name\":[],"
		"\"functionSize\":[]}}]}\n");
	free(w.sample);
	free(w.func);
	free(w.name);
	return 0;
}
