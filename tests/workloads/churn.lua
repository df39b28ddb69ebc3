-- Makes functions, runs them and lets them be collected, for ever: addresses
-- of protos are used again and again. Function fN is of chunk cN, always.
-- usage: churn.lua [on|off [ready]]
if arg[1] == "off" then jit.off() end

local source = [[
local function f%d(n)
  local s = 0
  for i = 1, n do s = s + i %% 3 end
  return s
end
return function(n) local r = f%d(n) return r end
]]

if arg[2] then print(arg[2]); io.stdout:flush() end
for i = 1, math.huge do
  local f = assert(loadstring(source:format(i, i), "=c" .. i))()
  f(2e4)
  if i % 20 == 0 then collectgarbage() end
end
