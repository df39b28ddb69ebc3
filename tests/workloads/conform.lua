-- Values of every kind, and what each of conform.txt is: a line "EXPRESSION
-- TAB TEXT". Then it waits in poll().
local dir = arg[0]:match("^(.*/)") or "./"
local ffi = require "ffi"
dofile(dir .. "conform-text.lua")
ffi.cdef [[
int poll(void *fds, unsigned long n, int timeout);
struct cf_point { int x, y; };
enum cf_color { CF_RED, CF_GREEN = 7, CF_BLUE };
struct cf_all {
  char c; signed char sc; unsigned char uc; short s; unsigned short us;
  int i; unsigned int ui; int64_t i64; uint64_t u64; float f; double d;
  bool b; int *p; const char *name; struct cf_point pt;
  struct cf_point *link; int arr[4]; enum cf_color color;
  unsigned b1 : 3; int b2 : 5; bool b3 : 1; unsigned b4 : 20;
  union { int ui1; float uf1; };
  struct { int deep; } sub;
  void *nothing;
};
]]

T = { n = {}, s = {}, t = {}, f = {}, co = {}, c = {}, m = {} }

T.n = { zero = 0, minus = -0.0, one = 1, half = 0.5, tenth = 0.1,
        third = 1 / 3, neg = -17, big = 2^53, bigger = 2^53 + 2, max = 2^31,
        max1 = 2^31 - 1, min = -2^31, huge = math.huge, mhuge = -math.huge,
        nan = 0 / 0, tiny = 5e-324, dmax = 1.7976931348623157e308,
        e15 = 1e15, e16 = 1e16, pi = math.pi, m1 = -1 }
T.s = { empty = "", word = "word", nul = "a\0b\0", esc = "\27[31m\n\t\r",
        quote = '"\\\'', utf8 = "gr\195\188n \226\130\172", bad = "\255\254",
        long = ("0123456789"):rep(5000), mb = ("x"):rep(1000000) .. "end",
        num = "12.5", hex = "0x10", line = ("y"):rep(103), edge = ("z"):rep(104) }
T.t.empty = {}
T.t.list = { 10, 20, 30, 40, 50 }
T.t.holes = { 1, 2, nil, 4, nil, nil, 7 }
T.t.nilend = { 1, 2, 3, nil }
T.t.zero = { [0] = "zero", "one", "two" }
T.t.sparse = { [1] = "a", [3] = "c", [100] = "far" }
T.t.hashint = {}
for i = 1, 37 do T.t.hashint[i * 1000] = i end
T.t.hashlist = {}
for i = 20, 1, -1 do T.t.hashlist[i] = i * i end
T.t.mixed = { 1, 2, x = 3, y = { 4 }, [1.5] = "float", [-1] = "neg",
              [2^53] = "2^53", [true] = "yes", [false] = "no", [1e300] = "e" }
T.t.objkeys = { [T.t.empty] = "by table", [print] = "by function" }
T.t.removed = { a = 1, b = 2, c = 3, d = 4 }
T.t.removed.b = nil
T.t.big = {}
for i = 1, 20000 do T.t.big["k" .. i] = i; T.t.big[i] = "v" .. i end
T.t.cycle = {}
T.t.cycle.self = T.t.cycle
T.t.shrunk = {}
for i = 1, 100 do T.t.shrunk[i] = i end
for i = 100, 51, -1 do T.t.shrunk[i] = nil end
T.t.strings = { "a", ("b"):rep(150), "", "c\0d", ("e"):rep(5000) }
T.t.longkey = { [("key"):rep(100)] = 1, [("key"):rep(2000)] = 2 }
T.t.bools = { true, false, true }

T.m.plain = setmetatable({ own = 1 }, { __index = { got = "inherited" } })
T.m.deep = setmetatable({}, { __index = T.m.plain })
T.m.locked = setmetatable({}, { __metatable = "locked" })
T.m.noindex = setmetatable({}, { tag = 1 })
T.m.class = {}
T.m.class.__index = T.m.class
function T.m.class.method(self) return self end
T.m.object = setmetatable({ name = "object" }, T.m.class)
T.m.ud = newproxy(true)
getmetatable(T.m.ud).tag = "of a userdata"
getmetatable(T.m.ud).__index = { field = "by __index" }
T.m.ud2 = newproxy(false)

