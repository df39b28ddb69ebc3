-- foo waits twice as long as bar: 67 and 33 % of the time off the CPU.
-- usage: wait.lua [on|off [ready]]
local ffi = require("ffi")
ffi.cdef "int usleep(unsigned usec);"
if arg[1] == "off" then jit.off() end

local function wait()
  ffi.C.usleep(10000)
end

local function foo()
  wait()
  wait()
end

local function bar()
  wait()
end

if arg[2] then print(arg[2]); io.stdout:flush() end
while true do
  foo()
  bar()
end
