/* preflight.c - facts about this machine that decide if SystemTap can run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <fcntl.h>
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "preflight.h"

#define CHUNK	(1 << 16)

static const struct {
	uint64_t stap_from, stap_to, kernel_from, kernel_to;
	struct preflight_pair pair;
} pairs[] = {
#define V(a, b, c)	PREFLIGHT_VERSION(a, b, c)
#define PAIR(sf, st, kf, kt, what, option) \
	{ sf, st, kf, kt, { what, option } },
#include "pairs.def"
#undef V
};

uint64_t preflight_version(const char *s)
{
	unsigned a = 0, b = 0, c = 0;

	if (sscanf(s, "%5u.%5u.%5u", &a, &b, &c) < 2)
		return 0;
	return PREFLIGHT_VERSION(a, b & 0xffff, c & 0xffff);
}

uint64_t preflight_kernel(const char *release, const char *version)
{
	/* Debian's 6.1.0-56 is 6.1.192: "#1 SMP Debian 6.1.192-1 (date)". */
	const char *debian = strstr(version, "Debian ");
	uint64_t v = debian ? preflight_version(debian + 7) : 0;

	return v ? v : preflight_version(release);
}

const struct preflight_pair *preflight_pair(uint64_t stap, uint64_t kernel)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (stap >= pairs[i].stap_from && stap <= pairs[i].stap_to &&
		    kernel >= pairs[i].kernel_from &&
		    kernel <= pairs[i].kernel_to)
			return &pairs[i].pair;
	return NULL;
}

int preflight_read(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, size - 1);

	if (fd >= 0)
		close(fd);
	buf[n < 0 ? 0 : n] = 0;
	return n < 0 ? -1 : 0;
}

char *preflight_compiler(const char *build)
{
	char *path = xasprintf("%s/.kernelvariables", build);
	char text[4096], *line, *end, *name = NULL;

	preflight_read(path, text, sizeof(text));
	free(path);
	/* CC = $(if ...) $(CROSS_COMPILE)gcc-12 */
	line = strncmp(text, "CC = ", 5) ? strstr(text, "\nCC = ") : text;
	if (!line)
		return NULL;
	line += *line == '\n';
	end = line + strcspn(line, "\n");
	*end = 0;
	line = strstr(line, "gcc-");
	if (!line)
		return NULL;
	/* CROSS_COMPILE is set for Debian's cross compilers only. */
	if (strstr(end + 1, "override CROSS_COMPILE = x86_64-linux-gnu-"))
		name = xasprintf("x86_64-linux-gnu-%s", line);
	return name ? name : xstrdup(line);
}

int preflight_rc(const char *option)
{
	const char *dir = getenv("SYSTEMTAP_DIR"), *home = getenv("HOME");
	const char *word = strrchr(option, ' ');
	char text[4096], *path, *line, *end;
	int found = 0;

	path = dir ? xasprintf("%s/rc", dir) :
		xasprintf("%s/.systemtap/rc", home ? home : "/root");
	preflight_read(path, text, sizeof(text));
	free(path);
	word = word ? word + 1 : option;
	for (line = text; !found && *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n' ? (*end = 0, 1) : 0;
		found = line[strspn(line, " \t")] != '#' &&
			strstr(line, word);
	}
	return found;
}

/* There for someone: staprun may be run by its group only. */
static int present(const char *pattern)
{
	glob_t g = { 0 };
	int found = !glob(pattern, GLOB_NOSORT, NULL, &g);

	globfree(&g);
	return found;
}

int preflight_in_path(const char *pattern)
{
	const char *p = getenv("PATH");
	int found = 0;

	while (p && *p && !found) {
		size_t n = strcspn(p, ":");
		char *path = xasprintf("%.*s/%s", (int)n, p, pattern);

		found = present(path);
		free(path);
		p += n + (p[n] == ':');
	}
	return found;
}

/* -- LuaJIT in a file --------------------------------------------------- */

static const char mark[] = "LuaJIT 2.";

static char *version_string(const char *p, size_t n)
{
	size_t len = 0;

	while (len < n && len < 64 && p[len] > ' ' - 1 && p[len] < 0x7f &&
	       (p[len] != ' ' || len == 6))
		len++;
	/* A format string or a sentence in a file is no version. */
	if (len <= sizeof(mark) - 1 || len == n || p[len])
		return NULL;
	return xasprintf("%.*s", (int)len, p);
}

static char *find_mark(const char *p, size_t n)
{
	const char *end = p + n, *at = p;
	char *v;

	while ((at = memmem(at, end - at, mark, sizeof(mark) - 1))) {
		v = version_string(at, end - at);
		if (v)
			return v;
		at++;
	}
	return NULL;
}

char *preflight_luajit(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *buf = xmalloc(2 * CHUNK), *v = NULL;
	size_t n = 0;
	ssize_t got;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		goto out;
	while (!v && (got = read(fd, buf + n, CHUNK)) > 0) {
		n += got;
		v = find_mark(buf, n);
		/* The string may go on in the next chunk. */
		if (n > 128) {
			memmove(buf, buf + n - 128, 128);
			n = 128;
		}
	}
out:
	if (fd >= 0)
		close(fd);
	free(buf);
	return v;
}

char *preflight_luajit_in(uint32_t pid, char **where)
{
	char *maps = xasprintf("/proc/%" PRIu32 "/maps", pid), *v = NULL;
	char line[4500], last[4500] = "", prot[8];
	FILE *f = fopen(maps, "re");
	int at;

	free(maps);
	while (f && !v && fgets(line, sizeof(line), f)) {
		char *path, *seen;

		line[strcspn(line, "\n")] = 0;
		at = 0;
		if (sscanf(line, "%*s %7s %*s %*s %*s %n", prot, &at) != 1 ||
		    !at || line[at] != '/' || !strcmp(line + at, last))
			continue;
		strcpy(last, line + at);
		/* Its own root: it may be in a container. */
		path = xasprintf("/proc/%" PRIu32 "/root%s", pid, last);
		v = preflight_luajit(path);
		free(path);
		if (!v)
			continue;
		seen = xstrdup(last);
		*where = seen;
	}
	if (f)
		fclose(f);
	return v;
}
