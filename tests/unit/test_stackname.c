/* test_stackname.c - what frames, traces and addresses are called.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "clean.h"
#include "diag.h"
#include "layout.h"
#include "load.h"
#include "mkdump.h"
#include "pipeline.h"
#include "stackname.h"
#include "unit.h"

#define LUA(id, pos)	LJD_FRAME(LJD_frame_LUA, id, pos)

static const char *clean(const char *s, size_t n)
{
	static char buf[256];
	struct pool *names = pool_new();

	snprintf(buf, sizeof(buf), "%s",
		 pool_str(names, clean_name(names, s, n)));
	pool_free(names);
	return buf;
}

#define CLEAN(s)	clean(s, sizeof(s) - 1)

static void safe_names(void)
{
	CHECK_STR(CLEAN("plain"), "plain");
	CHECK_STR(CLEAN(""), "?");
	CHECK_STR(CLEAN("a;b"), "a,b");
	CHECK_STR(CLEAN("a\nb\tc\x7f"), "a?b?c?");
	CHECK_STR(CLEAN("a\0b"), "a?b");
	CHECK_STR(CLEAN("<&>\"' 1"), "<&>\"' 1");
	CHECK_STR(CLEAN("\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80"),
		  "\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80");
	CHECK_STR(CLEAN("\xff\xfe"), "??");
	CHECK_STR(CLEAN("\xc3"), "?");
	CHECK_STR(CLEAN("\xc0\x80"), "??");			/* overlong */
	CHECK_STR(CLEAN("\xed\xa0\x80"), "???");		/* surrogate */
	CHECK_STR(CLEAN("\xef\xbf\xbf"), "???");		/* U+FFFF */
	CHECK_STR(CLEAN("\xc2\x9b"), "??");			/* C1 */
	CHECK_STR(CLEAN("\xf4\x90\x80\x80"), "????");
	CHECK_STR(CLEAN("\xe4\xb8"), "??");
}

/* The one folded line of a dump with one stack. */
static const char *fold_with(struct mkdump *m, const struct pipeline_opts *o)
{
	static char text[4096];
	struct input *in;
	struct pipeline *pl;
	FILE *f;

	mkdump_end(m);
	in = input_memory(m->p, m->n);
	diag_reset(NULL);
	pl = pipeline_open(in, o);
	input_close(in);
	mkdump_free(m);
	if (!pl)
		return NULL;
	memset(text, 0, sizeof(text));
	f = fmemopen(text, sizeof(text) - 1, "w");
	fold_write(pl->fold, f);
	fclose(f);
	pipeline_free(pl);
	return text;
}

static const char *fold_lines(struct mkdump *m, int lines)
{
	const struct pipeline_opts o = { .no_symbols = 1, .lines = lines };

	return fold_with(m, &o);
}

static const char *fold_one(struct mkdump *m)
{
	return fold_lines(m, 0);
}

static const char *name_of_chunk(const char *chunk, uint32_t firstline,
				 uint32_t numline)
{
	const uint64_t f[] = { LUA(9, 1) };
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_vm(&m, 1, 97);
	mkdump_proto(&m, 9, chunk, firstline, numline, 5);
	mkdump_sample(&m, MK_VM_BASE, -1, 0, 0, f, 1);
	return fold_one(&m);
}

static void chunks(void)
{
	CHECK_STR(name_of_chunk("@/a/b.lua", 3, 4), "?@/a/b.lua:3;lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("@/a/b.lua", 0, 4),
		  "[main]@/a/b.lua:0;lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("=content_by_lua(nginx.conf:24)", 0, 4),
		  "content_by_lua(nginx.conf:24);lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("=stdin", 7, 4), "?@stdin:7;lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("x=1", 7, 1),
		  "?@[string \"x=1\"]:7;lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("x=1\ny=2", 7, 1),
		  "?@[string \"x=1...\"]:7;lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("tconcat", ~0u, 0),
		  "[builtin:tconcat];lj_BC_ISLT 1\n");
	CHECK_STR(name_of_chunk("@a;b\x01.lua", 3, 4),
		  "?@a,b?.lua:3;lj_BC_ISLT 1\n");
	/* A stripped function says line 0, but is no main chunk. */
	CHECK_STR(name_of_chunk("@s.lua", 0, 0), "?@s.lua:0;lj_BC_ISLT 1\n");
}

