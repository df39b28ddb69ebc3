-- SPDX-License-Identifier: GPL-2.0-or-later
-- select and functions with a variable number of arguments.
local function sum(...) --<fn sum>
  local s = 1
  for i = 1, select("#", ...) do
    local v = select(i, ...)
    s = v / (s + 1) / (s + 2) / (s + v) / (s + 4) --<hot>
  end
  return s
end
local function outer(a, b)
  return sum(a, b, a + b)
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 1
while true do
  for _ = 1, 1e6 do
    x = outer(x, 2)
  end
end
