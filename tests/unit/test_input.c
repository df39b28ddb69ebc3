/* test_input.c - the window moves over the file byte by byte.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "diag.h"
#include "input.h"
#include "unit.h"

#define SIZE	300000

static unsigned char byte_at(uint64_t i)
{
	return i * 7 + i / 251;
}

static void walk(const char *path, size_t want, size_t step)
{
	struct input *in = input_open(path);
	const unsigned char *p;
	uint64_t at = 0;
	size_t n;
	int wrong = 0;

	while ((n = input_window(in, want, &p))) {
		wrong += n < want && at + n != SIZE;
		wrong += p[0] != byte_at(at) || p[n - 1] != byte_at(at + n - 1);
		wrong += input_offset(in) != at;
		if (n > step)
			n = step;
		input_skip(in, n);
		at += n;
	}
	CHECK(!wrong && at == SIZE);
	CHECK(!input_failed(in));
	input_close(in);
}

int main(void)
{
	char temp[] = "input.XXXXXX";
	FILE *f = fdopen(mkstemp(temp), "w");
	const unsigned char *p;
	struct input *in;

	for (uint64_t i = 0; i < SIZE; i++)
		fputc(byte_at(i), f);
	fclose(f);
	walk(temp, 8064, 8064);
	walk(temp, 8064, 3);
	walk(temp, 1, 1000000);
	walk(temp, 65536, 999);
	unlink(temp);
	diag_reset(NULL);
	CHECK(!input_open(temp));
	CHECK(diag_status() == DIAG_UNUSABLE);
	diag_reset(NULL);
	in = input_open("/");
	CHECK(in && !input_window(in, 1, &p) && input_failed(in));
	input_close(in);
	input_close(NULL);
	return unit_verdict();
}
