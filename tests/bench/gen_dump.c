/* gen_dump.c - a synthetic dump for the benchmarks, the same every time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: gen_dump SAMPLES DEPTH [SECONDS [VARIANT]] > DUMP
 *
 * The dictionary is that of the example of the tests; the samples are of 500
 * stacks of DEPTH frames, each in a few bytecodes. VARIANT: another target,
 * another time, other shares.
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "mkdump.h"

#define STACKS	500
#define BATCH	(1 << 20)	/* bytes written at once */

static uint64_t seed = 88172645463325252ull;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 20) % below;
}

static void flush(struct mkdump *m)
{
	fwrite(m->p, 1, m->n, stdout);
	m->n = 0;
}

static void header(struct mkdump *m, unsigned seconds, unsigned variant)
{
	struct ljd_header *h;
	char text[64];

	mkdump_example_dict(m);
	h = (struct ljd_header *)(void *)m->p;
	h->pid = MK_PID;
	h->duration = seconds;
	h->realtime += variant * 600000000000ull;
	mkdump_resum(m->p);
	snprintf(text, sizeof(text), "script=bench-%u", variant % 4);
	mkdump_meta(m, text);
}

int main(int argc, char **argv)
{
	unsigned long samples = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
	unsigned depth = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	unsigned seconds = argc > 3 ? strtoul(argv[3], NULL, 10) : 10;
	unsigned variant = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
	static uint64_t stack[STACKS][512];
	static const unsigned proto[] = { MK_CONTENT, MK_MAIN, MK_FOO, MK_BAR,
					  MK_HEAVY };
	struct mkdump m = { 0 };

	if (!samples || !depth || depth > 512 || !seconds) {
		fprintf(stderr, "usage: gen_dump SAMPLES DEPTH [SECONDS "
			"[VARIANT]]\n");
		return 64;
	}
	seed += variant * 7919ull;
	header(&m, seconds, variant);
	for (unsigned i = 0; i < STACKS; i++)
		for (unsigned k = 0; k < depth; k++)
			stack[i][k] = LJD_FRAME(LJD_frame_LUA, proto[rnd(5)],
						1 + rnd(4));
	for (unsigned long i = 0; i < samples; i++) {
		uint64_t ip = MK_VM_BASE + rnd(97) * MK_HANDLER;

		mkdump_sample(&m, ip, -1, 0, 0, stack[rnd(rnd(STACKS) + 1)],
			      depth);
		if (m.n > BATCH)
			flush(&m);
	}
	mkdump_end(&m);
	flush(&m);
	mkdump_free(&m);
	return fflush(stdout) ? 2 : 0;
}
