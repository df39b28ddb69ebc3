/* heapreport.h - what a heap holds and who keeps it, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints to the FILE it is given.
 */
#ifndef LJSTAP_HEAPREPORT_H
#define LJSTAP_HEAPREPORT_H

#include <stdio.h>

#include "heapwalk.h"

/* struct heapreport - all there is to say */
struct heapreport {
	uint32_t pid;
	size_t vms;
	const struct heapcopy *copy;
	const struct heapwalk *walk;
	const struct heappath *path;
	uint64_t total[2];	/* gc.total before and after the copy */
	unsigned tries;		/* copies taken */
	size_t rows;		/* of the table of who keeps what */
};

/**
 * heapreport_text - print it
 * @r: what
 * @out: where to
 */
void heapreport_text(const struct heapreport *r, FILE *out);

/**
 * heapreport_note - the same in one line, for a picture
 * @r: what
 *
 * Returns a string to free().
 */
char *heapreport_note(const struct heapreport *r);

#endif
