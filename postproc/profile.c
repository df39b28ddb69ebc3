/* profile.c - the model: what a dump says, with its pieces put together.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "layout.h"
#include "mem.h"
#include "profile.h"

#define LJ_CODE_RD(c, section, ofs, dst, n) \
	profile_section((c)->of, section, ofs, dst, n)
#define LJ_CODE_KNAME(c, idx)	-1	/* no names here */
#include "lj_debug.h"

/* More than any real weight: 4.9 hours in ns. Keeps sums from wrapping. */
#define MAXWEIGHT	(1ull << 44)

/* Records between what the JIT compiler did and the sample of that. */
#define NEAR	16

struct profile_private {
	struct pool *text;	/* paths */
	struct pool *frames;	/* stacks, as bytes */
	char **meta;
	size_t nmeta, maxmeta;
	size_t maxmaps, maxbuildids, maxprotos, maxsums;
	struct profile_want want;
	struct index *sums;	/* hash of a key -> the last sum with it */
	long *next;		/* sum before of the same hash, or -1 */
	size_t maxnext;
	struct index *maps;	/* hash of pid and start -> the last such map */
	int unsettled;		/* mappings were added since they were sorted */
	uint32_t epoch;		/* changes of mappings so far */
	struct pool *pieces;	/* each with what it is a piece of */
	struct index *protos;	/* id -> number, as the next three */
	struct profile_vm *vm;
	size_t nvms, maxvms;
	struct index *vms;
	struct ljd_cfunc *cfunc;
	size_t ncfuncs, maxcfuncs;
	struct index *cfuncs;
	size_t maxtraces;
	struct index *traces;
	struct profile_file *file;
	size_t nfiles, maxfiles, maxjits;
	struct index *files;	/* id -> number */
	struct index *ffnames;	/* key of profile_ffname() -> text */
};

struct profile *profile_new(const struct profile_want *want)
{
	struct profile *p = xcalloc(1, sizeof(*p));
	struct profile_private *v = xcalloc(1, sizeof(*v));

	v->text = pool_new();
	v->frames = pool_new();
	v->pieces = pool_new();
	v->maps = index_new();
	v->sums = index_new();
	if (want)
		v->want = *want;
	v->protos = index_new();
	v->vms = index_new();
	v->cfuncs = index_new();
	v->traces = index_new();
	v->files = index_new();
	v->ffnames = index_new();
	p->priv = v;
	return p;
}

static void free_proto(struct profile_proto *pt)
{
	for (unsigned s = 0; s < PROFILE_SECTIONS; s++)
		free(pt->section[s].piece);
	free(pt->chunk);
}

static void free_private(struct profile_private *v)
{
	for (size_t i = 0; i < v->nmeta; i++)
		free(v->meta[i]);
	for (size_t i = 0; i < v->nvms; i++)
		free(v->vm[i].handler);
	free(v->meta);
	free(v->vm);
	free(v->cfunc);
	pool_free(v->text);
	pool_free(v->frames);
	index_free(v->protos);
	index_free(v->vms);
	index_free(v->cfuncs);
	index_free(v->traces);
	index_free(v->files);
	free(v->file);
	index_free(v->ffnames);
	index_free(v->sums);
	index_free(v->maps);
	pool_free(v->pieces);
	free(v->next);
	free(v);
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->nprotos; i++)
		free_proto(&p->proto[i]);
	for (size_t i = 0; i < p->ntraces; i++)
		for (unsigned s = 0; s < PROFILE_TSECTIONS; s++)
			free(p->trace[i].section[s].piece);
	free_private(p->priv);
	free(p->map);
	free(p->buildid);
	free(p->proto);
	free(p->trace);
	free(p->sum);
	free(p->jit);
	free(p);
}

static char *text(const void *s, size_t n)
{
	char *t = xmalloc(n + 1);

	if (n)
		memcpy(t, s, n);
	t[n] = 0;
	return t;
}

void profile_add_meta(struct profile *p, const void *s, size_t n)
{
	struct profile_private *v = p->priv;

	v->meta = xgrow(v->meta, v->nmeta, &v->maxmeta, sizeof(*v->meta));
	v->meta[v->nmeta++] = text(s, n);
}

