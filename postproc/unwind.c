/* unwind.c - registers and stack memory -> the C functions that are active.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "unwind.h"

static int read_stack(void *ctx, uint64_t addr, uint64_t *v)
{
	const struct unwind_stack *s = ctx;

	if (addr % 8 || addr < s->start || (addr - s->start) / 8 >= s->n)
		return -1;
	*v = s->mem[(addr - s->start) / 8];
	return *v ? 0 : -1;
}

/* To the caller of the code at an address; sets how it ends if it does. */
static int step(const struct profile *p, struct mapfiles *files,
		struct unwind_stack *s, uint64_t at, enum unwind_end *how)
{
	const struct profile_map *m = profile_map_at(p, s->pid, at, s->time);
	const struct mapfile *f;
	uint64_t vaddr, sp = s->regs.r[ELFFILE_SP];
	int ret;

	*how = UNWIND_NOCODE;
	if (!m || m->path[0] != '/')
		return -1;
	*how = UNWIND_NOFILE;
	f = mapfile_of(files, m);
	if (!f->elf ||
	    elffile_vaddr(f->elf, at - m->r.start + m->r.pgoff, &vaddr))
		return -1;
	ret = elffile_unwind(f->elf, vaddr, &s->regs, read_stack, s);
	*how = ret > 0 ? UNWIND_WHOLE : UNWIND_CUT;
	/* A caller's frame is above. */
	return ret || s->regs.r[ELFFILE_SP] <= sp ? -1 : 0;
}

enum unwind_end unwind(const struct profile *p, struct mapfiles *files,
		       const struct unwind_stack *stack, uint64_t *addr,
		       size_t *n)
{
	struct unwind_stack s = *stack;
	uint64_t at = s.regs.r[ELFFILE_PC];
	enum unwind_end how;

	for (*n = 0; *n < UNWIND_MAX;) {
		if (s.end && s.regs.r[ELFFILE_SP] >= s.end)
			return UNWIND_WHOLE;
		if (step(p, files, &s, at, &how))
			return how;
		if (!s.regs.r[ELFFILE_PC])
			return UNWIND_WHOLE;
		at = s.regs.r[ELFFILE_PC] - 1;
		addr[(*n)++] = at;
	}
	return UNWIND_CUT;
}
