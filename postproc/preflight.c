/* preflight.c - facts about this machine that decide if SystemTap can run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "preflight.h"

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
	char text[4096], *rest = text, *line, *name = NULL;
	int cross = 0;

	preflight_read(path, text, sizeof(text));
	free(path);
	while ((line = strtok_r(rest, "\n", &rest))) {
		/* CC = $(if ...) $(CROSS_COMPILE)gcc-12 */
		if (!strncmp(line, "CC = ", 5))
			name = strstr(line, "gcc-");
		cross |= !strcmp(line, "override CROSS_COMPILE = "
				 "x86_64-linux-gnu-");
	}
	return name ? xasprintf("%s%s", cross ? "x86_64-linux-gnu-" : "",
				name) : NULL;
}

int preflight_rc(const char *option)
{
	const char *dir = getenv("SYSTEMTAP_DIR"), *home = getenv("HOME");
	const char *word = strrchr(option, ' ');
	char text[4096], *rest = text, *path, *line;
	int found = 0;

	path = dir ? xasprintf("%s/rc", dir) :
		xasprintf("%s/.systemtap/rc", home ? home : "/root");
	preflight_read(path, text, sizeof(text));
	free(path);
	word = word ? word + 1 : option;
	while (!found && (line = strtok_r(rest, "\n", &rest)))
		found = line[strspn(line, " \t")] != '#' && strstr(line, word);
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

int preflight_capable(int cap)
{
	char status[4096], *at;

	if (preflight_read("/proc/self/status", status, sizeof(status)))
		return 0;
	at = strstr(status, "CapEff:");
	return at && (strtoull(at + 7, NULL, 16) >> cap & 1);
}
