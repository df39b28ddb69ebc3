/* heapcopy.c - all private memory of a live process, copied at once.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The target goes on running, so the window must be short: the memory is there
 * and touched before the first byte is copied, and the mappings are read right
 * before. What was mapped meanwhile is copied last.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "heapcopy.h"
#include "mem.h"
#include "procmap.h"

#define PAGE		4096
#define NPAGES		16384		/* of pagemap, read at once */
#define CHUNK		(1 << 20)	/* bytes copied at once */
#define SLACK		(64 << 20)	/* bytes it may have grown meanwhile */
#define BLOCKS		(1ull << (47 - HEAPCOPY_BLOCK))

#define PM_PRESENT	(1ull << 63)	/* /proc/PID/pagemap */
#define PM_SWAPPED	(1ull << 62)

/* struct plan - what is to be copied */
struct plan {
	struct heapcopy_range *range;
	size_t n, max;
	uint64_t bytes, swapped;
};

/* -- What is there? ----------------------------------------------------- */

/* An object may lie in two mappings, but in no page that was not touched. */
static void want_page(struct plan *p, uint64_t addr)
{
	struct heapcopy_range *last = p->n ? &p->range[p->n - 1] : NULL;

	p->bytes += PAGE;
	if (last && addr == last->hi) {
		last->hi += PAGE;
		return;
	}
	p->range = xgrow(p->range, p->n, &p->max, sizeof(*p->range));
	p->range[p->n++] = (struct heapcopy_range){ addr, addr + PAGE, 0 };
}

static void plan_map(struct plan *p, const struct procmap *m, int pagemap,
		     uint64_t *page)
{
	for (uint64_t addr = m->start; addr < m->end;) {
		size_t n = (m->end - addr) / PAGE, i;

		if (n > NPAGES)
			n = NPAGES;
		if (pagemap < 0 ||
		    pread(pagemap, page, n * 8, addr / PAGE * 8) !=
		    (ssize_t)(n * 8))
			for (i = 0; i < n; i++)
				page[i] = PM_PRESENT;
		for (i = 0; i < n; i++, addr += PAGE) {
			if (!(page[i] & (PM_PRESENT | PM_SWAPPED)))
				continue;
			if (page[i] & PM_SWAPPED)
				p->swapped += PAGE;
			want_page(p, addr);
		}
	}
}

static int make_plan(struct plan *p, uint32_t pid)
{
	struct procmaps *maps = procmap_read(pid);
	char *path = xasprintf("/proc/%" PRIu32 "/pagemap", pid);
	uint64_t *page = xmalloc(NPAGES * sizeof(*page));
	int pagemap = open(path, O_RDONLY | O_CLOEXEC);

	p->n = 0;
	p->bytes = p->swapped = 0;
	for (size_t i = 0; maps && i < maps->n; i++) {
		const struct procmap *m = &maps->map[i];

		if (m->read && m->write && !m->exec && !m->shared && !m->ino)
			plan_map(p, m, pagemap, page);
	}
	if (pagemap >= 0)
		close(pagemap);
	free(page);
	free(path);
	if (!maps)
		return -1;
	procmap_free(maps);
	return 0;
}

/* -- Room for it -------------------------------------------------------- */

/* Bytes this machine can still give, as far as it tells. */
static uint64_t available(void)
{
	FILE *f = fopen("/proc/meminfo", "re");
	unsigned long long kb, found = UINT64_MAX >> 10;
	char line[128];

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "MemAvailable: %llu kB", &kb) == 1)
			found = kb;
	if (f)
		fclose(f);
	return found << 10;
}

static void touch(unsigned char *p, size_t n)
{
#ifdef MADV_POPULATE_WRITE
	if (!madvise(p, n, MADV_POPULATE_WRITE))
		return;
#endif
	for (size_t i = 0; i < n; i += PAGE)
		((volatile unsigned char *)p)[i] = 0;
}

static void *map_zeros(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	madvise(p, n, MADV_DONTDUMP);
	return p;
}

