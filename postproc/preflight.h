/* preflight.h - facts about this machine that decide if SystemTap can run.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Only reads files; never changes anything and needs no rights. Strings
 * returned are the caller's. Does not print.
 */
#ifndef LJSTAP_PREFLIGHT_H
#define LJSTAP_PREFLIGHT_H

#include <stddef.h>
#include <stdint.h>

/* A version as a number that can be compared. */
#define PREFLIGHT_VERSION(a, b, c) \
	((uint64_t)(a) << 32 | (uint64_t)(b) << 16 | (uint64_t)(c))

struct preflight_pair {
	const char *what;	/* fails without the option */
	const char *option;	/* of stap; NULL: there is none that helps */
};

/**
 * preflight_version - the version that starts at a string
 * @s: "4.8/0.188", "6.1.0-56-amd64", ...
 *
 * Returns 0 if it starts with none.
 */
uint64_t preflight_version(const char *s);

/**
 * preflight_kernel - the version of a kernel
 * @release: uname -r
 * @version: uname -v; Debian tells the real one there
 */
uint64_t preflight_kernel(const char *release, const char *version);

/**
 * preflight_pair - whether two versions are known not to go together as such
 * @stap: version of SystemTap
 * @kernel: version of the kernel
 *
 * Returns what fails and what helps, or NULL.
 */
const struct preflight_pair *preflight_pair(uint64_t stap, uint64_t kernel);

/**
 * preflight_compiler - the compiler that a kernel's headers ask for
 * @build: the folder /lib/modules/RELEASE/build
 *
 * Debian's headers name one: "gcc-12". Returns NULL if they name none.
 */
char *preflight_compiler(const char *build);

/**
 * preflight_rc - whether stap's rc file gives it an option
 * @option: "-D NAME" and such, or only how its last word starts
 */
int preflight_rc(const char *option);

/* As in linux/capability.h, which may be older than the kernel. */
#define PREFLIGHT_SYS_MODULE	16
#define PREFLIGHT_SYS_ADMIN	21
#define PREFLIGHT_PERFMON	38
#define PREFLIGHT_BPF		39

/**
 * preflight_capable - whether this process has a capability
 * @cap: PREFLIGHT_*
 */
int preflight_capable(int cap);

/**
 * preflight_read - the start of a small file
 * @path: the file
 * @buf: where to; always a string
 * @size: of buf
 *
 * Returns 0, or -1 if it cannot be read.
 */
int preflight_read(const char *path, char *buf, size_t size);

/**
 * preflight_in_path - whether a program is in $PATH
 * @pattern: its name, as the shell matches it
 */
int preflight_in_path(const char *pattern);

#endif
