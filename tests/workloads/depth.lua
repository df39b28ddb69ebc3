-- Recursion to a depth, then a long loop there: nearly all CPU time is spent
-- with exactly main chunk + rec * (depth + 1) + leaf on the stack.
-- usage: depth.lua DEPTH [on|off [ready]]
local depth = tonumber(arg[1])
if arg[2] == "off" then jit.off() end

local function leaf()
  local s = 0
  for i = 1, 3e6 do s = s + i % 7 end
  return s
end

local function rec(n)
  if n == 0 then return (leaf()) end
  local r = rec(n - 1)
  return r + 1
end

if arg[3] then print(arg[3]); io.stdout:flush() end
while true do rec(depth) end