static uint64_t map_key(const struct ljd_map *r)
{
	const uint64_t place[] = { r->pid, r->start };

	return mem_hash(place, sizeof(place));
}

static int same_map(const struct profile_map *a, const struct profile_map *b)
{
	return a->r.pid == b->r.pid && a->r.start == b->r.start &&
	       a->r.end == b->r.end && a->r.pgoff == b->r.pgoff &&
	       a->r.ino == b->r.ino && a->r.dev == b->r.dev &&
	       a->path == b->path;
}

void profile_add_map(struct profile *p, const struct ljd_map *r,
		     const void *path)
{
	struct profile_private *v = p->priv;
	uint64_t hash = map_key(r);
	long before = index_get(v->maps, hash);
	struct profile_map m = { .r = *r };

	m.path = pool_str(v->text, pool_add(v->text, path, r->n));
	/* What is only repeated says nothing, and starts no new epoch. */
	if (before >= 0 && same_map(&p->map[before], &m))
		return;
	v->epoch++;
	v->unsettled = 1;
	index_put(v->maps, hash, p->nmaps);
	p->map = xgrow(p->map, p->nmaps, &v->maxmaps, sizeof(m));
	p->map[p->nmaps++] = m;
}

void profile_add_buildid(struct profile *p, const struct ljd_buildid *r,
			 const void *id)
{
	struct profile_buildid *b;

	if (!r->n || r->n > PROFILE_MAXBUILDID)
		return;
	p->buildid = xgrow(p->buildid, p->nbuildids, &p->priv->maxbuildids,
			   sizeof(*b));
	b = &p->buildid[p->nbuildids++];
	b->start = r->start;
	b->pid = r->pid;
	b->n = r->n;
	memcpy(b->id, id, r->n);
}

/* Take what the first record of an id did not know from a later one. */
static void complete(void *first, const void *later, size_t size)
{
	lj_u32 *to = first;
	const lj_u32 *from = later;

	for (size_t i = 0; i < size / sizeof(*to); i++)
		if (!to[i])
			to[i] = from[i];
}

static void find_vm_code(struct profile_vm *vm)
{
	vm->lo = UINT64_MAX;
	vm->hi = 0;
	for (size_t i = 0; i < vm->r.n; i++) {
		if (vm->handler[i] < vm->lo)
			vm->lo = vm->handler[i];
		if (vm->handler[i] > vm->hi)
			vm->hi = vm->handler[i];
	}
	vm->hi += LJ_VMTAIL;
}

void profile_add_vm(struct profile *p, const struct ljd_vm *r,
		    const void *handler)
{
	struct profile_private *v = p->priv;
	long i = index_get(v->vms, r->id);
	struct profile_vm *vm;

	if (i < 0) {
		v->vm = xgrow(v->vm, v->nvms, &v->maxvms, sizeof(*vm));
		index_put(v->vms, r->id, v->nvms);
		vm = &v->vm[v->nvms++];
		memset(vm, 0, sizeof(*vm));
	} else {
		vm = &v->vm[i];
	}
	if (!vm->handler || r->n > vm->r.n) {
		free(vm->handler);
		vm->handler = xmalloc(r->n * sizeof(*vm->handler));
		memcpy(vm->handler, handler, r->n * sizeof(*vm->handler));
		vm->r.n = r->n;
		find_vm_code(vm);
	}
	complete(&vm->r, r, sizeof(vm->r));
}

static struct profile_proto *proto_slot(struct profile *p, uint32_t id)
{
	struct profile_private *v = p->priv;
	long i = index_get(v->protos, id);
	struct profile_proto *pt;

	if (i >= 0)
		return &p->proto[i];
	p->proto = xgrow(p->proto, p->nprotos, &v->maxprotos, sizeof(*pt));
	index_put(v->protos, id, p->nprotos);
	pt = &p->proto[p->nprotos++];
	memset(pt, 0, sizeof(*pt));
	return pt;
}

