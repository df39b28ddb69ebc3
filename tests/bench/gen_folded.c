/* gen_folded.c - synthetic stacks for the benchmarks, the same every time.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usage: gen_folded STACKS DEPTH SEED > FOLDED
 *        gen_folded STACKS DEPTH SEED SAMPLES > STAP_TEXT
 *
 * Prints STACKS different stacks with counts or, as SystemTap's
 * print_ubacktrace() does, SAMPLES samples of them in random order. There
 * are 2,000 functions; each calls few of them often and most never. A new
 * stack is an earlier one, cut off near its leaf and grown again: real
 * profiles have 1.6 to 1.8 tree nodes a stack, these have 3.4.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS	2000
#define CALLEES		64
#define KEPT		2048	/* earlier stacks to start from */
#define DEEPEST		4096

struct stack {
	unsigned n;
	uint16_t f[DEEPEST];
};

static char name[FUNCTIONS][160];
static uint64_t seed;
static struct stack kept[KEPT];
static unsigned nkept = 1;
static uint64_t *seen;		/* hashes of stacks */
static size_t seen_size;

static uint32_t rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 20) % below;
}

/* Small numbers most often: 1 / (n + 1), about. */
static uint32_t zipf(uint32_t below)
{
	uint32_t n = rnd(below);

	while (n && rnd(4))
		n = rnd(n + 1);
	return n;
}

static void make_names(void)
{
	static const char *const part[] = {
		"buffer", "parse", "http", "node", "encode", "lookup", "cache",
		"request", "table", "string", "write", "iterator", "session",
	};

	for (unsigned i = 0; i < FUNCTIONS; i++) {
		const char *a = part[rnd(13)], *b = part[rnd(13)];

		if (i % 4 == 0)
			sprintf(name[i], "%s_%s_%u", a, b, i);
		else if (i % 4 == 1)
			sprintf(name[i], "std::%s<%s>::%s(int)%u", a, b,
				part[rnd(13)], i);
		else
			sprintf(name[i], "%s@/srv/%s/lib/%s.lua:%u", a,
				part[rnd(13)], b, i);
	}
}

static unsigned callee(unsigned caller)
{
	uint64_t h = (caller + 1) * 0x9e3779b97f4a7c15ull + zipf(CALLEES);

	h *= 0xbf58476d1ce4e5b9ull;
	return (h >> 33) % FUNCTIONS;
}

/* Whether a stack is a new one; remembers it. */
static int is_new(const struct stack *s)
{
	uint64_t h = 1;
	size_t i;

	for (unsigned k = 0; k < s->n; k++)
		h = (h ^ s->f[k]) * 0x9e3779b97f4a7c15ull;
	h ^= h >> 31;
	for (i = h % seen_size; seen[i]; i = (i + 1) % seen_size)
		if (seen[i] == h)
			return 0;
	seen[i] = h;
	return 1;
}

static void grow(struct stack *s, unsigned depth)
{
	unsigned around = depth * 2 / 3 + rnd(depth * 2 / 3);
	unsigned cut = 1 + zipf(12), add = cut;

	if (s->n < around)
		add += zipf(8);
	else
		add -= zipf(cut);
	s->n = s->n > cut + 1 ? s->n - cut : 1;
	for (unsigned i = 0; i < add && s->n < DEEPEST; i++, s->n++)
		s->f[s->n] = callee(s->f[s->n - 1]);
}

static const struct stack *next_stack(unsigned depth)
{
	static struct stack s;
	struct stack *from = &kept[rnd(nkept)];

	do {
		s.n = from->n;
		memcpy(s.f, from->f, from->n * sizeof(*s.f));
		grow(&s, depth);
	} while (!is_new(&s));
	from = nkept < KEPT ? &kept[nkept++] : &kept[rnd(KEPT)];
	from->n = s.n;
	memcpy(from->f, s.f, s.n * sizeof(*s.f));
	return &s;
}

static void print_folded(const struct stack *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (i)
			putchar_unlocked(';');
		fputs(name[s->f[i]], stdout);
	}
	printf(" %u\n", 1 + zipf(1000));
}

/* -- SystemTap text ----------------------------------------------------- */

static void print_frame(unsigned f, unsigned call)
{
	uint64_t start = 0x7f5c10000000ull + f * 0x1000ull;
	unsigned at = 16 + call % 61 * 8;

	printf(" 0x%llx : %s+0x%x/0x%x [/usr/lib/lib%u.so]\n",
	       (unsigned long long)start + at, name[f], at, 600, f % 7);
}

static void print_sample(const struct stack *s)
{
	for (unsigned i = s->n; i-- > 0;)
		print_frame(s->f[i], i + 1 < s->n ? s->f[i + 1] : 0);
	puts("\t1");
}

static void print_samples(unsigned stacks, unsigned depth, unsigned samples)
{
	struct stack **all = calloc(stacks, sizeof(*all));

	if (!all)
		exit(2);
	for (unsigned i = 0; i < stacks; i++) {
		const struct stack *s = next_stack(depth);
		size_t size = offsetof(struct stack, f) +
			      s->n * sizeof(*s->f);

		all[i] = malloc(size);
		if (!all[i])
			exit(2);
		memcpy(all[i], s, size);
	}
	for (unsigned i = 0; i < samples; i++)
		print_sample(all[i < stacks ? i : zipf(stacks)]);
	for (unsigned i = 0; i < stacks; i++)
		free(all[i]);
	free(all);
}

int main(int argc, char **argv)
{
	unsigned stacks, depth;

	if (argc < 4 || argc > 5) {
		fprintf(stderr, "usage: gen_folded STACKS DEPTH SEED "
			"[SAMPLES]\n");
		return 64;
	}
	stacks = strtoul(argv[1], NULL, 10);
	depth = strtoul(argv[2], NULL, 10);
	seed = strtoull(argv[3], NULL, 10) + 88172645463325252ull;
	if (!stacks || depth < 4 || depth > DEEPEST / 4)
		return 64;
	seen_size = stacks * 2ul + 1;
	seen = calloc(seen_size, sizeof(*seen));
	if (!seen)
		return 2;
	make_names();
	for (kept[0].n = 1; kept[0].n < depth; kept[0].n++)
		kept[0].f[kept[0].n] = callee(kept[0].f[kept[0].n - 1]);
	if (argc == 5)
		print_samples(stacks, depth, strtoul(argv[4], NULL, 10));
	else
		for (unsigned i = 0; i < stacks; i++)
			print_folded(next_stack(depth));
	free(seen);
	return fflush(stdout) ? 2 : 0;
}
