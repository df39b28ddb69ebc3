/* elffile.c - an ELF file: what the rest needs of elfutils.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The only user of elfutils.
 */
#include <config.h>

#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

#include "elffile.h"
#include "mem.h"

/* How the caller finds one of its registers. */
enum rule_kind { UNDEFINED, SAME, SAVED, EXPRESSION };

struct rule {
	enum rule_kind kind;
	int64_t ofs;		/* SAVED: at CFA + this */
};

struct rules {
	Dwarf_Frame *frame;
	int cfa_reg;		/* -1: an expression */
	int64_t cfa_ofs;
	struct rule reg[ELFFILE_NREGS];
};

#define TIMEOUT		90	/* s: what DEBUGINFOD_TIMEOUT is if not set */
#define MAXSYMS		(1 << 22)	/* of a file; keeps damage cheap */

struct elffile {
	int fd;
	Elf *elf;
	char *name, *dirs;	/* by which to look for separate debug files */
	int nodebug;		/* looked for in vain */
	Dwfl_Callbacks how;
	Dwfl *dwfl;		/* it alone, at its own addresses */
	Dwfl_Module *mod;
	int nomod;		/* asked for in vain */
	struct rules *rules;
	size_t nrules, maxrules;
	struct index *byaddr;	/* vaddr -> its rules, or MAXRULES: none */
};

struct elffile *elffile_open(const char *path)
{
	struct elffile *f = xcalloc(1, sizeof(*f));
	struct stat st;

	elf_version(EV_CURRENT);
	/* O_NONBLOCK: a path of a dump may name a pipe by now. */
	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd >= 0 && !fstat(f->fd, &st) && S_ISREG(st.st_mode))
		f->elf = elf_begin(f->fd, ELF_C_READ_MMAP, NULL);
	if (f->elf && elf_kind(f->elf) == ELF_K_ELF)
		return f;
	elffile_close(f);
	return NULL;
}

void elffile_close(struct elffile *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->nrules; i++)
		free(f->rules[i].frame);
	free(f->rules);
	index_free(f->byaddr);
	dwfl_end(f->dwfl);
	elf_end(f->elf);
	if (f->fd >= 0)
		close(f->fd);
	free(f->name);
	free(f->dirs);
	free(f);
}

int elffile_stat(const struct elffile *f, struct stat *st)
{
	return fstat(f->fd, st);
}

int elffile_is_x86_64(const struct elffile *f)
{
	GElf_Ehdr eh;

	return gelf_getehdr(f->elf, &eh) && eh.e_machine == EM_X86_64 &&
	       eh.e_ident[EI_CLASS] == ELFCLASS64 &&
	       eh.e_ident[EI_DATA] == ELFDATA2LSB;
}

size_t elffile_buildid(const struct elffile *f, const unsigned char **id)
{
	const void *p = NULL;
	ssize_t n = dwelf_elf_gnu_build_id(f->elf, &p);

	*id = p;
	return n > 0 ? n : 0;
}

const void *elffile_section(const struct elffile *f, const char *name,
			    size_t *n)
{
	Elf_Scn *scn = NULL;
	size_t names;

	if (elf_getshdrstrndx(f->elf, &names))
		return NULL;
	while ((scn = elf_nextscn(f->elf, scn))) {
		GElf_Shdr sh;
		const char *s = gelf_getshdr(scn, &sh) ?
				elf_strptr(f->elf, names, sh.sh_name) : NULL;
		Elf_Data *d = s && !strcmp(s, name) ? elf_rawdata(scn, NULL) :
			      NULL;

		if (!d || !d->d_buf)
			continue;
		*n = d->d_size;
		return d->d_buf;
	}
	return NULL;
}

/* -- Separate debug files ------------------------------------------------ */

void elffile_debug(struct elffile *f, const char *name, const char *root)
{
	free(f->name);
	free(f->dirs);
	f->name = xstrdup(name);
	f->dirs = xasprintf(":.debug:%s/usr/lib/debug", root);
}

static int no_debug(Dwfl_Module *mod, void **data, const char *modname,
		    Dwarf_Addr base, const char *name, const char *link,
		    GElf_Word crc, char **found)
{
	(void)mod, (void)data, (void)modname, (void)base, (void)name;
	(void)link, (void)crc, (void)found;
	return -1;
}