void profile_add_proto(struct profile *p, const struct ljd_proto *r,
		       const void *chunk)
{
	struct profile_proto *pt = proto_slot(p, r->id);

	if (!pt->chunk || r->n > pt->r.n) {
		free(pt->chunk);
		pt->chunk = text(chunk, r->n);
		pt->r.n = r->n;
	}
	complete(&pt->r, r, sizeof(pt->r));
}

/* Keep the bytes of a piece; NULL if they are known, or none. */
static const unsigned char *keep_piece(struct profile *p, unsigned kind,
				       uint32_t id, uint32_t section,
				       uint32_t ofs, const void *piece,
				       uint32_t n)
{
	struct profile_private *v = p->priv;
	const uint32_t what[] = { id, section | kind << 16, ofs };
	unsigned char key[sizeof(what) + LJD_MAXLEN];
	size_t known = pool_count(v->pieces);
	unsigned number;

	if (!n || n > LJD_MAXLEN)
		return NULL;
	memcpy(key, what, sizeof(what));
	memcpy(key + sizeof(what), piece, n);
	number = pool_add(v->pieces, (char *)key, sizeof(what) + n);
	if (number < known)
		return NULL;
	return (const unsigned char *)pool_str(v->pieces, number) +
	       sizeof(what);
}

static void add_piece(struct profile_section *s, uint32_t ofs,
		      const unsigned char *bytes, uint32_t n)
{
	s->piece = xgrow(s->piece, s->n, &s->max, sizeof(*s->piece));
	s->piece[s->n++] = (struct profile_piece){ ofs, n, bytes };
}

void profile_add_pdata(struct profile *p, const struct ljd_pdata *r,
		       const void *piece)
{
	const unsigned char *bytes;

	if (r->section >= PROFILE_SECTIONS)
		return;
	bytes = keep_piece(p, LJD_KIND_pdata, r->id, r->section, r->ofs, piece,
			   r->n);
	if (bytes)
		add_piece(&proto_slot(p, r->id)->section[r->section], r->ofs,
			  bytes, r->n);
}

void profile_add_cfunc(struct profile *p, const struct ljd_cfunc *r)
{
	struct profile_private *v = p->priv;
	long i = index_get(v->cfuncs, r->id);

	if (i >= 0) {
		complete(&v->cfunc[i], r, sizeof(*r));
		return;
	}
	v->cfunc = xgrow(v->cfunc, v->ncfuncs, &v->maxcfuncs, sizeof(*r));
	index_put(v->cfuncs, r->id, v->ncfuncs);
	v->cfunc[v->ncfuncs++] = *r;
}

static struct profile_trace *trace_slot(struct profile *p, uint32_t id)
{
	struct profile_private *v = p->priv;
	long i = index_get(v->traces, id);
	struct profile_trace *t;

	if (i >= 0)
		return &p->trace[i];
	p->trace = xgrow(p->trace, p->ntraces, &v->maxtraces, sizeof(*t));
	index_put(v->traces, id, p->ntraces);
	t = &p->trace[p->ntraces++];
	memset(t, 0, sizeof(*t));
	return t;
}

void profile_add_trace(struct profile *p, const struct ljd_trace *r)
{
	complete(&trace_slot(p, r->id)->r, r, sizeof(*r));
}

void profile_add_tdata(struct profile *p, const struct ljd_tdata *r,
		       const void *piece)
{
	const unsigned char *bytes;

	if (r->section >= PROFILE_TSECTIONS)
		return;
	bytes = keep_piece(p, LJD_KIND_tdata, r->id, r->section, r->ofs, piece,
			   r->n);
	if (bytes)
		add_piece(&trace_slot(p, r->id)->section[r->section], r->ofs,
			  bytes, r->n);
}

/* ns from the start. */
static uint64_t since_start(struct profile *p, uint64_t time)
{
	if (!p->start)
		p->start = p->header.time ? p->header.time : time;
	return time > p->start ? time - p->start : 0;
}

/* What must be equal for samples to be one; without padding, for memcmp(). */
struct key {
	uint64_t ip;
	uint32_t epoch;		/* mappings: an address may change its file */
	uint32_t pid, vm, trace, flags;
	int32_t vmstate;
	uint32_t stack, call, file, object, abort, spare;	/* no padding */
};

