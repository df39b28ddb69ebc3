/* diag.c - messages for people, and what they mean for the exit status.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "diag.h"

static struct {
	enum diag_status status;
	int redirected, progress;
	FILE *to;
} diag;

/* Cursor to the first column, the rest of the line blank. */
#define WIPE	"\r\033[K"

void diag_progress(const char *fmt, ...)
{
	char line[256] = "";
	va_list ap;

	if (diag.redirected || (!fmt && !diag.progress) || !isatty(2))
		return;
	diag.progress = fmt != NULL;
	if (fmt) {
		va_start(ap, fmt);
		vsnprintf(line, sizeof(line), fmt, ap);
		va_end(ap);
	}
	fprintf(stderr, WIPE "%s", line);
	fflush(stderr);
}

__attribute__((format(printf, 2, 0)))
static void say(enum diag_status status, const char *fmt, va_list ap)
{
	FILE *to = diag.redirected ? diag.to : stderr;
	char line[1024];

	if (status > diag.status)
		diag.status = status;
	if (!to)
		return;
	/* One write a message, so that lines of a pipeline do not mix. */
	vsnprintf(line, sizeof(line), fmt, ap);
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	diag_progress(NULL);
	fprintf(to, "ljstap: %s\n", line);
}

void diag_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIAG_UNUSABLE, fmt, ap);
	va_end(ap);
}

void diag_loss(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIAG_LOSS, fmt, ap);
	va_end(ap);
}

void diag_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIAG_OK, fmt, ap);
	va_end(ap);
}

void diag_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(DIAG_USAGE, fmt, ap);
	va_end(ap);
}

void diag_reset(FILE *to)
{
	diag.status = DIAG_OK;
	diag.redirected = 1;
	diag.to = to;
}

enum diag_status diag_status(void)
{
	return diag.status;
}
