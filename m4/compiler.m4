dnl compiler.m4 - the only place that knows the compiler's flags.
dnl SPDX-License-Identifier: GPL-2.0-or-later

dnl LJ_TRY_FLAG(FLAG, VARIABLE) - append FLAG if the compiler takes it.
AC_DEFUN([LJ_TRY_FLAG], [
	lj_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS -Werror $1"
	AC_MSG_CHECKING([whether $CC takes $1])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
		[AC_MSG_RESULT([yes]); $2="$$2 $1"],
		[AC_MSG_RESULT([no])])
	CFLAGS=$lj_save_CFLAGS
])

dnl LJ_PROG_C11 - C11, also where autoconf is too old to ask for it.
AC_DEFUN([LJ_PROG_C11], [
	AC_MSG_CHECKING([whether $CC compiles C11])
	AC_COMPILE_IFELSE([AC_LANG_SOURCE([_Static_assert(sizeof(char) == 1, "");])],
		[AC_MSG_RESULT([yes])],
		[AC_MSG_RESULT([no])
		 AC_MSG_ERROR([a C11 compiler is needed, such as gcc 5])])
])

dnl LJ_WARNINGS - WARN_CFLAGS; --enable-werror.
AC_DEFUN([LJ_WARNINGS], [
	AC_ARG_ENABLE([werror], [AS_HELP_STRING([--enable-werror],
		[take warnings for errors])])
	WARN_CFLAGS=
	for lj_flag in -Wall -Wextra -Wshadow -Wundef -Wvla -Wstrict-prototypes \
		-Wmissing-prototypes -Wold-style-definition -Wformat=2 \
		-Wpointer-arith -Wwrite-strings; do
		LJ_TRY_FLAG([$lj_flag], [WARN_CFLAGS])
	done
	AS_IF([test "x$enable_werror" = xyes],
		[WARN_CFLAGS="$WARN_CFLAGS -Werror"])
	AC_SUBST([WARN_CFLAGS])
])

dnl LJ_SANITIZERS - SAN_CFLAGS for the tests, if they work here;
dnl --enable-sanitizers: for the program, too.
AC_DEFUN([LJ_SANITIZERS], [
	AC_ARG_ENABLE([sanitizers], [AS_HELP_STRING([--enable-sanitizers],
		[build the program with ASan and UBSan])])
	SAN_CFLAGS=
	lj_san="-fsanitize=address,undefined -fno-sanitize-recover=all"
	lj_save_CFLAGS=$CFLAGS
	CFLAGS="$CFLAGS $lj_san"
	AC_MSG_CHECKING([whether sanitizers work])
	AC_RUN_IFELSE([AC_LANG_PROGRAM([[#include <stdlib.h>]],
		[[free(malloc(1));]])],
		[AC_MSG_RESULT([yes]); SAN_CFLAGS="$lj_san"],
		[AC_MSG_RESULT([no])],
		[AC_MSG_RESULT([cross compiling: not used])])
	CFLAGS=$lj_save_CFLAGS
	AS_IF([test "x$enable_sanitizers" = xyes],
		[PROGRAM_CFLAGS=$SAN_CFLAGS])
	AC_SUBST([SAN_CFLAGS])
	AC_SUBST([PROGRAM_CFLAGS])
])
