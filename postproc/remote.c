/* remote.c - a live process, read from outside: its memory, its LuaJIT VMs,
 * the Lua stacks of its blocked threads.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "heapcopy.h"
#include "mem.h"
#include "remote.h"

/* -- The walking core --------------------------------------------------- */

struct lj_walk;
static int core_read(struct lj_walk *w, void *dst, size_t n, uint64_t addr);
static int core_out(struct lj_walk *w, const void *rec, size_t len);
static struct lj_dict *core_dict(struct lj_walk *w);

#define LJ_RD(w, dst, n, addr)	core_read(w, dst, n, addr)
#define LJ_OUT(w, rec, len)	core_out(w, rec, len)
#define LJ_ID(w, key, flags)	lj_dict_id(core_dict(w), key, flags)
#define LJ_ID_SENT(w, key)	lj_dict_sent(core_dict(w), key)
#define LJ_TASK(w)		lj_dict_task(core_dict(w), (w)->pid, (w)->tid)
#define LJ_VM(w, d, create)	lj_dict_vm(core_dict(w), (w)->pid, d, create)
#define LJ_LOCK(d)
#define LJ_UNLOCK(d)
#define LJ_WMB()
#define LJ_RMB()
#include "lj_dict.h"
#include "lj_walk.h"
#include "lj_layout_text.h"

#define PAGE		4096
#define CHUNK		256		/* pages read at once */
#define STRIDE		1024		/* less than a dispatch table */
#define BEFORE		0x2800		/* bytes from GG_State to its table */
#define NFAMILY		4096		/* traces tried to tell their layout */
#define NNAMES		4096		/* times a few names are looked for */
#define NFIND		8		/* ... to find the array of traces */
#define PROTO_READ	1024		/* bytes read at once to find a proto */
#define PROTO_READS	100

#define PM_PRESENT	(1ull << 63)	/* /proc/PID/pagemap */
#define PM_SWAPPED	(1ull << 62)

struct range {
	uint64_t lo, hi;
};

struct remote {
	struct lj_walk w;
	struct lj_dict dict;
	struct procmaps *maps;
	uint32_t pid;
	int pagemap;			/* or -1 */
	struct range *exec;		/* executable mappings, joined */
	size_t nexec, maxexec;
	struct remote_vm *vm;
	size_t nvms, maxvms;
	uint64_t skipped;		/* bytes swapped out and left there */
	uint64_t *buf;
	const struct heapcopy *copy;	/* or NULL */
	int ended;
	int (*out)(void *ctx, const void *rec, size_t len);
	void *ctx;
};

static struct remote *of(struct lj_walk *w)
{
	return (struct remote *)((char *)w - offsetof(struct remote, w));
}

static int core_read(struct lj_walk *w, void *dst, size_t n, uint64_t addr)
{
	return remote_read(of(w), dst, n, addr);
}

static int core_out(struct lj_walk *w, const void *rec, size_t len)
{
	struct remote *r = of(w);

	return r->out ? r->out(r->ctx, rec, len) : -1;
}

static struct lj_dict *core_dict(struct lj_walk *w)
{
	return &of(w)->dict;
}

void remote_from_copy(struct remote *r, const struct heapcopy *c)
{
	r->copy = c;
}

int remote_ended(const struct remote *r)
{
	return r->ended;
}

static int from_copy(const struct remote *r, void *dst, size_t n,
		     uint64_t addr)
{
	const unsigned char *p = heapcopy_at(r->copy, addr, n);

	if (!p)
		return -1;
	memcpy(dst, p, n);
	return 0;
}

int remote_read(struct remote *r, void *dst, size_t n, uint64_t addr)
{
	struct iovec l = { dst, n }, from = { (void *)(uintptr_t)addr, n };

	if (r->copy && !from_copy(r, dst, n, addr))
		return 0;
	if (process_vm_readv(r->pid, &l, 1, &from, 1, 0) == (ssize_t)n)
		return 0;
	r->ended |= errno == ESRCH;
	return -1;
}

