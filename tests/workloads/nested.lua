-- own() and, in a VM of LIB inside a C function, baz() take turns, both with
-- the same loop: 1 : 1 if both are compiled or both interpreted. By embed.
-- usage: nested.lua LIB [on|off]
local rounds = 50
if arg[2] == "off" then
  jit.off()
  rounds = 5
end

local function work()
  local sum = 0
  for i = 1, 2e5 do sum = sum + i end
  return sum
end

local function own()
  for _ = 1, rounds do work() end
end

local function other()
  vm(arg[1], "/mnt/baz.lua", arg[2] or "on", rounds)
end

print("ready")
io.stdout:flush()
while true do
  own()
  other()
end
