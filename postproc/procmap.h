/* procmap.h - what a live process has mapped, and the files behind it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Only reads /proc. Does not print.
 */
#ifndef LJSTAP_PROCMAP_H
#define LJSTAP_PROCMAP_H

#include <stddef.h>
#include <stdint.h>

/* struct procmap - one line of /proc/PID/maps */
struct procmap {
	uint64_t start, end, offset, ino, dev;
	int read, write, exec, shared;
	int deleted;		/* its file has no name any more */
	char *path;		/* as the process calls it; "" if none */
};

struct procmaps {
	uint32_t pid;
	struct procmap *map;	/* in the order of addresses */
	size_t n;
};

/**
 * procmap_read - the mappings of a process
 * @pid: the process
 *
 * Returns NULL with errno set: ENOENT: no such process; EACCES: its mappings
 * may not be seen; ESRCH: it has none (a kernel thread, a zombie).
 */
struct procmaps *procmap_read(uint32_t pid);

/**
 * procmap_free - give mappings back
 * @maps: the mappings, or NULL
 */
void procmap_free(struct procmaps *maps);

/**
 * procmap_at - the mapping an address is in, or NULL
 * @maps: the mappings
 * @addr: the address
 */
const struct procmap *procmap_at(const struct procmaps *maps, uint64_t addr);

/**
 * procmap_program - the next file that code runs from
 * @maps: the mappings
 * @from: the one before, NULL to start
 *
 * Returns the first executable mapping of a file that @from and those before
 * it are not of, or NULL.
 */
const struct procmap *procmap_program(const struct procmaps *maps,
				      const struct procmap *from);

/**
 * procmap_same - whether two mappings are of one file
 * @a: a mapping
 * @b: a mapping
 */
int procmap_same(const struct procmap *a, const struct procmap *b);

/**
 * procmap_file - a name by which the very file that is mapped can be opened
 * @maps: the mappings; here only its pid counts
 * @m: one of them; ino is 0 if it is not known
 *
 * Sees through containers, deleted and replaced files if the rights suffice
 * (CAP_CHECKPOINT_RESTORE; for the program itself none). Returns a string of
 * the caller's; NULL if there is no way.
 */
char *procmap_file(const struct procmaps *maps, const struct procmap *m);

#endif
