-- SPDX-License-Identifier: GPL-2.0-or-later
-- The innermost of three loops.
local W = 64
local m = {}
for i = 1, W * W do m[i] = i end
local function inner(y, acc) --<fn inner>
  for x = 1, W do
    local v = m[(y - 1) * W + x]
    acc = v / (acc + 1) / (acc + 3) / (acc + 4) --<hot>
  end
  return acc
end
local function outer(acc)
  for y = 1, W do
    acc = inner(y, acc)
  end
  return acc
end
io.stdout:write("ready\n") io.stdout:flush()
local acc = 1
while true do
  acc = outer(acc)
end
