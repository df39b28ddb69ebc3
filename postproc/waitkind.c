/* waitkind.c - why a thread was off the CPU, of samples that tell.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <string.h>

#include "waitkind.h"

static const struct {
	uint32_t flag;		/* BIT sample */
	const char *name, *doc, *frame;
} kinds[WAITKIND_N] = {
	{ LJD_sample_BLOCKED, "blocked", "blocked", "[blocked]" },
	{ LJD_sample_IOWAIT, "io", "waiting for I/O", "[I/O]" },
	{ LJD_sample_PREEMPTED, "preempted", "preempted", "[preempted]" },
};

enum waitkind waitkind_of(const struct profile_sample *s)
{
	enum waitkind i = 0;

	while (i < WAITKIND_N && !(s->flags & kinds[i].flag))
		i++;
	return i;
}

const char *waitkind_frame(enum waitkind kind)
{
	return kinds[kind].frame;
}

const char *waitkind_doc(enum waitkind kind)
{
	return kinds[kind].doc;
}

enum waitkind waitkind_parse(const char *name)
{
	enum waitkind i = 0;

	while (i < WAITKIND_N && strcmp(name, kinds[i].name))
		i++;
	return i;
}
