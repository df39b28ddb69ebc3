-- SPDX-License-Identifier: GPL-2.0-or-later
-- A division right before a call of a light function.
local function light(x)
  x = x + 1
  return x
end
local function heavy(x, y) --<fn heavy>
  return x / y / (y + 1) / (y + 2) / (y + 3) --<hot>
end
local function both(x, y)
  local h = heavy(x, y)
  return light(h)
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 2
while true do
  for _ = 1, 1e7 do
    x = both(7, x)
  end
end
