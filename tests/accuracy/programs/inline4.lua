-- SPDX-License-Identifier: GPL-2.0-or-later
-- Four calls deep.
local sqrt = math.sqrt
local count = 0
local function f4(x) --<fn f4>
  local a = x + 2
  a = sqrt(sqrt(a) / (a + 3) / (a + 4)) / (a + 5) --<hot>
  return a
end
local function f3(x)
  local y = f4(x)
  count = count + 1
  return y
end
local function f2(x)
  local b = x * 2
  return f3(b) + 1
end
local function f1(x)
  local r = f2(x + 0.5)
  return r - 1
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 1.5
while true do
  for _ = 1, 1e7 do
    x = f1(x)
  end
  count = 0
end
