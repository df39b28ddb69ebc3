/* stop.h - SIGINT and SIGTERM ask for the end: of a dump, of a watch.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * May be nested: a watch that takes dumps has ended with the dump in which it
 * was asked for.
 */
#ifndef LJSTAP_STOP_H
#define LJSTAP_STOP_H

/**
 * stop_begin - from now on signals only ask
 */
void stop_begin(void);

/**
 * stop_end - as it was before the stop_begin() that belongs to it
 */
void stop_end(void);

/**
 * stop_asked - was the end asked for, since the outermost stop_begin()?
 */
int stop_asked(void);

#endif