/* A server that let the time run out is not asked again. */
static void drop_server(time_t since)
{
	const char *set = getenv("DEBUGINFOD_TIMEOUT");
	long limit = set ? atol(set) : 0;

	if (time(NULL) - since >= (limit > 0 ? limit : TIMEOUT))
		unsetenv("DEBUGINFOD_URLS");
}

static int find_debug(Dwfl_Module *mod, void **data, const char *modname,
		      Dwarf_Addr base, const char *name, const char *link,
		      GElf_Word crc, char **found)
{
	struct elffile *f = *data;
	time_t since = time(NULL);
	const unsigned char *id;
	GElf_Addr at;
	int fd = -1;

	/* Without either, anything called NAME.debug would do. */
	if (!f->nodebug && (link || dwfl_module_build_id(mod, &id, &at) > 0))
		fd = dwfl_standard_find_debuginfo(mod, data, modname, base,
						  name, link, crc, found);
	f->nodebug = fd < 0;
	if (fd < 0)
		drop_server(since);
	return fd;
}

/* The file as libdwfl has it, which knows all places of symbols and rules. */
static Dwfl_Module *module_of(struct elffile *f)
{
	void **data;
	int fd;

	if (f->mod || f->nomod)
		return f->mod;
	f->nomod = 1;
	f->how.find_elf = dwfl_build_id_find_elf;
	f->how.find_debuginfo = f->dirs ? find_debug : no_debug;
	f->how.section_address = dwfl_offline_section_address;
	f->how.debuginfo_path = &f->dirs;
	f->dwfl = dwfl_begin(&f->how);
	fd = f->dwfl ? fcntl(f->fd, F_DUPFD_CLOEXEC, 0) : -1;
	if (fd < 0)
		return NULL;
	dwfl_report_begin(f->dwfl);
	f->mod = dwfl_report_elf(f->dwfl, "", f->name ? f->name : "", fd, 0, 1);
	dwfl_report_end(f->dwfl, NULL, NULL);
	if (!f->mod) {
		close(fd);
		return NULL;
	}
	dwfl_module_info(f->mod, &data, NULL, NULL, NULL, NULL, NULL, NULL);
	*data = f;
	return f->mod;
}

/* -- Segments ----------------------------------------------------------- */

int elffile_vaddr(const struct elffile *f, uint64_t offset, uint64_t *vaddr)
{
	size_t n = 0;
	GElf_Phdr ph;

	if (elf_getphdrnum(f->elf, &n))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!gelf_getphdr(f->elf, i, &ph) || ph.p_type != PT_LOAD ||
		    offset < ph.p_offset || offset - ph.p_offset >= ph.p_filesz)
			continue;
		*vaddr = offset - ph.p_offset + ph.p_vaddr;
		return 0;
	}
	return -1;
}

int elffile_segment(const struct elffile *f, size_t i,
		    struct elffile_segment *s)
{
	size_t n = 0, size = 0;
	char *raw = elf_rawfile(f->elf, &size);
	GElf_Phdr ph;

	memset(s, 0, sizeof(*s));
	if (elf_getphdrnum(f->elf, &n) || i >= n)
		return -1;
	if (!raw || !gelf_getphdr(f->elf, i, &ph) || ph.p_type != PT_LOAD ||
	    ph.p_offset >= size)
		return 0;
	s->vaddr = ph.p_vaddr;
	s->offset = ph.p_offset;
	s->p = (const unsigned char *)raw + ph.p_offset;
	s->n = size - ph.p_offset;
	if (s->n > ph.p_filesz)
		s->n = ph.p_filesz;
	s->exec = (ph.p_flags & PF_X) != 0;
	return 0;
}

#define CALL_BYTES	5	/* e8 and a distance */

