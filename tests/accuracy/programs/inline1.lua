-- SPDX-License-Identifier: GPL-2.0-or-later
-- The division is one call away.
local function light(a, i)
  return a + i * 0.5
end
local function heavy(x) --<fn heavy>
  local y = x + 1.5
  local z = 7.25 / y / (y + 2) / (y + 3) / (y + 4) / (y + 5) --<hot>
  return z
end
io.stdout:write("ready\n") io.stdout:flush()
local x, a = 1.5, 0
while true do
  for i = 1, 1e7 do
    a = light(a, i)
    x = heavy(x)
    a = light(a, 2)
  end
  a = 0
end
