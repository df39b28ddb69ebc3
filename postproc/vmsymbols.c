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

#include "diag.h"
#include "elffile.h"
#include "mem.h"
#include "outfile.h"
#include "vmsymbols.h"

/* DIR/.build-id/xx/yyyy.debug, its folders made. */
static char *make_name(const char *dir, const unsigned char *id, size_t n)
{
	char *at = xasprintf("%s/.build-id/%02x", dir, id[0]), *name;

	for (char *s = at + 1; *s; s++) {
		if (*s != '/')
			continue;
		*s = 0;
		mkdir(at, 0777);
		*s = '/';
	}
	if (mkdir(at, 0777) && errno != EEXIST) {
		diag_error("%s: cannot be made: %s", at, strerror(errno));
		free(at);
		return NULL;
	}
	name = xasprintf("%s/", at);
	free(at);
	for (size_t i = 1; i < n; i++) {
		at = xasprintf("%s%02x", name, id[i]);
		free(name);
		name = at;
	}
	at = xasprintf("%s.debug", name);
	free(name);
	return at;
}

static int write_file(const struct elffile *f, const struct elffile_sym *sym,
		      size_t n, const char *path)
{
	struct outfile *out = outfile_open(path);
	int err;

	if (!out)
		return -1;
	err = elffile_write_debug(f, sym, n, fileno(outfile_stream(out)));
	if (err)
		diag_error("%s: cannot be written: %s", path, strerror(errno));
	return outfile_close(out, !err) || err ? -1 : 0;
}

char *vmsymbols_write(const struct vmplaces *ps, const char *dir)
{
	const struct vmsymbol *vs;
	const char *path;
	size_t n = vmplaces_symbols(ps, &path, &vs), nid = 0;
	struct elffile *f = path && n ? elffile_open(path) : NULL;
	struct elffile_sym *sym = xcalloc(n + 1, sizeof(*sym));
	const unsigned char *id;
	char *name = NULL;

	for (size_t i = 0; i < n; i++)
		sym[i] = (struct elffile_sym){ .name = vs[i].name,
					       .start = vs[i].vaddr,
					       .end = vs[i].end };
	if (f)
		nid = elffile_buildid(f, &id);
	if (!f)
		vmplaces_need(ps, VMPLACE_lj_vm_resume);
	else if (!nid)
		diag_error("%s: has no build-id, by which stap, gdb and perf "
			   "find symbols that are in another file; link it "
			   "with --build-id", path);
	else
		name = make_name(dir, id, nid);
	if (name && write_file(f, sym, n, name)) {
		free(name);
		name = NULL;
	}
	free(sym);
	elffile_close(f);
	return name;
}
