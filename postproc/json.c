/* json.c - strings in JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "clean.h"
#include "json.h"

void json_string(FILE *out, const char *s)
{
	size_t n = strlen(s), len;

	putc('"', out);
	for (size_t i = 0; i < n; i += len ? len : 1) {
		len = clean_char(s + i, n - i);
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			fprintf(out, "\\u%04x", s[i]);
		else if (s[i] == '"' || s[i] == '\\')
			fprintf(out, "\\%c", s[i]);
		else if (s[i] == ';')
			putc(';', out);
		else if (len)
			fwrite(s + i, 1, len, out);
		else
			fputs("\\ufffd", out);
	}
	putc('"', out);
}
