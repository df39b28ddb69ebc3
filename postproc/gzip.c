/* gzip.c - bytes -> a gzip stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <zlib.h>

#include "gzip.h"
#include "mem.h"

#define GZIP	16	/* to be added to the window's bits */

struct gzip {
	FILE *out;
	z_stream z;
	int failed;
	unsigned char buf[1 << 16];
};

struct gzip *gzip_new(FILE *out)
{
	struct gzip *z = xcalloc(1, sizeof(*z));

	z->out = out;
	z->failed = deflateInit2(&z->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED,
				 MAX_WBITS + GZIP, 8,
				 Z_DEFAULT_STRATEGY) != Z_OK;
	return z;
}

static void run(struct gzip *z, int how)
{
	int ret;

	do {
		z->z.next_out = z->buf;
		z->z.avail_out = sizeof(z->buf);
		ret = deflate(&z->z, how);
		if (ret != Z_OK && ret != Z_STREAM_END && ret != Z_BUF_ERROR)
			z->failed = 1;
		fwrite(z->buf, 1, sizeof(z->buf) - z->z.avail_out, z->out);
	} while (!z->failed && !z->z.avail_out);
}

void gzip_write(struct gzip *z, const void *p, size_t n)
{
	const unsigned char *from = p;

	while (n && !z->failed) {
		z->z.next_in = (unsigned char *)from;
		z->z.avail_in = n < 1u << 30 ? n : 1u << 30;
		from += z->z.avail_in;
		n -= z->z.avail_in;
		run(z, Z_NO_FLUSH);
	}
}

int gzip_close(struct gzip *z)
{
	int failed;

	if (!z->failed)
		run(z, Z_FINISH);
	failed = z->failed;
	deflateEnd(&z->z);
	free(z);
	return failed ? -1 : 0;
}
