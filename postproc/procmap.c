/* procmap.c - what a live process has mapped, and the files behind it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "procmap.h"

static const char deleted[] = " (deleted)";

static int parse(char *line, struct procmap *m)
{
	unsigned int major, minor;
	char prot[8];
	size_t n, d = sizeof(deleted) - 1;
	int at = 0;

	line[strcspn(line, "\n")] = 0;
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %"
		   SCNu64 " %n", &m->start, &m->end, prot, &m->offset, &major,
		   &minor, &m->ino, &at) < 7 || !at || strlen(prot) < 4)
		return -1;
	m->dev = (uint64_t)major << 32 | minor;
	m->read = prot[0] == 'r';
	m->write = prot[1] == 'w';
	m->exec = prot[2] == 'x';
	m->shared = prot[3] == 's';
	n = strlen(line + at);
	m->deleted = n > d && !strcmp(line + at + n - d, deleted);
	if (m->deleted)
		line[at + n - d] = 0;
	m->path = xstrdup(line + at);
	return 0;
}

struct procmaps *procmap_read(uint32_t pid)
{
	char *path = xasprintf("/proc/%" PRIu32 "/maps", pid), *line = NULL;
	FILE *f = fopen(path, "re");
	struct procmaps *maps;
	size_t max = 0, size = 0;
	int err = errno;

	free(path);
	if (!f) {
		errno = err;
		return NULL;
	}
	maps = xcalloc(1, sizeof(*maps));
	maps->pid = pid;
	errno = 0;
	while (getline(&line, &size, f) > 0) {
		maps->map = xgrow(maps->map, maps->n, &max, sizeof(*maps->map));
		memset(&maps->map[maps->n], 0, sizeof(*maps->map));
		maps->n += !parse(line, &maps->map[maps->n]);
	}
	err = errno;
	free(line);
	fclose(f);
	if (maps->n)
		return maps;
	procmap_free(maps);
	errno = err ? err : ESRCH;
	return NULL;
}

void procmap_free(struct procmaps *maps)
{
	if (!maps)
		return;
	for (size_t i = 0; i < maps->n; i++)
		free(maps->map[i].path);
	free(maps->map);
	free(maps);
}

const struct procmap *procmap_at(const struct procmaps *maps, uint64_t addr)
{
	size_t lo = 0, hi = maps->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (maps->map[mid].end <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < maps->n && maps->map[lo].start <= addr ? &maps->map[lo] :
							     NULL;
}

int procmap_same(const struct procmap *a, const struct procmap *b)
{
	return a->ino == b->ino && a->dev == b->dev && !strcmp(a->path, b->path);
}

static int seen_before(const struct procmaps *maps, const struct procmap *m)
{
	for (const struct procmap *p = maps->map; p < m; p++)
		if (p->exec && procmap_same(p, m))
			return 1;
	return 0;
}

const struct procmap *procmap_program(const struct procmaps *maps,
				      const struct procmap *from)
{
	const struct procmap *m = from ? from + 1 : maps->map;

	for (; m < maps->map + maps->n; m++)
		if (m->exec && m->path[0] == '/' && !seen_before(maps, m))
			return m;
	return NULL;
}

/* -- Files -------------------------------------------------------------- */

/* A regular file: opening a device may have effects.
 * @ino: its inode, 0: any. The file system that maps tells may hide behind
 *       another.
 */
static int opens(const char *path, uint64_t ino)
{
	struct stat st;
	int fd;

	if (stat(path, &st) || !S_ISREG(st.st_mode) ||
	    (ino && st.st_ino != ino))
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

char *procmap_file(const struct procmaps *maps, const struct procmap *m)
{
	char *path;

	if (m->path[0] != '/')
		return NULL;
	path = xasprintf("/proc/%" PRIu32 "/map_files/%" PRIx64 "-%" PRIx64,
			 maps->pid, m->start, m->end);
	if (opens(path, 0))
		return path;
	free(path);
	path = xasprintf("/proc/%" PRIu32 "/exe", maps->pid);
	if (m->ino && opens(path, m->ino))
		return path;
	free(path);
	/* Its own root: it may be in a container. */
	path = xasprintf("/proc/%" PRIu32 "/root%s", maps->pid, m->path);
	if (opens(path, m->deleted ? m->ino : 0))
		return path;
	free(path);
	/* Who may see its mappings but not its root: the same file here? */
	if (m->ino && opens(m->path, m->ino))
		return xstrdup(m->path);
	return NULL;
}
