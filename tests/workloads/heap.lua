-- heap.lua - known objects, held by known paths; prints what it made.
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- usage: heap.lua [busy|spin]
--
-- Lines: "OBJECTS TYPE PATH" for each, "count BYTES", then "ready". busy: goes
-- on making tables that nobody keeps; spin: on computing, and makes nothing; else
-- it waits for a line of input.

local truth = {}

local function made(n, kind, path)
	truth[#truth + 1] = n .. " " .. kind .. " " .. path
end

local function place(f)
	return "@heap.lua:" .. debug.getinfo(f, "S").linedefined
end

local function tables(n)
	local t = {}
	for i = 1, n do
		t[i] = { i }
	end
	return t
end

local mod = {}
package.loaded["heap.mod"] = mod

-- A field of a module; keys that could be anybody's are not shown.
mod.cache = tables(1000)
made(1000, "table", "package.loaded;.heap.mod;.cache;[*]")
mod.people = {}
for i = 1, 150 do
	mod.people["person" .. i] = { name = "secret" .. i }
end
made(150, "table", "package.loaded;.heap.mod;.people;.*")
made(150, "string", "package.loaded;.heap.mod;.people;.*;.name")
mod.mail = { ["someone@example.org"] = tables(20) }
made(20, "table", "package.loaded;.heap.mod;.mail;.*;[*]")

-- An upvalue.
do
	local pending = tables(500)
	function mod.handle()
		return pending
	end
end
made(500, "table", "package.loaded;.heap.mod;.handle;upvalue pending" ..
     place(mod.handle) .. ";[*]")

-- The registry.
debug.getregistry().heap_ref = tables(300)
made(300, "table", "registry;.heap_ref;[*]")

-- A local of a coroutine that waits; extra arguments of its function.
local function body(...)
	local other = 1
	local buf = tables(700)
	coroutine.yield(other)
	return buf, ...
end
mod.co = coroutine.create(body)
coroutine.resume(mod.co, 1, 2, 3)
made(700, "table", "package.loaded;.heap.mod;.co;local buf" .. place(body) ..
     ";[*]")

-- Chains and rings are one frame, however long they are.
do
	local last = {}
	mod.ring = last
	for _ = 1, 399 do
		last = { next = last }
	end
	mod.ring.next = last
end
made(399, "table", "package.loaded;.heap.mod;.ring;.next")
made(1, "table", "package.loaded;.heap.mod;.ring")

-- Weak tables hold nothing: the longer path is the true one.
mod.weak = setmetatable({}, { __mode = "v" })
mod.weakkeys = setmetatable({}, { __mode = "k" })
mod.deep = { deeper = { still = { strong = tables(120) } } }
for i, t in ipairs(mod.deep.deeper.still.strong) do
	mod.weak[i] = t
	mod.weakkeys[t] = true
end
made(120, "table",
     "package.loaded;.heap.mod;.deep;.deeper;.still;.strong;[*]")

mod.text = {}
for i = 1, 50 do
	mod.text[i] = i .. ("x"):rep(10000)
end
made(50, "string", "package.loaded;.heap.mod;.text;[*]")

mod.funcs = {}
for i = 1, 250 do
	mod.funcs[i] = function()
		return i
	end
end
made(250, "function", "package.loaded;.heap.mod;.funcs;[*]")
made(250, "upvalue", "package.loaded;.heap.mod;.funcs;[*];upvalue i" ..
     place(mod.funcs[1]))

mod.proxies = {}
for i = 1, 60 do
	mod.proxies[i] = newproxy(true)
	getmetatable(mod.proxies[i]).note = {}
end
made(60, "userdata", "package.loaded;.heap.mod;.proxies;[*]")
made(60, "table", "package.loaded;.heap.mod;.proxies;[*];(metatable)")
made(60, "table", "package.loaded;.heap.mod;.proxies;[*];(metatable);.note")

local ffi = require("ffi")
mod.cdata = {}
mod.vla = {}
for i = 1, 200 do
	mod.cdata[i] = ffi.new("int[100]")
	mod.vla[i] = ffi.new("int[?]", 100)
end
made(200, "cdata", "package.loaded;.heap.mod;.cdata;[*]")
made(200, "cdata", "package.loaded;.heap.mod;.vla;[*]")

-- A function that only C knows, and the metatable of a C type.
local function callback()
	local held = tables(80)
	local function called()
		return #held
	end
	ffi.cast("int (*)(void)", called)
	return place(called)
end
made(80, "table", "(FFI callbacks and metatypes);[*];upvalue held" ..
     callback() .. ";[*]")
ffi.metatype(ffi.typeof("struct { int x; }"),
	     { __index = { helper = tables(70) } })
made(70, "table",
     "(FFI callbacks and metatypes);[*];.__index;.helper;[*]")

-- The metatable of all strings.
getmetatable("").__index.extra = tables(40)
made(40, "table", "_G;.string;.extra;[*]")
debug.setmetatable(1, { numbers = tables(30) })
made(30, "table", "(metatable of number);.numbers;[*]")

-- Enough that what the VM has for itself is little.
mod.ballast = tables(60000)
made(60000, "table", "package.loaded;.heap.mod;.ballast;[*]")

for _, line in ipairs(truth) do
	print(line)
end
truth = nil
collectgarbage()
collectgarbage()
print("count " .. collectgarbage("count") * 1024)
print("ready")
io.stdout:flush()
if arg[1] == "busy" then
	while true do
		tables(100)
	end
elseif arg[1] == "spin" then
	jit.off(true)
	while true do
	end
end
io.read()
