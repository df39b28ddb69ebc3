-- seed.lua with a C function that heavy() calls by the FFI.
-- usage: ffi.lua [on|off [ready|- [LOOP]]]
if arg and arg[1] == "off" then jit.off() end
local N = tonumber(arg and arg[3]) or 1e6
local ffi = require("ffi")
ffi.cdef("double sqrt(double x);")
local C = ffi.C

local function heavy()
  local sum = 0
  for i = 1, N do
    sum = sum + C.sqrt(i)
  end
  return sum
end

local function foo()
  local a = heavy()
  a = a + heavy()
  return a
end

local function bar()
  return (heavy())
end

if arg and arg[2] == "ready" then
  io.stdout:write("ready\n")
  io.stdout:flush()
end
while true do
  foo()
  bar()
end
