/* amount.c - a number and its unit, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "amount.h"

int amount_scaled(const char *unit)
{
	return !strcmp(unit, "bytes");
}

const char *amount_text(double v, const char *unit, char buf[AMOUNT_TEXT])
{
	static const char *const name[] = { NULL, "KiB", "MiB", "GiB" };
	int i = 0;

	for (; amount_scaled(unit) && v >= 1024 && i < 3; i++)
		v /= 1024;
	snprintf(buf, AMOUNT_TEXT, "%.*f %s", i == 3 ? 2 : i > 0, v,
		 i ? name[i] : unit);
	return buf;
}
