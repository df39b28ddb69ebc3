/* mkdump.c - writes dumps for tests, by the same definition all others use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "bytecode.h"
#include "mem.h"
#include "mkdump.h"

void mkdump_resum(unsigned char *p)
{
	uint64_t buf[LJD_MAXLEN / 8];
	struct ljd_head h;

	memcpy(&h, p, sizeof(h));
	if (h.len > LJD_MAXLEN)
		return;
	memcpy(buf, p, h.len);
	h.sum = ljd_sum(buf);
	memcpy(p, &h, sizeof(h));
}

void mkdump_record(struct mkdump *m, unsigned kind, struct ljd_head *h,
		   size_t fixed, const void *tail, size_t bytes)
{
	size_t len = fixed + ((bytes + 7) & ~(size_t)7);
	unsigned char *p;

	if (m->n + len > m->max) {
		m->max = (m->n + len) * 2;
		m->p = xrealloc(m->p, m->max, 1);
	}
	p = m->p + m->n;
	h->sync = LJD_SYNC;
	h->kind = kind | (uint32_t)fixed << 16;
	h->len = len;
	h->lane = m->lane;
	h->seq = m->seq++;
	memset(p, 0, len);
	memcpy(p, h, fixed);
	if (bytes)
		memcpy(p + fixed, tail, bytes);
	mkdump_resum(p);
	m->n += len;
	m->records++;
}

void mkdump_free(struct mkdump *m)
{
	free(m->p);
	memset(m, 0, sizeof(*m));
}

void mkdump_header(struct mkdump *m)
{
	struct ljd_header r = {
		.version = LJD_VERSION, .order = LJD_ORDER,
		.collector = LJD_collector_STAP, .pid = MK_PID,
		.clock = LJD_clock_MONOTONIC, .weight = LJD_weight_SAMPLES,
		.hz = 99, .duration = 10, .depth = 200, .cpus = 2,
		.time = 1000000000, .realtime = 1700000000000000000ull,
	};

	mkdump_put(m, header, &r, NULL, 0);
}

void mkdump_meta(struct mkdump *m, const char *text)
{
	struct ljd_meta r = { .n = strlen(text) };

	mkdump_put(m, meta, &r, text, strlen(text));
}

void mkdump_map(struct mkdump *m, uint64_t start, uint64_t end,
		uint64_t pgoff, unsigned prot, const char *path)
{
	struct ljd_map r = {
		.time = 1000000001, .start = start, .end = end,
		.pgoff = pgoff, .pid = MK_PID, .prot = prot,
		.ino = *path ? strlen(path) : 0, .n = strlen(path),
	};

	mkdump_put(m, map, &r, path, strlen(path));
}

void mkdump_vm(struct mkdump *m, uint32_t id, uint32_t nbc)
{
	uint64_t handler[200];
	uint32_t n = nbc + 20;
	struct ljd_vm r = {
		.time = 1000000002, .g = 0x7f0030000000ull, .id = id,
		.pid = MK_PID, .layout = 1, .flags = LJD_vm_GC64,
		.nbc = nbc, .n = n,
	};

	/* The fast functions begin 0x800 after the last bytecode. */
	for (uint32_t i = 0; i < n; i++)
		handler[i] = MK_VM_BASE + i * MK_HANDLER +
			     (i >= nbc ? 0x800 : 0);
	mkdump_put(m, vm, &r, handler, n * sizeof(handler[0]));
}

void mkdump_proto(struct mkdump *m, uint32_t id, const char *chunk,
		  uint32_t firstline, uint32_t numline, uint32_t sizebc)
{
	struct ljd_proto r = {
		.time = 1000000003, .pt = 0x7f0031000000ull + id * 256,
		.id = id, .pid = MK_PID, .vm = 1, .firstline = firstline,
		.numline = numline, .sizebc = sizebc,
		.chunklen = strlen(chunk), .n = strlen(chunk),
	};

	mkdump_put(m, proto, &r, chunk, strlen(chunk));
}

void mkdump_pdata(struct mkdump *m, uint32_t id, uint32_t section,
		  uint32_t ofs, const void *p, size_t n)
{
	struct ljd_pdata r = { .id = id, .section = section, .ofs = ofs,
			       .n = n };

	mkdump_put(m, pdata, &r, p, n);
}

void mkdump_cfunc(struct mkdump *m, uint32_t id, uint64_t f, uint32_t ffid)
{
	struct ljd_cfunc r = { .f = f, .id = id, .pid = MK_PID, .vm = 1,
			       .ffid = ffid };

	mkdump_put(m, cfunc, &r, NULL, 0);
}

