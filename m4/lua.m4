dnl lua.m4 - the Lua that scripts which look into a process run in.
dnl SPDX-License-Identifier: GPL-2.0-or-later

dnl LJ_LUA - --with-lua=auto|yes|no; LUAJIT_*, HAVE_LUA, the condition LUA.
dnl LuaJIT rather than PUC Lua: its dialect, its numbers in words and its
dnl 64-bit integers are those of the processes that are looked into.
AC_DEFUN([LJ_LUA], [
AC_ARG_WITH([lua],
	[AS_HELP_STRING([--with-lua],
		[build `ljstap lua' @<:@if libluajit-5.1 is there@:>@])],
	[], [with_lua=auto])
lj_lua=no
AS_IF([test "x$with_lua" != xno],
	[PKG_CHECK_MODULES([LUAJIT], [luajit >= 2.1.0-beta3],
		[lj_lua=yes
		AC_DEFINE([HAVE_LUA], [1], [Define if LuaJIT is embedded.])],
		[AS_IF([test "x$with_lua" = xyes],
			[AC_MSG_ERROR([--with-lua needs luajit >= 2.1.0-beta3])])])])
AS_IF([test $lj_lua = no],
	[AC_MSG_NOTICE([without libluajit-5.1: ljstap lua is left out])])
AM_CONDITIONAL([LUA], [test $lj_lua = yes])
])
