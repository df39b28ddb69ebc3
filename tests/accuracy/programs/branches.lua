-- SPDX-License-Identifier: GPL-2.0-or-later
-- The division is in one of three ways that are all taken.
local a, b, c = 1.5, 0, 0
local seed = 42
local function step(r) --<fn step>
  if r < 3 then
    b = b + r
  elseif r < 6 then
    a = 9.75 / (a + 1) / (a + 2) --<hot>
  else
    c = c - r
  end
end
io.stdout:write("ready\n") io.stdout:flush()
while true do
  for _ = 1, 1e7 do
    seed = (seed * 5 + 3) % 1048576
    step(seed % 8)
  end
  b, c = 0, 0
end
