/* outfile.h - output that is complete or not there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_OUTFILE_H
#define LJSTAP_OUTFILE_H

#include <stdio.h>

struct outfile;

/**
 * outfile_open - start writing
 * @path: where to; NULL or "-": standard output
 *
 * A regular file gets its name only in outfile_close(). Says why and
 * returns NULL if it cannot be written.
 */
struct outfile *outfile_open(const char *path);

/**
 * outfile_stream - what to write to
 * @o: the output
 */
FILE *outfile_stream(const struct outfile *o);

/**
 * outfile_close - finish, or give up
 * @o: the output, or NULL
 * @keep: 0: leave nothing behind
 *
 * Returns 0, or says why not all was written and returns -1.
 */
int outfile_close(struct outfile *o, int keep);

#endif
