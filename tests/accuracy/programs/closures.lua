-- SPDX-License-Identifier: GPL-2.0-or-later
-- Closures from a factory, called out of a table's fields.
local function make(k)
  return function(x)
    return x + k
  end
end
local function scaler(f)
  return function(x) --<fn scale>
    local y = f(x)
    y = 5 / y / (y + 0.5) / (y + 1) / (y + 2) / (y + 3) --<hot>
    return y
  end
end
local ops = { add = make(1.25), scale = scaler(make(2)) }
io.stdout:write("ready\n") io.stdout:flush()
local x = 1
while true do
  for _ = 1, 1e7 do
    x = ops.add(x)
    x = ops.scale(x)
  end
end
