-- ljstap.lua - the names of a script that looks into a live process.
-- SPDX-License-Identifier: GPL-2.0-or-later
-- Run once, with the functions in C and the registry; what it leaves as
-- globals are the script's own, every other name is the target's.
local C, registry = ...
local G = getfenv(0)
local isremote, rtype = C.isremote, C.type
local native = {}
for k, v in pairs(G) do native[k] = v end
local string, math, table, tostring, tonumber, assert, error, pcall, select =
  native.string, native.math, native.table, native.tostring, native.tonumber,
  native.assert, native.error, native.pcall, native.select
local format = string.format

for k in pairs(native) do G[k] = nil end
for _, k in native.ipairs { "_VERSION", "assert", "bit", "collectgarbage",
    "dofile", "error", "load", "loadfile", "loadstring", "math", "pcall",
    "rawequal", "select", "string", "tostring", "xpcall" } do
  G[k] = native[k]
end
for _, k in native.ipairs { "getmetatable", "ipairs", "next", "pairs", "print",
                            "rawget", "rawlen", "type" } do
  G[k] = C[k]
end
G.exit = C.exit

-- What would write or run something. --------------------------------------

local function refuse(t, name, what)
  local f = t[name]
  return function(v, ...)
    if isremote(v) then
      error(format("%s(): a %s of the process cannot be %s: the process is " ..
                   "only read", name, rtype(v), what), 2)
    end
    return f(v, ...)
  end
end

G.rawset = refuse(native, "rawset", "written to")
G.setmetatable = refuse(native, "setmetatable", "written to")
G.setfenv = refuse(native, "setfenv", "written to")

function G.getfenv(f)
  if isremote(f) then return C.getfenv(f) end
  if f == nil then f = 1 end
  if rtype(f) == "number" and f > 0 then f = f + 1 end
  return native.getfenv(f)
end

function G.tonumber(v, ...)
  if isremote(v) then
    if rtype(v) ~= "cdata" then return nil end
    v = C.cnumber(v)
    return v ~= nil and tonumber(v) or nil
  end
  return tonumber(v, ...)
end

-- What the process has loaded, as require() would give it there.
function G.require(name)
  local own = G[name]
  if own ~= nil and native.rawget(G, name) ~= nil then return own end
  local v = C.registry()._LOADED[name]
  if v == nil then
    error(format("module '%s' is not loaded in the process; nothing can be " ..
                 "loaded into it", tostring(name)), 2)
  end
  return v
end

-- Tables. -----------------------------------------------------------------

local function part(t, i, j)
  if not isremote(t) then return t end
  local own = {}
  for k = i, j do own[k] = C.rawget(t, k) end
  return own
end

function G.unpack(t, i, j)
  i = i or 1
  j = j or C.rawlen(t)
  return native.unpack(part(t, i, j), i, j)
end

G.table = {}
for k, f in native.pairs(table) do G.table[k] = f end
for _, k in native.ipairs { "insert", "remove", "sort" } do
  G.table[k] = refuse(table, k, "changed (see ljstap.copy())")
end
G.table.unpack = table.unpack and G.unpack

function G.table.concat(t, sep, i, j)
  i = i or 1
  j = j or C.rawlen(t)
  return table.concat(part(t, i, j), sep, i, j)
end

function G.table.maxn(t)
  local most = 0
  for k in C.pairs(t) do
    if rtype(k) == "number" and k > most then most = k end
  end
  return most
end

function G.table.getn(t) return C.rawlen(t) end

function G.table.foreach(t, f)
  for k, v in C.pairs(t) do
    local r = f(k, v)
    if r ~= nil then return r end
  end
end

function G.table.foreachi(t, f)
  for i = 1, C.rawlen(t) do
    local r = f(i, C.rawget(t, i))
    if r ~= nil then return r end
  end
end

-- Strings that are too long to be copied. ----------------------------------

local long = {}

function long.len(s) return C.rawlen(s) end

function long.sub(s, i, j)
  local n = C.rawlen(s)
  i, j = i or 1, j or -1
  if i < 0 then i = math.max(n + i + 1, 1) elseif i < 1 then i = 1 end
  if j < 0 then j = n + j + 1 elseif j > n then j = n end
  if j < i then return "" end
  local most = C.limits().string
  if j - i + 1 > most then
    error(format("%d bytes of a string are more than --string says (%d)",
                 j - i + 1, most), 2)
  end
  return C.substring(s, i - 1, j - i + 1)
end

function long.byte(s, i, j)
  i = i or 1
  return long.sub(s, i, j or i):byte(1, -1)
end

