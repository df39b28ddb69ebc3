/* allocplace.c - where the allocator of a live process's LuaJIT is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdlib.h>

/* For layout.h. */
#define LJ_ATMOST(n, max)	(n)

#include "allocplace.h"
#include "diag.h"
#include "vmpick.h"

struct place {
	uint64_t addr;
	char *path;
	uint64_t offset;
};

/* In a mapping of a file? */
static int in_file(struct place *place, struct remote *r)
{
	const struct procmap *m = procmap_at(remote_maps(r), place->addr);

	if (!m || !m->exec || !*m->path)
		return 0;
	place->path = procmap_file(remote_maps(r), m);
	place->offset = place->addr - m->start + m->offset;
	return place->path != NULL;
}

static int one_vm(void *ctx, struct remote *r, const struct vmpick *p)
{
	struct place *place = ctx;
	uint64_t addr;
	uint32_t ofs = LJ_S20(p->vm) ? LJ_OBJ(p->vm, s20_G_allocf) :
				       LJ_OBJ(p->vm, s17_G_allocf);

	if (remote_read(r, &addr, sizeof(addr), p->vm->g + ofs)) {
		diag_error("%s: its global_State cannot be read", p->name);
		return 0;
	}
	if (place->path) {
		if (addr != place->addr)
			diag_loss("%s has an allocator of its own; what that "
				  "does is not seen", p->name);
		return 0;
	}
	place->addr = addr;
	if (in_file(place, r))
		return 1;
	diag_error("%s: its allocator, at 0x%" PRIx64 ", is in no file that "
		   "can be opened", p->name, addr);
	return 0;
}

int allocplace_find(uint32_t pid, char **path, uint64_t *offset)
{
	const struct vmpick_opts o = { .pid = pid };
	struct place place = { 0 };

	vmpick_each(&o, one_vm, &place);
	*path = place.path;
	*offset = place.offset;
	return place.path ? 0 : -1;
}