/* heavy() is named by foo and bar alike, also where pcall called it. */
static void one_name(void)
{
	const uint64_t known[] = { LUA(MK_HEAVY, 6), LUA(MK_BAR, 2) };
	const uint64_t unknown[] = { LUA(MK_HEAVY, 6),
				     LJD_FRAME(LJD_frame_FF, 2, 20) };
	struct mkdump m = { 0 };

	mkdump_example_dict(&m);
	mkdump_sample(&m, MK_VM_BASE, -1, 0, 0, known, 2);
	mkdump_sample(&m, MK_VM_BASE, -1, 0, 0, unknown, 2);
	CHECK_STR(fold_one(&m),
		  "?@/srv/lua/test.lua:19;heavy@/srv/lua/test.lua:5;"
		  "lj_BC_ISLT 1\n"
		  "[builtin#20];heavy@/srv/lua/test.lua:5;lj_BC_ISLT 1\n");
}

static const char *name_of_ff(struct mkdump *m, uint32_t ffid)
{
	static char name[64];
	const uint64_t f[] = { LJD_FRAME(LJD_frame_FF, 99, ffid) };

	mkdump_example_dict(m);
	mkdump_sample(m, MK_VM_BASE, -1, 0, 0, f, 1);
	snprintf(name, sizeof(name), "%s", fold_one(m));
	name[strcspn(name, "; ")] = 0;
	return name;
}

/* By their own library, not by who hands them on; hidden ones by a neighbour. */
static void fast_functions(void)
{
	static const struct {
		uint32_t ffid;
		const char *want;
	} wanted[] = {
		{ 20, "pcall" }, { 88, "string.gsub" }, { 97, "file:read" },
		{ 36, "coroutine.wrap_aux" }, { 170, "ffi.meta.__call" },
		{ 95, "table.nkeys" }, { 94, "[builtin#94]" },
	};

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct mkdump m = { 0 };

		mkdump_ffname(&m, 88, 0, "a.module", "gsub");
		mkdump_ffname(&m, 88, 0, "string", "gsub");
		mkdump_ffname(&m, 88, 0, "my.string", "gsub");
		mkdump_ffname(&m, 20, 108, "_G", "pcall");
		mkdump_ffname(&m, 97, 0, "FILE*", "read");
		mkdump_ffname(&m, 37, 0, "coroutine", "wrap");
		mkdump_ffname(&m, 186, 0, "ffi", "cdef");
		mkdump_ffname(&m, 95, 0, "", "table.nkeys");
		CHECK_STR(name_of_ff(&m, wanted[i].ffid), wanted[i].want);
	}
}

static const char *at_ip(uint64_t ip, int vmstate, uint32_t trace,
			 uint32_t flags)
{
	const uint64_t f[] = { LUA(MK_HEAVY, LJD_NOPOS) };
	struct mkdump m = { 0 };
	const char *text;

	mkdump_example_dict(&m);
	mkdump_sample(&m, ip, vmstate, trace, flags, f, 1);
	text = fold_one(&m);
	return text && !strncmp(text, "?@/srv/lua/test.lua:5;", 22) ?
		text + 22 : text;
}

static void addresses(void)
{
	uint64_t h = MK_VM_BASE, last = h + 96 * MK_HANDLER;
	uint64_t ff = h + 97 * MK_HANDLER + 0x800, end = ff + 19 * MK_HANDLER;

	CHECK_STR(at_ip(h + 79 * MK_HANDLER, -1, 0, 0), "lj_BC_FORL 1\n");
	CHECK_STR(at_ip(h + 80 * MK_HANDLER - 1, -1, 0, 0), "lj_BC_FORL 1\n");
	CHECK_STR(at_ip(last + 0x43, -1, 0, 0), "lj_BC_FUNCCW 1\n");
	CHECK_STR(at_ip(last + 0x44, -1, 0, 0), "[lj_vm call/meta] 1\n");
	CHECK_STR(at_ip(ff, -1, 0, 0), "[lj_ff] 1\n");
	CHECK_STR(at_ip(end + 0x33, -1, 0, 0), "[lj_ff] 1\n");
	CHECK_STR(at_ip(end + 0x34, -1, 0, 0), "[lj_vm hook/exit/math] 1\n");
	CHECK_STR(at_ip(end + LJ_VMTAIL - 1, -1, 0, 0),
		  "[lj_vm hook/exit/math] 1\n");
	CHECK_STR(at_ip(end + LJ_VMTAIL, -1, 0, 0),
		  "C:[libluajit.so.2+0x12e00] 1\n");
	CHECK_STR(at_ip(h - 1, -1, 0, 0), "C:[libluajit.so.2+0xffff] 1\n");
	CHECK_STR(at_ip(0x10, -1, 0, 0), "[unknown] 1\n");
	CHECK_STR(at_ip(MK_MCODE + 1, -1, 0, 0), "[jit code] 1\n");
}

