-- SPDX-License-Identifier: GPL-2.0-or-later
-- A byte at a random place of a string that no cache holds.
local byte = string.byte
local text = string.rep("abcdefgh0123456789", 2^21)
local N = #text
local function at(s, p) --<fn at>
  local c
  c = byte(s, (p + byte(s, p + 1) * 4096) % N + 1) --<hot>
  return c
end
local function count(p, k)
  local c = at(text, p)
  return (p + c * 70001 + k * 7919) % N
end
io.stdout:write("ready\n") io.stdout:flush()
local p = 0
while true do
  for k = 1, 1e6 do
    p = count(p, k)
  end
end
