-- foo : bar = 2 : 1 in CPU time, both through heavy(): the answer is
-- arithmetic. Says "ready" if told to when it starts; runs until killed.
-- usage: seed.lua [on|off [ready|- [LOOP [ROUNDS]]]]
if arg and arg[1] == "off" then jit.off() end
local N = tonumber(arg and arg[3]) or 1e7

local function heavy()
  local sum = 0
  for i = 1, N do
    sum = sum + i
  end
  return sum
end

local function foo()
  local a = heavy()
  a = a + heavy()
  return a
end

local function bar()
  return (heavy())
end

local function main()
  for _ = 1, tonumber(arg and arg[4]) or math.huge do
    foo()
    bar()
  end
end

if arg and arg[2] == "ready" then
  io.stdout:write("ready\n")
  io.stdout:flush()
end
main()
