/* vmreport.h - what is known of a LuaJIT's layout, and how surely, in words.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_VMREPORT_H
#define LJSTAP_VMREPORT_H

#include <stdio.h>

#include "elffile.h"
#include "remote.h"
#include "vmelf.h"

/* struct vmreport - one VM, or the code of one in a file */
struct vmreport {
	const char *path;	/* of the file; "" if it is not known */
	int deleted;
	const char *version;	/* string in the file, or NULL */
	struct elffile *elf;	/* NULL: it cannot be opened */
	const struct vmelf *code;	/* NULL: not looked at */
	uint32_t pid;		/* 0: no process, only the file */
	uint64_t mapped;	/* where the file is mapped first */
	const struct remote_vm *vm;	/* NULL: none is running */
	const struct remote_vm *like;	/* told before, all alike; or NULL */
};

/**
 * vmreport_text - print it for people
 * @v: the VM
 * @to: where to
 *
 * Says through diag.h what is in doubt.
 */
void vmreport_text(const struct vmreport *v, FILE *to);

/**
 * vmreport_json - print it as one JSON object
 * @v: the VM
 * @to: where to
 *
 * Says the same.
 */
void vmreport_json(const struct vmreport *v, FILE *to);

/**
 * vmreport_layout - the name of a VM's layout
 * @vm: the VM
 */
const char *vmreport_layout(const struct remote_vm *vm);

/**
 * vmreport_check - what a LJD_check_* means
 * @check: its number
 */
const char *vmreport_check(uint32_t check);

#endif
