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

/* The file and the place in it of an address. */
static struct elffile *file_at(const struct profile *p, struct mapfiles *files,
			       const struct unwind_stack *s, uint64_t at,
			       uint64_t *vaddr)
{
	const struct profile_map *m = profile_map_at(p, s->pid, at, s->time);
	const struct mapfile *f = NULL;

	if (m && m->path[0] == '/')
		f = mapfile_of(files, p, m);
	if (!f || !f->elf ||
	    elffile_vaddr(f->elf, at - m->r.start + m->r.pgoff, vaddr))
		return NULL;
	return f->elf;
}

/* To the caller of the code at an address; sets how it ends if it does. */
static int step(const struct profile *p, struct mapfiles *files,
		struct unwind_stack *s, uint64_t at, enum unwind_end *how)
{
	const struct profile_map *m = profile_map_at(p, s->pid, at, s->time);
	uint64_t vaddr, sp = s->regs.r[ELFFILE_SP];
	struct elffile *f = file_at(p, files, s, at, &vaddr);
	int ret;

	*how = m && m->path[0] == '/' ? UNWIND_NOFILE : UNWIND_NOCODE;
	if (!f)
		return -1;
	ret = elffile_unwind(f, vaddr, &s->regs, read_stack, s);
	*how = ret > 0 ? UNWIND_WHOLE : UNWIND_CUT;
	/* A caller's frame is above. */
	return ret || s->regs.r[ELFFILE_SP] <= sp ? -1 : 0;
}

/* Whether an address is where a call of the VM's code returns to. */
static int calls_vm(const struct profile *p, struct mapfiles *files,
		    const struct unwind_stack *s, uint64_t pc)
{
	uint64_t vaddr, target;
	struct elffile *f = file_at(p, files, s, pc - 1, &vaddr);

	if (!f || elffile_called(f, ++vaddr, &target))
		return 0;
	target += pc - vaddr;
	return target >= s->vmlo && target < s->vmhi;
}

#define VM_FRAME	10	/* words of the VM's frame, the return address last */
#define VM_SAVED	4	/* before it, and before each other */
static const int vm_saved[VM_SAVED] = { 6, 3, 15, 14 };	/* rbp, rbx, ... */
#define CALLEE_SAVED	(1u << 3 | 1u << 6 | 0xfu << 12)

/* The caller's registers, if the return address is word i. */
static void restore_vm(struct unwind_stack *s, size_t i)
{
	uint64_t sp = s->regs.r[ELFFILE_SP];

	s->regs.known &= CALLEE_SAVED;	/* what is not pushed yet, or again */
	for (size_t k = 0; k < VM_SAVED && k < i; k++) {
		int reg = vm_saved[k];

		s->regs.known &= ~(1u << reg);
		if (!read_stack(s, sp + (i - 1 - k) * 8, &s->regs.r[reg]))
			s->regs.known |= 1u << reg;
	}
	s->regs.r[ELFFILE_SP] = sp + (i + 1) * 8;
	s->regs.known |= 1u << ELFFILE_PC | 1u << ELFFILE_SP;
}

/* The VM's .eh_frame does not tell how it builds its frame, and gives it back:
 * in between the return address is somewhere in the frame's words.
 */
static void leave_vm(const struct profile *p, struct mapfiles *files,
		     struct unwind_stack *s)
{
	uint64_t sp = s->regs.r[ELFFILE_SP], v;

	if (s->regs.r[ELFFILE_PC] < s->vmlo || s->regs.r[ELFFILE_PC] >= s->vmhi)
		return;
	for (size_t i = VM_FRAME; i-- > 0;) {
		if (read_stack(s, sp + i * 8, &v) || !calls_vm(p, files, s, v))
			continue;
		if (i == VM_FRAME - 1)	/* .eh_frame knows more */
			return;
		restore_vm(s, i);
		s->regs.r[ELFFILE_PC] = v;
		return;
	}
}

/* Whether an exit of a trace called: the VM has more on the stack then than
 * its .eh_frame tells. lj_vm_ffi_call is a function by itself.
 */
static int is_exit(const struct profile *p, struct mapfiles *files,
		   struct unwind_stack *s, uint64_t at)
{
	uint64_t ret = s->regs.r[ELFFILE_SP] + (VM_FRAME - 1) * 8, vaddr, v;
	struct elffile_frame frame;
	struct elffile *f;

	if (at < s->vmlo || at >= s->vmhi)
		return 0;
	f = file_at(p, files, s, at, &vaddr);
	if (!f || elffile_frame(f, vaddr, &frame) ||
	    frame.cfa_reg != ELFFILE_SP)
		return 0;
	return read_stack(s, ret, &v) || !calls_vm(p, files, s, v);
}

enum unwind_end unwind(const struct profile *p, struct mapfiles *files,
		       const struct unwind_stack *stack, uint64_t *addr,
		       size_t *n)
{
	struct unwind_stack s = *stack;
	uint64_t at = s.regs.r[ELFFILE_PC];
	enum unwind_end how;

	*n = 0;
	leave_vm(p, files, &s);
	if (s.regs.r[ELFFILE_PC] != at) {
		at = s.regs.r[ELFFILE_PC] - 1;
		addr[(*n)++] = at;
	}
	while (*n < UNWIND_MAX) {
		if (s.end && s.regs.r[ELFFILE_SP] >= s.end)
			return UNWIND_WHOLE;
		if (s.end && *n && is_exit(p, files, &s, at))
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