C.longstring = long
native.setmetatable(long, { __index = function(_, k)
  error(format("a string of more bytes than --string says is not copied: " ..
               "it has no method '%s', but len, sub and byte",
               tostring(k)), 3)
end })

G.string = {}
for k, f in native.pairs(string) do G.string[k] = f end
for k, f in native.pairs(long) do
  local own = string[k]
  G.string[k] = function(s, ...)
    if isremote(s) then return f(s, ...) end
    return own(s, ...)
  end
end
native.getmetatable("").__index = G.string

-- Functions and coroutines. -------------------------------------------------

-- lj_debug.c: lj_debug_shortname()
local function short_src(source)
  local first = source:sub(1, 1)
  if first == "=" then return source:sub(2, 60) end
  if first == "@" then
    if #source <= 60 then return source:sub(2) end
    return "..." .. source:sub(-56)
  end
  local line = source:match("^[^\r\n]*")
  local max = 60 - 15 -- [string "..."]
  if #line > max then
    line = line:sub(1, max) .. "..."
  elseif #line < #source then
    line = line .. "..."
  end
  return format('[string "%s"]', line)
end

local function frame_of(co, level)
  local f = C.frames(co)[level + 1]
  if not f then return nil end
  local src, line = (f.line or ""):match("^(.*):(%d+)$")
  return { name = f.name:match("^[^@]*"), described = f.name,
           short_src = src or "[C]", currentline = tonumber(line or -1),
           what = line and "Lua" or "C" }
end

