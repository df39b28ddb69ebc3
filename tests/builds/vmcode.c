/* vmcode.c - what the dispatch table tells of each address of the VM's code,
 * compared with the symbols of a build that has them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: vmcode DUMP; the program that ran must still be there
 */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"
#include "symbolize.h"
#include "vmcode.h"

static int starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* Ends that fast functions share; they count as the one before them. */
static int is_shared(const char *symbol, const char *name)
{
	return starts(symbol, "lj_fff_") && name &&
	       (starts(name, "lj_ff_") || !strcmp(name, "[lj_ff]"));
}

/* The part that a symbol is in; NULL: it is one. */
static const char *part_of(const char *symbol)
{
	static const char *const before[] = {
		"lj_vm_return", "lj_vm_leave", "lj_vm_unwind",
		"lj_vm_growstack", "lj_vm_resume", "lj_vm_pcall",
		"lj_vm_call", "lj_vm_cpcall", "lj_vmeta_", "lj_cont_dispatch",
		"lj_cont_cat", "lj_cont_ra", "lj_cont_nop", "lj_cont_cond",
	};

	if (starts(symbol, "lj_BC_") || starts(symbol, "lj_ff_"))
		return NULL;
	if (!strcmp(symbol, "lj_vm_IITERN"))	/* in the midst of it */
		return "lj_BC_ITERN";
	/* Those of the call hook are elsewhere. */
	if (strcmp(symbol, "lj_vm_callhook") && strcmp(symbol, "lj_vm_call_tail"))
		for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
			if (starts(symbol, before[i]))
				return "[lj_vm call/meta]";
	return "[lj_vm hook/exit/math]";
}

static int compare(const struct profile *p, const struct profile_vm *vm,
		   struct symbolize *sym)
{
	struct vmcode *code = vmcode_new(p, vm);
	size_t right = 0, wrong = 0, none = 0;
	const struct profile_map *m;
	char *last = NULL;

	m = profile_map_at(p, vm->r.pid, vm->lo, vm->r.time);
	for (uint64_t at = vm->lo; m && at < vm->hi; at++) {
		const char *symbol = symbolize_symbol(sym, m, at), *want;
		char *name = vmcode_name(code, at);

		want = symbol ? part_of(symbol) : NULL;
		if (!want)
			want = symbol;
		if (!want || symbolize_apart(sym, m, at, vm->lo))
			none++;
		else if (name && (!strcmp(name, want) ||
				  is_shared(symbol, name)))
			right++;
		else if (wrong++, !last || strcmp(last, symbol)) {
			printf("%s+%llx: %s\n", symbol,
			       (unsigned long long)(at - vm->lo), name);
			free(last);
			last = strdup(symbol);
		}
		free(name);
	}
	free(last);
	vmcode_free(code);
	printf("bytes of code: %zu right, %zu wrong, %zu behind the VM\n",
	       right, wrong, none);
	return wrong || !right;
}

int main(int argc, char **argv)
{
	struct input *in = argc == 2 ? input_open(argv[1]) : NULL;
	struct mapfiles *files = mapfiles_new(NULL, 0);
	struct dump_stats stats;
	struct profile *p = in ? load_profile(in, &stats, NULL, NULL) : NULL;
	const struct profile_vm *vm = p && p->nsums ?
				      profile_vm(p, p->sum[0].vm) : NULL;
	struct symbolize *sym = p ? symbolize_new(p, files) : NULL;
	int ret = 99;

	if (vm && vm->handler)
		ret = compare(p, vm, sym);
	symbolize_free(sym);
	profile_free(p);
	mapfiles_free(files);
	input_close(in);
	return ret;
}
