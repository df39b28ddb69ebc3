dnl bpf.m4 - what the eBPF collector takes to build.
dnl SPDX-License-Identifier: GPL-2.0-or-later

dnl LJ_BPF - --enable-bpf=auto|yes|no; the condition BPF, CLANG, BPFTOOL,
dnl BPF_CFLAGS, LIBBPF_*. None of it is needed where ljstap runs but libbpf.
AC_DEFUN([LJ_BPF], [
AC_ARG_ENABLE([bpf],
	[AS_HELP_STRING([--enable-bpf],
		[build the eBPF collector @<:@if clang, bpftool and libbpf are there@:>@])],
	[], [enable_bpf=auto])
lj_bpf_missing=
AS_IF([test "x$enable_bpf" != xno], [
	AC_PATH_PROG([CLANG], [clang])
	AC_PATH_PROG([BPFTOOL], [bpftool], [], [$PATH:/usr/sbin:/sbin])
	PKG_CHECK_MODULES([LIBBPF], [libbpf >= 1.0], [],
		[lj_bpf_missing=" libbpf>=1.0"])
	AS_IF([test -z "$BPFTOOL"], [lj_bpf_missing=" bpftool$lj_bpf_missing"])
	AS_IF([test -z "$CLANG"], [lj_bpf_missing=" clang$lj_bpf_missing"], [
		dnl Debian keeps asm/ under the machine's name.
		lj_triplet=`$CC -print-multiarch 2>/dev/null`
		BPF_CFLAGS="-target bpf -mcpu=v3 -O2 -g"
		AS_IF([test -d "/usr/include/$lj_triplet"],
			[BPF_CFLAGS="$BPF_CFLAGS -I/usr/include/$lj_triplet"])
		AC_MSG_CHECKING([whether $CLANG compiles BPF])
		cat >conftest.bpf.c <<_EOF
#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
int f(void) { return BPF_RB_NO_WAKEUP; }
_EOF
		AS_IF([$CLANG $BPF_CFLAGS $LIBBPF_CFLAGS -c conftest.bpf.c -o conftest.bpf.o >&AS_MESSAGE_LOG_FD 2>&1],
			[AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])
			lj_bpf_missing="$lj_bpf_missing a-clang-for-BPF"])
		rm -f conftest.bpf.c conftest.bpf.o
	])
	AS_IF([test -n "$lj_bpf_missing" && test "x$enable_bpf" = xyes],
		[AC_MSG_ERROR([--enable-bpf needs:$lj_bpf_missing])])
], [lj_bpf_missing=" --disable-bpf"])
AS_IF([test -z "$lj_bpf_missing"],
	[AC_DEFINE([HAVE_BPF], [1], [Define if the eBPF collector is built.])],
	[AC_MSG_NOTICE([the eBPF collector is left out:$lj_bpf_missing])])
AM_CONDITIONAL([BPF], [test -z "$lj_bpf_missing"])
AC_SUBST([BPF_CFLAGS])
])
