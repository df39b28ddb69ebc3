/* luafuzz.c - runs a script over damaged copies of a live process.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: luafuzz PID N SCRIPT
 *
 * N times: changes words of the copy, by the number of the try, and lets
 * SCRIPT look at it. Nothing may crash or hang, and nothing that is printed
 * may be a control character.
 */
#include <config.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "damage.h"
#include "diag.h"
#include "luahost.h"
#include "luascript.h"
#include "mem.h"
#include "remote.h"

#define SECONDS	5	/* limit of each run; it may take as long again */

struct script {
	struct remote *r;
	const struct remote_vm *vm;
	uint32_t pid;
	const struct heapcopy *copy;
	const char *text;
	size_t n;
};

/* Returns how many of the errors it met it told, or -1. */
static long look(const struct script *s)
{
	char *out = NULL;
	size_t len, bad = 0;
	FILE *f = open_memstream(&out, &len);
	const struct luahost_opts o = {
		.pid = s->pid, .number = 1, .out = f, .string = 100000,
		.bytes = 1 << 28, .nodes = 1000000, .timeout = SECONDS,
	};
	time_t began = time(NULL);
	struct luahost *h;
	long errors = 0;

	remote_from_copy(s->r, s->copy);
	h = luahost_new(s->r, s->vm, &o);
	if (h)
		luahost_run(h, "fuzz", s->text, s->n, NULL, 0);
	luahost_free(h);
	fclose(f);
	for (size_t i = 0; i < len; i++) {
		bad += (unsigned char)out[i] < 32 && out[i] != '\n' &&
		       out[i] != '\t';
		errors += out[i] == '!' && i && out[i - 1] == '\n' &&
			  out[i + 1] == ' ';
	}
	free(out);
	if (bad || time(NULL) - began > 3 * SECONDS) {
		printf("%zu control characters, %ld s\n", bad,
		       (long)(time(NULL) - began));
		return -1;
	}
	return errors;
}

int main(int argc, char **argv)
{
	uint64_t tries = argc == 4 ? strtoull(argv[2], NULL, 10) : 0;
	struct script s = { 0 };
	struct damage d;
	struct heapcopy *c = NULL;
	long errors = 0, n;
	char *text = NULL;
	int bad = 1;

	if (tries) {
		s.pid = strtoul(argv[1], NULL, 10);
		s.r = remote_open(s.pid);
		s.text = text = luascript_read(argv[3], &s.n);
	}
	if (!s.r || !text || !remote_find(s.r, &s.vm) ||
	    !(c = heapcopy_take(s.pid))) {
		fputs("usage: luafuzz PID N SCRIPT\n", stderr);
		goto out;
	}
	s.copy = c;
	bad = look(&s) != 0;
	if (bad)
		puts("errors where nothing is damaged");
	diag_reset(NULL);
	for (uint64_t i = 1; i <= tries; i++) {
		damage_do(&d, c, i);
		n = look(&s);
		damage_undo(&d, c);
		if (n < 0) {
			printf("damage %" PRIu64 " does harm\n", i);
			bad = 1;
		} else {
			errors += n;
		}
	}
	printf("%" PRIu64 " copies, %ld errors told\n", tries, errors);
	/* Damage that nothing notices would be no test. */
	if (errors < (long)tries / 4)
		bad = 1;
out:
	free(text);
	heapcopy_free(c);
	remote_close(s.r);
	return bad;
}
