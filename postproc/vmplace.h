/* vmplace.h - places in the code of a live process's LuaJIT, by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * For uprobes, in stripped files too. All that a VM allocates goes through
 * the function its global_State points to; the rest is told by the VM's code,
 * which is the same in all builds of a release, and whose calls lead to the C
 * functions. vmplace.def has the names. What does not match in just one place,
 * or is not where a function or a fast function begins, is not found.
 */
#ifndef LJSTAP_VMPLACE_H
#define LJSTAP_VMPLACE_H

#include <stddef.h>
#include <stdint.h>

enum vmplace_id {
#define GIVEN(name)		VMPLACE_##name,
#define CODE(name, gc64, gc32)	VMPLACE_##name,
#define FAST(name, gc64, gc32)	VMPLACE_##name,
#define CALL(name, gc64, gc32)	VMPLACE_##name,
#define FROM(name, from, any)
#define NAMED(name)		VMPLACE_##name,
#include "vmplace.def"
#undef GIVEN
#undef CODE
#undef FAST
#undef CALL
#undef FROM
#undef NAMED
	VMPLACE_MAX
};

/* struct vmplace - where it is; path is NULL and the rest 0 if not found */
struct vmplace {
	uint64_t addr;		/* in the process */
	uint64_t vaddr;		/* the file's own address, as nm tells it */
	uint64_t offset;	/* in the file, bytes: for a uprobe */
	const char *path;	/* a name by which the file can be opened */
};

struct vmplaces;

/**
 * vmplaces_find - find them all
 * @pid: the process
 *
 * Of its first VM; says so if another one has another allocator or another
 * LuaJIT. Returns what vmplaces_free() takes, or NULL after saying why there
 * is none. Costs a pass over the file, about 10 ms.
 */
struct vmplaces *vmplaces_find(uint32_t pid);

/**
 * vmplaces_free - give them back, and all strings
 * @ps: what vmplaces_find() returned, or NULL
 */
void vmplaces_free(struct vmplaces *ps);

/**
 * vmplaces_get - one of them
 * @ps: the places
 * @id: which
 *
 * Returns NULL if it is not found.
 */
const struct vmplace *vmplaces_get(const struct vmplaces *ps,
				   enum vmplace_id id);

/**
 * vmplaces_need - one that there must be
 * @ps: the places
 * @id: which
 *
 * Returns NULL after saying that it is not found.
 */
const struct vmplace *vmplaces_need(const struct vmplaces *ps,
				    enum vmplace_id id);

/* struct vmsymbol - a name for a place in LuaJIT's file */
struct vmsymbol {
	char *name;
	uint64_t vaddr, end;	/* the file's own addresses */
};

/**
 * vmplaces_symbols - all places, and all handlers: lj_BC_*, lj_ff_*
 * @ps: the places
 * @path: set to a name by which their file can be opened; NULL: by none
 * @sym: set to them, by address, each once
 *
 * An allocator in another file is not among them. What belongs to which is
 * told by where the next begins. Returns how many.
 */
size_t vmplaces_symbols(const struct vmplaces *ps, const char **path,
			const struct vmsymbol **sym);

/**
 * vmplaces_name - what LuaJIT calls it
 * @id: which
 */
const char *vmplaces_name(enum vmplace_id id);

#endif
