/* textkind.h - what text it is that holds stacks.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_TEXTKIND_H
#define LJSTAP_TEXTKIND_H

#include "input.h"

enum textkind {
	TEXTKIND_NONE,		/* neither of those */
	TEXTKIND_FOLDED,	/* see read_folded.h */
	TEXTKIND_STAP,		/* see read_stap.h */
};

/**
 * textkind - tell by the start of an input
 * @in: the input; nothing of it is used up
 *
 * What most of the lines in its first 64 KiB are. Asks nothing of a line
 * that is longer: then it takes it for folded.
 */
enum textkind textkind(struct input *in);

#endif
