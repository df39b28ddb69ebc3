/* test_unwind.c - callers of C code, as the compiler itself knows them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The test unwinds itself, from inside qsort() of the stripped C library.
 */
#include <config.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <ucontext.h>
#include <unistd.h>

#include "unit.h"
#include "unwind.h"

#define STACK	8192	/* words that are looked at */
#define DEEP	20

/* What the innermost function saw. */
static struct unwind_stack seen;
static uint64_t copy[STACK];
static uint64_t returns[2 * DEEP];	/* innermost first */
static size_t nreturns;

#define HERE()	((uint64_t)(uintptr_t)__builtin_return_address(0))

/* Registers in DWARF's order, as the C library has them in another one. */
static void take(const greg_t *g, uint64_t *r)
{
	static const int order[] = {
		REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP,
		REG_RSP, REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13,
		REG_R14, REG_R15, REG_RIP,
	};

	for (int i = 0; i < ELFFILE_NREGS; i++)
		r[i] = g[order[i]];
}

__attribute__((noinline)) static int innermost(void)
{
	int mem = open("/proc/self/mem", O_RDONLY);
	ucontext_t u;
	ssize_t n;

	returns[nreturns++] = HERE();
	getcontext(&u);
	take(u.uc_mcontext.gregs, seen.regs.r);
	seen.regs.known = (1u << ELFFILE_NREGS) - 1;
	seen.start = seen.regs.r[ELFFILE_SP] & ~7ull;
	n = pread(mem, copy, sizeof(copy), seen.start);
	close(mem);
	seen.n = n > 0 ? n / 8 : 0;
	seen.mem = copy;
	return seen.n > 0;
}

/* A frame of a size the compiler cannot know: found by the frame pointer. */
__attribute__((noinline)) static int deeper(int n)
{
	volatile char *room = __builtin_alloca(16 + 24 * n);
	int ret;

	room[0] = n;
	ret = n ? deeper(n - 1) : innermost();
	returns[nreturns++] = HERE();
	return ret + room[0];
}

static int once;

static int compare(const void *a, const void *b)
{
	if (!once++) {
		deeper(DEEP - 1);
		returns[nreturns++] = HERE();	/* in the C library */
	}
	return *(const int *)a - *(const int *)b;
}

__attribute__((noinline)) static int outer(void)
{
	int v[8] = { 5, 3, 8, 1, 9, 2, 7, 4 };

	qsort(v, 8, sizeof(*v), compare);
	returns[nreturns++] = HERE();
	return v[0];
}

static struct profile *self(void)
{
	struct profile *p = profile_new(NULL);
	FILE *f = fopen("/proc/self/maps", "r");
	char line[4096], path[4096];
	unsigned long start, end, off;

	while (f && fgets(line, sizeof(line), f)) {
		struct ljd_map m = { .pid = 1 };
		struct stat st;

		if (sscanf(line, "%lx-%lx %*s %lx %*s %*s %4095[^\n]", &start,
			   &end, &off, path) != 4 || stat(path, &st))
			continue;
		m.start = start;
		m.end = end;
		m.pgoff = off;
		m.ino = st.st_ino;
		m.size = st.st_size;
		m.mtime = st.st_mtime;
		m.n = strlen(path);
		profile_add_map(p, &m, path);
	}
	if (f)
		fclose(f);
	profile_finish(p);
	return p;
}

/* Each function we wrote down is there, in order. */
static void all_callers(const uint64_t *addr, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n && found < nreturns; i++)
		if (addr[i] + 1 == returns[found])
			found++;
	CHECK(found == nreturns);
	/* Ours, one or two of qsort()'s, main() and the C library's. */
	CHECK(n >= nreturns && n <= nreturns + 6);
}

static void whole(const struct profile *p)
{
	struct mapfiles *files = mapfiles_new(NULL, 0);
	uint64_t addr[UNWIND_MAX];
	size_t n;

	CHECK(unwind(p, files, &seen, addr, &n) == UNWIND_WHOLE);
	all_callers(addr, n);
	mapfiles_free(files);
}

/* Up to a stack pointer: what is there is the last. */
static void part(const struct profile *p)
{
	struct mapfiles *files = mapfiles_new(NULL, 0);
	struct unwind_stack s = seen;
	uint64_t addr[UNWIND_MAX];
	size_t n;

	s.end = seen.start + 16;
	CHECK(unwind(p, files, &s, addr, &n) == UNWIND_WHOLE);
	CHECK(n == 1);
	CHECK(addr[0] + 1 == returns[0]);
	/* Memory that ends first. */
	s = seen;
	s.n /= 4;
	CHECK(unwind(p, files, &s, addr, &n) == UNWIND_CUT);
	CHECK(n > 0 && n < nreturns && addr[0] + 1 == returns[0]);
	mapfiles_free(files);
}

static void without(const struct profile *p)
{
	struct mapfiles *files = mapfiles_new(NULL, 1);
	struct unwind_stack s = seen;
	uint64_t addr[UNWIND_MAX];
	size_t n;

	CHECK(unwind(p, files, &s, addr, &n) == UNWIND_NOFILE);
	CHECK(n == 0);
	s.regs.r[ELFFILE_PC] = 0x1234;
	CHECK(unwind(p, files, &s, addr, &n) == UNWIND_NOCODE);
	mapfiles_free(files);
}

int main(void)
{
	struct profile *p;

	seen.pid = 1;
	outer();
	p = self();
	whole(p);
	part(p);
	without(p);
	profile_free(p);
	return unit_verdict();
}