size_t remote_read_many(struct remote *r, void *dst, size_t each,
			const uint64_t *addr, size_t n)
{
	struct iovec l = { dst, each * n }, from[REMOTE_MANY];
	ssize_t got;

	if (r->copy) {
		for (size_t i = 0; i < n; i++)
			if (remote_read(r, (char *)dst + i * each, each,
					addr[i]))
				return i;
		return n;
	}
	for (size_t i = 0; i < n; i++)
		from[i] = (struct iovec){ (void *)(uintptr_t)addr[i], each };
	got = process_vm_readv(r->pid, &l, 1, from, n, 0);
	return got < 0 ? 0 : got / each;
}

/* -- Opening ------------------------------------------------------------ */

static void find_exec(struct remote *r)
{
	for (size_t i = 0; i < r->maps->n; i++) {
		const struct procmap *m = &r->maps->map[i];

		if (!m->exec)
			continue;
		if (r->nexec && r->exec[r->nexec - 1].hi == m->start) {
			r->exec[r->nexec - 1].hi = m->end;
			continue;
		}
		r->exec = xgrow(r->exec, r->nexec, &r->maxexec,
				sizeof(*r->exec));
		r->exec[r->nexec++] = (struct range){ m->start, m->end };
	}
}

/* Some memory that every process has can be read. */
static int may_read(struct remote *r)
{
	char byte;

	for (size_t i = 0; i < r->maps->n; i++) {
		const struct procmap *m = &r->maps->map[i];

		if (!m->exec || m->path[0] != '/')
			continue;
		if (!remote_read(r, &byte, 1, m->start))
			return 1;
		if (errno == EPERM || errno == ESRCH || errno == ENOSYS)
			return 0;
	}
	return 1;
}

struct remote *remote_open(uint32_t pid)
{
	struct procmaps *maps = procmap_read(pid);
	struct remote *r;
	char *path;
	int err;

	if (!maps)
		return NULL;
	r = xcalloc(1, sizeof(*r));
	r->maps = maps;
	r->pid = pid;
	r->w.pid = pid;
	path = xasprintf("/proc/%" PRIu32 "/pagemap", pid);
	r->pagemap = open(path, O_RDONLY | O_CLOEXEC);
	free(path);
	find_exec(r);
	if (may_read(r))
		return r;
	err = errno;
	remote_close(r);
	errno = err;
	return NULL;
}

void remote_close(struct remote *r)
{
	if (!r)
		return;
	if (r->pagemap >= 0)
		close(r->pagemap);
	procmap_free(r->maps);
	free(r->exec);
	free(r->vm);
	free(r->buf);
	free(r);
}

const struct procmaps *remote_maps(const struct remote *r)
{
	return r->maps;
}

/* -- What layout? ------------------------------------------------------- */

/* The column that has all these values, if there is one. */
static void name_column(struct lj_layout *l)
{
	for (int i = 0; i < LJ_COL_MAX; i++) {
		struct lj_layout c = lj_columns[i];

		if (c.mode == l->mode &&
		    !memcmp(lj_layout_rel(&c), lj_layout_rel(l),
			    LJ_NREL * sizeof(lj_u16))) {
			l->col = i;
			return;
		}
	}
	l->col = LJ_COL_MAX;
}

/* Look for a compiled trace: it tells what else no member of G does. */
static int settle_traces(struct lj_walk *w)
{
	lj_u64 arr;
	lj_u32 size, no;

	for (no = 1; no <= NFIND && !w->lay.J_trace; no++)
		lj_find_traces(w, no);
	if (!w->lay.J_trace || lj_rd64(w, &arr, w->g + w->lay.J_trace) ||
	    lj_rd32(w, &size, w->g + w->lay.J_sizetrace))
		return 0;
	for (no = 1; no < size && no < NFAMILY; no++)
		if (lj_is_trace(w, arr, no)) {
			lj_trace_family(w);
			return 1;
		}
	return 0;
}

