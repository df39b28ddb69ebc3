-- SPDX-License-Identifier: GPL-2.0-or-later
-- A function that calls itself.
local function tree(n, x) --<fn tree>
  if n < 2 then
    return 1 + x / (n + 3) / (x + 2) / (x + 3) / (x + 4) / (x + 5) / (x + 6) / (x + 7) / (x + 8) / (x + 9) / (x + 10) / (x + 11) / (x + 12) / (x + 13) / (x + 14) / (x + 15) / (x + 16) / (x + 17) / (x + 18) / (x + 19) / (x + 20) / (x + 21) / (x + 22) / (x + 23) / (x + 24) / (x + 25) --<hot>
  end
  return tree(n - 1, x + 1) + tree(n - 2, x)
end
io.stdout:write("ready\n") io.stdout:flush()
local s = 0
while true do
  s = tree(12, 1 + s % 2)
end