static struct key key_of(const struct profile_sample *s)
{
	return (struct key){ s->ip, s->epoch, s->pid, s->vm, s->trace,
			     s->flags, s->vmstate, s->stack, s->call, s->file,
			     s->object, s->abort, 0 };
}

static long find_sum(const struct profile *p, const struct key *key,
		     uint64_t hash)
{
	struct key other;
	long i = index_get(p->priv->sums, hash);

	for (; i >= 0; i = p->priv->next[i]) {
		other = key_of(&p->sum[i]);
		if (!memcmp(key, &other, sizeof(other)))
			return i;
	}
	return -1;
}

static size_t add_sum(struct profile *p, const struct profile_sample *s)
{
	struct profile_private *v = p->priv;
	struct key key = key_of(s);
	uint64_t hash = mem_hash(&key, sizeof(key));
	long known = v->want.each ? -1 : find_sum(p, &key, hash);

	if (known >= 0) {
		struct profile_sample *sum = &p->sum[known];

		if (__builtin_add_overflow(sum->weight, s->weight,
					   &sum->weight))
			sum->weight = UINT64_MAX;
		sum->count++;
		return known;
	}
	p->sum = xgrow(p->sum, p->nsums, &v->maxsums, sizeof(*s));
	if (!v->want.each) {
		v->next = xgrow(v->next, p->nsums, &v->maxnext,
				sizeof(*v->next));
		v->next[p->nsums] = index_get(v->sums, hash);
		index_put(v->sums, hash, p->nsums);
	}
	p->sum[p->nsums] = *s;
	return p->nsums++;
}

void profile_add_file(struct profile *p, const struct ljd_file *r,
		      const void *path)
{
	struct profile_private *v = p->priv;

	if (index_get(v->files, r->id) >= 0)
		return;
	v->file = xgrow(v->file, v->nfiles, &v->maxfiles, sizeof(*v->file));
	index_put(v->files, r->id, v->nfiles);
	v->file[v->nfiles++] = (struct profile_file){
		*r, pool_str(v->text, pool_add(v->text, path, r->n))
	};
}

void profile_add_jit(struct profile *p, const struct ljd_jit *r)
{
	p->jit = xgrow(p->jit, p->njits, &p->priv->maxjits, sizeof(*p->jit));
	p->jit[p->njits++] = *r;
}

/* abort_of - why a trace was aborted that this is a sample of; 0: it is of
 * something else. Records of other CPUs may be between.
 */
static uint32_t abort_of(const struct profile *p, const struct ljd_sample *r)
{
	for (size_t i = p->njits; i-- > 0 && i + NEAR >= p->njits;)
		if (p->jit[i].what == LJD_jit_ABORT &&
		    p->jit[i].time == r->time && p->jit[i].pid == r->pid)
			return PROFILE_ABORT(&p->jit[i]);
	return 0;
}

static uint64_t weight_of(const struct profile *p, const struct ljd_sample *r)
{
	uint64_t weight = r->weight;

	if (p->priv->want.weight == PROFILE_BY_BYTES ||
	    p->priv->want.weight == PROFILE_BY_LIVE)
		weight = r->bytes;
	else if (p->priv->want.weight == PROFILE_BY_COUNT || !weight)
		weight = 1;	/* one without a weight still happened */
	return weight < MAXWEIGHT ? weight : MAXWEIGHT;
}

long profile_add_object(struct profile *p, const struct ljd_sample *r,
			uint32_t object, const void *frames, size_t n,
			uint64_t *weight)
{
	struct profile_private *v = p->priv;
	uint64_t at = since_start(p, r->time);
	struct profile_sample s = {
		.time = r->time, .ip = r->ip, .count = 1,
		.weight = weight_of(p, r), .call = r->call, .file = r->file,
		.pid = r->pid, .tid = r->tid, .vm = r->vm, .trace = r->trace,
		.flags = r->flags, .vmstate = (int32_t)r->vmstate,
		.epoch = v->epoch, .object = v->want.no_types ? 0 : object,
		.abort = abort_of(p, r),
	};

	*weight = s.weight;
	p->nsamples++;
	if (at > p->span)
		p->span = at;
	if (at < v->want.from || (v->want.to && at >= v->want.to))
		return -1;
	p->taken++;
	s.stack = pool_add(v->frames, frames, n * sizeof(uint64_t));
	p->nstacks = pool_count(v->frames);
	return add_sum(p, &s);
}

