-- Mostly C: zlib by FFI, string.format, table.concat, table.sort, string.rep.
-- usage: cheavy.lua [on|off [ready]]
if arg[1] == "off" then jit.off() end

local ffi = require("ffi")
ffi.cdef[[
unsigned long compressBound(unsigned long n);
int compress2(uint8_t *d, unsigned long *dn, const uint8_t *s, unsigned long n, int level);
]]
local z = ffi.load("libz.so.1")
local text = {}
for i = 1, 4000 do
  text[i] = string.format("%d:%s;", i * 7919 % 1009, ("xyz"):rep(i % 7))
end
local src = table.concat(text)
local n = z.compressBound(#src)
local buf, len = ffi.new("uint8_t[?]", n), ffi.new("unsigned long[1]")

local function deflate()
  len[0] = n
  z.compress2(buf, len, src, #src, 6)
  return len[0]
end

local function format()
  local t = {}
  for i = 1, 3000 do t[i] = string.format("%5.2f|%-10s|%x", i / 3, "abc", i) end
  return #table.concat(t, ",")
end

local function sort()
  local t = {}
  for i = 1, 2000 do t[i] = (i * 7919) % 2003 end
  table.sort(t)
  return t[1]
end

local function rep() return #(("abcdefgh"):rep(20000)) end

if arg[2] then print(arg[2]); io.stdout:flush() end
while true do
  deflate()
  format()
  sort()
  for i = 1, 20 do rep() end
end
