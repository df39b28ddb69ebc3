/* test_symbolize.c - this program's own functions, found by their address;
 * other files not taken for the one that ran; damaged ELF files survived.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "mem.h"
#include "symbolize.h"
#include "unit.h"

int test_symbolize_me(int x);

__attribute__((noinline)) int test_symbolize_me(int x)
{
	return x + unit_checked;
}

/* The mapping of an address in this process, with its file's identity. */
static int map_of(uint64_t addr, struct ljd_map *m, char *path, size_t size)
{
	FILE *f = fopen("/proc/self/maps", "r");
	char line[4400];
	struct stat st;
	int found = 0;

	memset(m, 0, sizeof(*m));
	while (f && !found && fgets(line, sizeof(line), f)) {
		int at = 0;

		line[strcspn(line, "\n")] = 0;
		sscanf(line, "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64
		       " %*s %*s %n", (uint64_t *)&m->start,
		       (uint64_t *)&m->end, (uint64_t *)&m->pgoff, &at);
		snprintf(path, size, "%s", line + at);
		found = addr >= m->start && addr < m->end;
	}
	if (f)
		fclose(f);
	if (!found || stat(path, &st))
		return -1;
	m->ino = st.st_ino;
	m->size = st.st_size;
	m->mtime = st.st_mtime;
	m->n = strlen(path);
	return 0;
}

static const char *name_at(const struct ljd_map *m, const char *path,
			   uint64_t addr, const char *sysroot, int off)
{
	static char name[4096];
	struct profile *p = profile_new(NULL);
	struct mapfiles *files;
	struct symbolize *s;
	struct ljd_map r = *m;

	r.n = strlen(path);
	profile_add_map(p, &r, path);
	profile_finish(p);
	files = mapfiles_new(sysroot, off);
	s = symbolize_new(p, files);
	snprintf(name, sizeof(name), "%s",
		 symbolize_addr(s, profile_map_at(p, 0, addr, 0), addr));
	symbolize_free(s);
	mapfiles_free(files);
	profile_free(p);
	return name;
}

static void own_name(void)
{
	uint64_t addr = (uintptr_t)test_symbolize_me + 1;
	char path[4096], deleted[4200], want[4200];
	struct ljd_map m;

	if (map_of(addr, &m, path, sizeof(path))) {
		puts("cannot read /proc/self/maps: own names not checked");
		return;
	}
	diag_reset(NULL);
	CHECK_STR(name_at(&m, path, addr, NULL, 0), "test_symbolize_me");
	snprintf(deleted, sizeof(deleted), "%s (deleted)", path);
	CHECK_STR(name_at(&m, deleted, addr, NULL, 0), "test_symbolize_me");
	snprintf(want, sizeof(want), "[%s+0x%" PRIx64 "]",
		 strrchr(path, '/') + 1,
		 (uint64_t)(addr - m.start + m.pgoff));
	CHECK_STR(name_at(&m, path, addr, NULL, 1), want);
	m.mtime++;
	CHECK_STR(name_at(&m, path, addr, NULL, 0), want);
	/* With a sysroot the user vouches for the file. */
	CHECK_STR(name_at(&m, path, addr, "/", 0), "test_symbolize_me");
	CHECK_STR(name_at(&m, path, addr, "/nowhere", 0), want);
	CHECK(diag_status() == DIAG_OK);
}

static void no_file(void)
{
	struct ljd_map m = { .start = 0x1000, .end = 0x3000, .pgoff = 0x100 };

	CHECK_STR(name_at(&m, "/no/such.so", 0x2000, NULL, 0),
		  "[such.so+0x1100]");
	CHECK_STR(name_at(&m, "[vdso]", 0x2000, NULL, 0), "[vdso]");
	CHECK_STR(name_at(&m, "/dev/zero", 0x2000, NULL, 0), "[zero+0x1100]");
	CHECK_STR(name_at(&m, "/", 0x2000, NULL, 0), "[/+0x1100]");
}

/* -- Damaged files ------------------------------------------------------ */

static unsigned char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	unsigned char *p = NULL;
	struct stat st;

	if (!f || fstat(fileno(f), &st))
		return NULL;
	*n = st.st_size;
	p = xmalloc(*n);
	if (fread(p, *n, 1, f) != 1)
		*n = 0;
	fclose(f);
	return p;
}

static void hostile(const char *path)
{
	char temp[] = "symbolize.XXXXXX", full[4200], cwd[4096];
	struct ljd_map m = { .start = 0, .end = 1ull << 40 };
	size_t n = 0;
	unsigned char *p = slurp(path, &n);
	uint64_t seed = 1;
	int fd;

	if (!n || !getcwd(cwd, sizeof(cwd))) {
		printf("no %s: damaged files not checked\n", path);
		free(p);
		return;
	}
	fd = mkstemp(temp);
	snprintf(full, sizeof(full), "%s/%s", cwd, temp);
	for (int i = 0; i < 400; i++) {
		unsigned char *bad = xmalloc(n);
		size_t len = i % 8 ? n : n - n / (i / 8 + 2);

		memcpy(bad, p, n);
		for (int k = 0; k < 1 + i % 20; k++) {
			seed = seed * 6364136223846793005ull + 1;
			/* Headers first, they matter most. */
			bad[(seed >> 33) % (k % 2 ? n : 64 + 56 * 12)] ^=
				seed >> 25;
		}
		if (ftruncate(fd, 0) || pwrite(fd, bad, len, 0) < 0)
			exit(99);
		free(bad);
		for (uint64_t a = 0; a < n; a += n / 7 + 1)
			CHECK(*name_at(&m, full, a, "", 0));
	}
	close(fd);
	unlink(temp);
	free(p);
}

int main(void)
{
	own_name();
	no_file();
	hostile("./ljstap");
	return unit_verdict();
}
