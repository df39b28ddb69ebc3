/* vmsymbols.h - names for the code of a stripped LuaJIT, where others look.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stap, gdb and perf use the symbols of a separate debug file that has the
 * build-id of the file. One is written that has nothing but symbols.
 */
#ifndef LJSTAP_VMSYMBOLS_H
#define LJSTAP_VMSYMBOLS_H

#include "vmplace.h"

/**
 * vmsymbols_write - write a separate debug file for a LuaJIT
 * @ps: its places
 * @dir: a folder, made if it is not there; the file is
 *       DIR/.build-id/xx/yyyy.debug in it
 * @why: set to why there is none, in words, the caller's; or NULL
 *
 * Does not print. Returns its name, the caller's, or NULL.
 */
char *vmsymbols_write(const struct vmplaces *ps, const char *dir, char **why);

/**
 * vmsymbols_remove - remove it again, and @dir, if nothing else is there
 * @name: what vmsymbols_write() returned, or NULL; freed
 */
void vmsymbols_remove(char *name);

#endif
