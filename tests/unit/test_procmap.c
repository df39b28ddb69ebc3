/* test_procmap.c - this process's own mappings, and the files behind them,
 * those without a name any more too.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "procmap.h"
#include "unit.h"

static void own_code(void)
{
	struct procmaps *maps = procmap_read(getpid());
	const struct procmap *m, *p = NULL;
	char *file;
	struct stat st = { 0 };
	int found = 0;

	CHECK(maps);
	if (!maps)
		return;
	m = procmap_at(maps, (uintptr_t)own_code);
	CHECK(m && m->exec && !m->write && m->path[0] == '/' && !m->deleted);
	CHECK(!procmap_at(maps, 8));
	CHECK(!procmap_at(maps, maps->map[0].start - 1));
	CHECK(procmap_at(maps, maps->map[0].start) == &maps->map[0]);
	file = m ? procmap_file(maps, m) : NULL;
	CHECK(file && !stat(file, &st) && st.st_ino == m->ino);
	free(file);
	while ((p = procmap_program(maps, p)))
		found += procmap_same(p, m);
	CHECK(found == 1);
	procmap_free(maps);
}

static void deleted(void)
{
	char temp[] = "procmap.XXXXXX", *file;
	int fd = mkstemp(temp);
	struct procmaps *maps;
	const struct procmap *m;
	struct stat st = { 0 };
	void *p;

	CHECK(!ftruncate(fd, 4096));
	p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	unlink(temp);
	/* Another file under its name. */
	close(open(temp, O_CREAT | O_WRONLY, 0600));
	maps = procmap_read(getpid());
	m = maps ? procmap_at(maps, (uintptr_t)p) : NULL;
	CHECK(m && m->deleted && !strstr(m->path, "(deleted)"));
	file = m ? procmap_file(maps, m) : NULL;
	if (file)
		CHECK(!stat(file, &st) && st.st_ino == m->ino);
	else
		puts("no right to open a deleted file: not checked");
	free(file);
	procmap_free(maps);
	unlink(temp);
	munmap(p, 4096);
	close(fd);
}

int main(void)
{
	own_code();
	deleted();
	CHECK(!procmap_read(0x7ffffff0) && errno == ENOENT);
	return unit_verdict();
}