void mkdump_ffname(struct mkdump *m, uint32_t ffid, uint32_t op,
		   const char *lib, const char *name)
{
	struct ljd_ffname r = { .vm = 1, .pid = MK_PID, .ffid = ffid,
				.op = op, .nlib = strlen(lib),
				.nname = strlen(name) };
	char tail[128] = "";
	size_t at = (r.nlib + 7) / 8 * 8;

	memcpy(tail, lib, r.nlib);
	memcpy(tail + at, name, r.nname);
	r.n = at + (r.nname + 7) / 8 * 8;
	mkdump_put(m, ffname, &r, tail, r.n);
}

void mkdump_trace(struct mkdump *m, uint32_t id, uint32_t traceno,
		  uint32_t proto, uint32_t startpos, uint32_t startins)
{
	struct ljd_trace r = {
		.time = 1000000004, .addr = 0x7f0032000000ull + id * 256,
		.mcode = MK_MCODE + traceno * 0x100, .szmcode = 0x100,
		.id = id, .pid = MK_PID, .vm = 1, .traceno = traceno,
		.proto = proto, .startpos = startpos, .startins = startins,
		.link = traceno, .linktype = 2,
	};

	mkdump_put(m, trace, &r, NULL, 0);
}

void mkdump_sample(struct mkdump *m, uint64_t ip, int vmstate,
		   uint32_t trace, uint32_t flags, const uint64_t *frames,
		   size_t n)
{
	int novm = flags & LJD_sample_NOVM;
	struct ljd_sample r = {
		.time = 1000000000 + m->records * 10101010ull,
		.ip = ip, .weight = 1,
		.pid = MK_PID, .tid = MK_PID, .cpu = 1, .vm = !novm,
		.vmstate = vmstate, .trace = trace, .flags = flags, .n = n,
	};

	mkdump_put(m, sample, &r, frames, n * sizeof(*frames));
	m->samples++;
}

/* The tail of both: words of one group, from a multiple of 512 on. */
static size_t pack(uint64_t *tail, const uint64_t *word, size_t n)
{
	size_t all = 1;

	tail[0] = 0;
	for (size_t i = 0; i < n && i < 64; i++) {
		if (!word[i])
			continue;
		tail[0] |= 1ull << i;
		tail[all++] = word[i];
	}
	return all;
}

void mkdump_cstack(struct mkdump *m, uint64_t ip, uint64_t end,
		   const uint64_t *word, size_t n)
{
	struct ljd_cstack r = {
		.time = 1000000000 + (m->records + 1) * 10101010ull,
		.start = end - 512, .end = end, .rsp = end - 512,
		.rip = ip, .pid = MK_PID, .tid = MK_PID,
	};
	uint64_t tail[65];

	r.n = pack(tail, word, n);
	mkdump_put(m, cstack, &r, tail, r.n * 8);
}

void mkdump_cframe(struct mkdump *m, uint32_t id, uint64_t start,
		   const uint64_t *word, size_t n)
{
	struct ljd_cframe r = { .start = start, .end = start + n * 8,
				.id = id, .pid = MK_PID, .vm = 1 };
	uint64_t tail[65];

	r.n = pack(tail, word, n);
	mkdump_put(m, cframe, &r, tail, r.n * 8);
}

void mkdump_end(struct mkdump *m)
{
	struct ljd_end r = {
		.time = 11000000000ull, .reason = LJD_reason_DURATION,
		.hits = m->samples, .samples = m->samples,
		.records = m->records,
	};

	mkdump_put(m, end, &r, NULL, 0);
}

uint32_t mkdump_ins(uint32_t nbc, const char *name, unsigned a, unsigned d)
{
	const struct bc_info *bc;

	for (uint32_t op = 0; (bc = bytecode_info(nbc, op)); op++)
		if (!strcmp(bc->name, name))
			return op | a << 8 | d << 16;
	abort();
}

size_t mkdump_knames(unsigned char *buf, ...)
{
	size_t n = 0;
	va_list ap;
	int idx;

	va_start(ap, buf);
	while ((idx = va_arg(ap, int)) >= 0) {
		const char *s = va_arg(ap, const char *);
		uint32_t entry[2] = { idx, strlen(s) };

		memcpy(buf + n, entry, sizeof(entry));
		n += sizeof(entry);
		memset(buf + n, 0, (strlen(s) + 7) & ~(size_t)7);
		memcpy(buf + n, s, strlen(s));
		n += (strlen(s) + 7) & ~(size_t)7;
	}
	va_end(ap);
	return n;
}

/* -- The example: the test.lua of a web page ---------------------------- */

#define I(name, a, d)	mkdump_ins(97, name, a, d)
#define JUMP(j)		(0x8000 + (j))
#define CODE(m, id, code, lines) do { \
	mkdump_pdata(m, id, LJD_section_BC, 0, code, sizeof(code)); \
	mkdump_pdata(m, id, LJD_section_LINE, 0, lines, sizeof(lines)); \
} while (0)

