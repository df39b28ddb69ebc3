-- Tables of N entries each, for `ljstap lua'; says "ready", waits for a line.
-- usage: big.lua N
local n = tonumber(arg[1])
numbers, strings, objects = {}, {}, {}
for i = 1, n do
  numbers["key" .. i] = i
  strings["k" .. i] = "value" .. i
  objects[i] = { i }
end
print("ready")
io.stdout:flush()
io.read()
