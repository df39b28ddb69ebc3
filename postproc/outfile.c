/* outfile.c - output that is complete or not there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "mem.h"
#include "outfile.h"

struct outfile {
	char *path;		/* as the user calls it */
	char *final;		/* NULL: written in place */
	char *temp;
	FILE *f;
};

FILE *outfile_stream(const struct outfile *o)
{
	return o->f;
}

static void complain(const struct outfile *o)
{
	diag_error("%s: cannot write: %s; nothing was kept, choose another "
		   "place", o->path, strerror(errno));
}

static int open_temp(struct outfile *o)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	o->temp = xasprintf("%s.XXXXXX", o->final);
	fd = mkstemp(o->temp);
	if (fd < 0) {
		free(o->temp);
		o->temp = NULL;
		return -1;
	}
	fchmod(fd, 0666 & ~mask);
	return fd;
}

struct outfile *outfile_open(const char *path)
{
	struct outfile *o = xcalloc(1, sizeof(*o));
	struct stat st;
	int fd;

	if (!path || !strcmp(path, "-")) {
		o->path = xstrdup("standard output");
		o->f = stdout;
		return o;
	}
	o->path = xstrdup(path);
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		/* A device or a pipe must not be replaced by a file. */
		fd = open(path, O_WRONLY | O_CLOEXEC);
	} else {
		o->final = realpath(path, NULL);
		if (!o->final)
			o->final = xstrdup(path);
		fd = open_temp(o);
	}
	o->f = fd < 0 ? NULL : fdopen(fd, "w");
	if (o->f)
		return o;
	complain(o);
	outfile_close(o, 0);
	return NULL;
}

int outfile_close(struct outfile *o, int keep)
{
	int ret = -1;

	if (!o)
		return -1;
	if (o->f) {
		int bad = ferror(o->f) | fflush(o->f);

		if (o->f != stdout)
			bad |= fclose(o->f);
		ret = bad || !keep ? -1 : 0;
		if (!ret && o->temp && rename(o->temp, o->final))
			ret = -1;
		if (ret && keep)
			complain(o);
	}
	if (ret && o->temp)
		unlink(o->temp);
	free(o->path);
	free(o->final);
	free(o->temp);
	free(o);
	return ret;
}
