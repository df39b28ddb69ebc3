-- A line in the pipe ORDERS, or on stdin if that is -, is a number of tables to
-- make in each of three functions, half of which stay; it is answered by the
-- bytes that seven, three and named have made of it, by the VM's own count.
-- waste makes something, too, which is not in the answer.
-- usage: alloc.lua on|off ORDERS READY
jit.off()	-- what the compiler allocates is not counted

local keep = {}
for i = 1, 64 do keep[i] = false end

local function seven(i) keep[i] = { 1, 2, 3, 4, 5, 6, 7 } end
local function three(i) keep[i] = { 1, 2, 3 } end
local function named(i) keep[i] = { x = 1 } end

-- collectgarbage("count") is told in units of 1024, exactly.
local function size(make)
  local n = 64
  collectgarbage()
  collectgarbage("stop")
  local from = collectgarbage("count")
  for i = 1, n do make(i) end
  local bytes = (collectgarbage("count") - from) * 1024 / n
  collectgarbage("restart")
  return bytes
end

-- Half of these are garbage at once.
local function waste(i)
  local t = {}
  t = {}
  return t, "waste" .. i
end

local sizes = { size(seven), size(three), size(named) }
if arg[1] ~= "off" then jit.on() end
print(arg[3])
io.stdout:flush()
for line in arg[2] == "-" and io.lines() or io.lines(arg[2]) do
  local n = tonumber(line)
  for i = 1, n do
    seven(i % 32 + 1)
    three(i % 32 + 1)
    named(i % 32 + 33)
    waste(i)
  end
  print(("done %d %d %d"):format(sizes[1] * n, sizes[2] * n, sizes[3] * n))
  io.stdout:flush()
end
