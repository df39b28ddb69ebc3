/* mapwatch.c - what processes map, as they do it: perf's side-band records.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An event that never counts, on each CPU, with a ring of its own. A record
 * holds the build-id if the kernel can (5.12 and later), else the inode.
 */
#include <config.h>

#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "mapwatch.h"
#include "mem.h"

#define RING_PAGES	8	/* a power of two; a record is some 150 bytes */

/* Newer than the oldest headers to build with. */
#define MMAP_BUILD_ID	(1 << 14)	/* PERF_RECORD_MISC_MMAP_BUILD_ID */

struct ring {
	int fd;
	struct perf_event_mmap_page *page;	/* NULL: no such CPU */
};

struct mapwatch {
	size_t bytes;		/* of a ring's data */
	uint32_t n;
	struct ring *ring;
	unsigned char *copy;	/* one record that goes around the end */
};

/* As perf_event_open(2) has it: PERF_RECORD_MMAP2. */
struct mmap2 {
	struct perf_event_header header;
	uint32_t pid, tid;
	uint64_t addr, len, pgoff;
	union {
		struct {
			uint32_t major, minor;
			uint64_t ino, generation;
		};
		struct {
			uint8_t idlen, spare[3];
			unsigned char id[20];
		};
	};
	uint32_t prot, flags;
	char path[];		/* and the time at the end */
};

/* -- Events --------------------------------------------------------------- */

static int open_event(uint32_t cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_DUMMY,
		.sample_type = PERF_SAMPLE_TIME,
		.mmap = 1,
		.mmap2 = 1,
		.sample_id_all = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.build_id = 1,
		.watermark = 1,
		.wakeup_watermark = UINT32_MAX,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1,
			 PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0 || errno != EINVAL)
		return fd;
	attr.build_id = 0;
	return syscall(SYS_perf_event_open, &attr, -1, cpu, -1,
		       PERF_FLAG_FD_CLOEXEC);
}

static int open_ring(struct mapwatch *w, struct ring *r, uint32_t cpu)
{
	void *p;

	r->fd = open_event(cpu);
	if (r->fd < 0)
		return errno == ENODEV ? 0 : -1;	/* possible, not there */
	p = mmap(NULL, w->bytes + sysconf(_SC_PAGESIZE),
		 PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (p == MAP_FAILED)
		return -1;
	r->page = p;
	return 0;
}

struct mapwatch *mapwatch_new(uint32_t cpus)
{
	struct mapwatch *w = xcalloc(1, sizeof(*w));

	w->bytes = RING_PAGES * sysconf(_SC_PAGESIZE);
	w->ring = xcalloc(cpus, sizeof(*w->ring));
	w->copy = xmalloc(UINT16_MAX);
	for (; w->n < cpus; w->n++)
		if (open_ring(w, &w->ring[w->n], w->n)) {
			w->n++;
			mapwatch_free(w);
			return NULL;
		}
	return w;
}

void mapwatch_free(struct mapwatch *w)
{
	if (!w)
		return;
	for (uint32_t i = 0; i < w->n; i++) {
		if (w->ring[i].page)
			munmap(w->ring[i].page,
			       w->bytes + sysconf(_SC_PAGESIZE));
		if (w->ring[i].fd >= 0)
			close(w->ring[i].fd);
	}
	free(w->ring);
	free(w->copy);
	free(w);
}

/* -- Records -------------------------------------------------------------- */

static void tell(const struct mmap2 *r, void (*fn)(void *, const struct mapped *),
		 void *ctx)
{
	const char *end = (const char *)r + r->header.size;
	struct mapped m = {
		.pid = r->pid,
		.start = r->addr,
		.end = r->addr + r->len,
		.offset = r->pgoff,
		.prot = r->prot,
		.path = r->path,
	};

	memcpy(&m.time, end - sizeof(m.time), sizeof(m.time));
	if (r->header.misc & MMAP_BUILD_ID) {
		m.id = r->id;
		m.idlen = r->idlen <= sizeof(r->id) ? r->idlen : 0;
	} else {
		m.dev = (uint64_t)r->major << 32 | r->minor;
		m.ino = r->ino;
	}
	if (r->path[0] != '/' || r->path[1] == '/')
		m.path = "";	/* [vdso], //anon */
	fn(ctx, &m);
}

/* record - the record at this place of the ring, in one piece */
static const struct perf_event_header *record(const struct mapwatch *w,
					      const unsigned char *data,
					      uint64_t at)
{
	const struct perf_event_header *h =
		(const void *)(data + at % w->bytes);
	size_t first = w->bytes - at % w->bytes;

	if (h->size <= first)
		return h;
	memcpy(w->copy, h, first);
	memcpy(w->copy + first, data, h->size - first);
	return (const void *)w->copy;
}

static size_t read_ring(struct mapwatch *w, struct ring *r,
			void (*fn)(void *, const struct mapped *), void *ctx)
{
	const unsigned char *data = (const unsigned char *)r->page +
				    sysconf(_SC_PAGESIZE);
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);
	uint64_t at = r->page->data_tail;
	size_t lost = 0;

	while (at < head) {
		const struct perf_event_header *h = record(w, data, at);
		const struct mmap2 *m = (const struct mmap2 *)h;

		if (h->size < sizeof(*h))
			break;
		if (h->type == PERF_RECORD_LOST)
			lost++;
		else if (h->type == PERF_RECORD_MMAP2 &&
			 h->size > sizeof(*m) + sizeof(uint64_t))
			tell(m, fn, ctx);
		at += h->size;
	}
	__atomic_store_n(&r->page->data_tail, head, __ATOMIC_RELEASE);
	return lost;
}

size_t mapwatch_read(struct mapwatch *w,
		     void (*fn)(void *ctx, const struct mapped *m), void *ctx)
{
	size_t lost = 0;

	for (uint32_t i = 0; w && i < w->n; i++)
		if (w->ring[i].page)
			lost += read_ring(w, &w->ring[i], fn, ctx);
	return lost;
}