int elffile_called(const struct elffile *f, uint64_t vaddr, uint64_t *target)
{
	struct elffile_segment seg;
	int32_t distance;

	for (size_t i = 0; !elffile_segment(f, i, &seg); i++) {
		const unsigned char *p;

		if (!seg.n || !seg.exec || vaddr < seg.vaddr + CALL_BYTES ||
		    vaddr - seg.vaddr > seg.n)
			continue;
		p = seg.p + (vaddr - seg.vaddr) - CALL_BYTES;
		if (*p != 0xe8)
			return -1;
		memcpy(&distance, p + 1, 4);
		*target = vaddr + (int64_t)distance;
		return 0;
	}
	return -1;
}

/* -- Symbols ------------------------------------------------------------ */

static int read_sym(Dwfl_Module *mod, int i, struct elffile_sym *s)
{
	GElf_Addr at;
	GElf_Sym sym;
	int type, bind;

	s->name = dwfl_module_getsym_info(mod, i, &sym, &at, NULL, NULL, NULL);
	if (!s->name || !*s->name || sym.st_shndx == SHN_UNDEF)
		return -1;
	type = GELF_ST_TYPE(sym.st_info);
	bind = GELF_ST_BIND(sym.st_info);
	s->start = sym.st_value;
	s->end = sym.st_value + sym.st_size;
	s->func = type == STT_FUNC || type == STT_GNU_IFUNC ||
		  type == STT_NOTYPE;
	s->local = bind == STB_LOCAL;
	s->weak = bind == STB_WEAK;
	return 0;
}

void elffile_syms(struct elffile *f,
		  void (*fn)(void *ctx, const struct elffile_sym *sym),
		  void *ctx)
{
	Dwfl_Module *mod = module_of(f);
	int n = mod ? dwfl_module_getsymtab(mod) : 0;

	for (int i = 0; i < n && i < MAXSYMS; i++) {
		struct elffile_sym s;

		if (!read_sym(mod, i, &s))
			fn(ctx, &s);
	}
}

/* -- Functions without symbols ------------------------------------------ */

/* What binutils and lld write: 32 bit pairs relative to the section. */
#define HDR_UDATA4		0x03
#define HDR_DATAREL_SDATA4	0x3b

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* .eh_frame_hdr is a sorted table of all functions' starts. */
static uint64_t *parse_hdr(const struct elffile *f, const GElf_Phdr *ph,
			   size_t *count)
{
	size_t size;
	char *raw = elf_rawfile(f->elf, &size);
	unsigned char *p;
	uint64_t *func;
	uint32_t n;
	int32_t rel;

	if (!raw || ph->p_offset > size || ph->p_filesz > size - ph->p_offset ||
	    ph->p_filesz < 12)
		return NULL;
	p = (unsigned char *)raw + ph->p_offset;
	if (p[0] != 1 || (p[1] & 0x0f) != 0x0b || p[2] != HDR_UDATA4 ||
	    p[3] != HDR_DATAREL_SDATA4)
		return NULL;
	memcpy(&n, p + 8, 4);
	if (n > (ph->p_filesz - 12) / 8)
		n = (ph->p_filesz - 12) / 8;
	func = xmalloc((size_t)n * sizeof(*func));
	for (uint32_t i = 0; i < n; i++) {
		memcpy(&rel, p + 12 + (size_t)i * 8, 4);
		func[i] = ph->p_vaddr + (int64_t)rel;
	}
	if (n)
		qsort(func, n, sizeof(*func), by_value);
	*count = n;
	return func;
}

uint64_t *elffile_funcs(const struct elffile *f, size_t *count)
{
	uint64_t *func = NULL;
	size_t n = 0;
	GElf_Phdr ph;

	*count = 0;
	if (elf_getphdrnum(f->elf, &n))
		return NULL;
	for (size_t i = 0; i < n && !func; i++)
		if (gelf_getphdr(f->elf, i, &ph) &&
		    ph.p_type == PT_GNU_EH_FRAME)
			func = parse_hdr(f, &ph, count);
	return func;
}

/* -- Unwind rules ------------------------------------------------------- */

