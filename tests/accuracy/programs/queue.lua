-- SPDX-License-Identifier: GPL-2.0-or-later
-- table.insert, while, repeat, and a length.
local q = {}
local function push(v)
  table.insert(q, v)
end
local function drain() --<fn drain>
  local s = 1
  while #q > 0 do
    local v = q[#q]
    q[#q] = nil
    s = v / (s + 1) / (s + 2) / (s + 3) / (s + 4) / (s + 5) / (s + 6) / (s + 7) --<hot>
  end
  return s
end
io.stdout:write("ready\n") io.stdout:flush()
local x = 1
while true do
  local i = 0
  repeat
    push(x + i)
    i = i + 1
  until i == 100
  x = drain()
end
