/* test_amount.c - numbers and units in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "amount.h"
#include "unit.h"

int main(void)
{
	char buf[AMOUNT_TEXT];

	CHECK_STR(amount_text(0, "bytes", buf), "0 bytes");
	CHECK_STR(amount_text(1023, "bytes", buf), "1023 bytes");
	CHECK_STR(amount_text(1024, "bytes", buf), "1.0 KiB");
	CHECK_STR(amount_text(12.75 * 1048576, "bytes", buf), "12.8 MiB");
	CHECK_STR(amount_text(1.5 * 1073741824, "bytes", buf), "1.50 GiB");
	CHECK_STR(amount_text(5e15, "bytes", buf), "4656612.87 GiB");
	CHECK_STR(amount_text(999, "nanoseconds", buf), "999 ns");
	CHECK_STR(amount_text(1000, "nanoseconds", buf), "1.0 \302\265s");
	CHECK_STR(amount_text(98.76e6, "nanoseconds", buf), "98.8 ms");
	CHECK_STR(amount_text(3914047138., "nanoseconds", buf), "3.91 s");
	CHECK_STR(amount_text(3.6e12, "nanoseconds", buf), "3600.00 s");
	CHECK_STR(amount_text(5e6, "samples", buf), "5000000 samples");
	CHECK(amount_scaled("bytes") && !amount_scaled("samples"));
	return unit_verdict();
}
