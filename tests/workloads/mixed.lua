-- A bit of everything: strings, tables, sort, coroutines, files, GC, so that
-- samples fall into bytecode, fast functions, C helpers, traces, the kernel.
-- usage: mixed.lua [on|off [ready]]
if arg[1] == "off" then jit.off() end

local function suffix(s) return s .. "x" end

local function format()
  local t = {}
  for i = 1, 50 do t[i] = string.format("%d %s", i, ("abc"):rep(3)) end
  return table.concat(t, ",")
end

local function substitute()
  return (("hello world foo bar"):gsub("%w+", suffix))
end

local function read()
  local f = io.open("/etc/passwd")
  local s = f:read("*a")
  f:close()
  return #s
end

local function sort()
  local t = {}
  for i = 1, 100 do t[i] = (i * 7919) % 101 end
  table.sort(t, function(a, b) return a < b end)
  return t[1]
end

local step = coroutine.wrap(function()
  while true do
    substitute()
    coroutine.yield(1)
    sort()
  end
end)

if arg[2] then print(arg[2]); io.stdout:flush() end
while true do
  format()
  substitute()
  read()
  sort()
  step()
  collectgarbage("step")
end
