-- hot.lua - idle and busy in turns: hot.lua SECONDS:busy SECONDS:idle ...
-- SPDX-License-Identifier: GPL-2.0-or-later
local ffi = require("ffi")
ffi.cdef("int usleep(unsigned usec); long time(long *t);")

local function busy(seconds)
  local till, s = ffi.C.time(nil) + seconds, 0
  while ffi.C.time(nil) < till do
    for i = 1, 1e5 do s = s + i % 7 end
  end
  return s
end

local function idle(seconds)
  for _ = 1, seconds * 10 do ffi.C.usleep(100000) end
end

print("ready")
io.stdout:flush()
for _, turn in ipairs(arg) do
  local seconds, what = turn:match("^(%d+):(%a+)$")
  local work = what == "busy" and busy or idle
  work(tonumber(seconds))
end
