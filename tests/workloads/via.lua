-- via.lua - one() is called by via_one() in C, two() by via_two().
-- usage: luajit via.lua via.so
local via_one = assert(package.loadlib(arg[1], "via_one"))
local via_two = assert(package.loadlib(arg[1], "via_two"))
jit.off()

local function one() for _ = 1, 2000 do end end
local function two() for _ = 1, 2000 do end end

print("ready") io.stdout:flush()
while true do
	via_one(one)
	via_two(two)
end
