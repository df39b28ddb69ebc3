-- One function of its own name, for a second VM beside another program's.
-- usage: baz.lua [on|off [ROUNDS]]
if arg[1] == "off" then jit.off() end

local function work()
  local sum = 0
  for i = 1, 2e5 do sum = sum + i end
  return sum
end

local function baz()
  local sum = work()
  return sum
end

for _ = 1, tonumber(arg[2]) or math.huge do baz() end
