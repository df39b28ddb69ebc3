/* test_preflight.c - versions are compared, programs are found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include "preflight.h"
#include "unit.h"

#define V	PREFLIGHT_VERSION

static void versions(void)
{
	CHECK(preflight_version("4.8/0.188") == V(4, 8, 0));
	CHECK(preflight_version("6.1.0-56-amd64") == V(6, 1, 0));
	CHECK(preflight_version("5.10.262") == V(5, 10, 262));
	CHECK(!preflight_version("none"));
	CHECK(!preflight_version(""));
	CHECK(preflight_kernel("6.1.0-56-amd64",
			       "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-1 (x)")
	      == V(6, 1, 192));
	CHECK(preflight_kernel("6.12.7", "#1 SMP") == V(6, 12, 7));
	CHECK(V(5, 10, 0) > V(5, 9, 999));
}

static void pairs(void)
{
	CHECK(preflight_pair(V(4, 8, 0), V(6, 1, 192)));
	CHECK(preflight_pair(V(4, 4, 0), V(5, 10, 262)));
	CHECK(!preflight_pair(V(4, 4, 0), V(5, 10, 223)));
	CHECK(preflight_pair(V(5, 6, 0), V(7, 3, 4)));
	CHECK(!preflight_pair(V(5, 6, 0), V(7, 2, 12)));
	CHECK(!preflight_pair(V(5, 6, 0), V(6, 12, 117)));
	CHECK(!preflight_pair(V(5, 6, 0), V(6, 1, 192)));
	CHECK(preflight_pair(V(5, 1, 0), V(6, 12, 107)));
	CHECK(!preflight_pair(V(5, 1, 0), V(6, 1, 192)));
	CHECK(!preflight_pair(0, 0));
}

int main(void)
{
	versions();
	pairs();
	CHECK(preflight_in_path("sh"));
	CHECK(preflight_in_path("[s]h"));
	CHECK(!preflight_in_path("no-such-program"));
	return unit_verdict();
}
