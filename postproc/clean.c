/* clean.c - names as the target has them -> names that are safe to print.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "clean.h"

/* Characters which turn the writing direction of what follows: a name must
 * not make its neighbours unreadable, nor look like another. */
static int turns_text(uint32_t c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f ||
	       (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Bytes of the character at s if XML may contain it, else 0. */
size_t clean_char(const char *str, size_t n)
{
	const unsigned char *s = (const unsigned char *)str;
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 :
		     s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;
	uint32_t c;

	if (len == 1)
		return s[0] >= ' ' && s[0] != 0x7f && s[0] != ';';
	if (!len || len > n)
		return 0;
	c = s[0] & (0x7f >> len);
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) ||
	    (c >= 0x80 && c < 0xa0) || c == 0xfffe || c == 0xffff ||
	    c == 0x2028 || c == 0x2029 || turns_text(c))
		return 0;
	return len;
}

unsigned clean_name(struct pool *names, const char *s, size_t n)
{
	char *safe = xmalloc(n + 2);
	size_t len = 0, c;
	unsigned id;

	for (size_t i = 0; i < n; i += c ? c : 1) {
		c = clean_char(s + i, n - i);
		if (c) {
			memcpy(safe + len, s + i, c);
			len += c;
		} else {
			safe[len++] = s[i] == ';' ? ',' : '?';
		}
	}
	if (!len)
		safe[len++] = '?';
	id = pool_add(names, safe, len);
	free(safe);
	return id;
}

unsigned clean_str(struct pool *names, const char *s)
{
	return clean_name(names, s, strlen(s));
}

unsigned clean_take(struct pool *names, char *s)
{
	unsigned id = clean_str(names, s);

	free(s);
	return id;
}
