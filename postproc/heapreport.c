/* heapreport.c - what a heap holds and who keeps it, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "heapreport.h"

static double mib(uint64_t bytes)
{
	return bytes / 1048576.0;
}

static double percent(uint64_t part, uint64_t all)
{
	return all ? 100.0 * part / all : 0;
}

static struct heappath_count sum_of(const struct heappath_count *by)
{
	struct heappath_count sum = { 0, 0 };

	for (int t = 0; t < HEAP_TYPES; t++) {
		sum.bytes += by[t].bytes;
		sum.objects += by[t].objects;
	}
	return sum;
}

/* -- By type ------------------------------------------------------------ */

static void types(const struct heapwalk_sum *s, FILE *out)
{
	fprintf(out, "%-10s %12s %12s %10s %12s %10s\n", "type", "objects",
		"bytes", "MiB", "garbage", "MiB");
	for (int t = 0; t < HEAP_TYPES; t++) {
		const struct heappath_count *r = &s->reached[t];
		const struct heappath_count *g = &s->garbage[t];

		if (r->objects || g->objects)
			fprintf(out, "%-10s %12" PRIu64 " %12" PRIu64
				" %10.2f %12" PRIu64 " %10.2f\n",
				lj_type_name(t), r->objects, r->bytes,
				mib(r->bytes), g->objects, mib(g->bytes));
	}
	putc('\n', out);
}

/* -- What the memory is ------------------------------------------------- */

static void line(FILE *out, const char *what, uint64_t bytes, uint64_t all)
{
	fprintf(out, "%-44s %12" PRIu64 " %10.2f MiB %6.2f %%\n", what, bytes,
		mib(bytes), percent(bytes, all));
}

/* A line of /proc/PID/status, in bytes; 0: not told. */
static uint64_t status(uint32_t pid, const char *key)
{
	char *path = xasprintf("/proc/%" PRIu32 "/status", pid), text[256];
	FILE *f = fopen(path, "re");
	uint64_t kb = 0;
	size_t n = strlen(key);

	free(path);
	while (f && fgets(text, sizeof(text), f))
		if (!strncmp(text, key, n) && text[n] == ':')
			kb = strtoull(text + n + 1, NULL, 10);
	if (f)
		fclose(f);
	return kb << 10;
}

static void accounts(const struct heapreport *r, FILE *out)
{
	const struct heapwalk_sum *s = heapwalk_sum(r->walk);
	uint64_t rss = status(r->pid, "VmRSS"), all = s->total;
	uint64_t lua = heapwalk_memory(r->walk), copied = r->copy->n;
	uint64_t anon = status(r->pid, "RssAnon");

	line(out, "reached from the roots", sum_of(s->reached).bytes, all);
	line(out, "garbage, not collected yet", sum_of(s->garbage).bytes, all);
	line(out, "the VM's own tables", s->vm, all);
	line(out, s->broken ? "garbage or lost while it was copied" :
	     "the VM's buffers", s->rest, all);
	if (s->over)
		line(out, "counted, but above gc.total", s->over, all);
	line(out, "= gc.total", all, all);
	if (lua > all)
		line(out, "+ allocator: headers, rounding, free memory",
		     lua - all, all);
	if (copied > lua)
		line(out, "+ no Lua: C heap, C stacks, FFI memory",
		     copied - lua, all);
	line(out, "= private memory copied", copied, all);
	if (s->mcode)
		line(out, "machine code of traces, not copied", s->mcode, all);
	if (rss) {
		line(out, "resident, private (RssAnon)", anon, all);
		line(out, "resident with files and shared (VmRSS)", rss, all);
	}
	putc('\n', out);
}

static void trust(const struct heapreport *r, FILE *out)
{
	const struct heapwalk_sum *s = heapwalk_sum(r->walk);

	fprintf(out, "torn references: %" PRIu64 " of %" PRIu64 " (%.1f of a "
		"million); copied in %.0f ms, try %u; gc.total %.2f MiB "
		"before, %.2f MiB after\n\n", s->torn, s->refs,
		s->refs ? s->torn * 1e6 / s->refs : 0, r->copy->seconds * 1e3,
		r->tries, mib(r->total[0]), mib(r->total[1]));
}

/* -- Who keeps what ----------------------------------------------------- */

static const struct heappath_node *nodes;

static int by_retained(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	uint64_t rx = nodes[*x].retained, ry = nodes[*y].retained;

	if (rx != ry)
		return rx < ry ? 1 : -1;
	return *x < *y ? -1 : *x > *y;
}

static void keepers(const struct heapreport *r, FILE *out)
{
	const struct heappath *hp = r->path;
	uint64_t all = heapwalk_sum(r->walk)->total;
	uint32_t *order = xcalloc(hp->n, sizeof(*order));

	for (size_t i = 0; i < hp->n; i++)
		order[i] = i;
	nodes = hp->node;
	qsort(order, hp->n, sizeof(*order), by_retained);
	fprintf(out, "%12s %8s %12s %12s  %s\n", "retained MiB", "",
		"own MiB", "objects", "held by");
	for (size_t i = 0, row = 0; i < hp->n && row < r->rows; i++) {
		const struct heappath_node *x = &hp->node[order[i]];
		struct heappath_count own = sum_of(x->by);
		char *text;

		if (!order[i] || !x->retained)
			continue;
		text = heappath_text(hp, order[i]);
		fprintf(out, "%12.2f %6.2f %% %12.2f %12" PRIu64 "  %s\n",
			mib(x->retained), percent(x->retained, all),
			mib(own.bytes), own.objects, text);
		free(text);
		row++;
	}
	free(order);
}

void heapreport_text(const struct heapreport *r, FILE *out)
{
	fprintf(out, "Lua heap of process %" PRIu32 "%s\n\n", r->pid,
		r->vms > 1 ? ", all VMs" : "");
	types(heapwalk_sum(r->walk), out);
	accounts(r, out);
	trust(r, out);
	keepers(r, out);
}

char *heapreport_note(const struct heapreport *r)
{
	const struct heapwalk_sum *s = heapwalk_sum(r->walk);

	return xasprintf("gc.total %.2f MiB, %.2f %% of it reached, %.2f %% "
			 "garbage, %" PRIu64 " of %" PRIu64
			 " references torn, copied in %.0f ms", mib(s->total),
			 percent(sum_of(s->reached).bytes, s->total),
			 percent(sum_of(s->garbage).bytes, s->total), s->torn,
			 s->refs, r->copy->seconds * 1e3);
}
