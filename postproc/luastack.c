/* luastack.c - where coroutines of a live VM are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>

#include "backtrace.h"
#include "luastack.h"
#include "remote.h"
#include "target.h"

static int put(void *ctx, const void *rec, size_t len)
{
	return fwrite(rec, len, 1, ctx) == 1 ? 0 : -1;
}

struct backtraces *luastack_read(uint32_t pid, struct remote *r,
				 const struct remote_vm *vm,
				 const uint64_t *L, size_t n)
{
	struct ljd_end end = { .reason = LJD_reason_DURATION };
	struct backtraces *b = NULL;
	char *buf = NULL;
	size_t len;
	FILE *dump = open_memstream(&buf, &len);
	struct target *t;

	if (!dump)
		return NULL;
	t = target_new(pid, dump, 1);
	target_header(t, LJD_collector_USER, 0, LJD_weight_SAMPLES, 0, 0,
		      LJD_MAXFRAMES, "process_vm_readv");
	target_maps(t);
	remote_names(r, vm, put, dump);
	for (size_t i = 0; i < n; i++)
		end.samples += !remote_sample_L(r, vm, L[i], 0, put, dump);
	end.hits = end.samples;
	target_end(t, &end);
	target_free(t);
	if (!fclose(dump) && end.samples)
		b = backtraces_read(buf, len);
	free(buf);
	return b;
}