local function traceback(co, message)
  local out = { message and tostring(message) .. "\nstack traceback:" or
                "stack traceback:" }
  for _, f in native.ipairs(C.frames(co)) do
    out[#out + 1] = format("\t%s: in %s", f.line or "[C]", f.name)
  end
  return table.concat(out, "\n")
end

G.debug = { getlocal = native.debug.getlocal }

function G.debug.getinfo(f, what, ...)
  if not isremote(f) then
    if rtype(f) == "number" then f = f + 1 end
    return native.debug.getinfo(f, what, ...)
  end
  if rtype(f) == "thread" then return frame_of(f, what) end
  local info = C.getinfo(f)
  info.short_src = isremote(info.source) and "?" or short_src(info.source)
  return info
end

function G.debug.traceback(co, message, ...)
  if isremote(co) then
    if rtype(co) ~= "thread" then return co end
    return traceback(co, message)
  end
  return native.debug.traceback(co, message, ...)
end

function G.debug.getupvalue(f, i)
  if isremote(f) then return C.getupvalue(f, i) end
  return native.debug.getupvalue(f, i)
end

function G.debug.upvalueid(f, i)
  if isremote(f) then return C.upvalueid(f, i) end
  return native.debug.upvalueid(f, i)
end

G.debug.getmetatable = C.rawmetatable
G.debug.getfenv = G.getfenv

G.coroutine = {}
for k, f in native.pairs(native.coroutine) do G.coroutine[k] = f end
G.coroutine.resume = refuse(native.coroutine, "resume", "run")
G.coroutine.wrap = refuse(native.coroutine, "wrap", "run")
function G.coroutine.status(co)
  if isremote(co) then return (C.costatus(co)) end
  return native.coroutine.status(co)
end

-- This machine. --------------------------------------------------------------

G.os = { exit = C.exit }
for _, k in native.ipairs { "clock", "date", "difftime", "getenv", "time" } do
  G.os[k] = native.os[k]
end
local stdout = {}
G.io = { stdout = stdout }
for _, k in native.ipairs { "lines", "open", "read", "stderr", "type" } do
  G.io[k] = native.io[k]
end
function stdout.write(_, ...) C.write(...) return stdout end
function stdout.flush() C.flush() return stdout end
function G.io.write(...) C.write(...) return stdout end

-- ljstap.* ---------------------------------------------------------------------

local ljstap = { isremote = isremote, address = C.address, fields = C.fields,
                 ctype = C.ctype, cstring = C.cstring, istorn = C.istorn,
                 limits = C.limits, snapshot = C.snapshot, live = C.live,
                 objects = C.objects, ctypecounts = C.ctypecounts,
                 frames = C.frames, registry = C.registry,
                 udsize = C.udsize, pid = C.facts().pid }
G.ljstap = ljstap

local unit = { ["timer.s"] = 1e9, ["timer.ms"] = 1e6 }

function ljstap.probe(name, n, fn)
  assert(rtype(name) == "string" and rtype(n) == "number" and
         rtype(fn) == "function", "a probe is NAME, NUMBER, FUNCTION")
  if unit[name] and not (n > 0) then
    error(format("%s(%s): a time above 0 is needed", name, n), 2)
  end
  local probes = registry["ljstap.probes"]
  probes[#probes + 1] = { name = name, fn = fn, ns = (unit[name] or 0) * n }
end

local function content(path)
  local f = native.io.open(path)
  if not f then return "" end
  local text = f:read("*a") or ""
  f:close()
  return text
end

function ljstap.process()
  local p = C.facts()
  local proc = "/proc/" .. p.pid .. "/"
  local status, stat = content(proc .. "status"), content(proc .. "stat")
  p.command = content(proc .. "cmdline"):gsub("%z+$", ""):gsub("%z", " ")
  p.rss = (tonumber(status:match("VmRSS:%s*(%d+)")) or 0) * 1024
  p.threads = tonumber(status:match("Threads:%s*(%d+)"))
  local ticks = stat:match("^.*%)" .. (" %S+"):rep(19) .. " (%d+)")
  local up = content("/proc/uptime"):match("^%S+")
  if ticks and up then p.uptime = math.floor(up * 100 - ticks) / 100 end
  return p
end

function ljstap.loaded() return C.registry()._LOADED end

-- for co, status, fresh in ljstap.coroutines() do
function ljstap.coroutines()
  local list, i = C.objects("thread"), 0
  return function()
    while list[i + 1] do
      i = i + 1
      local ok, status, fresh = pcall(C.costatus, list[i])
      if ok then return list[i], status, fresh end
    end
  end
end

function ljstap.name(f) return C.getinfo(f).described end

local rank = { number = 1, string = 2, boolean = 3 }

local function before(a, b)
  local x, y = rank[rtype(a)] or 4, rank[rtype(b)] or 4
  if x ~= y then return x < y end
  if x < 3 and isremote(a) == isremote(b) and not isremote(a) then
    return a < b
  end
  return tostring(a) < tostring(b)
end

-- As pairs(), in the order of the keys: numbers, strings, others.
function ljstap.sorted(t)
  local keys, vals, i = {}, {}, 0
  for k, v in C.pairs(t) do
    keys[#keys + 1] = k
    vals[k] = v
  end
  table.sort(keys, before)
  return function()
    i = i + 1
    return keys[i], vals[keys[i]]
  end
end

-- A table of the script's own; what is in it, too, down to `depth' levels.
function ljstap.copy(v, depth, known)
  depth, known = depth or 1, known or {}
  if rtype(v) ~= "table" or depth < 1 then return v end
  if known[v] then return known[v] end
  local own = {}
  known[v] = own
  for k, x in C.pairs(v) do own[k] = ljstap.copy(x, depth - 1, known) end
  return own
end

-- In words. ----------------------------------------------------------------

local escapes = { ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r",
                  ['"'] = '\\"', ["\\"] = "\\\\" }

local function quote(s)
  if isremote(s) then
    return format("%s --[[of %d bytes]]", quote(s:sub(1, 64)), #s)
  end
  return '"' .. s:gsub('[%c"\\]', function(c)
    return escapes[c] or format("\\%03d", c:byte())
  end) .. '"'
end

local function number(v)
  if v ~= v then return "nan" end
  local s = format("%.14g", v)
  return tonumber(s) == v and s or format("%.17g", v)
end

local function plain(v)
  local kind = rtype(v)
  if kind == "string" then return quote(v) end
  if kind == "number" then return number(v) end
  if kind == "function" and isremote(v) then
    return "function: " .. ljstap.name(v)
  end
  if kind == "thread" and isremote(v) then
    return format("%s --[[%s]]", tostring(v), (C.costatus(v)))
  end
  return tostring(v)
end

local reserved = {}
for word in ("and break do else elseif end false for function goto if in " ..
             "local nil not or repeat return then true until while")
            :gmatch("%a+") do
  reserved[word] = true
end

local function key(k)
  if rtype(k) == "string" and not isremote(k) and k:match("^[%a_][%w_]*$") and
     not reserved[k] then
    return k
  end
  return "[" .. plain(k) .. "]"
end

local pretty

local function members(v, out, how, depth, path)
  local n, pad = 0, ("  "):rep(depth)
  local function one(k, x)
    n = n + 1
    if n > how.max then return end
    local name = key(k)
    out[#out + 1] = "\n" .. pad .. name .. " = "
    pretty(x, out, how, depth + 1, path ..
           (name:sub(1, 1) == "[" and "" or ".") .. name)
    out[#out + 1] = ","
  end
  if rtype(v) == "cdata" then
    for _, k in native.ipairs(C.fields(v)) do
      local ok, x = pcall(function() return v[k] end)
      one(k, ok and x or nil)
    end
  else
    for k, x in ljstap.sorted(v) do one(k, x) end
  end
  if n > how.max then
    out[#out + 1] = format("\n%s-- %d more", pad, n - how.max)
  end
  return n
end

function pretty(v, out, how, depth, path)
  local kind = rtype(v)
  local fields = kind == "cdata" and isremote(v) and
                 ljstap.ctype(v).what == "struct"
  if kind ~= "table" and not fields then
    out[#out + 1] = plain(v)
    return
  end
  if fields then out[#out + 1] = "--[[" .. tostring(v) .. "]] " end
  if how.seen[v] then
    out[#out + 1] = "{...} --[[is " .. how.seen[v] .. "]]"
  elseif depth > how.depth then
    out[#out + 1] = C.next(v) == nil and "{}" or "{...}"
  else
    how.seen[v] = path
    out[#out + 1] = "{"
    if members(v, out, how, depth, path) > 0 then
      out[#out + 1] = "\n" .. ("  "):rep(depth - 1)
    end
    out[#out + 1] = "}"
    if isremote(v) and C.istorn(v) then out[#out + 1] = " --[[torn]]" end
  end
end

-- opts.depth levels of tables (3), opts.max entries of each (100)
function ljstap.pretty(v, opts)
  local out = {}
  opts = opts or {}
  pretty(v, out, { depth = opts.depth or 3, max = opts.max or 100,
                   seen = {} }, 1, opts.name or "itself")
  return table.concat(out)
end

-- JSON. -----------------------------------------------------------------------

local function utf8_at(s, i)
  return s:match("^[\194-\223][\128-\191]", i) or
         s:match("^\224[\160-\191][\128-\191]", i) or
         s:match("^[\225-\236\238\239][\128-\191][\128-\191]", i) or
         s:match("^\237[\128-\159][\128-\191]", i) or
         s:match("^\240[\144-\191][\128-\191][\128-\191]", i) or
         s:match("^[\241-\243][\128-\191][\128-\191][\128-\191]", i) or
         s:match("^\244[\128-\143][\128-\191][\128-\191]", i)
end

local function json_string(s)
  if isremote(s) then s = s:sub(1, 1024) .. "..." end
  local out, i = {}, 1
  while i <= #s do
    local ascii = s:match('^[%w%p ]+', i)
    if ascii then
      out[#out + 1] = ascii:gsub('["\\]', "\\%0")
      i = i + #ascii
    else
      local c = utf8_at(s, i)
      out[#out + 1] = c or s:byte(i) < 128 and format("\\u%04x", s:byte(i)) or
                      "\\ufffd"
      i = i + (c and #c or 1)
    end
  end
  return '"' .. table.concat(out) .. '"'
end

local json

local function json_table(v, out, depth, above)
  if above[v] or depth < 1 then
    out[#out + 1] = json_string(tostring(v))
    return
  end
  above[v] = true
  local n, list = 0, true
  local own = {}
  for k, x in ljstap.sorted(v) do
    n = n + 1
    list = list and k == n
    own[n] = { k, x }
  end
  list = list and n > 0
  out[#out + 1] = list and "[" or "{"
  for i = 1, n do
    if i > 1 then out[#out + 1] = "," end
    if not list then
      local k = own[i][1]
      out[#out + 1] = json_string(rtype(k) == "string" and k or plain(k))
      out[#out + 1] = ":"
    end
    json(own[i][2], out, depth - 1, above)
  end
  out[#out + 1] = list and "]" or "}"
  above[v] = nil
end

function json(v, out, depth, above)
  local kind = rtype(v)
  if kind == "table" then
    json_table(v, out, depth, above)
  elseif kind == "number" and v == v and math.abs(v) < math.huge then
    out[#out + 1] = number(v)
  elseif kind == "boolean" or v == nil then
    out[#out + 1] = v == nil and "null" or tostring(v)
  else
    out[#out + 1] = json_string(kind == "string" and v or plain(v))
  end
end

-- Lists are arrays; what JSON has no word for is a string.
function ljstap.json(v, opts)
  local out = {}
  json(v, out, opts and opts.depth or 16, {})
  return table.concat(out)
end

-- What the prompt prints of `return nil, LINE': no tail call, so that errors
-- name the line.
local function show(...)
  for i = 2, select("#", ...) do
    C.print(ljstap.pretty((select(i, ...))))
  end
end

function C.show(f) show(f()) end

native.setmetatable(G, { __index = function(_, k)
  if k == "_G" then return C.globals() end
  local v = C.global(k)
  if v == nil and k == "package" then return { loaded = ljstap.loaded() } end
  return v
end })
