/* input.c - a stream of bytes with a window that can be looked at first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "input.h"
#include "mem.h"

#define WINDOW	(1 << 16)

struct input {
	char *name;
	int fd;			/* -1: memory, or nothing more to read */
	int failed;
	const unsigned char *p;	/* the window: buf, or the test's memory */
	size_t n;
	uint64_t offset;
	unsigned char *buf;	/* 2 * WINDOW, so that moves are rare */
};

static struct input *input_fd(int fd, const char *name)
{
	struct input *in = xcalloc(1, sizeof(*in));

	in->name = xstrdup(name);
	in->fd = fd;
	in->buf = xmalloc(2 * WINDOW);
	in->p = in->buf;
	return in;
}

struct input *input_open(const char *path)
{
	int fd = 0;

	if (path && strcmp(path, "-")) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			diag_error("%s: cannot open: %s; check the name and "
				   "its permissions", path, strerror(errno));
			return NULL;
		}
	} else {
		path = "standard input";
	}
	return input_fd(fd, path);
}

struct input *input_stream(FILE *f, const char *name)
{
	int fd = fflush(f) ? -1 : fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);

	if (fd >= 0 && !lseek(fd, 0, SEEK_SET))
		return input_fd(fd, name);
	diag_error("%s: cannot read: %s", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

struct input *input_memory(const void *p, size_t n)
{
	struct input *in = xcalloc(1, sizeof(*in));

	in->name = xstrdup("memory");
	in->fd = -1;
	in->p = p;
	in->n = n;
	return in;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	if (in->fd > 0)
		close(in->fd);
	free(in->buf);
	free(in->name);
	free(in);
}

const char *input_name(const struct input *in)
{
	return in->name;
}

static void fill(struct input *in)
{
	ssize_t got;

	if (in->p > in->buf + WINDOW) {
		memmove(in->buf, in->p, in->n);
		in->p = in->buf;
	}
	do
		got = read(in->fd, (unsigned char *)in->p + in->n,
			   WINDOW - in->n);
	while (got < 0 && errno == EINTR);
	if (got < 0) {
		diag_error("%s: cannot read: %s; check the file", in->name,
			   strerror(errno));
		in->failed = 1;
	}
	if (got > 0) {
		in->n += got;
		return;
	}
	if (in->fd > 0)
		close(in->fd);
	in->fd = -1;
}

size_t input_window(struct input *in, size_t want, const unsigned char **p)
{
	while (in->n < want && in->fd >= 0)
		fill(in);
	*p = in->p;
	return in->n;
}

void input_skip(struct input *in, size_t n)
{
	in->p += n;
	in->n -= n;
	in->offset += n;
}

uint64_t input_offset(const struct input *in)
{
	return in->offset;
}

int input_failed(const struct input *in)
{
	return in->failed;
}
