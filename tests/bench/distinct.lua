-- 200 different functions on the stack, no two alike: what the cache within a
-- sample cannot help with. main chunk + 201 functions + leaf + pmain = 204.
jit.off()
local source = { [[
local f = {}
local function leaf()
  local s = 0
  for i = 1, 3e6 do s = s + i % 7 end
  return s
end
f[0] = function() local r = leaf() return r end
]] }
for i = 1, 200 do
  source[#source + 1] = ("f[%d] = function() local r = f[%d]() return r end\n")
    :format(i, i - 1)
end
source[#source + 1] = "return f[200]"
local f = assert(loadstring(table.concat(source), "=distinct"))()
print("ready")
io.stdout:flush()
while true do f() end