/* One register plus an offset, which libdw tells in two ways. */
static int read_cfa(const Dwarf_Op *op, struct elffile_frame *frame)
{
	if (op->atom == DW_OP_bregx && op->number < ELFFILE_NREGS) {
		frame->cfa_reg = op->number;
		frame->cfa_ofs = (int64_t)op->number2;
	} else if (op->atom >= DW_OP_breg0 &&
		   op->atom < DW_OP_breg0 + ELFFILE_NREGS) {
		frame->cfa_reg = op->atom - DW_OP_breg0;
		frame->cfa_ofs = (int64_t)op->number;
	} else {
		return -1;
	}
	return 0;
}

/* Where a register is saved, from CFA; 0: nowhere. */
static int64_t saved_at(Dwarf_Frame *frame, int reg)
{
	Dwarf_Op mem[3], *ops = NULL;
	size_t n = 0;

	if (dwarf_frame_register(frame, reg, mem, &ops, &n) || n != 2 ||
	    ops[0].atom != DW_OP_call_frame_cfa ||
	    ops[1].atom != DW_OP_plus_uconst)
		return 0;
	return (int64_t)ops[1].number;
}

static Dwarf_Frame *frame_in(Dwarf_CFI *cfi, uint64_t vaddr)
{
	Dwarf_Frame *frame = NULL;

	if (!cfi || dwarf_cfi_addrframe(cfi, vaddr, &frame))
		return NULL;
	return frame;
}

/* .debug_frame of a separate file is looked for only if it is needed. */
static Dwarf_Frame *frame_at(struct elffile *f, uint64_t vaddr)
{
	Dwfl_Module *mod = module_of(f);
	Dwarf_Frame *frame;
	Dwarf_CFI *cfi;
	Dwarf_Addr bias;	/* 0: the file is at its own addresses */

	if (!mod)
		return NULL;
	cfi = dwfl_module_eh_cfi(mod, &bias);
	frame = frame_in(cfi, vaddr);
	if (frame)
		return frame;
	cfi = dwfl_module_dwarf_cfi(mod, &bias);
	return cfi ? frame_in(cfi, vaddr - bias) : NULL;
}

int elffile_frame(struct elffile *f, uint64_t vaddr,
		  struct elffile_frame *frame)
{
	Dwarf_Frame *rules = frame_at(f, vaddr);
	Dwarf_Addr start, end;
	Dwarf_Op *ops = NULL;
	size_t n = 0;
	int ret = -1;

	if (!rules)
		return -1;
	if (dwarf_frame_info(rules, &start, &end, NULL) < 0 ||
	    dwarf_frame_cfa(rules, &ops, &n) || n != 1 ||
	    read_cfa(ops, frame))
		goto out;
	frame->start = start;
	frame->end = end;
	for (int i = 0; i < ELFFILE_NREGS; i++)
		frame->saved[i] = saved_at(rules, i);
	ret = 0;
out:
	free(rules);
	return ret;
}

/* -- Expressions --------------------------------------------------------- */

#define STACK	16

/* The few operations that compilers and the C library use in .eh_frame. */
struct eval {
	const struct elffile_regs *regs;
	uint64_t cfa;
	elffile_read *read;
	void *ctx;
	uint64_t s[STACK];
	int n;
	int value;		/* what is left is the value, not its address */
};

static int push(struct eval *e, uint64_t v)
{
	if (e->n == STACK)
		return -1;
	e->s[e->n++] = v;
	return 0;
}

static int push_reg(struct eval *e, uint64_t reg, uint64_t ofs)
{
	if (reg >= ELFFILE_NREGS || !(e->regs->known & 1u << reg))
		return -1;
	return push(e, e->regs->r[reg] + ofs);
}

static int binary(struct eval *e, unsigned atom)
{
	uint64_t b, *a;

	if (e->n < 2)
		return -1;
	b = e->s[--e->n];
	a = &e->s[e->n - 1];
	switch (atom) {
	case DW_OP_plus:
		*a += b;
		return 0;
	case DW_OP_minus:
		*a -= b;
		return 0;
	case DW_OP_and:
		*a &= b;
		return 0;
	case DW_OP_shl:
		*a = b < 64 ? *a << b : 0;
		return 0;
	case DW_OP_ge:
		*a = (int64_t)*a >= (int64_t)b;
		return 0;
	default:
		return -1;
	}
}

