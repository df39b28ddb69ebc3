-- SPDX-License-Identifier: GPL-2.0-or-later
-- An array of C doubles.
local ffi = require("ffi")
local N = 1024
local a = ffi.new("double[?]", N)
for i = 0, N - 1 do a[i] = i end
local function get(i)
  return a[i]
end
local function put(i, v) --<fn put>
  local w = v + 1
  a[i] = 3.5 / w / (w + a[i + 1]) / (w + 2) / (w + 3) / (w + 4) --<hot>
end
io.stdout:write("ready\n") io.stdout:flush()
while true do
  local v = 1
  for i = 0, N - 2 do
    v = get(i) + v * 0.5
    put(i, v)
    v = get(i)
  end
end
