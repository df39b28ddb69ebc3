-- SPDX-License-Identifier: GPL-2.0-or-later
-- A for loop over an iterator written in Lua.
local list = {}
for i = 1, 1000 do list[i] = i + 0.5 end
local last = 1
local function iter(t, i)
  i = i + 1
  local v = t[i]
  if v then
    return i, v
  end
end
local function each(t)
  return iter, t, 0
end
local function sum(t) --<fn sum>
  local s = last
  for i, v in each(t) do
    s = s + i
    s = v / (s + 1) / (s + 2) --<hot>
  end
  last = s
end
io.stdout:write("ready\n") io.stdout:flush()
while true do
  sum(list)
end
