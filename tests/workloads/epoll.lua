-- Checks itself while it is looked at: waits with epoll_wait() again and
-- again, computes sums it knows, and ends with "ok" or "harmed" and counts.
-- usage: epoll.lua SECONDS
local ffi = require "ffi"
ffi.cdef [[
int epoll_create1(int flags);
int epoll_wait(int epfd, void *events, int maxevents, int timeout);
typedef struct { long sec, nsec; } ljt_timespec;
int clock_gettime(int clock, ljt_timespec *ts);
]]
local C = ffi.C
local ts = ffi.new("ljt_timespec")
local events = ffi.new("char[64]")
local epfd = C.epoll_create1(0)

local function now()
  C.clock_gettime(1, ts)
  return tonumber(ts.sec) + tonumber(ts.nsec) / 1e9
end

local function sum(n)
  local s = 0
  for i = 1, n do s = s + i end
  return s
end

print("ready")
io.stdout:flush()
local stop = now() + tonumber(arg[1])
local waits, eintr, wrong = 0, 0, 0
while now() < stop do
  local r = C.epoll_wait(epfd, events, 4, 3)
  waits = waits + 1
  if r ~= 0 then eintr = eintr + 1 end
  for n = 1000, 20000, 1000 do
    if sum(n) ~= n * (n + 1) / 2 then wrong = wrong + 1 end
  end
  local text = ("%d"):rep(20, ","):gsub("%%d", "7")
  if text ~= ("7,"):rep(19) .. "7" then wrong = wrong + 1 end
end
print(eintr + wrong == 0 and "ok" or "harmed", waits .. " waits",
      eintr .. " not 0", wrong .. " wrong sums")
