/* test_load.c - a dump with nothing to draw says why.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "diag.h"
#include "load.h"
#include "mkdump.h"
#include "unit.h"

static char *said;

static int usable(struct mkdump *m, uint32_t pid)
{
	struct input *in = input_memory(m->p, m->n);
	struct dump_stats stats;
	struct profile *p;
	FILE *to;
	size_t n;
	int ret;

	free(said);
	to = open_memstream(&said, &n);
	diag_reset(to);
	p = load_profile(in, &stats, NULL, NULL);
	ret = load_check_usable(p, &stats, pid, "x.ljd");
	profile_free(p);
	input_close(in);
	fclose(to);
	diag_reset(NULL);
	return ret;
}

static void idle(void)
{
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_end(&m);
	CHECK(usable(&m, 0) == -1);
	CHECK_STR(said, "ljstap: x.ljd: the target never ran during the 10 s "
		  "(it was idle); nothing to draw: put load on it or use a "
		  "longer duration\n");
	mkdump_free(&m);
}

static void no_room(void)
{
	struct ljd_end e = { .reason = LJD_reason_DURATION, .hits = 5,
			     .records = 1, .emitfail = 4, .busy = 1 };
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_put(&m, end, &e, NULL, 0);
	CHECK(usable(&m, 0) == -1);
	CHECK(strstr(said, "seen running 5 times"));
	mkdump_free(&m);
}

static void exited(void)
{
	struct ljd_end e = { .reason = LJD_reason_EXIT, .records = 1 };
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_put(&m, end, &e, NULL, 0);
	CHECK(usable(&m, 0) == -1);
	CHECK(strstr(said, "exited before"));
	mkdump_free(&m);
}

static void cut_off(void)
{
	struct mkdump m = { 0 };

	mkdump_header(&m);
	CHECK(usable(&m, 0) == -1);
	CHECK(strstr(said, "no samples, and the dump is cut off"));
	mkdump_free(&m);
}

static void not_lua(void)
{
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_sample(&m, 1, 0, 0, LJD_sample_NOVM, NULL, 0);
	mkdump_end(&m);
	CHECK(usable(&m, 0) == -1);
	CHECK(strstr(said, "no LuaJIT found in pid 4242"));
	CHECK(usable(&m, 99) == -1);
	CHECK(strstr(said, "no samples of process 99"));
	mkdump_free(&m);
}

static void warning(void)
{
	struct mkdump m = { 0 };

	mkdump_header(&m);
	mkdump_meta(&m, "warning=map locked");
	mkdump_sample(&m, 1, -1, 0, 0, NULL, 0);
	mkdump_end(&m);
	CHECK(usable(&m, MK_PID) == 0);
	CHECK(strstr(said, "the collector warned: map locked"));
	mkdump_free(&m);
}

int main(void)
{
	idle();
	no_room();
	exited();
	cut_off();
	not_lua();
	warning();
	free(said);
	return unit_verdict();
}
