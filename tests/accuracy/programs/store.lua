-- SPDX-License-Identifier: GPL-2.0-or-later
-- A store at a random place of a table that no cache holds.
local t = {}
local N = 2^22
for i = 1, N do t[i] = i end
local seed = 1
local function random()
  seed = (seed * 16807) % 2147483647
  return seed % N + 1
end
local function bump(k) --<fn bump>
  local d = 3
  d = d + 1
  t[k] = t[t[k] % N + 1] + d --<hot>
  return d
end
io.stdout:write("ready\n") io.stdout:flush()
local s = 0
while true do
  for _ = 1, 1e6 do
    local k = random()
    s = s + bump(k)
  end
end