/* Where G must be, given its dispatch table: right behind a lua_State that
 * says so.
 */
static uint64_t find_g(struct remote *r, uint32_t mode, uint64_t d)
{
	struct lj_walk *w = &r->w;
	lj_u64 from = d > BEFORE ? d - BEFORE : 0, L, g;

	w->lay.mode = mode;
	for (L = (from + 7) & ~7ull; L + 64 < d; L += 8) {
		if (lj_rdref(w, &g, L + LJ_OBJ(w, L_glref))) {
			L = (L | (PAGE - 1)) - 7;	/* the next page */
			continue;
		}
		if (g > L + 56 && g <= L + 192 && g < d && lj_is_L(w, L, g))
			return g;
	}
	return 0;
}

/* Work the layout out. A coroutine that cur_L may name is needed: G has
 * few references to one.
 */
static int calibrate(struct lj_walk *w, uint32_t mode, uint64_t g, uint64_t d,
		     uint32_t nbc)
{
	uint32_t o, ref = mode == LJ_MODE_gc64 ? 8 : 4;
	lj_u64 L;

	w->check = LJD_check_CUR_L;
	for (o = 128; o < LJ_GIMAGE - 16; o += ref) {
		w->lay.mode = mode;
		if (lj_rdref(w, &L, g + o) || !lj_is_L(w, L, g))
			continue;
		if (!lj_meet(w, g, d, nbc, L) && !w->check)
			return 0;
	}
	w->g = g;
	w->lay.mode = mode;
	return -1;
}

/* What is not in the table, or torn just now. A running VM is now and then:
 * what does not fit is asked again. Sets w->check if it never did.
 */
static void insist(struct remote *r, uint64_t d, uint32_t words, uint64_t *g)
{
	const struct timespec ms = { 0, 1000000 };
	struct lj_walk *w = &r->w;
	uint32_t mode;

	for (mode = 0; mode < LJ_MODE_MAX && !*g; mode++)
		if (mode == LJ_MODE_gc64 || !(d >> 32))
			*g = find_g(r, mode, d);
	w->check = LJD_check_MAIN;
	mode--;
	for (int i = 0; i < LJ_TRIES && *g; i++) {
		nanosleep(&ms, NULL);
		w->check = 0;
		if (!lj_meet_table(w, d, words) && !w->check)
			return;
		if (i >= LJ_TRIES / 2 &&
		    !calibrate(w, mode, *g, d, lj_table_nbc(words)))
			return;
	}
}

static void meet(struct remote *r, uint64_t d, uint32_t words)
{
	struct lj_walk *w = &r->w;
	struct remote_vm *vm;
	uint64_t g = 0;

	memset(&w->regs, 0, sizeof(w->regs));
	w->regs.r14 = d;
	w->entry = NULL;
	w->check = 0;
	if (words == LJ_NDISP_20)
		w->check = LJD_check_V20;
	else if (lj_meet_table(w, d, words) || w->check)
		insist(r, d, words, &g);
	r->vm = xgrow(r->vm, r->nvms, &r->maxvms, sizeof(*r->vm));
	vm = &r->vm[r->nvms++];
	memset(vm, 0, sizeof(*vm));
	vm->d = d;
	vm->words = words;
	vm->check = w->check;
	vm->how = w->entry ? w->entry->how : 0;
	remote_read(r, &vm->code, 8, d);
	vm->g = g;
	if (!vm->check) {
		vm->g = w->g;
		vm->traces = settle_traces(w);
		name_column(&w->lay);
	}
	vm->lay = w->lay;
}

/* -- Finding dispatch tables -------------------------------------------- */

static int is_code(const struct remote *r, uint64_t v)
{
	size_t lo = 0, hi = r->nexec;

	if (!hi || v < r->exec[0].lo || v >= r->exec[hi - 1].hi)
		return 0;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->exec[mid].hi <= v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return r->exec[lo].lo <= v;
}

