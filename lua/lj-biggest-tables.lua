-- lj-biggest-tables - the tables with the most entries, and where they are
-- SPDX-License-Identifier: GPL-2.0-or-later
-- usage: lj-biggest-tables [N]: the N biggest (20)
-- Searches all that can be reached from package.loaded, _G and the registry,
-- through tables, metatables, upvalues and environments: nearest path first.
local most = tonumber(arg[1]) or 20
ljstap.snapshot()

local queue, path, first, last = {}, {}, 1, 0
local sizes = {}

local function add(v, where)
  local kind = type(v)
  if (kind == "table" or kind == "function" or kind == "userdata") and
     not path[v] then
    last = last + 1
    queue[last] = v
    path[v] = where
  end
end

local function name(k)
  if type(k) == "string" and k:match("^[%a_][%w_]*$") then return "." .. k end
  if type(k) == "string" and not ljstap.isremote(k) then
    return ("[%q]"):format(#k < 40 and k or k:sub(1, 37) .. "...")
  end
  return "[" .. (type(k) == "number" and tostring(k) or type(k)) .. "]"
end

local function visit_table(t, where)
  local n = 0
  for k, v in pairs(t) do
    n = n + 1
    add(k, where .. "[key]")
    add(v, where .. name(k))
  end
  sizes[#sizes + 1] = { n = n, path = where }
  add(debug.getmetatable(t), "getmetatable(" .. where .. ")")
end

local function visit_function(f, where)
  for i = 1, 250 do
    local up, v = debug.getupvalue(f, i)
    if not up then break end
    add(v, ("%s.upvalue(%q)"):format(where, up))
  end
  add(getfenv(f), "getfenv(" .. where .. ")")
end

add(ljstap.loaded(), "package.loaded")
add(_G, "_G")
add(ljstap.registry(), "registry")
while first <= last do
  local v = queue[first]
  queue[first] = nil
  first = first + 1
  -- In a copy of a busy process something may be of two moments.
  pcall(function()
    if type(v) == "table" then
      visit_table(v, path[v])
    elseif type(v) == "function" then
      visit_function(v, path[v])
    else
      add(debug.getmetatable(v), "getmetatable(" .. path[v] .. ")")
      add(getfenv(v), "getfenv(" .. path[v] .. ")")
    end
  end)
end
table.sort(sizes, function(a, b)
  return a.n > b.n or a.n == b.n and a.path < b.path
end)
print("entries", "where")
for i = 1, math.min(most, #sizes) do print(sizes[i].n, sizes[i].path) end
print(("%d tables"):format(#sizes))
