-- For each line of input a fixed piece of work, 54 frames deep; prints the CPU
-- time it took, in ns. Interrupts while it runs are in it on most kernels.
-- usage: work.lua ROUNDS [EVERY]; a table is made in each EVERYth round
jit.off()
local rounds, every = tonumber(arg[1]), tonumber(arg[2])
local t

local function leaf()
  local s = 0
  for i = 1, rounds do s = s + i % 7 end
  return s
end

if every then
  function leaf()
    for i = 1, rounds / every do
      for j = 2, every do t = i % j end
      t = { i }
    end
    return 0
  end
end

local function rec(n)
  if n == 0 then return (leaf()) end
  local r = rec(n - 1)
  return r + 1
end

io.stdout:setvbuf("line")
for _ in io.lines() do
  local t = os.clock()
  rec(50)
  print(string.format("%d", (os.clock() - t) * 1e9))
end
