/* cmd_symbols.c - `ljstap symbols`: names for the code of a stripped LuaJIT.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cmd.h"
#include "diag.h"
#include "outfile.h"
#include "vmsymbols.h"

static const struct argp_option options[] = {
	{ "output", 'o', "DIR", 0, "Write a separate debug file into DIR, "
	  "which stap, gdb and perf find by its build-id", 0 },
	CMD_PID,
	{ 0 }
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	return cmd_look(key, arg, state, state->input);
}

/* As nm does: stable, and known. */
static void print(const struct vmplaces *ps, FILE *out)
{
	const struct vmsymbol *sym;
	const char *path;
	size_t n = vmplaces_symbols(ps, &path, &sym);

	for (size_t i = 0; i < n; i++)
		fprintf(out, "%016" PRIx64 " t %s\n", sym[i].vaddr,
			sym[i].name);
}

static void write_debug(const struct vmplaces *ps, uint32_t pid,
			const char *dir)
{
	struct outfile *out;
	char *why, *path = vmsymbols_write(ps, dir, &why);

	if (!path) {
		diag_error("process %" PRIu32 ": %s", pid, why);
		free(why);
		return;
	}
	out = outfile_open(NULL);
	fprintf(outfile_stream(out), "%s\n", path);
	outfile_close(out, 1);
	free(path);
}

int cmd_symbols(int argc, char **argv)
{
	static const struct argp argp = {
		options, parse, "",
		"Print where LuaJIT's own functions and handlers are in the "
		"file that a live process runs it from, stripped or not, as "
		"nm does; or write them where others find them.\v"
		"SYSTEMTAP_DEBUGINFO_PATH=:DIR:/usr/lib/debug stap ...; gdb "
		"-iex 'set debug-file-directory DIR'.\n"
		"Exit status: 0; 2 nothing usable; 64 wrong usage.",
		NULL, NULL, NULL
	};
	struct cmd_look o = { 0 };
	struct vmplaces *ps;
	struct outfile *out;

	if (cmd_parse(&argp, argc, argv, &o))
		return DIAG_USAGE;
	if (!o.pid) {
		diag_usage("give a process: -p PID; see --help");
		return DIAG_USAGE;
	}
	ps = vmplaces_find(o.pid);
	if (ps && o.out) {
		write_debug(ps, o.pid, o.out);
	} else if (ps) {
		out = outfile_open(NULL);
		print(ps, outfile_stream(out));
		outfile_close(out, 1);
	}
	vmplaces_free(ps);
	return diag_status();
}
