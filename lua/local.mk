# lua/local.mk - ready scripts: ljstap lua -p PID NAME
# SPDX-License-Identifier: GPL-2.0-or-later

pkgluadir = $(pkgdatadir)/lua
dist_pkglua_DATA = \
	lua/lj-biggest-tables.lua \
	lua/lj-caches.lua \
	lua/lj-coroutines.lua \
	lua/lj-ffi-types.lua \
	lua/lj-leaked-globals.lua \
	lua/lj-module-versions.lua \
	lua/lj-modules.lua \
	lua/lj-process.lua \
	lua/lj-sockets-timers.lua
