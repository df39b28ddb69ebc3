-- Waits or reads as often as it can.
-- usage: storm.lua wait|read FILE
local ffi = require("ffi")
ffi.cdef [[
int usleep(unsigned usec);
int open(const char *path, int flags, ...);
long pread(int fd, void *buf, unsigned long n, long offset);
]]

local function nap()
  ffi.C.usleep(1)
end

local fd, buf = ffi.C.open(arg[2], 0), ffi.new("char [16]")

local function look()
  ffi.C.pread(fd, buf, 16, 0)
end

local f = arg[1] == "wait" and nap or look
print("ready")
io.stdout:flush()
while true do
  f()
end