static void content(struct mkdump *m)
{
	const uint32_t code[] = {
		I("FUNCV", 2, 0), I("GGET", 0, 0), I("KSTR", 2, 1),
		I("CALL", 0, 0x202), I("TGETS", 0, 2), I("CALL", 0, 0x101),
		I("RET0", 0, 1),
	};
	const unsigned char lines[] = { 1, 1, 1, 1, 1, 2 };
	unsigned char names[64];
	size_t n = mkdump_knames(names, 0, "require", 2, "main", -1);

	mkdump_proto(m, MK_CONTENT, "=content_by_lua(nginx.conf:24)", 0, 2, 7);
	CODE(m, MK_CONTENT, code, lines);
	mkdump_pdata(m, MK_CONTENT, LJD_section_KNAME, 0, names, n);
}

static void main_function(struct mkdump *m)
{
	const uint32_t code[] = {
		I("FUNCF", 4, 0), I("GGET", 0, 0), I("TGETS", 0, 1),
		I("UGET", 2, 0), I("CALL", 2, 1), I("CALLM", 0, 0x100),
		I("GGET", 0, 0), I("TGETS", 0, 1), I("UGET", 2, 1),
		I("CALL", 2, 1), I("CALLM", 0, 0x100), I("RET0", 0, 1),
	};
	const unsigned char lines[] = { 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3 };
	unsigned char names[64];
	size_t n = mkdump_knames(names, 0, "ngx", 1, "say", -1);

	mkdump_proto(m, MK_MAIN, "@/srv/lua/test.lua", 23, 3, 12);
	CODE(m, MK_MAIN, code, lines);
	mkdump_pdata(m, MK_MAIN, LJD_section_KNAME, 0, names, n);
	mkdump_pdata(m, MK_MAIN, LJD_section_UVNAME, 0, "foo\0bar", 8);
}

static void foo_and_bar(struct mkdump *m)
{
	const uint32_t foo[] = {
		I("FUNCF", 3, 0), I("UGET", 0, 0), I("CALL", 0, 0x201),
		I("UGET", 1, 0), I("CALL", 1, 0x201), I("ADDVV", 0, 1),
		I("RET1", 0, 2),
	};
	const uint32_t bar[] = {
		I("FUNCF", 2, 0), I("UGET", 0, 0), I("CALL", 0, 0x201),
		I("RET1", 0, 2),
	};
	const unsigned char foo_lines[] = { 1, 1, 2, 2, 2, 3 };
	const unsigned char bar_lines[] = { 1, 1, 1 };

	mkdump_proto(m, MK_FOO, "@/srv/lua/test.lua", 13, 4, 7);
	CODE(m, MK_FOO, foo, foo_lines);
	mkdump_pdata(m, MK_FOO, LJD_section_UVNAME, 0, "heavy", 6);
	mkdump_proto(m, MK_BAR, "@/srv/lua/test.lua", 19, 2, 4);
	CODE(m, MK_BAR, bar, bar_lines);
	mkdump_pdata(m, MK_BAR, LJD_section_UVNAME, 0, "heavy", 6);
}

static void heavy(struct mkdump *m)
{
	const uint32_t code[] = {
		I("FUNCF", 6, 0), I("KSHORT", 0, 0), I("KSHORT", 1, 1),
		I("UGET", 2, 0), I("KSHORT", 3, 1), I("FORI", 1, JUMP(2)),
		I("ADDVV", 0, 4), I("FORL", 1, JUMP(-2)), I("RET1", 0, 2),
	};
	const unsigned char lines[] = { 1, 2, 2, 2, 2, 3, 2, 5 };

	mkdump_proto(m, MK_HEAVY, "@/srv/lua/test.lua", 5, 6, 9);
	CODE(m, MK_HEAVY, code, lines);
	mkdump_pdata(m, MK_HEAVY, LJD_section_UVNAME, 0, "N", 2);
}

void mkdump_example_dict(struct mkdump *m)
{
	mkdump_header(m);
	mkdump_meta(m, "command=nginx");
	mkdump_meta(m, "host=web1");
	mkdump_meta(m, "kernel=6.1.0");
	mkdump_map(m, MK_LIB, MK_LIB + 0x80000, 0,
		   LJD_prot_READ | LJD_prot_EXEC, "/opt/none/libluajit.so.2");
	mkdump_map(m, MK_LIBC, MK_LIBC + 0x80000, 0x1000,
		   LJD_prot_READ | LJD_prot_EXEC, "/opt/none/libc.so.6");
	mkdump_map(m, MK_MCODE, MK_MCODE + 0x10000, 0,
		   LJD_prot_READ | LJD_prot_EXEC, "");
	mkdump_vm(m, 1, 97);
	content(m);
	main_function(m);
	foo_and_bar(m);
	heavy(m);
	mkdump_cfunc(m, 1, MK_LIBC + 0x500, 1);
	mkdump_cfunc(m, 2, MK_LIB + 0x600, 20);
	mkdump_trace(m, 1, 2, MK_HEAVY, 7, I("FORL", 1, JUMP(-2)));
}

