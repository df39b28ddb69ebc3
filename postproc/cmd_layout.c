/* cmd_layout.c - `ljstap layout`: which LuaJIT is it, and where has it what?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"
#include "dumptab.h"
#include "luafile.h"
#include "mem.h"
#include "outfile.h"
#include "remote.h"
#include "vmelf.h"
#include "vmpick.h"
#include "vmreport.h"

struct layout_opts {
	struct cmd_look look;
	const char *file;
};

static const struct argp_option options[] = {
	CMD_JSON,
	CMD_OUT,
	CMD_PID,
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct layout_opts *o = state->input;

	if (key == ARGP_KEY_ARG)
		return cmd_file(&o->file, arg) ? EINVAL : 0;
	return cmd_look(key, arg, state, &o->look);
}

/* Where the reports go: any number of them. */
struct printer {
	FILE *to;
	int json;
	unsigned n;
};

static void print(struct printer *p, const struct vmreport *v)
{
	if (p->json)
		fputs(p->n ? ",\n" : "[", p->to);
	else if (p->n && !v->like)
		putc('\n', p->to);
	p->n++;
	if (p->json)
		vmreport_json(v, p->to);
	else
		vmreport_text(v, p->to);
}

/* -- A file ------------------------------------------------------------- */

static void layout_file(const char *path, struct printer *p)
{
	struct vmreport v = { .path = path };
	enum luafile_kind kind;
	struct vmelf code;
	char *version, *why;

	v.elf = elffile_open(path);
	if (!v.elf) {
		diag_error("%s: not an ELF file that can be read; give a "
			   "program, a library or a PID", path);
		return;
	}
	kind = luafile_read(path, &version);
	if (!vmelf_read(v.elf, &code)) {
		v.version = version;
		v.code = &code;
		print(p, &v);
	} else if (!elffile_is_x86_64(v.elf)) {
		diag_error("%s: not for x86-64; only LuaJIT on x86-64 can be "
			   "looked into", path);
	} else if (kind == LUAFILE_JIT) {
		diag_error("%s: says %s, but has no code of its interpreter; "
			   "give the library, or a PID", path, version);
	} else {
		why = luafile_refusal(kind, version, path);
		diag_error("%s: %s%s", path, why, kind ? "" :
			   "; give the library it uses, or a PID");
		free(why);
	}
	free(version);
	elffile_close(v.elf);
}

/* -- A process ---------------------------------------------------------- */

/* One of the files a process runs code from, that has a VM's. */
struct program {
	const struct procmap *map;
	struct elffile *elf;
	struct vmelf code;
	char *version;
	int used;
};

struct programs {
	struct program *p;
	size_t n, max;
};

static void find_programs(const struct procmaps *maps, struct programs *ps)
{
	const struct procmap *m = NULL;

	while ((m = procmap_program(maps, m))) {
		struct program q = { .map = m };
		char *file = procmap_file(maps, m);

		q.elf = file ? elffile_open(file) : NULL;
		if (!q.elf || vmelf_read(q.elf, &q.code)) {
			elffile_close(q.elf);
		} else {
			luafile_read(file, &q.version);
			ps->p = xgrow(ps->p, ps->n, &ps->max, sizeof(*ps->p));
			ps->p[ps->n++] = q;
		}
		free(file);
	}
}

static void free_programs(struct programs *ps)
{
	for (size_t i = 0; i < ps->n; i++) {
		elffile_close(ps->p[i].elf);
		free(ps->p[i].version);
	}
	free(ps->p);
}

static uint64_t mapped_at(const struct procmaps *maps, const struct procmap *m)
{
	for (size_t i = 0; i < maps->n; i++)
		if (procmap_same(&maps->map[i], m))
			return maps->map[i].start;
	return m->start;
}

static struct program *program_of(const struct procmap *m, struct programs *ps)
{
	for (size_t i = 0; m && i < ps->n; i++)
		if (procmap_same(ps->p[i].map, m))
			return &ps->p[i];
	return NULL;
}

/* Is it this VM's code that was read? A file may have several. */
static int has_code(const struct program *q, const struct procmap *m,
		    uint64_t code)
{
	uint64_t vaddr;

	return !elffile_vaddr(q->elf, code - m->start + m->offset, &vaddr) &&
	       vaddr >= q->code.start && vaddr < q->code.end;
}

static void describe(struct vmreport *v, const struct procmaps *maps,
		     const struct procmap *m, const struct program *q)
{
	v->pid = maps->pid;
	v->path = m ? m->path : "";
	v->deleted = m && m->deleted;
	v->mapped = m ? mapped_at(maps, m) : 0;
	if (!q)
		return;
	v->version = q->version;
	v->elf = q->elf;
	if (!v->vm || has_code(q, m, v->vm->code))
		v->code = &q->code;
}

