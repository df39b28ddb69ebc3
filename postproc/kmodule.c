/* kmodule.c - what a kernel module tells of itself, as modinfo(8) shows it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "elffile.h"
#include "kmodule.h"
#include "mem.h"

struct kmodule {
	struct elffile *f;
	const char *info;	/* "key=value\0key=value\0" */
	size_t n;
};

/* value - of the first such key; NULL: it is not told */
static const char *value(const struct kmodule *m, const char *key)
{
	const size_t keylen = strlen(key);

	for (size_t at = 0, len; at < m->n; at += len + 1) {
		const char *s = m->info + at;

		len = strnlen(s, m->n - at);
		if (at + len == m->n)
			break;	/* cut off: not a string */
		if (len > keylen && s[keylen] == '=' &&
		    !memcmp(s, key, keylen))
			return s + keylen + 1;
	}
	return NULL;
}

struct kmodule *kmodule_open(const char *path)
{
	struct kmodule *m = xcalloc(1, sizeof(*m));

	m->f = elffile_open(path);
	if (m->f)
		m->info = elffile_section(m->f, ".modinfo", &m->n);
	if (m->info && value(m, "vermagic") && value(m, "name"))
		return m;
	kmodule_close(m);
	return NULL;
}

void kmodule_close(struct kmodule *m)
{
	if (!m)
		return;
	elffile_close(m->f);
	free(m);
}

const char *kmodule_name(const struct kmodule *m)
{
	return value(m, "name");
}

int kmodule_is_ours(const struct kmodule *m)
{
	return value(m, "ljstap") != NULL;
}

char *kmodule_unfit(const struct kmodule *m, const char *release)
{
	const char *magic = value(m, "vermagic");
	size_t n = strcspn(magic, " ");

	if (n == strlen(release) && !memcmp(magic, release, n))
		return NULL;
	return xasprintf("it is for kernel %.*s, and this one is %s", (int)n,
			 magic, release);
}
