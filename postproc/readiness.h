/* readiness.h - can a collector be used on this machine, and on this process?
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Changes nothing. Does not print: it finds, for the commands to tell.
 */
#ifndef LJSTAP_READINESS_H
#define LJSTAP_READINESS_H

#include <stddef.h>
#include <stdint.h>

/* What was found: what is well, or what is wrong and what to do about it. */
struct finding {
	int good;
	char *text;
};

struct findings {
	struct finding *list;
	size_t n, max;
};

/**
 * readiness_stap - what SystemTap needs: rights, modules, stap, headers
 * @f: what is found is added
 */
void readiness_stap(struct findings *f);

/**
 * readiness_bpf - what the eBPF collector needs: rights, BTF, a kernel whose
 * verifier takes it; about 0.3 s
 * @f: what is found is added
 */
void readiness_bpf(struct findings *f);

/**
 * readiness_lua - whether `ljstap lua' was built
 * @f: what is found is added
 */
void readiness_lua(struct findings *f);

/**
 * readiness_process - whether there is a LuaJIT in a process
 * @f: what is found is added
 * @pid: the process
 */
void readiness_process(struct findings *f, uint32_t pid);

/**
 * readiness_bad - the first thing that is wrong
 * @f: what was found
 *
 * Returns NULL if all is well.
 */
const char *readiness_bad(const struct findings *f);

/**
 * readiness_free - forget what was found
 * @f: the findings
 */
void readiness_free(struct findings *f);

#endif
