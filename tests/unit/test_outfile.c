/* test_outfile.c - output is there and whole, or not there.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "outfile.h"
#include "unit.h"

static char dir[] = "outfile.XXXXXX";

static long size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : (long)st.st_size;
}

static void write_it(const char *path, const char *text, int keep, int want)
{
	struct outfile *o = outfile_open(path);

	CHECK(o);
	if (!o)
		return;
	fputs(text, outfile_stream(o));
	CHECK(outfile_close(o, keep) == want);
}

int main(void)
{
	char file[64], link[64];

	diag_reset(NULL);
	if (!mkdtemp(dir))
		return 99;
	snprintf(file, sizeof(file), "%s/file", dir);
	snprintf(link, sizeof(link), "%s/link", dir);
	write_it(file, "hello", 1, 0);
	CHECK(size_of(file) == 5);
	write_it(file, "longer text", 0, -1);
	CHECK(size_of(file) == 5);
	/* Through a link to the file itself. */
	CHECK(!symlink("file", link));
	write_it(link, "four", 1, 0);
	CHECK(size_of(file) == 4);
	CHECK(!unlink(link));
	CHECK(diag_status() == DIAG_OK);
	if (!access("/dev/full", W_OK)) {
		write_it("/dev/full", "x", 1, -1);
		CHECK(diag_status() == DIAG_UNUSABLE);
		CHECK(!access("/dev/full", F_OK));
	}
	CHECK(!outfile_open("/no/such/dir/file"));
	CHECK(!outfile_open(dir));
	CHECK(outfile_close(NULL, 1) == -1);
	CHECK(!unlink(file));
	CHECK(!rmdir(dir));	/* no temporary file is left */
	return unit_verdict();
}
