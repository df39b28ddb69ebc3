-- SPDX-License-Identifier: GPL-2.0-or-later
-- Many table loads whose index is computed in a function.
local W, H = 32, 32
local g, h = {}, {}
for i = 0, W * H - 1 do g[i] = i % 3 == 0 and 1 or 0 end
local function at(x, y)
  return g[(y % H) * W + x % W]
end
local function weigh(n, c) --<fn weigh>
  local w = c + 1
  return (n + 1) / (w + n) / (w + 2) / (w + 3) / (n + 5) / (n + 7) / (w + 9) / (w + 4.5) / (n + 8) / (w + 5) / (n + 9) / (w + 6) / (n + 11) --<hot>
end
local function step()
  for y = 0, H - 1 do
    for x = 0, W - 1 do
      local n = at(x - 1, y) + at(x + 1, y)
      h[y * W + x] = weigh(n, at(x, y)) > 1e-9 and 1 or 0
    end
  end
end
io.stdout:write("ready\n") io.stdout:flush()
while true do step() end
