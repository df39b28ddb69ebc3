-- modules.lua - prints package.loaded as lj-loaded-modules has to, and spins.
-- usage: luajit modules.lua
--
-- The global `known` holds a value of each kind; its field `text` says what
-- the tapset's functions have to tell of it.
local ffi = require("ffi")

package.loaded["a.module"] = { version = "1.0" }
package.loaded["one.function"] = function() end
package.loaded["a.flag"] = true
for i = 1, 150 do package.loaded["many." .. i] = i end

local up = { "upvalue" }
known = {
	[1] = "first", [2] = "second", [7.5] = "not an integer",
	yes = true, no = false,
	int = 42, minus = -7, big = 2^53, half = 0.5, third = 1/3, pi = math.pi,
	tenth = 0.1, almost = 0.99999999999999999, e10 = 1.5e10, inf = math.huge,
	nan = 0/0, tiny = 2^-40,
	str = "a string", ctrl = "two\nlines", nested = { deep = { x = "found" } },
	fn = function() return up end,
	co = coroutine.create(function() coroutine.yield() end),
	cd = ffi.new("int[4]"),
	mt = setmetatable({}, { __index = { x = "of the metatable" } }),
}
coroutine.resume(known.co)

for name, value in pairs(package.loaded) do
	print(tostring(name) .. ": " .. type(value))
end
print("ready")
io.stdout:flush()
jit.off()
while true do
	for i = 1, 1000 do math.abs(i) end
end
