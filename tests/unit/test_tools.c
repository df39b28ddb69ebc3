/* test_tools.c - the table of tools, and names that are nearly in it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>

#include "tools.h"
#include "unit.h"

static const char *find(const char *name)
{
	const struct tool *t = tool_find(name);

	return t ? t->name : "none";
}

static const char *near(const char *name)
{
	const struct tool *t = tool_near(name);

	return t ? t->name : "none";
}

/* Each is found by all its names; the alphabet is the order of a list. */
static void test_all(void)
{
	const struct tool *t;
	char name[TOOL_MODULE];
	size_t n;

	t = tools(&n);
	CHECK(n >= 6);
	for (size_t i = 0; i < n; i++) {
		CHECK(!i || strcmp(t[i - 1].name, t[i].name) < 0);
		CHECK(!strncmp(t[i].name, "lj-", 3));
		CHECK(t[i].by && (t[i].what != COLLECT_N) ==
		      ((t[i].by & TOOL_BPF) != 0));
		CHECK(tool_find(t[i].name) == &t[i]);
		CHECK(tool_find(t[i].name + 3) == &t[i]);
		tool_module(&t[i], name);
		CHECK(!strchr(name, '-'));
		CHECK(tool_find(name) == &t[i]);
	}
}

static void test_names(void)
{
	char big[200];

	CHECK_STR(find("lj-cpu-flame.stp"), "lj-cpu-flame");
	CHECK_STR(find("cpu-flame.stp"), "lj-cpu-flame");
	CHECK_STR(find("cpu-flame.ko"), "none");
	CHECK_STR(find(""), "none");
	CHECK_STR(find("lj-"), "none");
	CHECK_STR(find(".stp"), "none");
	CHECK_STR(near("cpu-flam"), "lj-cpu-flame");
	CHECK_STR(near("lj-cup-flame"), "lj-cpu-flame");
	CHECK_STR(near("off-cpu-flame"), "lj-offcpu-flame");
	CHECK_STR(near("states"), "lj-vm-states");
	CHECK_STR(near("modules"), "lj-loaded-modules");
	CHECK_STR(near("xyzzy"), "none");
	CHECK_STR(near(""), "none");
	memset(big, 'a', sizeof(big));
	big[sizeof(big) - 1] = 0;
	CHECK_STR(find(big), "none");
	CHECK_STR(near(big), "none");
}

int main(void)
{
	test_all();
	test_names();
	return unit_verdict();
}