void profile_add_sample(struct profile *p, const struct ljd_sample *r,
			const void *frames, size_t n)
{
	uint64_t weight;

	profile_add_object(p, r, 0, frames, n, &weight);
}

void profile_take_back(struct profile *p, size_t sum, uint64_t weight,
		       int whole)
{
	p->sum[sum].weight -= weight;
	p->sum[sum].count -= whole;
	p->taken -= whole;
	p->freed += whole;
}

/* -- Putting together --------------------------------------------------- */

static int cmp(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_place(const void *a, const void *b)
{
	const struct profile_map *x = a, *y = b;
	int c = cmp(x->r.pid, y->r.pid);

	if (!c)
		c = cmp(x->r.start, y->r.start);
	if (!c)
		c = cmp(x->r.time, y->r.time);
	if (!c)
		c = cmp(x->r.end, y->r.end);
	return c ? c : strcmp(x->path, y->path);
}

void profile_settle(struct profile *p)
{
	struct profile_map *m = p->map;
	size_t n = 0;

	if (!p->priv->unsettled)
		return;
	p->priv->unsettled = 0;
	if (p->nmaps)
		qsort(m, p->nmaps, sizeof(*m), by_place);
	for (size_t i = 0; i < p->nmaps; i++)
		if (!n || !same_map(&m[n - 1], &m[i]))
			m[n++] = m[i];
	p->nmaps = n;
	for (size_t i = 0; i < n; i++) {
		m[i].maxend = m[i].r.end;
		if (i && m[i - 1].r.pid == m[i].r.pid &&
		    m[i - 1].maxend > m[i].maxend)
			m[i].maxend = m[i - 1].maxend;
		index_put(p->priv->maps, map_key(&m[i].r), i);
	}
}

static int by_offset(const void *a, const void *b)
{
	const struct profile_piece *x = a, *y = b;
	int c = cmp(x->ofs, y->ofs);

	return c ? c : cmp(y->n, x->n);
}

/* Sort pieces and drop those inside others, so that ends ascend too. */
static void finish_section(struct profile_section *s)
{
	size_t n = 0;
	uint64_t end = 0;

	if (s->n > 1)
		qsort(s->piece, s->n, sizeof(*s->piece), by_offset);
	for (size_t i = 0; i < s->n; i++) {
		struct profile_piece x = s->piece[i];

		if (n && (uint64_t)x.ofs + x.n <= end)
			continue;
		end = (uint64_t)x.ofs + x.n;
		s->piece[n++] = x;
	}
	s->n = n;
}

void profile_finish(struct profile *p)
{
	profile_settle(p);
	p->allocates = p->header.weight == LJD_weight_BYTES;
	if (p->priv->want.weight == PROFILE_BY_BYTES ||
	    p->priv->want.weight == PROFILE_BY_LIVE)
		p->header.weight = LJD_weight_BYTES;
	else if (p->priv->want.weight == PROFILE_BY_COUNT)
		p->header.weight = LJD_weight_SAMPLES;
	for (size_t i = 0; i < p->ntraces; i++)
		for (unsigned s = 0; s < PROFILE_TSECTIONS; s++)
			finish_section(&p->trace[i].section[s]);
	for (size_t i = 0; i < p->nprotos; i++)
		for (unsigned s = 0; s < PROFILE_SECTIONS; s++)
			finish_section(&p->proto[i].section[s]);
}

/* -- Looking up --------------------------------------------------------- */

const char *profile_meta(const struct profile *p, const char *key)
{
	size_t n = strlen(key);

	for (size_t i = 0; i < p->priv->nmeta; i++)
		if (!strncmp(p->priv->meta[i], key, n) &&
		    p->priv->meta[i][n] == '=')
			return p->priv->meta[i] + n + 1;
	return NULL;
}

/* The number of mappings that start at or below an address. */
static size_t maps_below(const struct profile *p, uint32_t pid, uint64_t addr)
{
	size_t lo = 0, hi = p->nmaps;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct ljd_map *m = &p->map[mid].r;

		if (m->pid < pid || (m->pid == pid && m->start <= addr))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Whether mapping a says more about a time than b does. */
static int closer(const struct ljd_map *a, const struct ljd_map *b,
		  uint64_t time)
{
	if ((a->time <= time) != (b->time <= time))
		return a->time <= time;
	return a->time <= time ? a->time > b->time : a->time < b->time;
}

const struct profile_map *profile_map_at(const struct profile *p,
					 uint32_t pid, uint64_t addr,
					 uint64_t time)
{
	const struct profile_map *best = NULL;

	for (size_t i = maps_below(p, pid, addr); i-- > 0;) {
		const struct profile_map *m = &p->map[i];

		if (m->r.pid != pid || m->maxend <= addr)
			break;
		if (m->r.end > addr &&
		    (!best || closer(&m->r, &best->r, time)))
			best = m;
	}
	return best;
}

const struct profile_buildid *profile_buildid_of(const struct profile *p,
						 const struct profile_map *m)
{
	for (size_t i = 0; i < p->nbuildids; i++) {
		const struct profile_buildid *b = &p->buildid[i];
		const struct profile_map *first;

		if (b->pid != m->r.pid)
			continue;
		first = profile_map_at(p, b->pid, b->start, m->r.time);
		if (first && first->r.ino == m->r.ino &&
		    first->r.dev == m->r.dev && first->path == m->path)
			return b;
	}
	return NULL;
}

const struct profile_vm *profile_vm(const struct profile *p, uint32_t id)
{
	long i = index_get(p->priv->vms, id);

	return i < 0 ? NULL : &p->priv->vm[i];
}

const struct profile_proto *profile_proto(const struct profile *p,
					  uint32_t id)
{
	long i = index_get(p->priv->protos, id);

	/* Pieces alone, without the proto's own record, are no proto. */
	return i < 0 || !p->proto[i].chunk ? NULL : &p->proto[i];
}

const struct ljd_cfunc *profile_cfunc(const struct profile *p, uint32_t id)
{
	long i = index_get(p->priv->cfuncs, id);

	return i < 0 ? NULL : &p->priv->cfunc[i];
}

const struct profile_trace *profile_trace(const struct profile *p, uint32_t id)
{
	long i = index_get(p->priv->traces, id);

	/* Pieces alone, without the trace's own record, are no trace. */
	return i < 0 || !p->trace[i].r.id ? NULL : &p->trace[i];
}

const struct profile_file *profile_file(const struct profile *p, uint32_t id)
{
	long i = index_get(p->priv->files, id);

	return i < 0 ? NULL : &p->priv->file[i];
}

int profile_misfit(const struct profile *p, const struct profile_sample *s)
{
	const struct profile_vm *vm = s->vm ? profile_vm(p, s->vm) : NULL;

	return s->flags & LJD_sample_LAYOUT || (vm && vm->r.check);
}

const uint64_t *profile_stack(const struct profile *p, unsigned stack,
			      size_t *n)
{
	*n = pool_len(p->priv->frames, stack) / sizeof(uint64_t);
	return (const uint64_t *)(const void *)
		pool_str(p->priv->frames, stack);
}

static const struct profile_piece *piece_at(const struct profile_section *s,
					    uint64_t ofs)
{
	size_t lo = 0, hi = s->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->piece[mid].ofs <= ofs)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || (uint64_t)s->piece[lo - 1].ofs + s->piece[lo - 1].n <= ofs)
		return NULL;
	return &s->piece[lo - 1];
}

