/* procs.h - which processes there are: by parent, by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads /proc; prints nothing. About 10 microseconds a process.
 */
#ifndef LJSTAP_PROCS_H
#define LJSTAP_PROCS_H

#include <stddef.h>
#include <stdint.h>

/**
 * procs_find - the processes of a parent or of a name, in order of numbers
 * @parent: of this one only; 0: of any
 * @comm: only those with this command, as ps(1) shows it, of which the kernel
 *        keeps 15 bytes; NULL: any
 * @n: how many
 *
 * Returns their numbers, the caller's; NULL if there are none.
 */
uint32_t *procs_find(uint32_t parent, const char *comm, size_t *n);

#endif