static void states(void)
{
	CHECK_STR(at_ip(MK_MCODE + 1, 2, 1, 0),
		  "trace#2:/srv/lua/test.lua:8 1\n");
	CHECK_STR(at_ip(MK_MCODE + 1, 9, 0, 0), "trace#9 1\n");
	CHECK_STR(at_ip(MK_MCODE + 1, 9, 77, 0), "[lost trace] 1\n");
	CHECK(diag_status() == DIAG_LOSS);
	CHECK_STR(at_ip(MK_LIBC, 2, 1, 0),
		  "trace#2:/srv/lua/test.lua:8;C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -3, 0, 0), "[GC];C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -4, 0, 0),
		  "[trace exit];C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -5, 0, 0),
		  "[JIT record];C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -6, 0, 0),
		  "[JIT optimize];C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -7, 0, 0),
		  "[JIT assemble];C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -8, 0, 0), "C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, INT32_MIN, 0, 0), "C:[libc.so.6+0x1000] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -2, 0, LJD_sample_KERNEL),
		  "C:[libc.so.6+0x1000];[kernel] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -2, 0, LJD_sample_KERNEL | LJD_sample_BLOCKED),
		  "C:[libc.so.6+0x1000];[blocked] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -2, 0, LJD_sample_KERNEL | LJD_sample_IOWAIT),
		  "C:[libc.so.6+0x1000];[I/O] 1\n");
	CHECK_STR(at_ip(MK_LIBC, -2, 0,
			LJD_sample_KERNEL | LJD_sample_PREEMPTED),
		  "C:[libc.so.6+0x1000];[preempted] 1\n");
}

/* JIT off: FORL's handler is IFORL's. */
static void aliases(void)
{
	uint64_t handler[97];
	struct ljd_vm r = { .id = 1, .pid = MK_PID, .nbc = 97, .n = 97 };
	const uint64_t f[] = { LUA(9, 1) };
	struct mkdump m = { 0 };

	for (int i = 0; i < 97; i++)
		handler[i] = 0x1000 + i * 0x40;
	handler[79] = handler[80];
	mkdump_header(&m);
	mkdump_put(&m, vm, &r, handler, sizeof(handler));
	mkdump_proto(&m, 9, "@a.lua", 1, 2, 3);
	mkdump_sample(&m, handler[80] + 8, -1, 0, 0, f, 1);
	CHECK_STR(fold_one(&m), "?@a.lua:1;lj_BC_IFORL 1\n");
}

static void lost_proto(void)
{
	const uint64_t f[] = { LUA(99, 1), LJD_FRAME(LJD_frame_C, 99, 0) };
	struct mkdump m = { 0 };

	mkdump_example_dict(&m);
	mkdump_sample(&m, MK_VM_BASE, -1, 0, 0, f, 2);
	CHECK_STR(fold_one(&m),
		  "[lost C function];[lost proto];lj_BC_ISLT 1\n");
	CHECK(diag_status() == DIAG_LOSS);
}

static const char *trace_of(const char *ins, unsigned a, unsigned d,
			    uint32_t pos)
{
	struct mkdump m = { 0 };

	mkdump_example_dict(&m);
	mkdump_trace(&m, 5, 7, MK_HEAVY, pos, mkdump_ins(97, ins, a, d));
	mkdump_sample(&m, MK_MCODE + 0x701, 7, 5, 0, NULL, 0);
	return fold_one(&m);
}

/* One that begins at an exit of trace 3, or of one of its side traces. */
static const char *side_trace(void)
{
	struct mkdump m = { 0 };
	struct ljd_trace r = { .id = 5, .root = 3 };

	mkdump_example_dict(&m);
	mkdump_trace(&m, 5, 7, MK_HEAVY, 6, mkdump_ins(97, "JMP", 0, 0));
	mkdump_put(&m, trace, &r, NULL, 0);
	mkdump_sample(&m, MK_MCODE + 0x701, 7, 5, 0, NULL, 0);
	return fold_one(&m);
}

