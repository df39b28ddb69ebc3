-- Says where it is by debug.getinfo(), as lj-bt has to, and stays there: a
-- line "thread FRAME|FRAME...", a line "ADDRESS STATUS FRAME|FRAME..." for each
-- coroutine, "ready". Then spins, unless it is told to wait.
-- usage: luajit backtrace.lua [wait]
jit.off()
local ffi = require "ffi"
ffi.cdef "int pause(void);"

local function frame(i)
  local name = i.what == "main" and "[main]" or i.name or "?"
  if name == "(for generator)" then name = "for iterator" end
  if i.what == "C" then return name .. "@[C]" end
  local file = i.source:match("^@(.*)") or
               '[string "' .. i.source:match("[^\n]*") .. '..."]'
  return ("%s@%s:%d  at %s:%d"):format(name, file, i.linedefined, file,
                                       i.currentline)
end

local function frames(level, co)
  local t = {}
  while true do
    local i
    if co then i = debug.getinfo(co, level, "nSl")
    else i = debug.getinfo(level, "nSl") end
    if not i then return table.concat(t, "|") end
    t[#t + 1] = frame(i)
    level = level + 1
  end
end

local held = {}
local function co(f)
  local c = coroutine.create(f)
  held[#held + 1] = c
  coroutine.resume(c, 3)
end

local function deep(n)
  if n > 0 then return (deep(n - 1)) end
  return (coroutine.yield())
end
local object = setmetatable({}, {
  __index = function() return (coroutine.yield()) end,
  __add = function() local v = deep(2) return v end,
})
local t = { method = function(self, n) return (deep(n)) end }
function global(n) local v = t:method(n) return v end

co(deep)
co(function(n) global(n) end)
co(function() local v = object.missing return v end)
co(function() local v = object + 1 return v end)
co(function() for v in function() return (deep(1)) end do return v end end)
co(function(n) pcall(deep, n) end)
co(function() local function fails() error("x") end fails() end)
co(loadstring("local x = 1\nreturn (coroutine.yield())"))
co(function()
  local many = {}
  for i = 1, 10 do many[i] = i deep(i) end
end)
held[#held + 1] = coroutine.create(function() end)

local function spin(below)
  local all = {} for _, c in ipairs(held) do
    all[#all + 1] = tostring(c):match("0x%x+") .. " " .. coroutine.status(c) .. " " .. frames(0, c)
  end
  print(table.concat(all, "\n"))
  if arg[1] then print("ready") io.stdout:flush() ffi.C.pause() end
  print("thread " .. frames(2) .. "|[coroutine]|" .. below) print("ready") io.stdout:flush() while true do end
end

local function called(n, below)
  if n > 0 then
    local r = called(n - 1, below)
    return r
  end
  local r = spin(below)
  return r
end

local function outer()
  local inner = coroutine.create(called)
  return 1, coroutine.resume(inner, 5, "resume@[C]|" .. frames(2))
end
local r = outer()
return r
