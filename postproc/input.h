/* input.h - a stream of bytes with a window that can be looked at first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The input owns its window; pointers into it last until the next call.
 */
#ifndef LJSTAP_INPUT_H
#define LJSTAP_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct input;

/**
 * input_open - open a file for reading
 * @path: its name; NULL or "-": standard input
 *
 * Says why and returns NULL if it cannot be opened.
 */
struct input *input_open(const char *path);

/**
 * input_stream - read a file that is open, from its start
 * @f: the file, which stays the caller's and is not read by anyone else
 * @name: what messages call it
 *
 * Says why and returns NULL if it cannot be read.
 */
struct input *input_stream(FILE *f, const char *name);

/**
 * input_memory - read from memory; for tests
 * @p: the bytes, which stay the caller's
 * @n: how many
 */
struct input *input_memory(const void *p, size_t n);

/**
 * input_close - give an input back
 * @in: the input, or NULL
 */
void input_close(struct input *in);

/**
 * input_name - what messages call it
 * @in: the input
 */
const char *input_name(const struct input *in);

/**
 * input_window - the next bytes
 * @in: the input
 * @want: how many are wanted, at most 64 KiB
 * @p: where they are
 *
 * Returns how many are there: less than @want only at the end of the
 * input or after a read error (see input_failed()).
 */
size_t input_window(struct input *in, size_t want, const unsigned char **p);

/**
 * input_skip - drop bytes of the window
 * @in: the input
 * @n: how many
 */
void input_skip(struct input *in, size_t n);

/**
 * input_offset - where the window starts in the file
 * @in: the input
 */
uint64_t input_offset(const struct input *in);

/**
 * input_failed - whether reading ended by an error; it has been said
 * @in: the input
 */
int input_failed(const struct input *in);

#endif