/* Line 7 is the `for`, 8 the body, 5 the function. */
static void trace_lines(void)
{
	CHECK_STR(trace_of("FORL", 1, 0x8000 - 2, 7),
		  "trace#7:/srv/lua/test.lua:8 1\n");
	CHECK_STR(trace_of("IFORL", 1, 0x8000 - 2, 7),
		  "trace#7:/srv/lua/test.lua:8 1\n");
	CHECK_STR(trace_of("ITERL", 1, 0x8000 - 2, 7),
		  "trace#7:/srv/lua/test.lua:8 1\n");
	CHECK_STR(trace_of("LOOP", 1, 0x8000 + 2, 5),
		  "trace#7:/srv/lua/test.lua:8 1\n");
	CHECK_STR(trace_of("FUNCF", 6, 0, 0),
		  "trace#7:/srv/lua/test.lua:5 1\n");
	CHECK_STR(trace_of("JMP", 0, 0, 5), "trace#7:/srv/lua/test.lua:7 1\n");
	CHECK_STR(trace_of("CALL", 0, 0x201, 6),
		  "trace#7 (stitched):/srv/lua/test.lua:8 1\n");
	CHECK_STR(side_trace(), "trace#7 (side of #3):/srv/lua/test.lua:8 1\n");
	/* A body that is nowhere: the line of the loop. */
	CHECK_STR(trace_of("FORL", 1, 0xffff, 7),
		  "trace#7:/srv/lua/test.lua:7 1\n");
}

static void lines(void)
{
	const uint64_t f[] = { LUA(MK_HEAVY, 6), LUA(MK_BAR, 2) };
	struct mkdump m = { 0 };

	mkdump_example_dict(&m);
	mkdump_sample(&m, MK_VM_BASE, -1, 0, 0, f, 2);
	CHECK_STR(fold_lines(&m, 1),
		  "?@/srv/lua/test.lua:19;/srv/lua/test.lua:20;"
		  "heavy@/srv/lua/test.lua:5;/srv/lua/test.lua:8;"
		  "lj_BC_ISLT 1\n");
}

/* A sample of a system call, as folded with these options. */
static const char *call(uint32_t file, const struct pipeline_opts *o)
{
	struct ljd_file named = { .id = 3, .ino = 77, .n = 9 };
	struct ljd_file other = { .id = 4, .ino = 78 };
	struct ljd_sample r = {
		.time = 1000000000, .ip = MK_LIBC, .weight = 250, .bytes = 64,
		.pid = MK_PID, .tid = MK_PID, .vm = 1, .vmstate = -2,
		.flags = LJD_sample_KERNEL, .call = LJD_call_PREAD64,
		.file = file,
	};
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_vm(&m, 1, 97);
	mkdump_put(&m, file, &named, "/etc/motd", 9);
	mkdump_put(&m, file, &other, "", 0);
	mkdump_put(&m, sample, &r, NULL, 0);
	m.samples++;
	return fold_with(&m, o);
}

static void system_calls(void)
{
	struct pipeline_opts o = { .no_symbols = 1 };

	CHECK_STR(call(3, &o), "[unknown];[pread64] 250\n");
	o.weight = PROFILE_BY_BYTES;
	CHECK_STR(call(3, &o), "[unknown];[pread64] 64\n");
	o.weight = PROFILE_BY_COUNT;
	o.by_path = 1;
	CHECK_STR(call(3, &o), "[unknown];/etc/motd;[pread64] 1\n");
	CHECK_STR(call(4, &o),
		  "[unknown];[file without a path, inode 78];[pread64] 1\n");
	CHECK_STR(call(0, &o), "[unknown];[pread64] 1\n");
	CHECK(diag_status() == DIAG_OK);
	CHECK_STR(call(5, &o), "[unknown];[lost file];[pread64] 1\n");
	CHECK(diag_status() == DIAG_LOSS);
	o.by_pid = 1;
	CHECK_STR(call(3, &o), "[pid 4242];[unknown];/etc/motd;[pread64] 1\n");
}

int main(void)
{
	safe_names();
	chunks();
	one_name();
	fast_functions();
	addresses();
	states();
	aliases();
	lost_proto();
	trace_lines();
	lines();
	system_calls();
	return unit_verdict();
}
