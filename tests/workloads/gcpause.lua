-- Full collections of a heap that is always the same size, between times of
-- computing; or with "steps" a program that makes garbage all the time.
-- Prints for each: ms it took, ms computed before, KB of the heap before.
-- usage: gcpause.lua on|off [OBJECTS|steps]
if arg[1] == "off" then jit.off() end

local live = {}
for i = 1, tonumber(arg[2]) or 2e4 do live[i] = { i } end

local function compute(seconds)
  local till = os.clock() + seconds
  while os.clock() < till do end
end

print("ready")
io.stdout:flush()
while arg[2] == "steps" do
  live[math.random(#live)] = { { }, { } }
end
collectgarbage()
collectgarbage("stop")
while true do
  local from = os.clock()
  compute(0.1)
  local at, size = os.clock(), collectgarbage("count")
  collectgarbage()
  collectgarbage("stop")
  print(("%.3f %.3f %.3f"):format((os.clock() - at) * 1e3, (at - from) * 1e3, size))
  io.stdout:flush()
end
