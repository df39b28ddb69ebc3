/* cmd_args.c - parsing of options, for all commands alike.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "diag.h"

int cmd_parse(const struct argp *argp, int argc, char **argv, void *opts)
{
	int err = argp_parse(argp, argc, argv, ARGP_IN_ORDER, NULL, opts);

	if (!err)
		return 0;
	if (err != EINVAL)
		diag_usage("cannot parse the arguments; see --help");
	return -1;
}

int cmd_look(int key, char *arg, struct argp_state *state,
	     struct cmd_look *look)
{
	uint64_t n;

	switch (key) {
	case ARGP_KEY_INIT:
		/* getopt's own message is the one line an error gets. */
		state->err_stream = NULL;
		return 0;
	case 'j':
		look->json = 1;
		return 0;
	case 'o':
		look->out = arg;
		return 0;
	case 'p':
		if (cmd_number("--pid", arg, INT32_MAX, &n))
			return EINVAL;
		look->pid = n;
		return 0;
	case ARGP_KEY_ARG:
		diag_usage("'%s': there is nothing to say but options; see "
			   "--help", arg);
		return EINVAL;
	}
	return ARGP_ERR_UNKNOWN;
}

int cmd_number(const char *option, const char *s, uint64_t max,
	       uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(s, &end, 10);
	if (*s >= '0' && *s <= '9' && !*end && !errno && *value &&
	    *value <= max)
		return 0;
	diag_usage("%s: '%s' is not a number from 1 to %" PRIu64 "; see "
		   "--help", option, s, max);
	return -1;
}

int cmd_limit(const char *option, const char *s, uint64_t max, uint64_t *value)
{
	*value = 0;
	return strcmp(s, "0") ? cmd_number(option, s, max, value) : 0;
}

int cmd_collector(const char *s, enum cmd_collector *which)
{
	static const char *const names[] = {
		[CMD_AUTO] = "auto", [CMD_BPF] = "bpf", [CMD_STAP] = "stap",
		[CMD_MEMORY] = "memory",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(s, names[i])) {
			*which = i;
			return 0;
		}
	diag_usage("--collector: '%s' is not auto, bpf, stap or memory; see "
		   "--help", s);
	return -1;
}

int cmd_width(const char *arg, unsigned *width)
{
	uint64_t n;

	if (cmd_number("--width", arg, 100000, &n))
		return -1;
	if (n < 200) {
		diag_usage("--width: %s is too narrow; give 200 or more", arg);
		return -1;
	}
	*width = n;
	return 0;
}

int cmd_minwidth(const char *arg, double *minwidth)
{
	char *end;

	*minwidth = strtod(arg, &end);
	if (*arg >= '0' && *arg <= '9' && !*end && *minwidth <= 1000)
		return 0;
	diag_usage("--minwidth: '%s' is not a number from 0 to 1000; see "
		   "--help", arg);
	return -1;
}

int cmd_file(const char **file, const char *arg)
{
	if (!*file) {
		*file = arg;
		return 0;
	}
	diag_usage("%s: only one file can be read; see --help", arg);
	return -1;
}
