/* cmd_heap.c - `ljstap heap`: what the Lua heap of a process holds, and who
 * holds it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "draw_flame.h"
#include "heapreport.h"
#include "outfile.h"
#include "pipeline.h"
#include "remote.h"

#define WIDTH		1200
#define MINWIDTH	0.5
#define ROWS		30
#define TRIES		3	/* copies */
#define WARN		100	/* torn references of a million: say so */
#define RETRY		1000	/* ... copy again */

struct heap_opts {
	struct cmd_look look;
	const char *title;
	struct draw_flame draw;
	uint64_t rows, vm;
	int count, nonames;
};

enum { OPT_TITLE = 256, OPT_WIDTH, OPT_MINWIDTH, OPT_ICICLE, OPT_COUNT,
       OPT_ROWS, OPT_VM, OPT_NO_NAMES };

static const struct argp_option options[] = {
	{ "output", 'o', "FILE", 0, "Write the paths to FILE: a picture if "
	  "its name ends in .svg, else folded lines", 0 },
	CMD_PID,
	{ "vm", OPT_VM, "N", 0, "Only the N-th VM of it", 0 },
	{ "count", OPT_COUNT, NULL, 0, "Paths count objects, not bytes", 0 },
	{ "no-names", OPT_NO_NAMES, NULL, 0, "Number the names of keys, "
	  "variables and files instead of showing them", 0 },
	{ "rows", OPT_ROWS, "N", 0, "Rows of the table (30)", 0 },
	{ "title", OPT_TITLE, "TEXT", 0, "Title of the picture", 0 },
	{ "width", OPT_WIDTH, "PX", 0, "Width of the picture (1200)", 0 },
	{ "minwidth", OPT_MINWIDTH, "PX", 0,
	  "Merge narrower frames (0.5)", 0 },
	{ "icicle", OPT_ICICLE, NULL, 0, "Draw the root on top", 0 },
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct heap_opts *o = state->input;

	switch (key) {
	case OPT_VM:
		return cmd_number("--vm", arg, UINT32_MAX, &o->vm) ? EINVAL : 0;
	case OPT_NO_NAMES:
		o->nonames = 1;
		return 0;
	case OPT_COUNT:
		o->count = 1;
		return 0;
	case OPT_ROWS:
		return cmd_number("--rows", arg, UINT32_MAX, &o->rows) ?
		       EINVAL : 0;
	case OPT_TITLE:
		o->title = arg;
		return 0;
	case OPT_WIDTH:
		return cmd_width(arg, &o->draw.width) ? EINVAL : 0;
	case OPT_MINWIDTH:
		return cmd_minwidth(arg, &o->draw.minwidth) ? EINVAL : 0;
	case OPT_ICICLE:
		o->draw.icicle = 1;
		return 0;
	}
	return cmd_look(key, arg, state, &o->look);
}

/* -- One copy, and what is in it ---------------------------------------- */

/* struct heap - all of one try */
struct heap {
	struct pool *names;
	struct heappath *path;
	struct heapcopy *copy;
	struct heapwalk *walk;
	size_t vms, unknown;	/* looked at, and not */
	int unsound;		/* a VM was torn itself, perhaps */
	uint64_t total[2];
};

static void heap_free(struct heap *h)
{
	heapwalk_free(h->walk);
	heapcopy_free(h->copy);
	heappath_free(h->path);
	pool_free(h->names);
}

/* gc.total of all VMs now. */
static uint64_t total_now(struct remote *r, const struct remote_vm *vm,
			  size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t total = 0;
		uint32_t ofs = LJ_S20(&vm[i]) ?
			       LJ_OBJ(&vm[i], s20_G_total) :
			       LJ_OBJ(&vm[i], s17_G_total);
		uint32_t size = vm[i].lay.mode == LJ_MODE_gc64 ? 8 : 4;

		if (!vm[i].check && !remote_read(r, &total, size,
						 vm[i].g + ofs))
			sum += total;
	}
	return sum;
}

