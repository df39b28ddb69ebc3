/* stop.c - SIGINT and SIGTERM ask for the end: of a dump, of a watch.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <signal.h>

#include "stop.h"

static volatile sig_atomic_t asked;
static struct sigaction was_int, was_term;
static int depth;

static void on_signal(int sig)
{
	(void)sig;
	asked = 1;
}

void stop_begin(void)
{
	/* No SA_RESTART: who sleeps shall wake up. */
	struct sigaction act = { .sa_handler = on_signal };

	if (depth++)
		return;
	asked = 0;
	sigaction(SIGINT, &act, &was_int);
	sigaction(SIGTERM, &act, &was_term);
}

void stop_end(void)
{
	if (--depth)
		return;
	sigaction(SIGINT, &was_int, NULL);
	sigaction(SIGTERM, &was_term, NULL);
}

int stop_asked(void)
{
	return asked;
}
