-- SPDX-License-Identifier: GPL-2.0-or-later
-- Fields by names that are computed, and globals.
local keys = {}
local t = {}
for i = 1, 16 do keys[i] = "k" .. i; t["k" .. i] = i end
scale = 1.5
function update(v, f) --<fn update>
  local w = v * scale
  w = f / (w + 1) / (w + 2) / (w + 3) / (w + 4) --<hot>
  return w
end
io.stdout:write("ready\n") io.stdout:flush()
local v = 1
while true do
  for i = 1, 1e6 do
    local k = keys[i % 16 + 1]
    local old = t[k]
    v = update(v, old)
    t[k] = old
  end
end
