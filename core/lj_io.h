/* lj_io.h - the system calls that file I/O is made of.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Part of the walking core, lj_core.h: a collector that traces system calls
 * takes a sample of each, with struct lj_walk's weight, bytes, call and file.
 */
#ifndef LJSTAP_LJ_IO_H
#define LJSTAP_LJ_IO_H

#include "dump.h"

/* What a call does with its descriptor, and what it returns. */
enum lj_io {
	LJ_IO_NONE,		/* not file I/O */
	LJ_IO_MOVE,		/* returns the bytes it moved */
	LJ_IO_OPEN,		/* returns the descriptor */
	LJ_IO_DO,		/* returns 0 */
	LJ_IO_SEND,		/* moves from the second one's file */
};

/* LJ_CALLS - C(name, number on x86-64, what) of each */
#define LJ_CALLS(C)							\
	C(READ, 0, MOVE) C(WRITE, 1, MOVE) C(OPEN, 2, OPEN)		\
	C(CLOSE, 3, DO) C(PREAD64, 17, MOVE) C(PWRITE64, 18, MOVE)	\
	C(READV, 19, MOVE) C(WRITEV, 20, MOVE) C(SENDFILE, 40, SEND)	\
	C(FSYNC, 74, DO) C(FDATASYNC, 75, DO) C(CREAT, 85, OPEN)	\
	C(OPENAT, 257, OPEN) C(PREADV, 295, MOVE) C(PWRITEV, 296, MOVE)	\
	C(PREADV2, 327, MOVE) C(PWRITEV2, 328, MOVE) C(OPENAT2, 437, OPEN)

/* lj_io_call - ENUM call of a system call's number, 0: it is none of them */
static inline lj_u32 lj_io_call(lj_u64 number)
{
	switch (number) {
#define C(name, number, what) case number: return LJD_call_##name;
	LJ_CALLS(C)
#undef C
	}
	return 0;
}

/* lj_io_what - what such a call does */
static inline enum lj_io lj_io_what(lj_u32 call)
{
	switch (call) {
#define C(name, number, what) case LJD_call_##name: return LJ_IO_##what;
	LJ_CALLS(C)
#undef C
	}
	return LJ_IO_NONE;
}

#endif
