/* vmsymbols.c - names for the code of a stripped LuaJIT, where others look.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elffile.h"
#include "mem.h"
#include "vmsymbols.h"

/* DIR/.build-id/xx/yyyy.debug, its folders made. */
static char *make_name(const char *dir, const unsigned char *id, size_t n,
		       char **why)
{
	char *at = xasprintf("%s/.build-id/%02x", dir, id[0]), *name;
	int bad;

	for (char *s = at + 1; *s; s++) {
		if (*s != '/')
			continue;
		*s = 0;
		mkdir(at, 0777);
		*s = '/';
	}
	bad = mkdir(at, 0777) && errno != EEXIST;
	if (bad)
		*why = xasprintf("%s: cannot be made: %s", at, strerror(errno));
	name = xasprintf("%s/", at);
	free(at);
	for (size_t i = 1; i < n; i++) {
		at = xasprintf("%s%02x", name, id[i]);
		free(name);
		name = at;
	}
	at = bad ? NULL : xasprintf("%s.debug", name);
	free(name);
	return at;
}

/* Nobody may find half of one. */
static int write_file(const struct elffile *f, const struct elffile_sym *sym,
		      size_t n, const char *name, char **why)
{
	char *temp = xasprintf("%s.XXXXXX", name);
	int fd = mkstemp(temp), bad;

	bad = fd < 0 || elffile_write_debug(f, sym, n, fd) ||
	      fchmod(fd, 0644) || rename(temp, name);
	if (bad)
		*why = xasprintf("%s: cannot be written: %s", name,
				 strerror(errno));
	if (fd >= 0)
		close(fd);
	if (fd >= 0 && bad)
		unlink(temp);
	free(temp);
	return bad ? -1 : 0;
}

static char *write_for(const struct elffile *f, const struct elffile_sym *sym,
		       size_t n, const char *dir, char **why)
{
	const unsigned char *id;
	size_t nid = elffile_buildid(f, &id);
	char *name;

	if (!nid) {
		*why = xstrdup("the file of its LuaJIT has no build-id, by "
			       "which stap, gdb and perf find symbols that are "
			       "in another file; link it with --build-id");
		return NULL;
	}
	name = make_name(dir, id, nid, why);
	if (name && !write_file(f, sym, n, name, why))
		return name;
	free(name);
	return NULL;
}

char *vmsymbols_write(const struct vmplaces *ps, const char *dir, char **why)
{
	const struct vmsymbol *vs;
	const char *path;
	size_t n = vmplaces_symbols(ps, &path, &vs);
	struct elffile *f = path && n ? elffile_open(path) : NULL;
	struct elffile_sym *sym = xcalloc(n + 1, sizeof(*sym));
	char *name = NULL;

	*why = NULL;
	for (size_t i = 0; i < n; i++)
		sym[i] = (struct elffile_sym){ .name = vs[i].name,
					       .start = vs[i].vaddr,
					       .end = vs[i].end };
	if (f)
		name = write_for(f, sym, n, dir, why);
	else
		*why = xstrdup("its LuaJIT is in no file that can be opened");
	free(sym);
	elffile_close(f);
	return name;
}

void vmsymbols_remove(char *name)
{
	char *s;

	if (!name)
		return;
	unlink(name);
	for (int i = 0; i < 3 && (s = strrchr(name, '/')); i++) {
		*s = 0;
		if (rmdir(name))
			break;
	}
	free(name);
}
