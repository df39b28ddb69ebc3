dnl capstone.m4 - the disassembler that tells the line inside a trace.
dnl SPDX-License-Identifier: GPL-2.0-or-later

dnl LJ_CAPSTONE - --with-capstone=auto|yes|no; CAPSTONE_*, HAVE_CAPSTONE.
dnl Capstone rather than Zydis: one interface from Debian 10 on, while Zydis
dnl changed its with 4.0. Without it lines inside traces are less certain.
AC_DEFUN([LJ_CAPSTONE], [
AC_ARG_WITH([capstone],
	[AS_HELP_STRING([--with-capstone],
		[tell lines inside traces by their machine code @<:@if libcapstone is there@:>@])],
	[], [with_capstone=auto])
lj_capstone=no
AS_IF([test "x$with_capstone" != xno],
	[PKG_CHECK_MODULES([CAPSTONE], [capstone >= 4.0],
		[lj_capstone=yes
		AC_DEFINE([HAVE_CAPSTONE], [1],
			[Define if libcapstone is used.])],
		[AS_IF([test "x$with_capstone" = xyes],
			[AC_MSG_ERROR([--with-capstone needs libcapstone >= 4.0])])])])
AS_IF([test $lj_capstone = no],
	[AC_MSG_NOTICE([without libcapstone: lines inside traces are less certain])])
])
