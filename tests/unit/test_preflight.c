/* test_preflight.c - versions are compared, programs are found.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <unistd.h>

#include "mem.h"
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
	CHECK(preflight_pair(V(5, 6, 0), V(5, 10, 262)));
	CHECK(!preflight_pair(V(5, 6, 0), V(5, 9, 999)));
	CHECK(!preflight_pair(V(5, 1, 0), V(6, 12, 107)));
	CHECK(!preflight_pair(V(5, 1, 0), V(6, 1, 192)));
	CHECK(!preflight_pair(V(4, 8, 0), V(6, 1, 102)));
	CHECK(!preflight_pair(0, 0));
	CHECK(preflight_pair(V(5, 1, 0), V(7, 3, 4)));
	CHECK(!preflight_pair(V(5, 1, 0), V(7, 3, 4))->option);
	CHECK_STR(preflight_pair(V(5, 6, 0), V(7, 3, 4))->option,
		  "-D task_euid=task_uid");
}

static void put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static void rc(const char *dir)
{
	char *path = xasprintf("%s/rc", dir);

	setenv("SYSTEMTAP_DIR", dir, 1);
	CHECK(!preflight_rc("-D ONE"));		/* no file */
	put(path, "# -D ONE\n-D TWO=x -B CC=gcc-12");
	CHECK(!preflight_rc("-D ONE"));
	CHECK(preflight_rc("-D TWO=x"));
	CHECK(preflight_rc("CC="));
	put(path, "-B KCFLAGS=-Dx\n-DONE\n");
	CHECK(preflight_rc("-D ONE"));
	CHECK(!preflight_rc("CC="));
	unsetenv("SYSTEMTAP_DIR");
	setenv("HOME", "/no/such/home", 1);
	CHECK(!preflight_rc("-D ONE"));
	unlink(path);
	free(path);
}

static void compiler_is(const char *dir, const char *text, const char *want)
{
	char *path = xasprintf("%s/.kernelvariables", dir), *got;

	put(path, text);
	got = preflight_compiler(dir);
	CHECK_STR(got ? got : "none", want);
	free(got);
	unlink(path);
	free(path);
}

/* as the headers of Debian 11, 12 and 14 say it */
static void compiler(const char *dir)
{
	char *none = preflight_compiler(dir);

	CHECK(!none);
	free(none);
	compiler_is(dir, "override ARCH = x86\n"
		    "CC = $(if $(DEBIAN_KERNEL_USE_CCACHE),$(CCACHE)) "
		    "$(CROSS_COMPILE)gcc-10\n"
		    "ifneq ($(DEB_BUILD_ARCH),$(DEB_HOST_ARCH))\n"
		    "override CROSS_COMPILE = $(DEB_HOST_GNU_TYPE)-\nendif\n",
		    "gcc-10");
	compiler_is(dir, "CC = $(CROSS_COMPILE)gcc-16\n"
		    "override CROSS_COMPILE = x86_64-linux-gnu-\n",
		    "x86_64-linux-gnu-gcc-16");
	compiler_is(dir, "override ARCH = x86\n", "none");
	compiler_is(dir, "CC = clang-19\n", "none");
}

int main(void)
{
	char dir[] = "preflight.XXXXXX";

	versions();
	pairs();
	CHECK(mkdtemp(dir));
	rc(dir);
	compiler(dir);
	rmdir(dir);
	CHECK(preflight_in_path("sh"));
	CHECK(preflight_in_path("[s]h"));
	CHECK(!preflight_in_path("no-such-program"));
	return unit_verdict();
}