static int make_room(struct heapcopy *c, uint64_t bytes)
{
	/* The walk takes a third of it again. */
	if (bytes / 3 * 4 > available())
		return -1;
	c->max = bytes + bytes / 4 + SLACK;
	c->bytes = map_zeros(c->max);
	c->block = map_zeros(BLOCKS * sizeof(*c->block));
	if (!c->bytes || !c->block)
		return -1;
	madvise(c->bytes, c->max, MADV_HUGEPAGE);
	touch(c->bytes, bytes);
	return 0;
}

/* -- Copying ------------------------------------------------------------ */

/* Sets c->ended if the process is not there any more. */
static void copy_range(struct heapcopy *c, uint32_t pid,
		       struct heapcopy_range r)
{
	uint64_t addr, n;

	r.at = c->n;
	if (r.hi - r.lo > c->max - c->n) {
		c->lost += r.hi - r.lo;
		return;
	}
	for (addr = r.lo; addr < r.hi; addr += n) {
		struct iovec to, from;
		ssize_t got;

		n = r.hi - addr < CHUNK ? r.hi - addr : CHUNK;
		to = (struct iovec){ c->bytes + r.at + (addr - r.lo), n };
		from = (struct iovec){ (void *)(uintptr_t)addr, n };
		got = process_vm_readv(pid, &to, 1, &from, 1, 0);
		if (got < 0 && errno == ESRCH)
			c->ended = 1;
		if (got < (ssize_t)n)
			c->lost += n - (got > 0 ? got : 0);
	}
	c->n += r.hi - r.lo;
	c->range = xgrow(c->range, c->nranges, &c->maxranges,
			 sizeof(*c->range));
	c->range[c->nranges++] = r;
}

/* What of r is not copied yet? The first `old` ranges are in order. */
static void copy_new(struct heapcopy *c, uint32_t pid, size_t old,
		     struct heapcopy_range r)
{
	size_t lo = 0, hi = old, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (c->range[mid].hi <= r.lo)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; r.lo < r.hi && lo < old && c->range[lo].lo < r.hi; lo++) {
		struct heapcopy_range part = { r.lo, c->range[lo].lo, 0 };

		if (part.lo < part.hi)
			copy_range(c, pid, part);
		r.lo = c->range[lo].hi;
	}
	if (r.lo < r.hi)
		copy_range(c, pid, r);
}

static int by_address(const void *a, const void *b)
{
	const struct heapcopy_range *x = a, *y = b;

	return x->lo < y->lo ? -1 : x->lo > y->lo;
}

static void make_index(struct heapcopy *c)
{
	qsort(c->range, c->nranges, sizeof(*c->range), by_address);
	for (size_t i = c->nranges; i-- > 0;) {
		const struct heapcopy_range *r = &c->range[i];
		uint64_t b = r->lo >> HEAPCOPY_BLOCK;

		for (; b <= (r->hi - 1) >> HEAPCOPY_BLOCK && b < BLOCKS; b++)
			c->block[b] = i + 1;
	}
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int copy_all(struct heapcopy *c, uint32_t pid, struct plan *p)
{
	double start;
	size_t old;

	if (make_plan(p, pid))
		return -1;
	start = now();
	for (size_t i = 0; i < p->n; i++)
		copy_range(c, pid, p->range[i]);
	c->swapped = p->swapped;
	c->seconds = now() - start;
	old = c->nranges;
	if (!make_plan(p, pid))
		for (size_t i = 0; i < p->n; i++)
			copy_new(c, pid, old, p->range[i]);
	make_index(c);
	errno = ESRCH;
	return c->ended ? -1 : 0;
}

struct heapcopy *heapcopy_take(uint32_t pid)
{
	struct heapcopy *c = xcalloc(1, sizeof(*c));
	struct plan p = { 0 };
	int err;

	if (make_plan(&p, pid))
		goto fail;
	errno = ENOMEM;
	if (make_room(c, p.bytes) || copy_all(c, pid, &p))
		goto fail;
	free(p.range);
	return c;
fail:
	err = errno;
	free(p.range);
	heapcopy_free(c);
	errno = err;
	return NULL;
}

void heapcopy_free(struct heapcopy *c)
{
	if (!c)
		return;
	if (c->bytes)
		munmap(c->bytes, c->max);
	if (c->block)
		munmap(c->block, BLOCKS * sizeof(*c->block));
	free(c->range);
	free(c);
}
