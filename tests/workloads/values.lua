-- Values of every kind, and the truth about them: a line "value PATH TAB
-- TEXT" each as `ljstap inspect' shall print it, a line "module NAME: TYPE"
-- for each of package.loaded. Then it waits in poll(), or calls it all the time.
-- usage: values.lua [N [spin]]; N entries of a big table, 1e6 if not given
local ffi = require "ffi"
ffi.cdef [[
int poll(void *fds, unsigned long n, int timeout);
struct look_point { int x, y; };
union look_any { int i; double d; };
]]

local function quote(s)
  return '"' .. s:gsub('[%c\127\255"\\]', function(c)
    local known = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r",
                    ['"'] = '\\"', ["\\"] = "\\\\" }
    return known[c] or ("\\%03d"):format(c:byte())
  end) .. '"'
end

local function number(v)
  if v ~= v then return "nan" end
  for _, f in ipairs { "%.14g", "%.16g", "%.17g" } do
    local s = f:format(v)
    if s == "inf" or s == "-inf" or tonumber(s) == v then
      return v == 0 and 1 / v < 0 and "-0" or s
    end
  end
end

local function text(v)
  if type(v) == "string" then return quote(v) end
  if type(v) == "number" then return number(v) end
  return tostring(v)
end

local function says(path, what)
  print("value " .. path .. "\t" .. what)
end

-- The value of a path is what the path says here.
local function same(path)
  says(path, text(assert(loadstring("return " .. path))()))
end

look = { list = {}, mixed = {}, big = {}, nest = {} }
for i = 1, 1000 do look.list[i] = i * i end
local n = tonumber(arg[1] or 1e6)
for i = 1, n do look.big["k" .. i] = i end
look.nest.a = { b = { c = { d = "deep" } } }
look.cycle = { name = "cycle" }
look.cycle.self = look.cycle
look.cycle[look.cycle] = true
look.long = ("0123456789"):rep(30000)
look.texts = {}
for i = 1, 5 do look.texts[i] = look.long .. i end
look.binary = "a\0b\27[31m\"\\\n\255\127;"
look.utf8 = "gr\195\188n"
look.empty = ""
look.mixed = { 1, 2, nil, 4, [1e300] = "huge", [-3.5] = "minus", [0] = "zero",
               [true] = "yes", [false] = "no", [2^53] = "2^53",
               ["with \"quotes\" and \0"] = "odd", ["end"] = "keyword" }
look.mixed[("key"):rep(100)] = "long key"
look.numbers = { pi = math.pi, third = 1 / 3, tenth = 0.1, huge = math.huge,
                 small = 5e-324, minus = -math.huge, zero = 0,
                 negative = -0.0, int = 42, big = 2^53, max = 2^31,
                 min = -2^31, nan = 0 / 0 }
look.hash = {}
for i = 1, 40 do look.hash[i * 1000] = i end
look.sparse = { [1] = "one", [3] = "three" }
local hidden, counter = { x = "in an upvalue" }, 0
function look.closure(v)
  counter = counter + 1
  hidden.x = v
  return hidden, counter
end
local function closed()
  local inner = "closed"
  return function() return inner end
end
look.closed = closed()
look.object = setmetatable({ own = 1 }, { __index = { inherited = "from meta" } })
look.proxy = newproxy(true)
getmetatable(look.proxy).tag = "of a userdata"
look.light = debug.upvalueid and debug.upvalueid(look.closure, 1)
look.fresh = coroutine.create(function() end)
look.suspended = coroutine.create(function() coroutine.yield() end)
coroutine.resume(look.suspended)
look.dead = coroutine.create(function() end)
coroutine.resume(look.dead)
look.failed = coroutine.create(function() error("x") end)
coroutine.resume(look.failed)
look.c = { int64 = 42LL, uint64 = 2ULL^63, point = ffi.new("struct look_point"),
           array = ffi.new("int[10]"), vla = ffi.new("char[?]", 77),
           any = ffi.new("union look_any"), pointer = ffi.new("char *[3]") }
counter = 7

for _, path in ipairs {
  "#look.list", "look.list[1]", "look.list[700]", "look.list[1000]",
  "look.list[1001]", "look.big.k1", "look.big.k" .. n, "look.big['k2']",
  "look.nothing", "look.nest.a.b.c.d", "look.cycle.self.self.name",
  "#look.long", "look.binary", "look.utf8", "look.empty", "#look.binary",
  "look.mixed[1]", "look.mixed[4]", "look.mixed[1e300]", "look.mixed[-3.5]",
  "look.mixed[0]", "look.mixed[-0]", "look.mixed[true]", "look.mixed[false]",
  "look.mixed[9007199254740992]", "look.mixed['end']", "look.mixed[3]",
  'look.mixed["with \\"quotes\\" and \\000"]',
  'look.mixed["' .. ("key"):rep(100) .. '"]',
  "look.numbers.pi", "look.numbers.third", "look.numbers.tenth",
  "look.numbers.huge", "look.numbers.small", "look.numbers.minus",
  "look.numbers.zero", "look.numbers.negative", "look.numbers.int",
  "look.numbers.big", "look.numbers.max", "look.numbers.min",
  "look.numbers.nan", "look.hash[20000]", "#look.hash", "look.sparse[3]",
  "look.object.own", "look.object.inherited and nil",
  "getmetatable(look.object).__index.inherited",
  "getmetatable(look.proxy).tag", "getmetatable(look.list)",
  "package.loaded['jit'].version", "_G._VERSION", "_G._G._G.look.utf8",
  "jit.arch", "getfenv(look.closure).look.utf8", "package.path",
} do
  if not path:find(" and nil") then same(path) end
end
says("look.object.inherited", "nil")
says('look.closure.upvalue("hidden").x', quote(hidden.x))
says('look.closure.upvalue("counter")', number(counter))
says("look.closed.upvalue(1)", '"closed"')
says("print", "function: print")
says("look.closure", "function: closure@@" .. debug.getinfo(1).short_src ..
     ":" .. debug.getinfo(look.closure).linedefined)
says("string.gsub", "function: string.gsub")
says("look.fresh", "thread (suspended, never resumed): " ..
     tostring(look.fresh):match("0x%x+"))
says("look.suspended", "thread (suspended): " ..
     tostring(look.suspended):match("0x%x+"))
says("look.dead", "thread (dead): " .. tostring(look.dead):match("0x%x+"))
says("look.failed", "thread (dead): " .. tostring(look.failed):match("0x%x+"))
says("look.c.int64", "42LL")
says("look.c.uint64", "9223372036854775808ULL")
for name, what in pairs { point = "struct look_point> (8", array = "int [10]> (40",
                          vla = "char [?]> (77", any = "union look_any> (8",
                          pointer = "char *[3]> (24" } do
  says("look.c." .. name, ("cdata<%s bytes): "):format(what))
end
if look.light then
  says("look.light", "light userdata: " .. tostring(look.light):match("0x%x+"))
end

for name, v in pairs(package.loaded) do
  print(("module %s: %s"):format(name, type(v)))
end
print("ready")
io.stdout:flush()
while ffi.C.poll(nil, 0, arg[2] and 0 or -1) == 0 do end
print("poll() returned early")
io.stdout:flush()
