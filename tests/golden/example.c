/* example.c - writes the example dump of tests/unit/mkdump.c to stdout.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdio.h>

#include "mkdump.h"

int main(void)
{
	struct mkdump m = { 0 };
	int bad;

	mkdump_example(&m);
	bad = fwrite(m.p, m.n, 1, stdout) != 1 || fflush(stdout);
	mkdump_free(&m);
	return bad;
}
