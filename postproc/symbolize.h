/* symbolize.h - addresses in mapped files -> names of C functions.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What it returns lasts as long as the symbolizer.
 */
#ifndef LJSTAP_SYMBOLIZE_H
#define LJSTAP_SYMBOLIZE_H

#include "mapfile.h"

struct symbolize;

/**
 * symbolize_new - a symbolizer for a profile that is whole
 * @p: the profile; must outlive it
 * @files: its files; must outlive it
 */
struct symbolize *symbolize_new(const struct profile *p,
				struct mapfiles *files);

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

/**
 * symbolize_symbol - the symbol an address is in
 * @s: the symbolizer
 * @m: the mapping the address is in; it has a path
 * @addr: the address
 *
 * Returns NULL if there is none.
 */
const char *symbolize_symbol(struct symbolize *s, const struct profile_map *m,
			     uint64_t addr);

/**
 * symbolize_apart - whether the file tells that two addresses are in two
 * functions
 * @s: the symbolizer
 * @m: the mapping the first is in; it has a path
 * @a: the first
 * @b: the second
 */
int symbolize_apart(struct symbolize *s, const struct profile_map *m,
		    uint64_t a, uint64_t b);

/**
 * symbolize_same - whether two addresses are in one function
 * @s: the symbolizer
 * @m: the mapping the first is in
 * @a: the first
 * @b: the second
 */
int symbolize_same(struct symbolize *s, const struct profile_map *m,
		   uint64_t a, uint64_t b);

#endif
