-- Coroutines in every state, and the truth about them: a line "ADDRESS STATE
-- LINE..." each, lines of Lua functions from the innermost; the last one is of
-- the coroutine that runs and those that resumed it, "running". Then waits in
-- poll().
local ffi = require "ffi"
ffi.cdef "int poll(void *fds, unsigned long n, int timeout);"

-- The lines of a coroutine, or from a level on of the one that runs.
local function lines(co, level)
  local t = {}
  while true do
    local info
    if co then
      info = debug.getinfo(co, level, "Sl")
    else
      info = debug.getinfo(level, "Sl")
    end
    if not info then break end
    if info.what ~= "C" then
      t[#t + 1] = info.short_src:match("[^/]*$") .. ":" .. info.currentline
    end
    level = level + 1
  end
  return table.concat(t, " ")
end

local function address(co)
  return tostring(co):match("0x%x+")
end

local function deep(n)
  if n > 0 then
    return (deep(n - 1))
  end
  return (coroutine.yield())
end

held = {}
for i = 1, 20 do
  held[i] = coroutine.create(function()
    for _ = 1, i do deep(i) end
    pcall(deep, i)
    table.sort({ 3, 2, 1 }, function(a, b) return a < b end)
    deep(0)
  end)
  for _ = 1, (i * 7) % (i + 3) do coroutine.resume(held[i]) end
end
held.failed = coroutine.create(function()
  local function fail() error("x") end
  fail()
end)
coroutine.resume(held.failed)
held.wrapped = coroutine.create(function()
  for _ in coroutine.wrap(function() deep(3) end) do end
  deep(1)
end)
coroutine.resume(held.wrapped)

local states = { suspended = "suspended", dead = "dead", normal = "normal" }
local function tell()
  for _, co in pairs(held) do
    local l = lines(co, 0)
    local state = states[coroutine.status(co)]
    print(address(co), l == "" and state == "suspended" and "fresh" or state, l)
  end
end

local function inner(outer_lines)
  local function wait()
    tell() print("running", (lines(nil, 2):gsub(":%d+", ":" .. debug.getinfo(1, "l").currentline, 1)), outer_lines) print("ready") io.stdout:flush() while ffi.C.poll(nil, 0, -1) == 0 do end
  end
  wait()
  return 1
end

local function outer(main_lines)
  held.outer = coroutine.running()
  local co = coroutine.create(inner)
  return 1, coroutine.resume(co, lines(nil, 2) .. " " .. main_lines)
end

held.outer = coroutine.create(outer)
assert(coroutine.resume(held.outer, lines(nil, 2)))
