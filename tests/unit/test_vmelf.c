/* test_vmelf.c - the layout in the machine code of this machine's LuaJIT:
 * each piece of it is needed, changed ones are seen, damage is survived.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: test_vmelf [FILE...]
 */
#include <config.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mem.h"
#include "unit.h"
#include "vmelf.h"

static const char *const luajits[] = {
	"/usr/lib/x86_64-linux-gnu/libluajit-5.1.so.2",
	"/usr/lib64/libluajit-5.1.so.2",
	"/usr/bin/luajit",
};

static char temp[] = "vmelf.XXXXXX";

static unsigned char *slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	unsigned char *p = NULL;
	struct stat st;

	*n = 0;
	if (!f)
		return NULL;
	if (!fstat(fileno(f), &st)) {
		p = xmalloc(st.st_size);
		*n = fread(p, 1, st.st_size, f);
	}
	fclose(f);
	return p;
}

static int read_path(const char *path, struct vmelf *v)
{
	struct elffile *f = elffile_open(path);
	int ret = f ? vmelf_read(f, v) : -1;

	elffile_close(f);
	return ret;
}

static int read_bytes(const unsigned char *p, size_t n, struct vmelf *v)
{
	FILE *f = fopen(temp, "w");

	if (!f || fwrite(p, 1, n, f) != n || fclose(f))
		exit(99);
	return read_path(temp, v);
}

/* Whatever the release: what the members are to each other. */
static void sound(const struct vmelf *v)
{
	const struct lj_layout *l = &v->seen;
	unsigned ref = l->mode == LJ_MODE_gc64 ? 8 : 4;

	CHECK(v->framed && v->copies == 1 && !v->v20 && !v->odd);
	CHECK(v->end - v->start > 0x2000 && v->end - v->start < 0x8000);
	CHECK(l->vmstate && l->vmstate < l->cur_L);
	CHECK(l->jit_base == l->cur_L + ref);
	CHECK(l->jit_base < l->J_trace && l->J_trace < l->dispatch);
	CHECK(l->L_size > lj_obj_L_stacksize[l->mode]);
	CHECK(v->nfits >= 1);
	CHECK(vmelf_openresty(v, l) == v->exdata);
}

/* Change the 32 bit operand of every instruction that starts so. */
static unsigned change(unsigned char *p, const struct vmelf *v, size_t ofs,
		       const char *op, size_t len, int by, unsigned most)
{
	unsigned done = 0;

	for (size_t i = ofs; i + 8 < ofs + (v->end - v->start); i++) {
		int32_t x;

		if (memcmp(p + i, op, len) || done == most)
			continue;
		memcpy(&x, p + i + len, 4);
		x += by;
		memcpy(p + i + len, &x, 4);
		done++;
	}
	return done;
}

/* Where the code is in the file. */
static size_t offset(const char *path, const struct vmelf *v)
{
	struct elffile *f = elffile_open(path);
	struct elffile_segment s;
	size_t ofs = 0;

	for (size_t i = 0; !elffile_segment(f, i, &s); i++)
		if (s.n && v->start >= s.vaddr && v->start - s.vaddr < s.n)
			ofs = s.offset + (v->start - s.vaddr);
	elffile_close(f);
	return ofs;
}

static void changed(const char *path, const struct vmelf *v)
{
	int gc64 = v->seen.mode == LJ_MODE_gc64;
	size_t n, at = offset(path, v);
	unsigned char *good = slurp(path, &n), *p = xmalloc(n);
	struct vmelf w;

#define TRY(op, by, most, expect) do { \
	memcpy(p, good, n); \
	CHECK(change(p, v, at, op, sizeof(op) - 1, by, most)); \
	CHECK(read_bytes(p, n, &w) == 0 && (expect)); \
} while (0)
	/* A member elsewhere: told, and in no column. */
	TRY("\x41\xc7\x86", 8, 99, w.seen.vmstate == v->seen.vmstate + 8 &&
	    !w.nfits);
	/* The code is not of one mind: not told. */
	TRY("\x41\xc7\x86", 8, 6, !w.seen.vmstate);
	if (gc64)
		TRY("\x49\x89\x96", 8, 99, !w.seen.cur_L && !w.nfits);
	else
		TRY("\x41\x89\x96", 4, 99, !w.seen.cur_L && !w.nfits);
	/* Another lua_State, another GCproto. */
	if (gc64)
		TRY("\x48\x89\x55", 8, 99, w.odd && !w.nfits);
	if (gc64)
		TRY("\x4c\x8b\x7b", 8, 99, w.odd && !w.nfits);
	else
		TRY("\x44\x8b\x7b", 8, 99, w.odd && !w.nfits);
#undef TRY
	/* DISPATCH that is not one thing: no layout at all. */
	memcpy(p, good, n);
	CHECK(change(p, v, at, gc64 ? "\x49\x81\xc6" : "\x41\x81\xc6", 3, 8,
		     1));
	CHECK(read_bytes(p, n, &w) == -1);
	free(good);
	free(p);
}

static void hostile(const char *path, const struct vmelf *v)
{
	size_t n, at = offset(path, v), len = v->end - v->start;
	unsigned char *good = slurp(path, &n), *p = xmalloc(n);
	uint64_t seed = 1;
	unsigned found = 0;
	struct vmelf w;

	for (int i = 0; i < 300; i++) {
		memcpy(p, good, n);
		for (int k = 0; k < 1 + i % 20; k++) {
			size_t where;

			seed = seed * 6364136223846793005ull + 1;
			where = (seed >> 33) % (k % 3 == 0 ? 64 + 56 * 12 :
						k % 3 == 1 ? n : len);
			p[where + (k % 3 == 2 ? at : 0)] ^= seed >> 25;
		}
		found += !read_bytes(p, i % 8 ? n : n - n / (i / 8 + 2), &w);
	}
	printf("%s: VM found in %u of 300 damaged ones\n", path, found);
	CHECK(found > 10 && found < 300);
	free(good);
	free(p);
}

static int all_of(const char *path)
{
	struct vmelf v;

	if (access(path, R_OK))
		return 0;
	CHECK(!read_path(path, &v));
	sound(&v);
	changed(path, &v);
	hostile(path, &v);
	return 1;
}

int main(int argc, char **argv)
{
	struct vmelf v;
	int found = 0, fd = mkstemp(temp);

	close(fd);
	CHECK(read_path("./ljstap", &v) == -1);
	CHECK(read_path("/no/such/file", &v) == -1);
	for (int i = 1; i < argc; i++)
		found += all_of(argv[i]);
	for (size_t i = 0; i < sizeof(luajits) / sizeof(luajits[0]); i++)
		if (argc < 2 && !found)
			found += all_of(luajits[i]);
	if (!found)
		puts("no LuaJIT here: nothing of it checked");
	unlink(temp);
	return unit_verdict();
}