static void walk(struct heap *h, const struct remote_vm *vm, size_t n,
		 const struct heap_opts *o)
{
	uint32_t node = 0;
	struct heapvm v;

	for (size_t i = 0; i < n; i++) {
		if (o->vm && o->vm != i + 1)
			continue;
		if (vm[i].check || heapvm_open(&v, h->copy, &vm[i])) {
			h->unknown++;
			h->unsound |= !vm[i].check;
			continue;
		}
		if (n > 1 && !o->vm) {
			char *name = xasprintf("VM %zu", i + 1);

			node = heappath_step(h->path, 0,
					     heappath_label(h->path, name));
			free(name);
		}
		heapwalk_vm(h->walk, &v, node);
		h->vms++;
	}
	heapwalk_retained(h->walk);
}

static int heap_try(struct heap *h, struct remote *r,
		    const struct remote_vm *vm, size_t n,
		    const struct heap_opts *o)
{
	h->total[0] = total_now(r, vm, n);
	h->copy = heapcopy_take(o->look.pid);
	h->total[1] = total_now(r, vm, n);
	if (!h->copy)
		return -1;
	h->names = pool_new();
	h->path = heappath_new(h->names);
	h->walk = heapwalk_new(h->copy, h->path, o->nonames);
	walk(h, vm, n, o);
	return 0;
}

/* Of a million references. */
static double torn(const struct heap *h)
{
	const struct heapwalk_sum *s = heapwalk_sum(h->walk);

	if (h->unsound || s->roots)
		return 1e6;
	return s->refs ? s->torn * 1e6 / s->refs : 0;
}

/* -- What is said and written ------------------------------------------- */

static int ends(const char *s, const char *with)
{
	size_t n = strlen(s), m = strlen(with);

	return n > m && !strcmp(s + n - m, with);
}

static int draw(struct fold *f, const struct heap_opts *o, FILE *out)
{
	static const struct pipeline_opts how;
	struct pipeline pl = { .fold = f, .names = f->names };
	struct caption *c = caption_new(&pl, &how, o->title ? o->title :
					f->title);
	struct draw_flame d = o->draw;
	int ret;

	d.fold = f;
	d.unit = pipeline_unit(&pl);
	ret = draw_flame(&d, c, out);
	caption_free(c);
	return ret;
}

static int write_paths(const struct heap *h, const struct heapreport *r,
		       const struct heap_opts *o)
{
	struct fold *f = heappath_fold(h->path, o->count);
	struct outfile *out = outfile_open(o->look.out);
	int ret = 0;

	f->unit = xstrdup(o->count ? "objects" : "bytes");
	f->title = xasprintf("Lua heap of process %" PRIu32, o->look.pid);
	f->note = heapreport_note(r);
	if (!out) {
		fold_free(f);
		return -1;
	}
	if (ends(o->look.out, ".svg"))
		ret = draw(f, o, outfile_stream(out));
	else
		fold_write(f, outfile_stream(out));
	fold_free(f);
	return outfile_close(out, !ret) || ret ? -1 : 0;
}

static void judge(const struct heap *h, const struct heap_opts *o)
{
	const struct heapwalk_sum *s = heapwalk_sum(h->walk);
	uint32_t pid = o->look.pid;

	if (torn(h) > WARN)
		diag_loss("process %" PRIu32 ": %" PRIu64 " of %" PRIu64
			  " references were torn while it ran: what they held "
			  "counts as garbage or lost; try again, or when it is "
			  "less busy", pid, s->torn, s->refs);
	if (h->unknown)
		diag_loss("process %" PRIu32 ": the layout of %zu of its VMs "
			  "is not known for sure, and they are left out; see "
			  "ljstap layout %" PRIu32, pid, h->unknown, pid);
	if (s->capped)
		diag_loss("process %" PRIu32 ": %" PRIu64 " objects are "
			  "damaged and were not looked into", pid,
			  s->capped);
	if (h->copy->lost)
		diag_note("process %" PRIu32 ": %" PRIu64 " bytes were given "
			  "back or taken while it was copied", pid,
			  h->copy->lost);
	if (h->copy->swapped)
		diag_note("process %" PRIu32 ": %" PRIu64 " bytes were "
			  "swapped in to be copied", pid,
			  h->copy->swapped);
}

