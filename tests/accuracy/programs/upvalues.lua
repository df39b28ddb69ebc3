-- SPDX-License-Identifier: GPL-2.0-or-later
-- A function that changes its upvalues.
local function counter()
  local sum, n = 1, 0
  local function add(v) --<fn add>
    n = n + 1
    sum = v / (sum + 2) / (sum + 3) / (sum + 4) --<hot>
    return n
  end
  local function total()
    return sum + n
  end
  return add, total
end
local add, total = counter()
io.stdout:write("ready\n") io.stdout:flush()
local s = 0
while true do
  for i = 1, 1e6 do
    s = s + add(i)
    s = s - total()
  end
  s = 0
end
