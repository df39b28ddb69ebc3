-- SPDX-License-Identifier: GPL-2.0-or-later
-- One division a round, in the loop itself.
local n, m = 0, 0 --<fn main>
local x = 1.5
io.stdout:write("ready\n") io.stdout:flush()
while true do
  for i = 1, 1e7 do
    n = n + 1
    m = m + n * 3
    x = 7.25 / (x + 1.5) / (x + 2) / (x + 3) / (x + 4) --<hot>
    if m > 1e15 then
      m = 0
    end
  end
end
