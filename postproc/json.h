/* json.h - strings in JSON.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * All the rest of JSON is printf(). Errors stay in the FILE.
 */
#ifndef LJSTAP_JSON_H
#define LJSTAP_JSON_H

#include <stdio.h>

/**
 * json_string - write a string, quoted
 * @out: where to
 * @s: the string; UTF-8 if it is clean, other bytes show as U+FFFD
 */
void json_string(FILE *out, const char *s);

#endif