/* How the stacks of the threads went that are blocked. */
struct stacks {
	unsigned whole, bad;
};

static int judge(void *ctx, const void *rec, size_t len)
{
	const struct ljd_sample *s = rec;
	struct stacks *stacks = ctx;

	if (LJD_KIND(&s->h) != LJD_KIND_sample || len < sizeof(*s))
		return 0;
	if (s->flags & LJD_sample_DAMAGED)
		stacks->bad++;
	else if (!(s->flags & (LJD_sample_NOVM | LJD_sample_OUTSIDE |
			       LJD_sample_LAYOUT | LJD_sample_NOFRAME)))
		stacks->whole++;
	return 0;
}

/* The last proof: stacks that can be read to their ends. */
static void walk_stacks(struct remote *r)
{
	uint32_t pid = remote_maps(r)->pid;
	char *path = xasprintf("/proc/%" PRIu32 "/task", pid);
	struct stacks stacks = { 0 };
	DIR *dir = opendir(path);
	struct dirent *e;

	free(path);
	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			remote_sample(r, strtoul(e->d_name, NULL, 10), judge,
				      &stacks);
	if (dir)
		closedir(dir);
	if (stacks.bad)
		diag_loss("process %" PRIu32 ": %u of %u Lua stacks of blocked "
			  "threads cannot be read to their end; please report "
			  "what ljstap layout prints for it", pid, stacks.bad,
			  stacks.bad + stacks.whole);
}

/* A VM that another one before it tells all about. */
static const struct remote_vm *like(const struct remote_vm *vm, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (vm[k].check == vm[i].check &&
		    vm[k].traces == vm[i].traces &&
		    vm[k].code == vm[i].code &&
		    !memcmp(&vm[k].lay, &vm[i].lay, sizeof(vm[k].lay)))
			return &vm[k];
	return NULL;
}

static void layout_maps(struct remote *r, struct printer *p)
{
	const struct procmaps *maps = remote_maps(r);
	struct programs ps = { 0 };
	const struct remote_vm *vm;
	size_t n = remote_find(r, &vm);

	find_programs(maps, &ps);
	for (size_t i = 0; i < n; i++) {
		const struct procmap *m = procmap_at(maps, vm[i].code);
		struct program *q = program_of(m, &ps);
		struct vmreport v = { .vm = &vm[i] };

		describe(&v, maps, m, q);
		v.like = p->json ? NULL : like(vm, i);
		if (q)
			q->used = 1;
		print(p, &v);
	}
	for (size_t i = 0; i < ps.n; i++) {
		struct vmreport v = { 0 };

		if (ps.p[i].used)
			continue;
		describe(&v, maps, ps.p[i].map, &ps.p[i]);
		print(p, &v);
		diag_loss("process %" PRIu32 ": no VM of %s runs now", maps->pid,
			  v.path);
	}
	if (!p->n)
		vmpick_refuse(maps);
	else if (n)
		walk_stacks(r);
	free_programs(&ps);
}

static void layout_pid(uint32_t pid, struct printer *p)
{
	struct remote *r = remote_open(pid);

	if (r)
		layout_maps(r, p);
	else
		vmpick_refuse_pid(pid, errno);
	remote_close(r);
}

/* -- The command -------------------------------------------------------- */

static int run(const struct layout_opts *o)
{
	struct outfile *out = outfile_open(o->look.out);
	struct printer p = { .json = o->look.json };

	if (!out)
		return -1;
	p.to = outfile_stream(out);
	if (o->look.pid)
		layout_pid(o->look.pid, &p);
	else
		layout_file(o->file, &p);
	if (p.json && p.n)
		fputs("]\n", p.to);
	return outfile_close(out, p.n > 0);
}

int cmd_layout(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "PID|FILE",
		"Tell the layout of the LuaJIT in a process, or in an ELF "
		"file, and how surely it is known.\v"
		"A PID is all digits; ./4242 is a file. The target is only "
		"read, never stopped.\n"
		"Exit status: 0 known; 1 something is not; 2 no LuaJIT 2.1; "
		"64 wrong usage.",
		NULL, NULL, NULL
	};
	struct layout_opts o = { 0 };
	uint64_t n;

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	if (o.file && !o.file[strspn(o.file, "0123456789")]) {
		if (cmd_number("PID", o.file, INT32_MAX, &n))
			return DIAG_USAGE;
		if (!o.look.pid)
			o.file = NULL;
		o.look.pid = n;
	}
	if (!o.look.pid == !o.file) {
		diag_usage("give a PID or a file; see --help");
		return DIAG_USAGE;
	}
	run(&o);
	return diag_status();
}
