-- Holds what the ready scripts of `ljstap lua' look for, then waits in poll().
local ffi = require "ffi"
ffi.cdef [[
int poll(void *fds, unsigned long n, int timeout);
struct hold_point { int x, y; };
typedef struct hold_queue_s hold_queue_t;
struct hold_queue_s {
  double expire; hold_queue_t *prev, *next; uint32_t user_flags;
};
]]

-- two modules, one of which forgot `local'
package.preload["hold.some"] = function()
  leaky = { 1 }
  function leaked_function() end
  return { _VERSION = "1.2.3", big = {} }
end
package.preload["hold.other"] = function()
  return { version = 7, list = {} }
end
local some, other = require "hold.some", require "hold.other"
for i = 1, 5000 do some.big["key" .. i] = i end
for i = 1, 3000 do other.list[i] = {} end
local hidden = {}
for i = 1, 4000 do hidden[i] = i end
function some.get() return hidden end

-- A cache as resty.lrucache has it: 30 of 100 used.
local function queue(n)
  local q = ffi.new("hold_queue_t[?]", n + 1)
  for i = 0, n do
    q[i].next, q[i].prev = q + (i + 1) % (n + 1), q + (i + n) % (n + 1)
  end
  return q
end
cache = { hasht = {}, key2node = {}, cache_queue = queue(30),
          free_queue = queue(70), num_items = 100 }
for i = 1, 30 do cache.hasht["k" .. i] = i end
weak = setmetatable({}, { __mode = "k" })
weak[some], weak[other] = 1, 2

points = {}
for i = 1, 250 do points[i] = ffi.new("struct hold_point", i, i) end

local function waiter()
  coroutine.yield()
end
waiting = {}
for i = 1, 7 do
  waiting[i] = coroutine.wrap(waiter)
  waiting[i]()
end
fresh = coroutine.create(waiter)

collectgarbage()
collectgarbage()
print("ready")
io.stdout:flush()
while ffi.C.poll(nil, 0, -1) == 0 do end