static uint64_t lua(uint32_t id, uint32_t pos)
{
	return LJD_FRAME(LJD_frame_LUA, id, pos);
}

static uint64_t handler(const char *name)
{
	return MK_VM_BASE + (I(name, 0, 0) & 0xff) * MK_HANDLER;
}

/* A sample in heavy(), called by foo at one of two lines, or by bar. */
static void in_heavy(struct mkdump *m, int i, uint64_t ip, int vmstate,
		     uint32_t trace, uint32_t flags)
{
	uint64_t f[] = { lua(MK_HEAVY, trace ? LJD_NOPOS : 6),
			 i % 3 == 2 ? lua(MK_BAR, 2) :
				      lua(MK_FOO, i % 3 ? 4 : 2),
			 lua(MK_MAIN, i % 3 == 2 ? 9 : 4),
			 lua(MK_CONTENT, 5) };

	mkdump_sample(m, ip, vmstate, trace, flags, f, 4);
}

static void one_of_each(struct mkdump *m)
{
	const uint64_t c = LJD_FRAME(LJD_frame_C, 1, 0);
	const uint64_t ff = LJD_FRAME(LJD_frame_FF, 2, 20);
	const uint64_t in_c[] = { c, lua(MK_MAIN, 10), lua(MK_CONTENT, 5) };
	const uint64_t in_ff[] = { lua(MK_BAR, 2), ff, lua(MK_MAIN, 9) };
	const uint64_t co[] = { lua(MK_FOO, 1), LJD_FRAME(LJD_frame_CO, 0, 0),
				lua(MK_CONTENT, 5) };
	const uint64_t bad[] = { lua(MK_FOO, 1),
				 LJD_FRAME(LJD_frame_BAD, 0, LJD_bad_LINK) };
	const uint64_t sandwich[] = { lua(MK_FOO, 1),
				      LJD_FRAME(LJD_frame_CFRAME, 7, 0), c,
				      lua(MK_CONTENT, 5) };
	const uint64_t words[] = { 0, MK_LIBC + 0x700, 0, handler("CALL") };
	const uint64_t cut[] = { lua(MK_FOO, 1), lua(MK_FOO, 4) };

	mkdump_sample(m, MK_LIBC + 0x500, -2, 0, 0, in_c, 3);
	mkdump_sample(m, MK_LIBC + 0x900, -2, 0, LJD_sample_KERNEL, in_c, 3);
	mkdump_sample(m, handler("UGET"), -1, 0, 0, in_ff, 3);
	mkdump_sample(m, handler("FUNCCW") + 0x810 + MK_HANDLER, -1, 0, 0,
		      in_ff + 1, 2);
	mkdump_sample(m, handler("FUNCCW") + 0x300, -1, 0, 0, co, 3);
	mkdump_sample(m, handler("ADDVV"), -1, 0, LJD_sample_DAMAGED, bad, 2);
	mkdump_sample(m, handler("ADDVV"), -1, 0, LJD_sample_DEPTHCAP, cut, 2);
	mkdump_sample(m, MK_LIBC + 0x40, 0, 0, LJD_sample_NOVM, NULL, 0);
	mkdump_sample(m, MK_LIBC + 0x40, -2, 0, LJD_sample_OUTSIDE, NULL, 0);
	mkdump_cframe(m, 7, MK_STACK, words, 4);
	mkdump_sample(m, handler("ADDVV"), -1, 0, 0, sandwich, 4);
	mkdump_cstack(m, MK_LIBC + 0x900, MK_STACK, words, 4);
	mkdump_sample(m, MK_LIBC + 0x900, -2, 0, LJD_sample_CSTACK, in_c, 3);
	mkdump_sample(m, MK_MCODE + 0x8000, -1, 0, 0, co, 1);
	mkdump_sample(m, 0x1234, -1, 0, 0, co, 1);
}

void mkdump_example(struct mkdump *m)
{
	mkdump_example_dict(m);
	for (int i = 0; i < 6; i++)
		in_heavy(m, i, MK_MCODE + 0x210, 2, 1, 0);
	for (int i = 0; i < 3; i++) {
		in_heavy(m, i, handler("FORL") + 4, -1, 0, 0);
		in_heavy(m, i, handler("ADDVV") + 4, -1, 0, 0);
	}
	in_heavy(m, 0, MK_LIBC + 0x700, 2, 1, 0);
	in_heavy(m, 0, MK_LIB + 0x700, -3, 1, 0);
	in_heavy(m, 1, MK_LIB + 0x700, -5, 0, 0);
	one_of_each(m);
	mkdump_end(m);
}
