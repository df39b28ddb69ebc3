/* textkind.c - what text it is that holds stacks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "read_folded.h"
#include "read_stap.h"
#include "textkind.h"

#define LOOK	(1 << 16)

struct votes {
	size_t folded, stap, counts, lines, endless;
};

static void vote(struct votes *v, const char *s, size_t n)
{
	uint64_t whole;
	uint32_t parts;
	size_t stack = n;

	if (n && s[n - 1] == '\r')
		stack = --n;
	if (!n || (n > 9 && !memcmp(s, "# ljstap ", 9)))
		return;
	v->lines++;
	if (read_stap_is_count(s, n))
		v->counts++;
	else if (!read_folded_count(s, &stack, &whole, &parts))
		v->folded++;
	else if (read_stap_is_frame(s, n))
		v->stap++;
}

enum textkind textkind(struct input *in)
{
	struct votes v = { 0 };
	const unsigned char *window;
	const char *s, *end, *nl;
	size_t n = input_window(in, LOOK, &window);

	s = (const char *)window;
	for (end = s + n; s < end; s = nl + 1) {
		nl = memchr(s, '\n', end - s);
		if (!nl && n >= LOOK) {
			v.endless++;
			break;
		}
		if (!nl)
			nl = end;
		vote(&v, s, nl - s);
	}
	if (v.folded > v.stap && v.folded >= v.counts)
		return TEXTKIND_FOLDED;
	/* Frames may be any text, so the counts after them must tell. */
	if (v.stap || (v.counts && v.counts < v.lines))
		return TEXTKIND_STAP;
	return v.lines || !v.endless ? TEXTKIND_NONE : TEXTKIND_FOLDED;
}
