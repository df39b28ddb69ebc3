-- SPDX-License-Identifier: GPL-2.0-or-later
-- Several results, and a closure made in the loop's caller.
local function split(x)
  return x * 0.5, x + 1, 3
end
local function use(f, x) --<fn use>
  local a, b, c = f(x)
  local r = (a + 1) / (b + 2) / (a + c) / (b + 4) / (a + 5) --<hot>
  return r + 1, b
end
io.stdout:write("ready\n") io.stdout:flush()
local x, y = 1, 0
while true do
  for _ = 1, 1e6 do
    x, y = use(split, x)
  end
end
