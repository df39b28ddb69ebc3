/* amount.h - a number and its unit, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Does not print.
 */
#ifndef LJSTAP_AMOUNT_H
#define LJSTAP_AMOUNT_H

#define AMOUNT_TEXT	32

/**
 * amount_scaled - whether large numbers of a unit are told in multiples
 * @unit: the unit
 */
int amount_scaled(const char *unit);

/**
 * amount_text - "417 bytes", "3.4 KiB", "97.6 MiB", "1.20 GiB", "417 ns", "3.4 us",
 * "97.6 ms", "1.20 s", "417 samples"
 * @v: the number
 * @unit: its unit
 * @buf: gets the text
 *
 * Returns buf. templates/flame.js does the same.
 */
const char *amount_text(double v, const char *unit, char buf[AMOUNT_TEXT]);

#endif
