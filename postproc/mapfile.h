/* mapfile.h - the ELF files that were mapped.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A file is used only if it is the one that was running: by its build-id, or
 * by inode, size and time. Files are opened once, when they are asked for.
 */
#ifndef LJSTAP_MAPFILE_H
#define LJSTAP_MAPFILE_H

#include "elffile.h"
#include "profile.h"

struct mapfiles;

struct mapfile {
	const char *path;
	uint64_t dev, ino;
	size_t number;		/* from 0 on, in order of first use */
	struct elffile *elf;	/* NULL: not to be used */
	size_t tried;		/* with so many build-ids */
	char *other;		/* name of a file that is another one */
};

/**
 * mapfiles_new - no files yet
 * @sysroot: put before their names, or NULL
 * @off: open none
 */
struct mapfiles *mapfiles_new(const char *sysroot, int off);

/**
 * mapfiles_free - close them all
 * @s: the files, or NULL
 */
void mapfiles_free(struct mapfiles *s);

/**
 * mapfile_of - the file of a mapping
 * @s: the files
 * @p: the profile of the mapping, always the same; it may still grow
 * @m: the mapping
 *
 * What is returned lasts until mapfiles_free(); its elf may come, or go, as
 * long as build-ids are added to the profile.
 */
const struct mapfile *mapfile_of(struct mapfiles *s, const struct profile *p,
				 const struct profile_map *m);

/**
 * mapfiles_report - say which files could not be used because they are others
 * @s: the files
 */
void mapfiles_report(const struct mapfiles *s);

#endif
