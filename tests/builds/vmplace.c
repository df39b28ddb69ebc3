/* vmplace.c - print the places in a process's LuaJIT as nm would.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: vmplace PID
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmplace.h"

int main(int argc, char **argv)
{
	struct vmplaces *ps = argc == 2 ? vmplaces_find(atoi(argv[1])) : NULL;

	for (int i = 0; ps && i < VMPLACE_MAX; i++) {
		const struct vmplace *at = vmplaces_get(ps, i);

		printf("%016" PRIx64 " %s\n", at ? at->vaddr : 0,
		       vmplaces_name(i));
	}
	vmplaces_free(ps);
	return ps ? 0 : 1;
}
