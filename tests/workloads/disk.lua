-- Reads a file from the disk, past the page cache, all the time.
-- usage: disk.lua FILE [ready]; FILE has 1 MiB
local ffi = require("ffi")
ffi.cdef [[
int open(const char *path, int flags, ...);
long pread(int fd, void *buf, unsigned long n, long offset);
int posix_memalign(void **p, unsigned long align, unsigned long n);
]]
local O_DIRECT = 0x4000

local fd = ffi.C.open(arg[1], O_DIRECT)
local p = ffi.new("void *[1]")
assert(ffi.C.posix_memalign(p, 4096, 4096) == 0)
if fd < 0 or ffi.C.pread(fd, p[0], 4096, 0) ~= 4096 then
  print("ready: no direct I/O here")
  io.stdout:flush()
  os.exit(3)
end

local function fetch(page)
  assert(ffi.C.pread(fd, p[0], 4096, page * 4096) == 4096)
end

if arg[2] then print(arg[2]); io.stdout:flush() end
local page = 0
while true do
  fetch(page)
  page = (page + 97) % 256
end
