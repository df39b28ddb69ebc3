/* elffile.h - an ELF file: what the rest needs of elfutils.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Any file may be given, damaged and hostile ones too. Addresses are the
 * file's own (p_vaddr). Pointers returned last as long as the elffile if not
 * said otherwise. Does not print.
 */
#ifndef LJSTAP_ELFFILE_H
#define LJSTAP_ELFFILE_H

#include <stddef.h>
#include <stdint.h>

struct stat;
struct elffile;

/* struct elffile_sym - a symbol that is defined in the file */
struct elffile_sym {
	const char *name;
	uint64_t start, end;
	int func;		/* it may be a function */
	int local, weak;
};

/* struct elffile_segment - bytes of the file that are loaded */
struct elffile_segment {
	uint64_t vaddr, offset;
	const unsigned char *p;
	size_t n;		/* of them in the file */
	int exec;
};

/* struct elffile_frame - unwind rules at an address, x86-64 */
#define ELFFILE_NREGS	17	/* DWARF's numbers: 3 rbx, 6 rbp, 7 rsp, ... */
struct elffile_frame {
	uint64_t start, end;	/* addresses they hold for */
	int cfa_reg;		/* CFA is this register */
	int64_t cfa_ofs;	/* + this */
	int64_t saved[ELFFILE_NREGS];	/* at CFA + this; 0: not saved */
};

/**
 * elffile_open - open a file
 * @path: its name
 *
 * Returns NULL if it is not a regular file, cannot be read, or is not ELF.
 */
struct elffile *elffile_open(const char *path);

/**
 * elffile_close - give a file back
 * @f: the file, or NULL
 */
void elffile_close(struct elffile *f);

/**
 * elffile_debug - use its separate debug files, too
 * @f: the file
 * @name: its own name: a debug file may be beside it
 * @root: put before /usr/lib/debug; absolute, or ""
 *
 * To be called before anything is asked that they may know. They are found by
 * build-id or .gnu_debuglink, and by debuginfod if $DEBUGINFOD_URLS is set. A
 * server that does not answer within $DEBUGINFOD_TIMEOUT is asked once: the
 * variable is unset then.
 */
void elffile_debug(struct elffile *f, const char *name, const char *root);

/**
 * elffile_stat - fstat() of the file
 * @f: the file
 * @st: set
 */
int elffile_stat(const struct elffile *f, struct stat *st);

/**
 * elffile_is_x86_64 - whether it is for the one machine that is supported
 * @f: the file
 */
int elffile_is_x86_64(const struct elffile *f);

/**
 * elffile_buildid - the GNU build-id
 * @f: the file
 * @id: set to its bytes
 *
 * Returns their number, 0 if there is none.
 */
size_t elffile_buildid(const struct elffile *f, const unsigned char **id);

/**
 * elffile_section - the bytes of a section, as they are in the file
 * @f: the file
 * @name: its name
 * @n: how many
 *
 * Returns NULL if there is none of that name. They last as long as @f.
 */
const void *elffile_section(const struct elffile *f, const char *name,
			    size_t *n);

/**
 * elffile_vaddr - the address of a place in the file
 * @f: the file
 * @offset: the place
 * @vaddr: set
 *
 * Returns 0, or -1 if it is not loaded.
 */
int elffile_vaddr(const struct elffile *f, uint64_t offset, uint64_t *vaddr);

/**
 * elffile_segment - a segment that is loaded
 * @f: the file
 * @i: its number among all program headers
 * @s: set; n is 0 if header @i is something else
 *
 * Returns 0, or -1 if there are not so many headers.
 */
int elffile_segment(const struct elffile *f, size_t i,
		    struct elffile_segment *s);

/**
 * elffile_syms - call a function with each symbol
 * @f: the file
 * @fn: the function; what it is given lasts until it returns, but the name
 * @ctx: for it
 *
 * Those of .symtab, of its own or a separate debug file's; else those of
 * .dynsym and of .gnu_debugdata.
 */
void elffile_syms(struct elffile *f,
		  void (*fn)(void *ctx, const struct elffile_sym *sym),
		  void *ctx);

/**
 * elffile_funcs - the starts of all functions, by .eh_frame_hdr
 * @f: the file
 * @n: set to their number
 *
 * Returns a sorted array, the caller's; or NULL.
 */
uint64_t *elffile_funcs(const struct elffile *f, size_t *n);

/**
 * elffile_frame - how to unwind at an address, by .eh_frame or .debug_frame
 * @f: the file
 * @vaddr: the address
 * @frame: set
 *
 * Returns 0, or -1 if the file does not tell, or tells of something else
 * than a register plus an offset.
 */
int elffile_frame(struct elffile *f, uint64_t vaddr,
		  struct elffile_frame *frame);

/* struct elffile_regs - registers by DWARF's numbers; 16 is the pc */
struct elffile_regs {
	uint64_t r[ELFFILE_NREGS];
	uint32_t known;		/* bit i: r[i] is */
};

#define ELFFILE_SP	7
#define ELFFILE_PC	16

/* Reads a word of memory: 0, or -1 if it is not known. */
typedef int elffile_read(void *ctx, uint64_t addr, uint64_t *v);

/**
 * elffile_called - the function a call before an address calls directly
 * @f: the file
 * @vaddr: what would be the call's return address
 * @target: set to the address of the function
 *
 * Returns 0, or -1 if there is no such call.
 */
int elffile_called(const struct elffile *f, uint64_t vaddr, uint64_t *target);

/**
 * elffile_unwind - go to the caller, by .eh_frame or .debug_frame
 * @f: the file the code is in
 * @vaddr: where in it; for a caller, the call itself and not what follows it
 * @regs: the registers there; changed into the caller's
 * @read: reads memory
 * @ctx: for it
 *
 * Returns 0; 1 if there is no caller; -1 if it cannot be told. Then @regs are
 * as they were. Rules are kept: about 100 ns from the second time on.
 */
int elffile_unwind(struct elffile *f, uint64_t vaddr, struct elffile_regs *regs,
		   elffile_read *read, void *ctx);

/**
 * elffile_write_debug - write a separate debug file that has only symbols
 * @f: the file they are of; it must have a build-id and section headers
 * @sym: the symbols, by address
 * @n: how many
 * @fd: the new file, empty, open for reading and writing
 *
 * As eu-strip -f writes one: the program headers, the sections that are loaded
 * without their bytes, the notes; and .symtab. Returns 0, or -1 with errno;
 * ENOEXEC if @f is of another kind or damaged.
 */
int elffile_write_debug(const struct elffile *f, const struct elffile_sym *sym,
			size_t n, int fd);

#endif
