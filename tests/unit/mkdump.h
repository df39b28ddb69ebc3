/* mkdump.h - writes dumps for tests, by the same definition all others use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records get sync, length, number and sum; all else is the caller's.
 */
#ifndef LJSTAP_MKDUMP_H
#define LJSTAP_MKDUMP_H

#include <stddef.h>
#include <stdint.h>

#include "ljtypes.h"
#include "dump.h"

struct mkdump {
	unsigned char *p;
	size_t n, max;
	uint32_t lane, seq, records, samples;
	int no_count;		/* the next record gets no number of its own */
};

/* Put a record of the given kind: its struct, and n units of its tail. */
#define mkdump_put(m, kind, rec, tail, bytes) \
	mkdump_record(m, LJD_KIND_##kind, &(rec)->h, sizeof(*(rec)), tail, \
		      bytes)

void mkdump_record(struct mkdump *m, unsigned kind, struct ljd_head *h,
		   size_t fixed, const void *tail, size_t bytes);
void mkdump_free(struct mkdump *m);

/* Make the sum of the record at p right again. */
void mkdump_resum(unsigned char *p);

/* Pieces of a dump with what most tests want. */
void mkdump_header(struct mkdump *m);
void mkdump_meta(struct mkdump *m, const char *text);
void mkdump_map(struct mkdump *m, uint64_t start, uint64_t end,
		uint64_t pgoff, unsigned prot, const char *path);
void mkdump_vm(struct mkdump *m, uint32_t id, uint32_t nbc);
void mkdump_proto(struct mkdump *m, uint32_t id, const char *chunk,
		  uint32_t firstline, uint32_t numline, uint32_t sizebc);
void mkdump_pdata(struct mkdump *m, uint32_t id, uint32_t section,
		  uint32_t ofs, const void *p, size_t n);
void mkdump_cfunc(struct mkdump *m, uint32_t id, uint64_t f, uint32_t ffid);
void mkdump_ffname(struct mkdump *m, uint32_t ffid, uint32_t op,
		   const char *lib, const char *name);
void mkdump_trace(struct mkdump *m, uint32_t id, uint32_t traceno,
		  uint32_t proto, uint32_t startpos, uint32_t startins);
void mkdump_sample(struct mkdump *m, uint64_t ip, int vmstate,
		   uint32_t trace, uint32_t flags, const uint64_t *frames,
		   size_t n);
/* C code of the next sample, at ip; the words are 512 bytes below end. */
void mkdump_cstack(struct mkdump *m, uint64_t ip, uint64_t end,
		   const uint64_t *word, size_t n);
void mkdump_cframe(struct mkdump *m, uint32_t id, uint64_t start,
		   const uint64_t *word, size_t n);
void mkdump_end(struct mkdump *m);

/* An instruction of LuaJIT 2.1 by its name: ABC, or AD with d = b << 8 | c. */
uint32_t mkdump_ins(uint32_t nbc, const char *name, unsigned a, unsigned d);

/* A section of names: index, string, index, string, ..., -1. */
size_t mkdump_knames(unsigned char *buf, ...);

/* Where things are in the example. */
#define MK_PID		4242
#define MK_VM_BASE	0x7f0000010000ull	/* handler of opcode 0 */
#define MK_HANDLER	0x40ull			/* bytes a handler has */
#define MK_LIB		0x7f0000000000ull	/* the library's mapping */
#define MK_LIBC		0x7f0010000000ull
#define MK_MCODE	0x7f0020000000ull
#define MK_STACK	0x7ffe00010000ull
#define MK_HEAVY	5
#define MK_BAR		4
#define MK_FOO		3
#define MK_MAIN		2
#define MK_CONTENT	1

/* The header, maps and dictionary of the example. */
void mkdump_example_dict(struct mkdump *m);

/* All of it: two thirds of heavy() called by foo, a third by bar, and one
 * sample of every other sort. */
void mkdump_example(struct mkdump *m);

#endif
