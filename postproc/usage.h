/* usage.h - the CPU usage that dumps tell of, as a table over time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_USAGE_H
#define LJSTAP_USAGE_H

#include "curve.h"
#include "input.h"

/**
 * usage_read - percent of a CPU over time, a column for each dump
 * @in: the dumps
 * @n: how many, at most CURVE_SERIES
 *
 * Times are seconds from the start of each dump. The rows are those of the
 * longest dump; others are interpolated. Returns NULL, having said why, if a
 * dump has no points.
 */
struct curve *usage_read(struct input *const *in, size_t n);

#endif
