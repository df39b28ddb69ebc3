/* symbolize.h - addresses in mapped files -> names of C functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads the ELF files of the machine it runs on; what it returns lasts as
 * long as the symbolizer. Files that are not those of the dump are not
 * used, which is said once a file and is no loss.
 */
#ifndef LJSTAP_SYMBOLIZE_H
#define LJSTAP_SYMBOLIZE_H

#include "profile.h"

struct symbolize;

/**
 * symbolize_new - a symbolizer for the files of a profile
 * @p: the profile; must outlive it
 * @sysroot: put before the files' names; NULL: nothing
 * @off: do not open any file
 */
struct symbolize *symbolize_new(const struct profile *p, const char *sysroot,
				int off);

/**
 * symbolize_free - give a symbolizer back
 * @s: the symbolizer, or NULL
 */
void symbolize_free(struct symbolize *s);

/**
 * symbolize_addr - the function an address is in
 * @s: the symbolizer
 * @m: the mapping the address is in; it has a path
 * @addr: the address
 *
 * Without a symbol: "[FILE+0xSTART]" with the start of the function by
 * .eh_frame, or the address's own offset.
 */
const char *symbolize_addr(struct symbolize *s, const struct profile_map *m,
			   uint64_t addr);

#endif
