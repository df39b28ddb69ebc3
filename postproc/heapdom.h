/* heapdom.h - who keeps what: dominators of the nodes of a path tree.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a node retains would be freed if all objects of it were: all that can
 * be reached through it only. Worked out for the nodes of heappath.h, not for
 * each object: the answer for them as a whole is exact, up to objects of a
 * node that are also held from elsewhere, which count as shared. Does not
 * print.
 */
#ifndef LJSTAP_HEAPDOM_H
#define LJSTAP_HEAPDOM_H

#include "heappath.h"

struct heapdom;

/**
 * heapdom_new - no references yet
 */
struct heapdom *heapdom_new(void);

/**
 * heapdom_free - give it back
 * @d: what heapdom_new() returned, or NULL
 */
void heapdom_free(struct heapdom *d);

/**
 * heapdom_edge - an object of a node holds one of another node
 * @d: the references
 * @from: number of the node
 * @to: likewise; may be the same
 *
 * As often as there are such references: a few ns each.
 */
void heapdom_edge(struct heapdom *d, uint32_t from, uint32_t to);

/**
 * heapdom_retained - set the member `retained` of all nodes, in bytes
 * @d: the references; each node must be reached from node 0 by them
 * @hp: the tree
 */
void heapdom_retained(struct heapdom *d, struct heappath *hp);

#endif
