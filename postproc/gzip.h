/* gzip.h - bytes -> a gzip stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The only user of zlib. The same bytes give the same stream: no time is in
 * it.
 */
#ifndef LJSTAP_GZIP_H
#define LJSTAP_GZIP_H

#include <stdio.h>

struct gzip;

/**
 * gzip_new - start a stream
 * @out: where to; write errors stay in it, must outlive the stream
 */
struct gzip *gzip_new(FILE *out);

/**
 * gzip_write - add bytes
 * @z: the stream
 * @p: the bytes
 * @n: how many
 */
void gzip_write(struct gzip *z, const void *p, size_t n);

/**
 * gzip_close - end the stream, and give it back
 * @z: the stream
 *
 * Returns 0, or -1 if it could not be made.
 */
int gzip_close(struct gzip *z);

#endif
