/* clean.h - names as the target has them -> names that are safe to print.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The only place where that is done. Does not print.
 */
#ifndef LJSTAP_CLEAN_H
#define LJSTAP_CLEAN_H

#include "mem.h"

/**
 * clean_char - the length of the character at the start of a string
 * @s: the string
 * @n: its length, 1 or more
 *
 * Returns 0 if a name may not contain it.
 */
size_t clean_char(const char *s, size_t n);

/**
 * clean_name - the number of a name made safe
 * @names: the pool
 * @s: the name as the target has it
 * @n: its length
 *
 * One line of valid UTF-8 that XML may contain, without ';'.
 */
unsigned clean_name(struct pool *names, const char *s, size_t n);

/**
 * clean_str - the same for a string
 * @names: the pool
 * @s: the string
 */
unsigned clean_str(struct pool *names, const char *s);

/**
 * clean_take - the same for a string, which is freed
 * @names: the pool
 * @s: the string
 */
unsigned clean_take(struct pool *names, char *s);

#endif