static int operate(struct eval *e, const Dwarf_Op *op)
{
	if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		return push_reg(e, op->atom - DW_OP_breg0, op->number);
	if (op->atom >= DW_OP_lit0 && op->atom <= DW_OP_lit31)
		return push(e, op->atom - DW_OP_lit0);
	if (op->atom >= DW_OP_const1u && op->atom <= DW_OP_consts)
		return push(e, op->number);
	switch (op->atom) {
	case DW_OP_bregx:
		return push_reg(e, op->number, op->number2);
	case DW_OP_call_frame_cfa:
		return push(e, e->cfa);
	case DW_OP_plus_uconst:
		if (!e->n)
			return -1;
		e->s[e->n - 1] += op->number;
		return 0;
	case DW_OP_deref:
		return e->n ? e->read(e->ctx, e->s[e->n - 1],
				      &e->s[e->n - 1]) : -1;
	case DW_OP_stack_value:
		e->value = 1;
		return 0;
	default:
		return binary(e, op->atom);
	}
}

static int evaluate(struct eval *e, const Dwarf_Op *op, size_t n, uint64_t *v)
{
	e->n = e->value = 0;
	for (size_t i = 0; i < n; i++)
		if (operate(e, &op[i]))
			return -1;
	if (!e->n)
		return -1;
	*v = e->s[e->n - 1];
	return 0;
}

/* -- Unwinding ----------------------------------------------------------- */

#define MAXRULES	(1 << 20)	/* of a file; keeps damage cheap */

static struct rule read_rule(Dwarf_Frame *frame, int reg)
{
	Dwarf_Op mem[3], *ops = NULL;
	size_t n = 0;

	if (dwarf_frame_register(frame, reg, mem, &ops, &n))
		return (struct rule){ UNDEFINED, 0 };
	if (!n)
		return (struct rule){ ops ? UNDEFINED : SAME, 0 };
	if (ops[0].atom == DW_OP_call_frame_cfa) {
		if (n == 1)
			return (struct rule){ SAVED, 0 };
		if (n == 2 && ops[1].atom == DW_OP_plus_uconst)
			return (struct rule){ SAVED, (int64_t)ops[1].number };
	}
	return (struct rule){ EXPRESSION, 0 };
}

static long add_rules(struct elffile *f, uint64_t vaddr)
{
	struct elffile_frame cfa;
	struct rules r = { .frame = frame_at(f, vaddr) };
	Dwarf_Op *ops = NULL;
	size_t n = 0;

	if (!r.frame)
		return MAXRULES;
	if (f->nrules == MAXRULES || dwarf_frame_cfa(r.frame, &ops, &n) || !n) {
		free(r.frame);
		return MAXRULES;
	}
	r.cfa_reg = -1;
	if (n == 1 && !read_cfa(ops, &cfa)) {
		r.cfa_reg = cfa.cfa_reg;
		r.cfa_ofs = cfa.cfa_ofs;
	}
	for (int i = 0; i < ELFFILE_NREGS; i++)
		r.reg[i] = read_rule(r.frame, i);
	f->rules = xgrow(f->rules, f->nrules, &f->maxrules, sizeof(r));
	f->rules[f->nrules] = r;
	return f->nrules++;
}

static const struct rules *rules_at(struct elffile *f, uint64_t vaddr)
{
	long i;

	if (!f->byaddr)
		f->byaddr = index_new();
	i = index_get(f->byaddr, vaddr);
	if (i < 0) {
		i = add_rules(f, vaddr);
		index_put(f->byaddr, vaddr, i);
	}
	return i == MAXRULES ? NULL : &f->rules[i];
}

static int find_cfa(const struct rules *r, struct eval *e)
{
	Dwarf_Op *ops = NULL;
	size_t n = 0;

	if (r->cfa_reg >= 0) {
		if (!(e->regs->known & 1u << r->cfa_reg))
			return -1;
		e->cfa = e->regs->r[r->cfa_reg] + r->cfa_ofs;
		return 0;
	}
	return dwarf_frame_cfa(r->frame, &ops, &n) ||
	       evaluate(e, ops, n, &e->cfa) ? -1 : 0;
}

