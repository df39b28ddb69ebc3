-- Waits or reads as often as it can, 150 calls deep.
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

local function deep(n)
  if n > 0 then
    local never = deep(n - 1)
    return never
  end
  while true do
    f()
  end
end

print("ready")
io.stdout:flush()
deep(150)
