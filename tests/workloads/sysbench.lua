-- foo : bar = 2 : 1 as in seed.lua, as sysbench calls it: a VM for each thread.
-- usage: sysbench sysbench.lua --time=0 --threads=N run
local N = 1e6

local function heavy()
  local sum = 0
  for i = 1, N do
    sum = sum + i
  end
  return sum
end

local function foo()
  local a = heavy()
  a = a + heavy()
  return a
end

local function bar()
  return (heavy())
end

function event()
  foo()
  bar()
end