static int by_expression(const struct rules *r, int reg, struct eval *e,
			 uint64_t *v)
{
	Dwarf_Op mem[3], *ops = NULL;
	size_t n = 0;

	if (dwarf_frame_register(r->frame, reg, mem, &ops, &n) ||
	    evaluate(e, ops, n, v))
		return -1;
	return e->value ? 0 : e->read(e->ctx, *v, v);
}

/* Compilers do not tell when an epilogue has popped a register: what is behind
 * the stack pointer is in it again.
 */
static int is_popped(const struct eval *e, const struct rule *rule)
{
	return rule->kind == SAVED && e->regs->known & 1u << ELFFILE_SP &&
	       e->cfa + rule->ofs < e->regs->r[ELFFILE_SP];
}

static int restore(const struct rules *r, int reg, struct eval *e, uint64_t *v)
{
	const struct rule *rule = &r->reg[reg];

	switch (is_popped(e, rule) ? SAME : rule->kind) {
	case SAME:
		*v = e->regs->r[reg];
		return e->regs->known & 1u << reg ? 0 : -1;
	case SAVED:
		return e->read(e->ctx, e->cfa + rule->ofs, v);
	case EXPRESSION:
		return by_expression(r, reg, e, v);
	default:
		return -1;
	}
}

int elffile_unwind(struct elffile *f, uint64_t vaddr, struct elffile_regs *regs,
		   elffile_read *read, void *ctx)
{
	struct eval e = { .regs = regs, .read = read, .ctx = ctx };
	const struct rules *r = rules_at(f, vaddr);
	struct elffile_regs up = { .known = 0 };

	if (!r)
		return -1;
	if (r->reg[ELFFILE_PC].kind == UNDEFINED)
		return 1;
	if (find_cfa(r, &e))
		return -1;
	for (int i = 0; i < ELFFILE_NREGS; i++)
		if (!restore(r, i, &e, &up.r[i]))
			up.known |= 1u << i;
	if (!(up.known & 1u << ELFFILE_PC))
		return -1;
	/* By the ABI, unless a rule says more, as one of a signal does. */
	if (r->reg[ELFFILE_SP].kind != EXPRESSION ||
	    !(up.known & 1u << ELFFILE_SP))
		up.r[ELFFILE_SP] = e.cfa;
	up.known |= 1u << ELFFILE_SP;
	*regs = up;
	return 0;
}

/* -- Writing a separate debug file -------------------------------------- */

/* Strings of a section of its own; the first is empty. */
struct strings {
	char *p;
	size_t n, max;
};

static void add_char(struct strings *s, char c)
{
	s->p = xgrow(s->p, s->n, &s->max, 1);
	s->p[s->n++] = c;
}

static size_t add_string(struct strings *s, const char *string)
{
	size_t at;

	if (!s->n)
		add_char(s, 0);
	at = s->n;
	do
		add_char(s, *string);
	while (*string++);
	return at;
}

/* A section of bytes that the caller keeps until elf_update(). */
static Elf_Scn *add_section(Elf *to, GElf_Shdr *sh, void *p, size_t n)
{
	Elf_Scn *scn = elf_newscn(to);
	Elf_Data *d = scn ? elf_newdata(scn) : NULL;

	if (!d)
		return NULL;
	d->d_buf = p;
	d->d_size = n;
	d->d_align = sh->sh_addralign ? sh->sh_addralign : 1;
	d->d_type = sh->sh_type == SHT_SYMTAB ? ELF_T_SYM : ELF_T_BYTE;
	d->d_version = EV_CURRENT;
	sh->sh_size = n;
	return gelf_update_shdr(scn, sh) ? scn : NULL;
}

static int copy_headers(const struct elffile *f, Elf *to)
{
	GElf_Ehdr eh;
	GElf_Phdr ph;
	size_t n = 0;

	if (!gelf_getehdr(f->elf, &eh) || elf_getphdrnum(f->elf, &n) ||
	    !gelf_newehdr(to, eh.e_ident[EI_CLASS]))
		return -1;
	eh.e_shoff = eh.e_phoff = 0;
	eh.e_shnum = eh.e_shstrndx = 0;
	if (!gelf_update_ehdr(to, &eh) || !gelf_newphdr(to, n))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!gelf_getphdr(f->elf, i, &ph) ||
		    !gelf_update_phdr(to, i, &ph))
			return -1;
	return 0;
}

