# Python runs seed.lua in its LuaJIT. usage: python.py SEED.LUA on|off LOOP
# SPDX-License-Identifier: GPL-2.0-or-later
import lupa
import sys

lua = lupa.LuaRuntime()
lua.globals().arg = lua.table(sys.argv[2], "ready", sys.argv[3])
lua.globals().dofile(sys.argv[1])
