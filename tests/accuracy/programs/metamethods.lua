-- SPDX-License-Identifier: GPL-2.0-or-later
-- Arithmetic and look-ups by metamethods.
local mt = {}
local zero = { v = 1 }
setmetatable(zero, mt)
mt.__add = function(a, b) --<fn __add>
  local x = a.v
  local y = x + b
  a.v = y / (x + 2) / (y + 3) --<hot>
  return a
end
mt.__index = function(_, k)
  return k == "w" and 0.25 or 1
end
io.stdout:write("ready\n") io.stdout:flush()
local s = 0
while true do
  local o = zero
  for i = 1, 1e6 do
    s = s + o.w
    o = o + i
  end
  s = 0
end