static int say(const struct heap *h, unsigned tries, const struct heap_opts *o)
{
	struct heapreport r = {
		.pid = o->look.pid, .vms = h->vms, .copy = h->copy,
		.walk = h->walk, .path = h->path, .tries = tries,
		.total = { h->total[0], h->total[1] }, .rows = o->rows,
	};
	struct outfile *out;

	judge(h, o);
	if (o->look.out && write_paths(h, &r, o))
		return -1;
	if (o->look.out && !strcmp(o->look.out, "-"))
		return 0;
	out = outfile_open(NULL);
	if (!out)
		return -1;
	heapreport_text(&r, outfile_stream(out));
	return outfile_close(out, 1);
}

/* -- The command -------------------------------------------------------- */

static void refuse(const struct heap_opts *o)
{
	uint32_t pid = o->look.pid;

	if (errno == ENOENT)
		diag_error("no process %" PRIu32 "; check the number", pid);
	else if (errno == ESRCH)
		diag_error("process %" PRIu32 " has no memory: it has ended, "
			   "or is part of the kernel", pid);
	else if (errno == ENOMEM)
		diag_error("process %" PRIu32 ": not enough memory here for a "
			   "copy of its own and a third more", pid);
	else
		diag_error("process %" PRIu32 " may not be looked at from "
			   "here; run as root, or as its user with "
			   "kernel.yama.ptrace_scope=0", pid);
}

static int look(struct remote *r, const struct heap_opts *o)
{
	const struct remote_vm *vm;
	size_t n = remote_find(r, &vm);
	struct heap best = { 0 };
	unsigned tries = 0;
	int ret = -1;

	if (!n) {
		diag_error("no LuaJIT in process %" PRIu32 "; see ljstap "
			   "layout %" PRIu32, o->look.pid, o->look.pid);
		return -1;
	}
	if (o->vm > n) {
		diag_error("process %" PRIu32 " has %zu VMs, and no number "
			   "%" PRIu64, o->look.pid, n, o->vm);
		return -1;
	}
	do {
		struct heap h = { 0 };

		if (heap_try(&h, r, vm, n, o)) {
			heap_free(&h);
			break;
		}
		if (tries++ && torn(&h) >= torn(&best)) {
			heap_free(&h);
			continue;
		}
		heap_free(&best);
		best = h;
	} while (tries < TRIES && torn(&best) > RETRY);
	if (!tries)
		refuse(o);
	else if (!best.vms)
		diag_error("process %" PRIu32 ": the layout of its VM is not "
			   "known for sure; see ljstap layout %" PRIu32,
			   o->look.pid, o->look.pid);
	else
		ret = say(&best, tries, o);
	heap_free(&best);
	return ret;
}

int cmd_heap(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, NULL,
		"Tell what the Lua heap of a process holds, and who holds "
		"it.\v"
		"Prints objects by type, what the memory is, and who keeps "
		"most. With -o, all reference paths, which ljstap flame, diff, "
		"fold and top read. The target is copied, never stopped; names "
		"are shown, values are not.",
		NULL, NULL, NULL
	};
	struct heap_opts o = {
		.draw = { .width = WIDTH, .minwidth = MINWIDTH },
		.rows = ROWS,
	};
	struct remote *r;
	int ret = -1;

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	if (!o.look.pid) {
		diag_usage("give a process, -p PID; see --help");
		return DIAG_USAGE;
	}
	r = remote_open(o.look.pid);
	if (r)
		ret = look(r, &o);
	else
		refuse(&o);
	remote_close(r);
	return ret ? DIAG_UNUSABLE : (int)diag_status();
}
