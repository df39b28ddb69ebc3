-- SPDX-License-Identifier: GPL-2.0-or-later
-- Through pcall and a function with a variable number of arguments.
local function work(x) --<fn work>
  local y = x + 3
  local z = 2.5 / y / (y + x) / (y + 1) / (y + 2) / (y + 3) --<hot>
  return z
end
local function pass(...)
  local a = ...
  return work(a)
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 1
while true do
  for _ = 1, 1e6 do
    local ok, y = pcall(pass, x)
    x = ok and y or 1
  end
end