static int is_near(uint64_t a, uint64_t b)
{
	return a - b + LJ_VMSPAN < 2 * LJ_VMSPAN;
}

/* addr is in a table, perhaps: where does it begin? */
static void look_at(struct remote *r, uint64_t addr, uint64_t v)
{
	struct lj_walk *w = &r->w;
	uint64_t d = addr, word;
	uint32_t words;

	while (addr - d < 8 * 512 && !remote_read(r, &word, 8, d - 8) &&
	       is_near(word, v))
		d -= 8;
	if (r->nvms && r->vm[r->nvms - 1].d == d)
		return;
	words = lj_table_len(w, d);
	if (!words)
		return;
	/* Other interpreters have tables of labels, too. */
	w->g = d;
	w->lay.dispatch = 0;
	w->lay.nbc = lj_table_nbc(words);
	if (words == LJ_NDISP_20 || (w->lay.nbc && lj_is_static(w)))
		meet(r, d, words);
}

static void search(struct remote *r, uint64_t addr, size_t n)
{
	const uint64_t *p = r->buf;

	if (remote_read(r, r->buf, n, addr))
		return;
	for (size_t i = 0; i < n / 8; i += STRIDE / 8) {
		uint64_t v = p[i];

		/* A page's first word: its neighbour is the next one. */
		if (is_code(r, v) && is_near(p[i + 1], v) &&
		    is_near(p[i + 2], v))
			look_at(r, addr + i * 8, v);
		else if (i && is_code(r, v) && is_near(p[i - 1], v) &&
			 is_near(p[i - 2], v))
			look_at(r, addr + i * 8, v);
	}
}

/* What state shall pages be in to be read? */
static void search_map(struct remote *r, const struct procmap *m, uint64_t want)
{
	uint64_t page[CHUNK], addr = m->start;

	while (addr < m->end) {
		size_t n = (m->end - addr) / PAGE, i, first;

		if (n > CHUNK)
			n = CHUNK;
		if (r->pagemap < 0 ||
		    pread(r->pagemap, page, n * 8, addr / PAGE * 8) !=
		    (ssize_t)(n * 8))
			for (i = 0; i < n; i++)
				page[i] = PM_PRESENT;
		for (i = 0; i < n; i++) {
			first = i;
			while (i < n && page[i] & want)
				i++;
			if (i > first)
				search(r, addr + first * PAGE,
				       (i - first) * PAGE);
			if (i < n && page[i] & PM_SWAPPED)
				r->skipped += PAGE;
		}
		addr += n * PAGE;
	}
}

static void search_all(struct remote *r, uint64_t want)
{
	for (size_t i = 0; i < r->maps->n; i++) {
		const struct procmap *m = &r->maps->map[i];

		if (m->read && m->write && !m->shared)
			search_map(r, m, want);
	}
}

/* A table without its lua_State is what malloc() left of a VM that was
 * closed, if its code is that of another one.
 */
static void drop_remains(struct remote *r)
{
	size_t n = 0, i, k;

	for (i = 0; i < r->nvms; i++) {
		for (k = 0; k < r->nvms && !r->vm[i].g; k++)
			if (!r->vm[k].check &&
			    is_near(r->vm[k].code, r->vm[i].code))
				break;
		if (r->vm[i].g || k == r->nvms)
			r->vm[n++] = r->vm[i];
	}
	r->nvms = n;
}

size_t remote_find(struct remote *r, const struct remote_vm **vms)
{
	r->nvms = 0;
	r->skipped = 0;
	if (!r->buf)
		r->buf = xmalloc(CHUNK * PAGE);
	search_all(r, PM_PRESENT);
	/* Swapping in takes the target's memory: only if there is no other way. */
	if (!r->nvms && r->skipped)
		search_all(r, PM_SWAPPED);
	drop_remains(r);
	*vms = r->vm;
	return r->nvms;
}