static int read_section(const struct profile_section *s, uint64_t ofs,
			void *buf, size_t n)
{
	unsigned char *to = buf;

	while (n) {
		const struct profile_piece *x = piece_at(s, ofs);
		size_t have;

		if (!x)
			return -1;
		have = x->n - (ofs - x->ofs);
		if (have > n)
			have = n;
		memcpy(to, x->p + (ofs - x->ofs), have);
		to += have;
		ofs += have;
		n -= have;
	}
	return 0;
}

int profile_section(const struct profile_proto *pt, unsigned section,
		    uint64_t ofs, void *buf, size_t n)
{
	return read_section(&pt->section[section], ofs, buf, n);
}

void *profile_tsection(const struct profile_trace *t, unsigned section,
		       size_t max, size_t *n)
{
	const struct profile_section *s = &t->section[section];
	const struct profile_piece *x;
	uint64_t end = 0;
	void *all;

	while (end < max && (x = piece_at(s, end)))
		end = (uint64_t)x->ofs + x->n;
	*n = end < max ? end : max;
	if (!*n)
		return NULL;
	all = xmalloc(*n);
	if (read_section(s, 0, all, *n)) {
		free(all);
		return NULL;
	}
	return all;
}

long profile_line(const struct profile_proto *pt, uint32_t pos)
{
	const struct lj_code c = { .of = pt };

	if (!pt->section[LJD_section_LINE].n || pos > pt->r.sizebc)
		return -1;
	if (pos == pt->r.sizebc)
		return (long)pt->r.firstline + pt->r.numline;
	return lj_code_line(&c, pt->r.firstline, pt->r.numline, pos);
}

