/* jitbooks.h - the books of the JIT compilers of all VMs of a process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See jitbook.h. Says why there are none.
 */
#ifndef LJSTAP_JITBOOKS_H
#define LJSTAP_JITBOOKS_H

#include <stdint.h>
#include <stdio.h>

struct jitbooks;
struct ljd_end;

/* struct jitbooks_opts - what goes into them */
struct jitbooks_opts {
	uint32_t pid;
	FILE *out;		/* where records go; errors stay in it */
	uint32_t lane;		/* of these records... */
	uint32_t ids;		/* ... and the dictionary id before the first */
	int no_aborts;		/* but those before the first look */
};

/**
 * jitbooks_open - begin with all VMs
 * @o: of which process
 *
 * Returns NULL after saying why there is none.
 */
struct jitbooks *jitbooks_open(const struct jitbooks_opts *o);

/**
 * jitbooks_close - end with them
 * @s: the books, or NULL
 */
void jitbooks_close(struct jitbooks *s);

/**
 * jitbooks_look - look into them, and into the exits of all traces if the last
 * time is long ago
 * @s: the books
 * @last: it is the last look: into the exits in any case
 *
 * Returns how many records there are so far.
 */
uint64_t jitbooks_look(struct jitbooks *s, int last);

/**
 * jitbooks_ended - was the process gone?
 * @s: the books
 */
int jitbooks_ended(const struct jitbooks *s);

/**
 * jitbooks_tally - add what writing records came to
 * @s: the books
 * @end: where to
 */
void jitbooks_tally(const struct jitbooks *s, struct ljd_end *end);

#endif
