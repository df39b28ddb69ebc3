-- What both sides of the conformance test say a value is: the process itself,
-- and `ljstap lua' from outside. Only Lua's own functions.
local function quote(s)
  local n = #s
  if n > 200 then
    return "#" .. n .. ":" .. quote(s:sub(1, 20)) .. ".." .. quote(s:sub(-20))
  end
  return '"' .. s:gsub('[%c"\\\127-\255]', function(c)
    return ("\\%03d"):format(c:byte())
  end) .. '"'
end

local function text1(v)
  local kind = type(v)
  if kind == "string" then return quote(v) end
  if kind == "number" then
    if v ~= v then return "nan" end
    if v == 0 and 1 / v < 0 then return "-0" end
    return ("%.17g"):format(v)
  end
  return kind .. " " .. tostring(v)
end

function text(...)
  local out = {}
  for i = 1, select("#", ...) do out[i] = text1((select(i, ...))) end
  return table.concat(out, " | ")
end

-- all keys and values in the order of pairs()
function keys(t)
  local out = {}
  for k, v in pairs(t) do out[#out + 1] = text1(k) .. "=" .. text1(v) end
  return table.concat(out, ",")
end

-- the same by next()
function nexts(t)
  local out, k, v = {}, next(t)
  while k ~= nil do
    out[#out + 1] = text1(k) .. "=" .. text1(v)
    k, v = next(t, k)
  end
  return table.concat(out, ",")
end

function list(t)
  local out = {}
  for i, v in ipairs(t) do out[#out + 1] = i .. "=" .. text1(v) end
  return table.concat(out, ",")
end

function ups(f)
  local out = {}
  for i = 1, 250 do
    local name, v = debug.getupvalue(f, i)
    if not name then break end
    out[i] = name .. "=" .. text1(v)
  end
  return table.concat(out, ",")
end

function info(f)
  local i, out = debug.getinfo(f), {}
  for _, k in ipairs { "source", "short_src", "linedefined",
                       "lastlinedefined", "what", "nups", "func",
                       "nparams", "isvararg" } do
    out[#out + 1] = k .. "=" .. text1(i[k])
  end
  return table.concat(out, ",")
end

-- lines of a coroutine's Lua functions
function lines(co)
  local out = {}
  for file, line in debug.traceback(co):gmatch("([%w%.%-_]+%.lua):(%d+): in") do
    out[#out + 1] = file .. ":" .. line
  end
  return table.concat(out, ",")
end

-- each line of a list of expressions, as it is here
function say_all(path, write)
  for line in io.lines(path) do
    if line ~= "" and not line:find("^%-%-") then
      local f = assert(loadstring("return text(" .. line .. ")"))
      write(line .. "\t" .. f() .. "\n")
    end
  end
end
