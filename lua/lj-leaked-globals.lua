-- lj-leaked-globals - globals that are not LuaJIT's own, and who made them
-- SPDX-License-Identifier: GPL-2.0-or-later
-- A module that forgets `local' leaves its variables in _G, or in the
-- environment of its functions: there all others may change them.
local own = {}
for word in ([[_G _VERSION arg assert bit collectgarbage coroutine debug dofile
    error gcinfo getfenv getmetatable io ipairs jit load loadfile loadstring
    math module ndk newproxy next ngx os package pairs pcall print rawequal
    rawget rawlen rawset require select setfenv setmetatable string table
    thread tonumber tostring type unpack utf8 xpcall]]):gmatch("%S+") do
  own[word] = true
end

-- What is a module's own table is meant to be there (module(), require()).
local modules = {}
for name, module in pairs(ljstap.loaded()) do
  if type(module) == "table" then modules[module] = name end
end

local function where(v)
  if type(v) ~= "function" then return "" end
  local info = debug.getinfo(v)
  if info.what == "C" then return info.described end
  return info.short_src .. ":" .. info.linedefined
end

local found = 0
for name, v in ljstap.sorted(_G) do
  if not own[name] then
    found = found + 1
    if modules[v] then
      print(name, type(v), "module " .. modules[v])
    else
      print(name, type(v), where(v))
    end
  end
end
print(found .. " globals that are not LuaJIT's own")
