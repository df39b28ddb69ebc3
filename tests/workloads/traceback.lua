-- Builds one deep stack of every kind of frame, tells it as debug.getinfo()
-- sees it, innermost first, a line a frame ("C", or "linedefined:current"),
-- then "ready", and stays in it until killed. The oracle of the frame walk.
jit.off()
local ffi = require "ffi"
ffi.cdef [[
int rand(void);
typedef int (*ljt_compare)(const void *a, const void *b);
void qsort(void *base, size_t n, size_t size, ljt_compare compare);
]]

local function report(first)
  for level = first, 1000 do
    local i = debug.getinfo(level, "Sl")
    if not i then return end
    print(i.what == "C" and "C" or i.linedefined .. ":" .. i.currentline)
  end
end

local parent    -- tells the frames of the coroutine below

local function leaf(...)
  local n = select("#", ...)
  report(2); parent(); print("ready"); io.stdout:flush(); while true do ffi.C.rand() end
  return n
end

local function tail(a, b) return leaf(a, b, 3) end

local mt = {
  __index = function(t, k)
    local r = tail(t, k)
    return r
  end,
  __lt = function(a, b)
    local r = a.missing
    return r
  end,
  __add = function(a, b)
    return (a < b)
  end,
  __concat = function(a, b)
    local r = a + b
    return r
  end,
  __newindex = function(t, k, v)
    local s = t .. t
    return s
  end,
  __call = function(self)
    self.missing = "x"
  end,
}

local function called_back(x)
  local compare = ffi.cast("ljt_compare", function(a, b)
    x()
    return 0
  end)
  ffi.C.qsort(ffi.new("int[2]"), 2, 4, compare)
end

local function loaded(x)    -- load() calls its reader from C, in a cpcall
  return load(function()
    called_back(x)
  end)
end

local function iterated(x)
  for r in function() return loaded(x) end do
    return r
  end
end

local function sorted(x)
  local t = { 3, 1, 2 }
  table.sort(t, function(a, b)
    local ok, r = coroutine.resume(coroutine.create(function() end))
    iterated(x)
    return r
  end)
end

local function dispose()
  getmetatable(newproxy(true)).__gc = function()
    sorted(setmetatable({}, mt))
  end
end

local function collected()
  dispose()
  while true do
    local garbage = {}    -- a GC step here runs the finalizer
  end
end

local function substituted()
  local s = ("abc"):gsub("%w", function(c)
    collected()
  end)
  return s
end

local function inner(...)
  local ok, err = pcall(substituted, ...)
  return ok, err
end

local function middle(depth)
  if depth > 0 then
    local r = middle(depth - 1)
    return r
  end
  local co = coroutine.wrap(inner)
  local lines, write = {}, print
  local function told()    -- this coroutine's part, before it is left
    print = function(line) lines[#lines + 1] = line end
    print("C")             -- co() itself
    report(3)
    print = write
    parent = function() print(table.concat(lines, "\n")) end
  end
  local r = told() or co(1, nil, 3)
  return r
end

local function handler(err)    -- called by the VM, not by bytecode
  local r = middle(5)
  return r
end

xpcall(function()
  local n = nil
  local r = n + 1
  return r
end, handler)
