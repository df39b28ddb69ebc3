-- Of each 100 ms it sleeps 30 in long and 10 in short, and computes in between.
-- usage: sleeps.lua [on|off [ready]]
local ffi = require("ffi")
ffi.cdef "int usleep(unsigned usec);"
if arg[1] == "off" then jit.off() end

local function long()
  ffi.C.usleep(30000)
end

local function short()
  ffi.C.usleep(10000)
end

local function compute()
  local till = os.clock() + 0.06
  while os.clock() < till do end
end

if arg[2] then print(arg[2]); io.stdout:flush() end
while true do
  long()
  compute()
  short()
end
