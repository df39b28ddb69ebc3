-- SPDX-License-Identifier: GPL-2.0-or-later
-- The divisions are in one of three ways that are all taken.
local a, b, c = 1.5, 0, 0
local way = {}
for i = 1, 1000 do way[i] = math.random(0, 8) end
local function step(r) --<fn step>
  if r < 3 then
    b = b + r
  elseif r < 6 then
    a = 9.75 / (a + 1) / (a + 2) / (a + 3) / (a + 4) / (a + 5) / (a + 6) --<hot>
  else
    c = c - r
  end
end
io.stdout:write("ready\n") io.stdout:flush()
while true do
  for i = 1, 1000 do
    step(way[i])
  end
  b, c = 0, 0
end