/* -- Stacks of blocked threads ------------------------------------------ */

/* /proc/PID/task/TID/syscall: "NR ARG... SP PC", "-1 SP PC" or "running". */
static int blocked_at(uint32_t pid, uint32_t tid, uint64_t *sp, uint64_t *pc)
{
	char *path = xasprintf("/proc/%" PRIu32 "/task/%" PRIu32 "/syscall",
			       pid, tid), line[256], *at;
	FILE *f = fopen(path, "re");
	int ret = -1;

	free(path);
	if (!f)
		return -1;
	if (!fgets(line, sizeof(line), f))
		goto out;
	line[strcspn(line, "\n")] = 0;
	at = strrchr(line, ' ');
	if (!at)
		goto out;
	*pc = strtoull(at + 1, NULL, 16);
	*at = 0;
	at = strrchr(line, ' ');
	if (!at)
		goto out;
	*sp = strtoull(at + 1, NULL, 16);
	ret = *sp && *pc ? 0 : -1;
out:
	fclose(f);
	return ret;
}

/* What all samples begin with. */
static void begin(struct remote *r, uint32_t tid,
		  int (*out)(void *ctx, const void *rec, size_t len), void *ctx)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	r->w.time = ts.tv_sec * 1000000000ull + ts.tv_nsec;
	r->w.weight = 1;
	r->w.tid = tid;
	r->w.depth = LJD_MAXFRAMES;
	r->out = out;
	r->ctx = ctx;
}

int remote_sample(struct remote *r, uint32_t tid,
		  int (*out)(void *ctx, const void *rec, size_t len), void *ctx)
{
	struct lj_walk *w = &r->w;
	uint64_t sp, pc;
	int ret;

	if (blocked_at(r->pid, tid, &sp, &pc))
		return -1;
	begin(r, tid, out, ctx);
	w->regs = (struct lj_regs){ .ip = pc, .sp = sp };
	w->inkernel = 1;
	ret = lj_sample(w);
	lj_dict_sampled(&r->dict);
	r->out = NULL;
	return ret;
}

/* -- Coroutines, from memory alone -------------------------------------- */

int remote_sample_L(struct remote *r, const struct remote_vm *vm, uint64_t L,
		    uint32_t tid,
		    int (*out)(void *ctx, const void *rec, size_t len),
		    void *ctx)
{
	int ret;

	begin(r, tid, out, ctx);
	ret = lj_sample_L(&r->w, vm->d, L);
	lj_dict_sampled(&r->dict);
	r->out = NULL;
	return ret;
}

void remote_names(struct remote *r, const struct remote_vm *vm,
		  int (*out)(void *ctx, const void *rec, size_t len),
		  void *ctx)
{
	struct lj_walk *w = &r->w;

	begin(r, 0, out, ctx);
	if (!lj_load(w, vm->d) && !w->check) {
		lj_know_vm(w);
		for (int i = 0; i < NNAMES && w->entry->named != LJ_NAMED; i++)
			lj_name_some(w);
	}
	r->out = NULL;
}

/* -- The JIT compiler ----------------------------------------------------- */

/* place_id - dictionary id of the function, 0: there is none there */
static lj_u32 place_id(struct lj_walk *w, const struct remote_place *p,
		       lj_u32 *pos)
{
	lj_u64 i = (p->pc - p->pt - LJ_OBJ(w, pt_size)) >> 2;
	lj_u32 id = p->pt ? lj_proto_id(w, p->pt) : 0;

	*pos = 0;
	if (!id || i >= lj_obj32(w, LJ_OBJ(w, pt_sizebc)))
		return 0;
	*pos = i;
	return id;
}

