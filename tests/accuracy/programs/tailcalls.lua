-- SPDX-License-Identifier: GPL-2.0-or-later
-- Functions that end in calls.
local function finish(x) --<fn finish>
  local y = x * 2
  y = 4.5 / (y + 1) / (y + 3) / (y + 4) / (y + 5) --<hot>
  return y
end
local function middle(x, k)
  local z = x + k
  return finish(z)
end
local function start(x)
  return middle(x, 0.75)
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 1
while true do
  for _ = 1, 1e7 do
    x = start(x) + 1
  end
end
