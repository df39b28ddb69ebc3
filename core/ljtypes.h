/* ljtypes.h - lj_u8 .. lj_u64 and lj_i32, in kernel and user space.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LJSTAP_LJTYPES_H
#define LJSTAP_LJTYPES_H

typedef unsigned char lj_u8;
typedef unsigned short lj_u16;
typedef unsigned int lj_u32;
typedef int lj_i32;
typedef unsigned long long lj_u64;
typedef lj_u64 __attribute__((may_alias)) lj_u64_alias;

#endif
