-- jitevents.lua - makes the JIT compiler do known things, and counts what it
-- tells of them itself.
-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- usage: jitevents.lua FIFO [ready]; lines of the FIFO: a function below and
-- how often. Prints, for each: done STARTS STOPS ABORTS FLUSHES EXITS
local ffi = require("ffi")
ffi.cdef "int usleep(unsigned);"
local n = {}

local function trace(what)
	n[what] = (n[what] or 0) + 1
end

local function texit()
	n.exit = (n.exit or 0) + 1
end

local function wait(us)
	ffi.C.usleep(us)
end

jit.off(trace)
jit.off(texit)
jit.off(wait)

local loadstring = loadstring or load
local kept = {}	-- what is collected is forgotten

-- A function nobody has compiled yet: TEXT with X, its number, filled in.
local function fresh(text, name)
	local f = assert(loadstring((text:gsub("X", #kept)), name))

	kept[#kept + 1] = f
	return f
end

local todo = {}

-- A loop that is compiled.
function todo.compile()
	fresh("local s = 0 for i = 1, 100 do s = s + i * X end return s",
	      "=compile")()
end

-- A loop that makes a closure, which is not compiled: aborted once.
function todo.abort()
	fresh("local f for i = 1, 65 do f = function() return X end end",
	      "=abort")()
	wait(30000)
end

-- ... for so long that it is blacklisted.
function todo.black()
	fresh("local f for i = 1, 100000 do f = function() return X end end",
	      "=black")()
end

-- An exit that is taken five times, then another one until it is compiled.
function todo.exits()
	local f = fresh([[local from, to, rare, often = ...
		local s = 0
		for i = from, to do
			if i % 1000 == rare then s = s + X end
			if i % 1000 == often then s = s - X end
		end
		return s]], "=exits")

	f(1, 500, 2000, 2000)
	f(501, 5500, 999, 2000)
	f(5501, 25500, 2000, 999)
end

-- An exit whose side trace cannot be compiled: four tries.
function todo.side()
	local f = fresh([[local from, to, rare = ...
		local g
		for i = from, to do
			if i % 1000 == rare then g = function() return X end end
		end]], "=side")

	f(1, 500, 2000)
	f(501, 40500, 999)
end

function todo.flush()
	todo.compile()
	wait(80000)
	jit.flush()
	wait(80000)
end

for _, f in pairs(todo) do
	jit.off(f)
end
jit.off(fresh)
jit.attach(trace, "trace")
jit.attach(texit, "texit")

local function main(file)
	print("ready")
	io.stdout:flush()
	for line in io.lines(file) do
		local name, times = line:match("(%a+) (%d+)")
		n = {}
		for _ = 1, tonumber(times) do
			todo[name]()
		end
		print("done", n.start or 0, n.stop or 0, n.abort or 0,
		      n.flush or 0, n.exit or 0)
		io.stdout:flush()
	end
end

jit.off(main)
main(arg[1])
