-- SPDX-License-Identifier: GPL-2.0-or-later
-- pairs over a table with names.
local t = { one = 1, two = 2, three = 3, four = 4, five = 5, six = 6 }
local function weigh(v, s) --<fn weigh>
  local w = v + s
  return w / (w + 1) / (s + 2) / (v + 3) / (w + 4) / (s + 5) / (s + 6) --<hot>
end
local function total()
  local s = 1
  for k, v in pairs(t) do
    if k ~= "six" then
      s = weigh(v, s)
    end
  end
  return s
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 0
while true do
  x = total() + x * 0.5
end
