/* mapfile.c - the ELF files that were mapped.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "diag.h"
#include "mapfile.h"
#include "mem.h"

struct mapfiles {
	char *sysroot;		/* absolute, or NULL */
	int off;
	struct mapfile **file;
	size_t n, max;
};

struct mapfiles *mapfiles_new(const char *sysroot, int off)
{
	struct mapfiles *s = xcalloc(1, sizeof(*s));
	char *absolute = sysroot ? realpath(sysroot, NULL) : NULL;

	if (absolute)
		s->sysroot = absolute;
	else if (sysroot)
		s->sysroot = xstrdup(sysroot);
	s->off = off;
	return s;
}

void mapfiles_free(struct mapfiles *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		elffile_close(s->file[i]->elf);
		free(s->file[i]->other);
		free(s->file[i]);
	}
	free(s->file);
	free(s->sysroot);
	free(s);
}

/* -- Is it the file that was mapped? ------------------------------------ */

static int same_id(const struct elffile *elf, const struct profile_buildid *b)
{
	const unsigned char *id;
	size_t n = elffile_buildid(elf, &id);

	/* The collector may keep only the first bytes of a long id. */
	return n >= b->n && !memcmp(id, b->id, b->n);
}

static int same_inode(const struct elffile *elf, const struct ljd_map *m)
{
	struct stat st;

	return !elffile_stat(elf, &st) && st.st_ino == m->ino &&
	       (!m->size || (uint64_t)st.st_size == m->size) &&
	       (!m->mtime || (uint64_t)st.st_mtime == m->mtime);
}

static int is_the_one(const struct mapfiles *s, const struct profile *p,
		      const struct mapfile *f, const struct profile_map *m)
{
	const struct profile_buildid *b = profile_buildid_of(p, m);

	if (b)
		return same_id(f->elf, b);
	/* Below a sysroot inodes are others: the user vouches for it. */
	return s->sysroot || same_inode(f->elf, &m->r);
}

/* The path without what the kernel says about it. */
static char *real_path(const struct mapfiles *s, const char *path)
{
	static const char deleted[] = " (deleted)";
	size_t n = strlen(path), d = sizeof(deleted) - 1;

	if (n > d && !strcmp(path + n - d, deleted))
		n -= d;
	return xasprintf("%s%.*s", s->sysroot ? s->sysroot : "", (int)n, path);
}

/* The file itself while the process lives, by whatever name it has in a
 * container, or by none: /proc shows it to root.
 */
static int open_live(struct mapfiles *s, const struct profile *p,
		     struct mapfile *f, const struct profile_map *m)
{
	char *path;

	if (s->sysroot)
		return -1;
	path = xasprintf("/proc/%" PRIu32 "/map_files/%llx-%llx", m->r.pid,
			 m->r.start, m->r.end);
	f->elf = elffile_open(path);
	free(path);
	if (f->elf && is_the_one(s, p, f, m))
		return 0;
	elffile_close(f->elf);
	f->elf = NULL;
	return -1;
}

static void open_elf(struct mapfiles *s, const struct profile *p,
		     struct mapfile *f, const struct profile_map *m)
{
	char *path = real_path(s, m->path);
	int other;

	f->elf = elffile_open(path);
	if (f->elf && is_the_one(s, p, f, m))
		goto out;
	other = f->elf != NULL;
	elffile_close(f->elf);
	f->elf = NULL;
	if (open_live(s, p, f, m) && other && !f->other) {
		f->other = path;
		return;
	}
out:
	if (f->elf)
		elffile_debug(f->elf, path, s->sysroot ? s->sysroot : "");
	free(path);
}

/* -- Looking up --------------------------------------------------------- */

static struct mapfile *find(struct mapfiles *s, const struct profile_map *m)
{
	struct mapfile *f;

	for (size_t i = 0; i < s->n; i++) {
		f = s->file[i];
		if (f->path == m->path && f->ino == m->r.ino &&
		    f->dev == m->r.dev)
			return f;
	}
	f = xcalloc(1, sizeof(*f));
	f->path = m->path;
	f->ino = m->r.ino;
	f->dev = m->r.dev;
	f->number = s->n;
	f->tried = SIZE_MAX;
	s->file = xgrow(s->file, s->n, &s->max, sizeof(*s->file));
	return s->file[s->n++] = f;
}

const struct mapfile *mapfile_of(struct mapfiles *s, const struct profile *p,
				 const struct profile_map *m)
{
	struct mapfile *f = find(s, m);

	/* Which file it is may be known only when its build-id has come. */
	if (f->tried == p->nbuildids || s->off || m->path[0] != '/')
		return f;
	f->tried = p->nbuildids;
	if (f->elf && is_the_one(s, p, f, m))
		return f;
	elffile_close(f->elf);
	f->elf = NULL;
	open_elf(s, p, f, m);
	return f;
}

void mapfiles_report(const struct mapfiles *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->file[i]->elf && s->file[i]->other)
			diag_note("%s: not the file that was running; its "
				  "symbols are not used, see --sysroot",
				  s->file[i]->other);
}
