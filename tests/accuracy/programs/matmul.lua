-- SPDX-License-Identifier: GPL-2.0-or-later
-- Three loops, two tables of tables.
local n = 48
local function matrix(k)
  local m = {}
  for i = 1, n do
    m[i] = {}
    for j = 1, n do m[i][j] = i * k + j end
  end
  return m
end
local a, b, c = matrix(1), matrix(2), matrix(0)
local function mul() --<fn mul>
  for i = 1, n do
    local ai, ci = a[i], c[i]
    for j = 1, n do
      local s = 1
      for k = 1, n do
        s = ai[k] / (s + b[k][j]) / (s + 3) / (s + 4) --<hot>
      end
      ci[j] = s
    end
  end
end
io.stdout:write("ready\n") io.stdout:flush()
while true do mul() end
