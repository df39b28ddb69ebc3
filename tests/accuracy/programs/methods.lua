-- SPDX-License-Identifier: GPL-2.0-or-later
-- Objects with fields and methods.
local Point = {}
Point.__index = Point
function Point.new(x, y)
  return setmetatable({ x = x, y = y, n = 0 }, Point)
end
function Point:length() --<fn length>
  local x, y = self.x, self.y
  local l = math.sqrt(x * x + y * y) / (x + 1) / (y + 2) --<hot>
  return l
end
function Point:move(d)
  self.x = self.x * 0.5 + d
  self.y = d
  self.n = self.n + 1
end
io.stdout:write("ready\n") io.stdout:flush()
local p = Point.new(1, 2)
while true do
  for _ = 1, 1e7 do
    p:move(p:length())
  end
  p.n = 0
end
