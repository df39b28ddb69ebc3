/* trace.h - a compiled trace as LuaJIT has it: IR, snapshots, machine code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From the pieces a dump has, of any release of LuaJIT 2.1, into one shape.
 * Whatever the bytes are, all that is returned is in bounds. Does not print.
 */
#ifndef LJSTAP_TRACE_H
#define LJSTAP_TRACE_H

#include "bytecode.h"
#include "mem.h"
#include "profile.h"

#define REF_BIAS	0x8000u
#define REF_BASE	REF_BIAS
#define REF_NIL		(REF_BIAS - 1)
#define TRACE_MAXFRAMES	64	/* inlined, of one snapshot */
#define TRACE_NOMCOFS	UINT32_MAX

enum ir {
#define IR(name, op1, op2, kind, when)	IR_##name,
#include "traceir.def"
	IR__MAX
};

enum ir_mode { IRM_NIL, IRM_REF, IRM_LIT, IRM_CST };
enum ir_kind { IRK_PLAIN, IRK_CONST, IRK_LOAD, IRK_STORE, IRK_ALLOC };

struct ir_info {
	const char *name;
	uint8_t op1, op2;	/* enum ir_mode */
	uint8_t kind;
};

extern const struct ir_info ir_info[IR__MAX];

/* lj_ir.h: the same numbers in all of 2.1 */
enum irt {
	IRT_NIL, IRT_FALSE, IRT_TRUE, IRT_LIGHTUD, IRT_STR, IRT_P32,
	IRT_THREAD, IRT_PROTO, IRT_FUNC, IRT_P64, IRT_CDATA, IRT_TAB,
	IRT_UDATA, IRT_FLOAT, IRT_NUM, IRT_I8, IRT_U8, IRT_I16, IRT_U16,
	IRT_INT, IRT_U32, IRT_I64, IRT_U64, IRT_SOFTFP,
};

struct trace_ir {
	uint16_t op1, op2;
	uint8_t o;		/* enum ir, IR__MAX: no such instruction */
	uint8_t t;		/* enum irt */
	uint8_t guard, phi;
	uint8_t r, s;		/* register and spill slot of the result */
};

#define RID_NONE	0x80	/* and above: no register */

/* A prototype with what the walk over its bytecode looks at. */
struct trace_proto {
	const struct profile_proto *pt;
	uint32_t nbc;		/* of its VM */
	uint32_t *bc;		/* n instructions */
	uint32_t n;
	uint64_t *kn;
	uint32_t nkn;
	struct trace_kname {
		uint32_t index, n;
		const char *s;
	} *kname;
	uint32_t nknames;
	char *names;		/* what kname points into */
};

/* A frame of a snapshot, or of an answer. A fast function has no proto. */
struct trace_frame {
	const struct trace_proto *tp;	/* NULL: fast function, or unknown */
	uint32_t pos;		/* bytecode index; LJD_NOPOS: not known */
	uint32_t base;		/* its first slot, counted as SLOAD does */
};

struct trace_snap {
	uint32_t ref;		/* state when this IR was next */
	uint32_t mcofs;		/* its code; TRACE_NOMCOFS: not known */
	uint32_t nframes;	/* 0: cannot be told */
	struct trace_frame *frame;	/* root first */
	uint32_t npairs;
	uint32_t *pair;		/* slot << 16 | ref */
};

struct trace_obj {
	uint32_t ref;		/* REF_BASE: the function it started in */
	uint32_t kind;		/* ENUM tobj */
	uint32_t id;
	uint32_t n;		/* bytes */
	const unsigned char *p;
};

struct trace {
	const struct profile_trace *r;
	struct tracedb *db;
	int gc64;
	uint32_t nbc;
	uint32_t nk, nins;
	struct trace_ir *ir;	/* nins - nk of them; see trace_ins() */
	uint64_t *raw;		/* the same as they are in memory */
	const struct trace_obj **key;	/* see trace_key(); from REF_BIAS on */
	uint32_t loop;		/* reference of LOOP, 0: none */
	struct trace_snap *snap;
	uint32_t nsnaps;
	unsigned char *mcode;
	uint32_t szmcode;
	uint64_t stub[16];	/* exit stub groups, 0: not known */
	struct trace_obj *obj;
	uint32_t nobjs;
	struct index *objs;	/* reference -> obj */
	uint32_t *named;	/* the first to use each obj as a name; 0: none */
	unsigned char *objbytes;
};

/* What all traces of a profile share. */
struct tracedb;

/**
 * tracedb_new - get ready for the traces of a profile
 * @p: the profile, finished; must outlive it
 */
struct tracedb *tracedb_new(const struct profile *p);

/**
 * tracedb_free - give it back
 * @db: what tracedb_new() returned, or NULL
 */
void tracedb_free(struct tracedb *db);

/**
 * tracedb_profile - whose traces they are
 * @db: as above
 */
const struct profile *tracedb_profile(const struct tracedb *db);

/**
 * tracedb_proto - a prototype by dictionary id
 * @db: as above
 * @id: the id
 *
 * Returns NULL if its bytecode is not in the dump.
 */
const struct trace_proto *tracedb_proto(struct tracedb *db, uint32_t id);

/**
 * tracedb_at - the prototype a bytecode address is in
 * @db: as above
 * @vm: dictionary id of the VM
 * @pc: the address
 * @pos: set to the index of the instruction
 *
 * Returns NULL if there is none.
 */
const struct trace_proto *tracedb_at(struct tracedb *db, uint32_t vm,
				     uint64_t pc, uint32_t *pos);

/**
 * trace_new - a trace
 * @db: as above; must outlive it
 * @t: its records
 *
 * Returns NULL if the dump has not enough of it.
 */
struct trace *trace_new(struct tracedb *db, const struct profile_trace *t);

/**
 * trace_free - give it back
 * @t: the trace, or NULL
 */
void trace_free(struct trace *t);

/**
 * trace_ins - the IR instruction or constant of a reference
 * @t: the trace
 * @ref: the reference; one that is not there is a NOP
 */
const struct trace_ir *trace_ins(const struct trace *t, uint32_t ref);

/**
 * trace_k64 - the value of a 64 bit constant
 * @t: the trace
 * @ref: its reference
 */
uint64_t trace_k64(const struct trace *t, uint32_t ref);

/**
 * trace_obj - what the dump says of an object constant
 * @t: the trace
 * @ref: its reference
 *
 * Returns NULL if nothing.
 */
const struct trace_obj *trace_obj(const struct trace *t, uint32_t ref);

/**
 * trace_key - the name of the field that an instruction is for
 * @t: the trace
 * @ref: a hash reference, or a load or store through one
 *
 * Returns NULL if it is for none, or it is not known.
 */
const struct trace_obj *trace_key(const struct trace *t, uint32_t ref);

/**
 * trace_snap_of - the snapshot that the exit of a guard takes
 * @t: the trace
 * @ref: reference of the guard
 *
 * Returns its number; 0 if there is none before.
 */
uint32_t trace_snap_of(const struct trace *t, uint32_t ref);

#endif
