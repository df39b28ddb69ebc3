/* tracefit.h - how well an IR instruction fits a bytecode.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the recorder (lj_record.c, lj_ffrecord.c, lj_crecord.c) makes for each
 * bytecode, and what folding leaves of it, as prices: 0, that is how it is
 * made; 1 and more, hardly ever. Does not print.
 */
#ifndef LJSTAP_TRACEFIT_H
#define LJSTAP_TRACEFIT_H

#include "trace.h"

/* A bytecode that the recorder may be at. */
struct fit_at {
	const struct trace *t;
	const struct trace_proto *tp;
	const struct bc_info *bc;
	uint32_t ins;
	uint32_t base;		/* of its frame; 0: not known */
	int in_lua;		/* a call that is known to go to a Lua function */
};

struct fit {
	double price;
	int main;		/* it is what the bytecode is for */
	uint32_t callee;	/* KGC of the function it makes sure of, or 0 */
};

/**
 * fit - the price of an instruction at a bytecode
 * @at: the bytecode
 * @ref: the instruction
 */
struct fit fit(const struct fit_at *at, uint32_t ref);

/**
 * fit_missing - the price of a bytecode that made nothing
 * @at: the bytecode
 * @ref: what is made next
 *
 * That is, nothing of what it is for: it was folded, or known from before.
 */
double fit_missing(const struct fit_at *at, uint32_t ref);

#endif
