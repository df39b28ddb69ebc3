/* codepat.h - patterns of machine code.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "49 81 C6 i32": bytes in hexadecimal, then what is to be told: i8 or i32
 * with a sign; ?? or ?4 for one byte or four that are not looked at. Does not
 * print.
 */
#ifndef LJSTAP_CODEPAT_H
#define LJSTAP_CODEPAT_H

#include <stddef.h>
#include <stdint.h>

#define CODEPAT_VOTES	64

struct codepat_vote {
	int64_t value;
	unsigned n;
};

/* struct codepat_votes - what all places that a pattern matches tell */
struct codepat_votes {
	struct codepat_vote v[CODEPAT_VOTES];
	unsigned n, all;
};

/**
 * codepat_next - the first place that a pattern matches
 * @pat: the pattern; begins with a byte
 * @p: code
 * @n: bytes of it
 * @value: set to what it tells, if it tells something
 *
 * Returns the place, or NULL.
 */
const unsigned char *codepat_next(const char *pat, const unsigned char *p,
				  size_t n, int64_t *value);

/**
 * codepat_size - how many bytes a pattern is of
 * @pat: the pattern
 */
size_t codepat_size(const char *pat);

/**
 * codepat_collect - what all places tell
 * @pat: the pattern
 * @p: code
 * @n: bytes of it
 * @votes: set
 */
void codepat_collect(const char *pat, const unsigned char *p, size_t n,
		     struct codepat_votes *votes);

/**
 * codepat_best - what most places tell, or the first of those; NULL: none do
 * @votes: of codepat_collect()
 */
const struct codepat_vote *codepat_best(const struct codepat_votes *votes);

/**
 * codepat_unanimous - the one value that all places tell
 * @pat: the pattern
 * @p: code
 * @n: bytes of it
 * @least: so many places there must be
 * @value: set
 *
 * Returns 0, or -1.
 */
int codepat_unanimous(const char *pat, const unsigned char *p, size_t n,
		      unsigned least, int64_t *value);

/**
 * codepat_most - the value that most places tell, and no other as many
 * @pat: the pattern
 * @p: code
 * @n: bytes of it
 * @least: so many must tell it
 * @value: set
 *
 * Returns 0, or -1.
 */
int codepat_most(const char *pat, const unsigned char *p, size_t n,
		 unsigned least, int64_t *value);

#endif
