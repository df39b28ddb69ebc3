/* procs.c - which processes there are: by parent, by name.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "procs.h"

#define COMM	15	/* TASK_COMM_LEN - 1 */

/* is_one - whether /proc/PID/stat is that of a process asked for */
static int is_one(const char *pid, uint32_t parent, const char *comm)
{
	char *path = xasprintf("/proc/%s/stat", pid), text[512], *name, *end;
	FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;
	uint32_t ppid;

	free(path);
	if (f)
		fclose(f);
	text[n] = 0;
	/* The command may hold anything, a parenthesis too. */
	name = strchr(text, '(');
	end = strrchr(text, ')');
	if (!name || !end || sscanf(end + 1, " %*c %" SCNu32, &ppid) != 1)
		return 0;
	*end = 0;
	return (!parent || ppid == parent) &&
	       (!comm || !strncmp(name + 1, comm, COMM));
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

uint32_t *procs_find(uint32_t parent, const char *comm, size_t *n)
{
	DIR *dir = opendir("/proc");
	uint32_t *pid = NULL;
	struct dirent *e;
	size_t max = 0;

	*n = 0;
	while (dir && (e = readdir(dir))) {
		uint32_t number = strtoul(e->d_name, NULL, 10);

		if (!number || !is_one(e->d_name, parent, comm))
			continue;
		pid = xgrow(pid, *n, &max, sizeof(*pid));
		pid[(*n)++] = number;
	}
	if (dir)
		closedir(dir);
	if (*n)
		qsort(pid, *n, sizeof(*pid), by_number);
	return pid;
}
