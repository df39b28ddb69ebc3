-- A line on stdin is a number: so many objects of each kind are made, by a
-- function of its own, and kept. For each kind is told: its function, how many,
-- and the bytes of one by the VM's own count. At the next line every other one
-- is dropped and freed.
-- usage: objects.lua on|off READY
local ffi = require("ffi")
jit.off()	-- what the compiler allocates is not counted

ffi.cdef("typedef struct { double x[7]; } objects_thing;")
local thing, ints = ffi.typeof("objects_thing"), ffi.typeof("int[?]")
local format, create = string.format, coroutine.create
local most = 20000
local serial = 0

local function empties(t, i) t[i] = {} end
local function lists(t, i) t[i] = { 1, 2, 3 } end
local function strings(t, i)
  serial = serial + 1
  t[i] = format("object%09d", serial)
end
local function closures(t, i) t[i] = function() return most end end
local function upvalues(t, i)
  local own = i
  t[i] = function() return own end
end
local function cdata(t, i) t[i] = thing() end
local function arrays(t, i) t[i] = ints(16) end
local function threads(t, i) t[i] = create(empties) end
local function userdata(t, i) t[i] = newproxy() end

local kinds = {
  { "empties", empties }, { "lists", lists }, { "strings", strings },
  { "closures", closures }, { "upvalues", upvalues }, { "cdata", cdata },
  { "arrays", arrays }, { "threads", threads }, { "userdata", userdata },
}
local kept = {}
for _, kind in ipairs(kinds) do
  local t = {}
  for i = 1, most do t[i] = false end
  kept[kind[1]] = t
end

local function all(n)
  local t = kept.empties
  for i = 1, n do empties(t, i) end
  t = kept.lists
  for i = 1, n do lists(t, i) end
  t = kept.strings
  for i = 1, n do strings(t, i) end
  t = kept.closures
  for i = 1, n do closures(t, i) end
  t = kept.upvalues
  for i = 1, n do upvalues(t, i) end
  t = kept.cdata
  for i = 1, n do cdata(t, i) end
  t = kept.arrays
  for i = 1, n do arrays(t, i) end
  t = kept.threads
  for i = 1, n do threads(t, i) end
  t = kept.userdata
  for i = 1, n do userdata(t, i) end
end

-- collectgarbage("count") is told in units of 1024, exactly. The least: now and
-- then something else grows.
local function size(make)
  local t, least = { false }, 1 / 0
  collectgarbage()
  collectgarbage("stop")
  for _ = 1, 8 do
    local from = collectgarbage("count")
    make(t, 1)
    least = math.min(least, (collectgarbage("count") - from) * 1024)
  end
  collectgarbage("restart")
  return least
end

for _, kind in ipairs(kinds) do kind.size = size(kind[2]) end
if arg[1] ~= "off" then jit.on() end
print(arg[2])
io.stdout:flush()
local n = tonumber(io.read())
all(n)
for _, kind in ipairs(kinds) do
  print(format("made %s %d %d", kind[1], n, kind.size))
end
print("done")
io.stdout:flush()
io.read()
for _, kind in ipairs(kinds) do
  for i = 1, n, 2 do kept[kind[1]][i] = false end
end
collectgarbage()
collectgarbage()
print("freed")
io.stdout:flush()
io.read()