/* What is loaded, which is in front of the rest: so numbers stay. */
static int copy_sections(const struct elffile *f, Elf *to,
			 struct strings *names)
{
	Elf_Scn *scn = NULL;
	size_t shstr;
	GElf_Shdr sh;

	if (elf_getshdrstrndx(f->elf, &shstr))
		return -1;
	while ((scn = elf_nextscn(f->elf, scn)) && gelf_getshdr(scn, &sh) &&
	       sh.sh_flags & SHF_ALLOC) {
		const char *name = elf_strptr(f->elf, shstr, sh.sh_name);
		Elf_Data *d = sh.sh_type == SHT_NOTE ? elf_rawdata(scn, NULL) :
			      NULL;
		size_t size = d ? d->d_size : sh.sh_size;

		sh.sh_name = add_string(names, name ? name : "");
		if (!d)
			sh.sh_type = SHT_NOBITS;
		if (!add_section(to, &sh, d ? d->d_buf : NULL, size))
			return -1;
	}
	return 0;
}

static size_t section_of(Elf *elf, uint64_t vaddr)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_flags & SHF_ALLOC &&
		    vaddr >= sh.sh_addr && vaddr - sh.sh_addr < sh.sh_size)
			return elf_ndxscn(scn);
	return SHN_ABS;
}

static Elf64_Sym *make_symtab(Elf *to, const struct elffile_sym *sym, size_t n,
			      struct strings *names)
{
	Elf64_Sym *tab = xcalloc(n + 1, sizeof(*tab));

	for (size_t i = 0; i < n; i++)
		tab[i + 1] = (Elf64_Sym){
			.st_name = add_string(names, sym[i].name),
			.st_info = GELF_ST_INFO(STB_LOCAL, STT_FUNC),
			.st_shndx = section_of(to, sym[i].start),
			.st_value = sym[i].start,
			.st_size = sym[i].end - sym[i].start,
		};
	return tab;
}

static int write_debug(const struct elffile *f, Elf *to,
		       const struct elffile_sym *sym, size_t n)
{
	struct strings names = { 0 }, symbols = { 0 };
	GElf_Shdr strtab = { .sh_type = SHT_STRTAB, .sh_addralign = 1 };
	GElf_Shdr symtab = { .sh_type = SHT_SYMTAB, .sh_addralign = 8,
			     .sh_entsize = sizeof(Elf64_Sym),
			     .sh_info = n + 1 };
	Elf64_Sym *tab = NULL;
	Elf_Scn *scn;
	GElf_Ehdr eh;
	int ret = -1;

	if (copy_headers(f, to) || copy_sections(f, to, &names))
		goto out;
	tab = make_symtab(to, sym, n, &symbols);
	strtab.sh_name = add_string(&names, ".strtab");
	scn = add_section(to, &strtab, symbols.p, symbols.n);
	symtab.sh_link = scn ? elf_ndxscn(scn) : 0;
	symtab.sh_name = add_string(&names, ".symtab");
	if (!scn || !add_section(to, &symtab, tab, (n + 1) * sizeof(*tab)))
		goto out;
	strtab.sh_name = add_string(&names, ".shstrtab");
	scn = add_section(to, &strtab, names.p, names.n);
	if (!scn || !gelf_getehdr(to, &eh))
		goto out;
	eh.e_shstrndx = elf_ndxscn(scn);
	if (gelf_update_ehdr(to, &eh) && elf_update(to, ELF_C_WRITE) >= 0)
		ret = 0;
out:
	free(names.p);
	free(symbols.p);
	free(tab);
	return ret;
}

int elffile_write_debug(const struct elffile *f, const struct elffile_sym *sym,
			size_t n, int fd)
{
	Elf *to = elf_begin(fd, ELF_C_WRITE, NULL);
	int ret = -1;

	errno = 0;
	if (to && elffile_is_x86_64(f) && !write_debug(f, to, sym, n))
		ret = 0;
	else if (!errno)
		errno = ENOEXEC;
	elf_end(to);
	return ret;
}
