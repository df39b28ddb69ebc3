/* kmodule.h - what a kernel module tells of itself, as modinfo(8) shows it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Prints nothing.
 */
#ifndef LJSTAP_KMODULE_H
#define LJSTAP_KMODULE_H

struct kmodule;

/**
 * kmodule_open - look into a file
 * @path: its name
 *
 * Returns NULL if it is no kernel module, or cannot be read.
 */
struct kmodule *kmodule_open(const char *path);

/**
 * kmodule_close - give it back
 * @m: the module, or NULL
 */
void kmodule_close(struct kmodule *m);

/**
 * kmodule_name - what the kernel calls it
 * @m: the module
 */
const char *kmodule_name(const struct kmodule *m);

/**
 * kmodule_is_ours - is it of a script with the tapset luajit?
 * @m: the module
 */
int kmodule_is_ours(const struct kmodule *m);

/**
 * kmodule_unfit - why a kernel will not take it
 * @m: the module
 * @release: of the kernel, as uname -r tells it
 *
 * Returns NULL if it was made for that kernel, else a reason; the caller's.
 */
char *kmodule_unfit(const struct kmodule *m, const char *release);

#endif
