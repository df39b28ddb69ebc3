/* vmelf.h - the layout of a LuaJIT by its machine code in an ELF file.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Needs no symbol, no debuginfo, no running process. The VM's code is the
 * one stretch of a file full of "jmp [r14+rbp*8]", the dispatch of the next
 * bytecode; its instructions hold the offsets of the structs it uses. Does
 * not print.
 */
#ifndef LJSTAP_VMELF_H
#define LJSTAP_VMELF_H

#include <stddef.h>
#include <stdint.h>

#include "elffile.h"
#include "layout.h"

/* struct vmelf - what the instructions tell */
struct vmelf {
	uint64_t start, end;	/* the VM's code, the file's addresses */
	int framed;		/* .eh_frame unwinds it as LuaJIT says */
	unsigned copies;	/* stretches of VM code; the first is told */
	int v20;		/* it is LuaJIT 2.0 */
	int jit;		/* it has a JIT compiler */
	int exdata;		/* a symbol of OpenResty's is defined */
	/* Members of REL that are not 0 are told; col is LJ_COL_MAX. */
	struct lj_layout seen;
	/* What all releases have in one place, but this one; or NULL. */
	const char *odd;
	int odd_by;		/* it is so many bytes further on */
	unsigned char fits[LJ_COL_MAX];	/* columns that agree with all told */
	unsigned nfits;
};

/**
 * vmelf_read - find and read the VM's code
 * @f: the file
 * @v: set
 *
 * Returns 0, or -1: there is none. Costs a pass over the executable bytes.
 */
int vmelf_read(struct elffile *f, struct vmelf *v);

/**
 * vmelf_openresty - whether it is OpenResty's fork: by symbol, or by the
 * size of lua_State. Its versions before October 2018 are not told apart.
 * @v: what vmelf_read() set
 * @lay: the layout
 */
int vmelf_openresty(const struct vmelf *v, const struct lj_layout *lay);

#endif
