/* diag.h - messages for people, and what they mean for the exit status.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints to stderr only. Owns one counter; returns nothing to free.
 */
#ifndef LJSTAP_DIAG_H
#define LJSTAP_DIAG_H

#include <stdio.h>

/* Exit status of every command. */
enum diag_status {
	DIAG_OK = 0,		/* complete */
	DIAG_LOSS = 1,		/* output written, something is missing */
	DIAG_UNUSABLE = 2,	/* nothing usable */
	DIAG_USAGE = 64,	/* wrong option or argument */
};

/**
 * diag_error - say why there is no usable output
 * @fmt: "FILE: what; what to do", no newline
 */
void diag_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * diag_loss - say what is missing from the output; it is still written
 * @fmt: as for diag_error()
 */
void diag_loss(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * diag_note - say something that takes nothing away from the output
 * @fmt: as for diag_error()
 */
void diag_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * diag_usage - say what is wrong with an option or an argument
 * @fmt: as for diag_error()
 */
void diag_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * diag_progress - how far it is, on a line that the next one overwrites
 * @fmt: a few words, no newline; NULL: it is over
 *
 * Only on a terminal; elsewhere nothing is said. The messages above end it.
 */
void diag_progress(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * diag_reset - forget what was said; for tests
 * @to: where messages go from now on, NULL: nowhere
 */
void diag_reset(FILE *to);

/**
 * diag_status - the worst thing said so far
 */
enum diag_status diag_status(void);

#endif