local a, b = 1, { "in b" }
function T.f.two() return a, b end
T.f.loop = {}
for i = 1, 3 do T.f.loop[i] = function() return i end end
function T.f.args(x, y, ...) return x, y, ... end
T.f.main = loadstring("return 1, ...", "=chunk")
T.f.src = loadstring("local x = 1\nreturn function() return x end")()
T.f.src2 = loadstring("return 1")
T.f.at = loadstring("return 1", "@" .. ("d/"):rep(40) .. "file.lua")
local shared = 5
function T.f.get() return shared end
function T.f.set(v) shared = v end
T.f.set(6)
T.f.none = function() end
setfenv(T.f.none, { marker = "environment" })

T.co.fresh = coroutine.create(function() end)
T.co.yielded = coroutine.create(function(x)
  local function inner()
    coroutine.yield(x)
  end
  inner()
  return 1
end)
coroutine.resume(T.co.yielded, 5)
T.co.dead = coroutine.create(function() end)
coroutine.resume(T.co.dead)
T.co.failed = coroutine.create(function() error("x") end)
coroutine.resume(T.co.failed)

local all = ffi.new("struct cf_all")
T.c.target = ffi.new("int[3]", 7, 8, 9)
T.c.point = ffi.new("struct cf_point", 3, 4)
T.c.text = ffi.new("char[20]", "C string")
all.c, all.sc, all.uc, all.s, all.us = 65, -5, 250, -1000, 60000
all.i, all.ui, all.i64, all.u64 = -100000, 4000000000, -2LL^62, 2ULL^63 + 5
all.f, all.d, all.b, all.p, all.name = 1.5, 1 / 3, true, T.c.target, T.c.text
all.pt.x, all.pt.y, all.link = 11, 12, T.c.point
for i = 0, 3 do all.arr[i] = i * 100 end
all.color, all.b1, all.b2, all.b3, all.b4 = "CF_GREEN", 5, -9, true, 99999
all.ui1, all.sub.deep = 0x3fc00000, 77
T.c.all = all
T.c.ptr = ffi.cast("struct cf_all *", all)
T.c.i64, T.c.u64, T.c.m1 = 123LL, 2ULL^63, -1LL
T.c.min64 = -2LL^63
T.c.pp = ffi.new("struct cf_point *[2]", T.c.point, nil)
T.c.pts = ffi.new("struct cf_point[3]", { { 1, 2 }, { 3, 4 }, { 5, 6 } })
T.c.d = ffi.new("double[2]", 0.5, -0.0)
T.c.vla = ffi.new("short[?]", 5, -1, -2, -3)
T.c.i64s = ffi.new("int64_t[2]", 1LL, -2LL^53)
T.c.bools = ffi.new("bool[2]", true, false)
T.c.null = ffi.cast("char *", nil)
T.c.color = ffi.new("enum cf_color", "CF_BLUE")
T.c.type = ffi.typeof("struct cf_point")
T.c.int = ffi.new("int", 5)
T.c.cc = ffi.cast("const char *", T.c.text)
T.c.poll = ffi.C.poll
T.light = debug.upvalueid and debug.upvalueid(T.f.two, 1)

-- The lists it hands out from now on are all there: nothing moves any more.
collectgarbage()
collectgarbage()
collectgarbage("stop")
say_all(dir .. "conform.txt", function(s) io.write(s) end)
for _, n in ipairs { "normal", "running" } do
  io.write("-- ", n, "\n")
end
print("ready")
io.stdout:flush()
T.co.normal = coroutine.create(function()
  T.co.running = coroutine.create(function()
    while ffi.C.poll(nil, 0, -1) == 0 do end
  end)
  coroutine.resume(T.co.running)
end)
coroutine.resume(T.co.normal)
print("poll() returned early")
io.stdout:flush()
