/* test_lines.c - lines across windows, without an end, and too long ones.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "lines.h"
#include "mem.h"
#include "unit.h"

static const char *const name = "lines.tmp";

static void put(FILE *f, char c, size_t n)
{
	while (n--)
		putc_unlocked(c, f);
}

/* Lines of these lengths, and what is read of them. */
static void lengths(const size_t *n, size_t count, int last_newline)
{
	FILE *f = fopen(name, "w");
	struct input *in;
	struct lines *l;
	const char *s;
	size_t len, i = 0, toolong = 0;

	for (size_t k = 0; k < count; k++) {
		put(f, 'a' + k % 26, n[k]);
		if (k + 1 < count || last_newline)
			putc('\n', f);
	}
	fclose(f);
	in = input_open(name);
	l = lines_new(in);
	while (lines_next(l, &s, &len)) {
		for (; i < count && n[i] > LINES_MAX; i++)
			toolong++;
		CHECK(i < count && len == n[i]);
		if (len)
			CHECK(s[0] == (char)('a' + i % 26) &&
			      s[len - 1] == s[0]);
		i++;
	}
	for (; i < count && n[i] > LINES_MAX; i++)
		toolong++;
	CHECK(i == count && lines_toolong(l) == toolong);
	lines_free(l);
	lines_free(NULL);
	input_close(in);
	unlink(name);
}

int main(void)
{
	const size_t some[] = { 0, 1, 65535, 65536, 65537, 0, 200000, 3 };
	const size_t large[] = { 5, LINES_MAX, LINES_MAX + 1, 7,
				 LINES_MAX + 100000 };

	diag_reset(NULL);
	lengths(some, 8, 1);
	lengths(some, 8, 0);
	lengths(large, 5, 1);
	lengths(large, 5, 0);
	lengths(some, 0, 0);
	return unit_verdict();
}
