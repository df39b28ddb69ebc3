-- foo : bar = 2 : 1 as in seed.lua, as wrk calls it: for each request, in a VM
-- for each thread. usage: wrk -s wrk.lua -t N -c N -d SECONDS URL
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

function request()
  foo()
  bar()
  return wrk.request()
end
