-- For the tools of docs/extending.md: waste() makes garbage, calm() and half(),
-- which takes half of calm()'s time, do not; the global `phase` goes 1, 2, 3, 1, ... 5 times a second.
jit.off()
local function waste()
  local t
  for i = 1, 500 do t = { {}, {}, i } end
  return t
end

local function calm()
  local n = 0
  for i = 1, 50000 do n = n + i % 7 end
  return n
end

local function half()
  local n = 0
  for i = 1, 25000 do n = n + i % 7 end
  return n
end

phase = 1
print("ready")
io.stdout:flush()
local at = os.clock()
while true do
  local v = waste()
  v = calm()
  v = half()
  if os.clock() - at > 0.2 then
    phase, at = phase % 3 + 1, os.clock()
  end
end
