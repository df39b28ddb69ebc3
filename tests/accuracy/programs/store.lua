-- SPDX-License-Identifier: GPL-2.0-or-later
-- A store at a random place of a table that no cache holds.
local bit = require("bit")
local t = {}
local N = 2^22
for i = 1, N do t[i] = i end
local seed = 1
local function random()
  seed = bit.bxor(seed, bit.lshift(seed, 13))
  seed = bit.bxor(seed, bit.rshift(seed, 17))
  seed = bit.bxor(seed, bit.lshift(seed, 5))
  return bit.band(seed, N - 1) + 1
end
local function bump(k) --<fn bump>
  local d = 3
  d = d + 1
  t[k] = bit.band(t[bit.band(t[k] * 40503, N - 1) + 1] + d, N - 1) --<hot>
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
