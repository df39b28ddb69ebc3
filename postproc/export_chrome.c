/* export_chrome.c - a fold in order of time -> Chrome's trace events.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Times are us with three decimals.
 */
#include <config.h>

#include <string.h>

#include "export.h"
#include "flame.h"
#include "json.h"

struct writer {
	const struct pipeline *pl;
	FILE *out;
	uint32_t pid;
};

static void write_event(void *ctx, const struct export_span *span)
{
	const struct writer *w = ctx;
	const struct fold *f = w->pl->fold;
	const char *name = pool_str(f->names, f->node[span->node].name);

	if (!strcmp(name, FLAME_NOTHING))
		return;
	fputs(",\n{\"ph\":\"X\",\"name\":", w->out);
	json_string(w->out, name);
	fprintf(w->out, ",\"cat\":\"%s\",\"ts\":%.3f,\"dur\":%.3f,"
		"\"pid\":%u,\"tid\":%u}", flame_layer_name(flame_layer(name)),
		export_us(w->pl, span->start),
		export_us(w->pl, span->end - span->start), w->pid, w->pid);
}

int export_chrome(const struct pipeline *pl, const char *title, FILE *out)
{
	struct writer w = { .pl = pl, .out = out, .pid = 1 };

	if (pl->profile)
		w.pid = pl->profile->sum[0].pid;
	fprintf(out, "{\"otherData\":{\"exporter\":\"%s\"},\n"
		"\"traceEvents\":[\n{\"ph\":\"M\",\"name\":\"process_name\","
		"\"pid\":%u,\"tid\":%u,\"args\":{\"name\":", PACKAGE_STRING,
		w.pid, w.pid);
	json_string(out, title);
	fprintf(out, "}}");
	export_time(pl->fold, write_event, NULL, &w);
	fprintf(out, "]}\n");
	return 0;
}
