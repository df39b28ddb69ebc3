/* luafile.c - which Lua is in a file, by the version string it holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "luafile.h"
#include "mem.h"

#define CHUNK	(1 << 16)
#define OVERLAP	128		/* a string may go on in the next chunk */

/* lua_ident of lua.org's lapi.c: since 5.2, and of 5.1. */
static const struct {
	const char *text;
	size_t skip;		/* to the version in it */
	enum luafile_kind kind;
} marks[] = {
	{ "LuaJIT 2.", 0, LUAFILE_JIT },
	{ "LuaJIT 2.0", 0, LUAFILE_JIT20 },
	{ "$LuaVersion: Lua 5.", 13, LUAFILE_PUC },
	{ "$Lua: Lua 5.", 6, LUAFILE_PUC },
};

static size_t word_len(const char *p, size_t n)
{
	size_t len = 0;

	while (len < n && p[len] > ' ' && p[len] < 0x7f)
		len++;
	return len;
}

/* "LuaJIT 2.1.0-beta3" is the whole of a string in LuaJIT. A format string
 * or a sentence in a file is no version.
 */
static char *jit_version(const char *p, size_t n, int is20)
{
	size_t len = 7 + word_len(p + 7, n - 7);

	if (len <= 9 || len >= n || len >= 64 || p[len] ||
	    is20 != !strncmp(p, "LuaJIT 2.0", 10) || (is20 && len == 10))
		return NULL;
	return xasprintf("%.*s", (int)len, p);
}

static char *puc_version(const char *p, size_t n)
{
	size_t len = 4 + word_len(p + 4, n - 4);

	if (len >= n || len >= 64)
		return NULL;
	return xasprintf("%.*s", (int)len, p);
}

/* Returns the version at one of the places of a mark; NULL: at none. */
static char *find_mark(const char *p, size_t n, size_t mark)
{
	const char *end = p + n, *at = p, *text = marks[mark].text;
	enum luafile_kind kind = marks[mark].kind;

	while ((at = memmem(at, end - at, text, strlen(text)))) {
		const char *s = at + marks[mark].skip;
		char *v = kind == LUAFILE_PUC ? puc_version(s, end - s) :
			  jit_version(s, end - s, kind == LUAFILE_JIT20);

		if (v)
			return v;
		at++;
	}
	return NULL;
}

static void look(const char *p, size_t n, enum luafile_kind *kind,
		 char **version)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		char *v = marks[i].kind > *kind ? find_mark(p, n, i) : NULL;

		if (!v)
			continue;
		free(*version);
		*version = v;
		*kind = marks[i].kind;
	}
}

enum luafile_kind luafile_read(const char *path, char **version)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	enum luafile_kind kind = LUAFILE_NONE;
	char *buf = xmalloc(CHUNK + OVERLAP);
	size_t n = 0;
	ssize_t got;
	struct stat st;

	*version = NULL;
	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		goto out;
	while (kind != LUAFILE_JIT && (got = read(fd, buf + n, CHUNK)) > 0) {
		n += got;
		look(buf, n, &kind, version);
		if (n > OVERLAP) {
			memmove(buf, buf + n - OVERLAP, OVERLAP);
			n = OVERLAP;
		}
	}
out:
	if (fd >= 0)
		close(fd);
	free(buf);
	return kind;
}

enum luafile_kind luafile_in(const struct procmaps *maps, char **version,
			     const struct procmap **where)
{
	enum luafile_kind best = LUAFILE_NONE, kind;
	const struct procmap *m = NULL;
	char *file, *v;

	*version = NULL;
	*where = NULL;
	while (best != LUAFILE_JIT && (m = procmap_program(maps, m))) {
		file = procmap_file(maps, m);
		kind = file ? luafile_read(file, &v) : LUAFILE_NONE;
		free(file);
		if (kind > best) {
			free(*version);
			*version = v;
			*where = m;
			best = kind;
		} else if (kind) {
			free(v);
		}
	}
	return best;
}

char *luafile_refusal(enum luafile_kind kind, const char *version,
		      const char *where)
{
	switch (kind) {
	case LUAFILE_PUC:
		return xasprintf("PUC %s, not LuaJIT (it has %s); only LuaJIT "
				 "2.1 can be looked into", version, where);
	case LUAFILE_JIT20:
		return xasprintf("%s (it has %s); only LuaJIT 2.1 can be "
				 "looked into", version, where);
	case LUAFILE_NONE:
		return xstrdup("no LuaJIT");
	default:
		return NULL;
	}
}
