-- SPDX-License-Identifier: GPL-2.0-or-later
-- Bytes at random places of a string that no cache holds.
local band, byte = bit.band, string.byte
local text = string.rep("abcdefgh01234567", 2^21)
local mask = #text - 1
local function at(s, p) --<fn at>
  local c = 0
  c = c + byte(s, band(byte(s, p + 1) * 499979 + p, mask) + 1) --<hot>
  return c
end
local function count(p, k)
  local c = at(text, p)
  return band(p * 5 + c * 700001 + k * 7919, mask)
end
io.stdout:write("ready\n") io.stdout:flush()
local p = 0
while true do
  for k = 1, 1e6 do
    p = count(p, k)
  end
end
