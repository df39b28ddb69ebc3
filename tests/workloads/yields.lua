-- Coroutines that yield for known times and so often: a line in the pipe ORDERS
-- is a number of rounds, answered by done. Each round: long 30 ms or more,
-- short 10 ms, byc, by C code if there is VIA, 20 ms, generator 10 times at
-- once; and rest, until the next round, once for each but the last.
-- usage: yields.lua on|off ORDERS READY [VIA]; VIA: what via.c is compiled to
local jit, ffi = require("jit"), require("ffi")
if arg[1] == "off" then jit.off() end
ffi.cdef "int usleep(unsigned);"
local via = arg[4] and assert(package.loadlib(arg[4], "via_yield"))
local yield = coroutine.yield

-- What a coroutine begins with has no name.
local function rest() yield() end
local function long() yield(30) end
local function short() yield(10) end
local function byc() via() end
local function generator()
  for i = 1, 10 do yield(i) end
end

local function main()
  return not pcall(yield, "nobody to resume it")
end

local l = coroutine.create(function()
  while true do long() rest() end
end)
local s = coroutine.wrap(function()
  while true do short() rest() end
end)
local c = via and coroutine.create(function()
  while true do byc() rest() end
end)

local function round()
  coroutine.resume(l)
  ffi.C.usleep(10000)
  if c then coroutine.resume(c) end
  ffi.C.usleep(10000)
  s()
  ffi.C.usleep(10000)
  s()
  if c then coroutine.resume(c) end
  coroutine.resume(l)
  local n = 0
  for i in coroutine.wrap(function() generator() end) do n = n + i end
  assert(n == 55 and main())
end

print(arg[3])
io.stdout:flush()
for line in io.lines(arg[2]) do
  for i = 1, tonumber(line) do round() end
  print("done")
  io.stdout:flush()
end