/* place_sample - a sample of places, instead of a stack */
static int place_sample(struct lj_walk *w, const struct ljd_jit *jit)
{
	w->weight = jit->count;
	if (jit->at)
		lj_push(w, LJD_FRAME(LJD_frame_LUA, jit->at, jit->atpos));
	if (jit->proto && (jit->proto != jit->at || jit->pos != jit->atpos))
		lj_push(w, LJD_FRAME(LJD_frame_LUA, jit->proto, jit->pos));
	if (!w->n)
		w->flags |= LJD_sample_NOFRAME;
	if (lj_emit_sample(w))
		return -1;
	w->t.samples++;
	return 0;
}

int remote_jit(struct remote *r, const struct remote_vm *vm,
	       struct ljd_jit *jit, const struct remote_place *start,
	       const struct remote_place *at, int sample,
	       int (*out)(void *ctx, const void *rec, size_t len), void *ctx)
{
	struct lj_walk *w = &r->w;
	int ret = -1;

	begin(r, r->pid, out, ctx);
	if (lj_load(w, vm->d) || w->check)
		goto out;
	w->flags = 0;
	w->regs = (struct lj_regs){ 0 };
	lj_forget(w);
	w->vmstate = ~LJ_VMST_C;
	lj_know_vm(w);
	jit->time = w->time;
	jit->pid = r->pid;
	jit->vm = w->vm;
	if (start)
		jit->proto = place_id(w, start, &jit->pos);
	jit->at = place_id(w, at, &jit->atpos);
	w->rec.jit = *jit;
	ret = LJ_EMIT(w, jit, 0);
	if (!ret && sample && jit->what == LJD_jit_ABORT)
		ret = place_sample(w, jit);
	lj_emit_pending(w);
	lj_dict_sampled(&r->dict);
out:
	r->out = NULL;
	return ret;
}

/* Is there a GCproto at pt, with this instruction in it? */
static int holds(struct remote *r, const struct remote_vm *vm, uint64_t pt,
		 uint64_t pc)
{
	struct lj_walk *w = &r->w;

	w->lay = vm->lay;
	return !lj_rd(w, w->obj, LJ_OBJ(w, pt_size), pt) &&
	       lj_obj8(w, LJ_OBJ(w, pt_gct)) == LJ_TPROTO &&
	       (pc - pt - LJ_OBJ(w, pt_size)) >> 2 <
	       lj_obj32(w, LJ_OBJ(w, pt_sizebc)) && lj_is_proto(w, pt);
}

uint64_t remote_proto(struct remote *r, const struct remote_vm *vm,
		      uint64_t pc)
{
	uint32_t gct = LJ_OBJ(vm, pt_gct), before = gct & ~7u;
	uint64_t word[PROTO_READ / 8], hi, lo, pt;

	/* Behind the last word that may have the gct. */
	hi = (pc & ~7ull) - LJ_OBJ(vm, pt_size) + before + 8;
	for (unsigned i = 0; i < PROTO_READS; i++, hi = lo) {
		lo = (hi - 1) & ~(PROTO_READ - 1ull);	/* in one page */
		if (remote_read(r, word, hi - lo, lo))
			return 0;
		for (size_t k = (hi - lo) / 8; k-- > 0;) {
			pt = lo + k * 8 - before;
			if ((word[k] >> (gct & 7) * 8 & 0xff) == LJ_TPROTO &&
			    holds(r, vm, pt, pc))
				return pt;
		}
	}
	return 0;
}

void remote_number(struct remote *r, uint32_t lane, uint32_t ids)
{
	r->w.lane = lane;
	r->dict.last = ids;
}

void remote_tally(const struct remote *r, struct ljd_end *end)
{
#define T(name) end->name += r->w.t.name;
	LJ_TALLIES(T)
#undef T
}

uint64_t remote_running(struct remote *r, const struct remote_vm *vm,
			uint64_t *cframe)
{
	struct lj_walk *w = &r->w;
	lj_u64 L;

	if (lj_load(w, vm->d) || w->check)
		return 0;
	L = lj_imageref(w, LJ_REL(w, cur_L));
	if (!L || lj_check_L(w, L, w->g) || !w->cf)
		return 0;
	*cframe = w->cf;
	return L;
}
