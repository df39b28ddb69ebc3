dnl tapsetdir.m4 - where stap finds tapsets without -I.
dnl SPDX-License-Identifier: GPL-2.0-or-later

dnl LJ_TAPSETDIR - set tapsetdir. stap searches only the share/ beside its
dnl own bin/, whatever our prefix is.
AC_DEFUN([LJ_TAPSETDIR], [
AC_ARG_WITH([tapsetdir],
	[AS_HELP_STRING([--with-tapsetdir=DIR],
		[where to install tapsets @<:@that of the stap found@:>@])],
	[tapsetdir=$withval],
	[AC_PATH_PROG([STAP], [stap])
	AS_IF([test -n "$STAP"],
		[tapsetdir=`dirname "$STAP"`
		tapsetdir=`dirname "$tapsetdir"`/share/systemtap/tapset],
		[tapsetdir='${datadir}/systemtap/tapset'])])
AC_SUBST([tapsetdir])
])