/* -- Fast functions ------------------------------------------------------ */

enum { BY_FFID, BY_OP };

static uint64_t ffkey(uint32_t vm, uint32_t id, int by)
{
	return (uint64_t)vm << 32 | (uint64_t)by << 31 | (id & 0x7fffffff);
}

/* Modules hand on functions of others: the name in its own library wins. */
static int ffrank(const char *name)
{
	static const char *const own[] = {
		"string.", "table.", "math.", "io.", "os.", "coroutine.",
		"debug.", "package.", "bit.", "ffi.", "jit.", "file:",
	};

	if (!strchr(name, '.') && !strchr(name, ':'))
		return 0;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strncmp(name, own[i], strlen(own[i])) &&
		    !strchr(name + strlen(own[i]), '.'))
			return 1;
	return 2;
}

static void name_ff(struct profile *p, uint64_t key, const char *name)
{
	struct profile_private *v = p->priv;
	long i = index_get(v->ffnames, key);
	const char *old = i < 0 ? NULL : pool_str(v->text, i);

	if (old && (ffrank(old) < ffrank(name) ||
		    (ffrank(old) == ffrank(name) && strcmp(old, name) <= 0)))
		return;
	index_put(v->ffnames, key, pool_add(v->text, name, strlen(name)));
}

void profile_add_ffname(struct profile *p, const struct ljd_ffname *r,
			const void *tail)
{
	size_t at = ((uint64_t)r->nlib + 7) & ~7ull;
	const char *lib = tail, *name;
	char *full;

	if (!r->nname || at > r->n || r->nname > r->n - at)
		return;
	name = lib + at;
	if (r->nlib == 5 && !memcmp(lib, "FILE*", 5))
		full = xasprintf("file:%.*s", (int)r->nname, name);
	else if (!r->nlib || (r->nlib == 2 && !memcmp(lib, "_G", 2)))
		full = xasprintf("%.*s", (int)r->nname, name);
	else
		full = xasprintf("%.*s.%.*s", (int)r->nlib, lib,
				 (int)r->nname, name);
	name_ff(p, ffkey(r->vm, r->ffid, BY_FFID), full);
	if (r->op)
		name_ff(p, ffkey(r->vm, r->op, BY_OP), full);
	free(full);
}

static const char *ffname(const struct profile *p, uint64_t key)
{
	long i = index_get(p->priv->ffnames, key);

	return i < 0 ? NULL : pool_str(p->priv->text, i);
}

const char *profile_ffname(const struct profile *p, uint32_t vm,
			   uint32_t ffid)
{
	return ffname(p, ffkey(vm, ffid, BY_FFID));
}

const char *profile_ffname_op(const struct profile *p, uint32_t vm,
			      uint32_t op)
{
	return ffname(p, ffkey(vm, op, BY_OP));
}
