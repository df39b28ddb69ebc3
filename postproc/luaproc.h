/* luaproc.h - the processes of this machine that have a LuaJIT in them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Only reads /proc and the files that are mapped. Does not print.
 */
#ifndef LJSTAP_LUAPROC_H
#define LJSTAP_LUAPROC_H

#include <stddef.h>
#include <stdint.h>

/* struct luaproc - one of them. Strings may hold any bytes. */
struct luaproc {
	uint32_t pid, ppid;
	char *command;		/* its command line, or its name */
	const char *kind;	/* "nginx worker", "luajit", "neovim", ... */
	char *version;		/* "LuaJIT 2.1.1700206165" */
	const char *mode;	/* "GC64", "GC32"; "?": not told by the file */
	int supported;		/* 0: LuaJIT 2.0 */
	char *path;		/* of the file, as the process calls it */
	int deleted;		/* that file was deleted or replaced */
	char *container;	/* the id of its container, or NULL */
	uint64_t ticks;		/* CPU time used, of sysconf(_SC_CLK_TCK) a s */
};

struct luaprocs {
	struct luaproc *list;	/* in the order of PIDs */
	size_t n;
	size_t hidden;		/* processes that may not be looked at */
};

/**
 * luaproc_list - look at all processes
 *
 * Each mapped file is read once: about 1 s a GiB of programs and libraries.
 * Returns NULL with errno set if there is no /proc.
 */
struct luaprocs *luaproc_list(void);

/**
 * luaproc_free - give them back
 * @l: the processes, or NULL
 */
void luaproc_free(struct luaprocs *l);

/**
 * luaproc_ticks - the CPU time of a process, now
 * @pid: the process
 * @ticks: set
 *
 * Returns 0, or -1: it is gone, or has ended.
 */
int luaproc_ticks(uint32_t pid, uint64_t *ticks);

/**
 * luaproc_outer - the process that has a number in a container
 * @pid: the number, as it is told inside
 * @container: set to the container's id, which is the caller's, or NULL
 *
 * Returns the host's number of a process with a LuaJIT, else of any; 0: there
 * is none, or there are several.
 */
uint32_t luaproc_outer(uint32_t pid, char **container);

#endif
