local _M = {}

local N = 2e5

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

function _M.main()
  ngx.say(foo())
  ngx.say(bar())
end

return _M
