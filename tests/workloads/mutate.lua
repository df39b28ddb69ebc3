-- Changes what it holds all the time, always by rules: what breaks them was
-- never there.
--   look.record        a table { id = N, twice = 2 * N, text = "rN" }
--   look.nest.record   the same; nest stays
--   look.map["k"..i]   i; grows and shrinks
--   look.value         any of "alpha", "beta", 17.5, true, { name = "table" }
-- usage: mutate.lua [on|off]
local ffi = require "ffi"
if arg[1] == "off" then jit.off() end
look = { map = {}, nest = {}, record = { id = 0, twice = 0, text = "r0" } }
local values = { "alpha", "beta", 17.5, true, { name = "table" } }
print("ready")
io.stdout:flush()
collectgarbage("setpause", 110)
local n = 0
while true do
  n = n + 1
  look.record = { id = n, twice = 2 * n, text = "r" .. n }
  look.nest.record = { id = n, twice = 2 * n, text = "r" .. n }
  -- what takes the place of records that are gone
  junk = { other = n, more = { n }, name = "j" .. n }
  look.value = values[n % 5 + 1]
  local i = n % 200 + 1
  look.map["k" .. i] = i
  if n % 3 == 0 then look.map["k" .. (n * 7 % 200 + 1)] = nil end
  if n % 5000 == 0 then look.map = {} end
end
