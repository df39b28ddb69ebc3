/* unit.h - the whole of what a unit test needs: CHECK and a verdict.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_UNIT_H
#define LJSTAP_UNIT_H

#include <stdio.h>
#include <string.h>

static int unit_failed, unit_checked;

#define CHECK(cond) do { \
	unit_checked++; \
	if (!(cond)) { \
		unit_failed++; \
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, \
			#cond); \
	} \
} while (0)

#define CHECK_STR(got, want) do { \
	const char *unit_got = (got), *unit_want = (want); \
	unit_checked++; \
	if (!unit_got || strcmp(unit_got, unit_want)) { \
		unit_failed++; \
		fprintf(stderr, "%s:%d: %s\n   is %s\n  not %s\n", __FILE__, \
			__LINE__, #got, unit_got ? unit_got : "(null)", \
			unit_want); \
	} \
} while (0)

static inline int unit_verdict(void)
{
	printf("%d checks, %d failed\n", unit_checked, unit_failed);
	return unit_failed ? 1 : 0;
}

#endif
