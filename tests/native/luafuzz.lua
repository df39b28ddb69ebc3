-- luafuzz.lua - reads all that can be read of a process, by all that there is
local function try(f, ...)
  local ok, err = pcall(f, ...)
  if not ok then print("! " .. tostring(err)) end
end

local seen, left = {}, 3000
local function look(v)
  left = left - 1
  if v == nil or v ~= v or seen[v] or left < 0 then return end
  seen[v] = true
  local kind = type(v)
  try(function() print(kind, tostring(v)) end)
  if not ljstap.isremote(v) then return end
  try(function() look(getmetatable(v)) end)
  if kind == "table" then
    try(function() print(#v) end)
    try(function() print(next(v)) end)
    try(function() print(v.absent, v[1], v[true], v[v]) end)
    try(function() for k, x in pairs(v) do look(k) look(x) end end)
    try(function() for _, x in ipairs(v) do look(x) end end)
  elseif kind == "function" then
    try(function() for k, x in pairs(debug.getinfo(v)) do print(k, x) end end)
    try(function()
      for i = 1, 250 do
        local name, x = debug.getupvalue(v, i)
        if not name then break end
        print(name)
        look(x)
      end
    end)
    try(function() look(getfenv(v)) end)
  elseif kind == "thread" then
    try(function() print(coroutine.status(v)) end)
    try(function() print(debug.traceback(v)) end)
  elseif kind == "cdata" and ljstap.address(v) ~= 0 then
    try(function() print(ljstap.json(ljstap.ctype(v))) end)
    try(function()
      for _, name in ipairs(ljstap.fields(v)) do look(v[name]) end
    end)
    if ljstap.ctype(v).count then try(function() look(v[0]) end) end
    try(function() print(tonumber(v)) end)
  end
end

probe process.begin
  try(function() look(T) end)
  try(function() look(_G) end)
  for _, kind in ipairs { "thread", "cdata", "userdata", "function" } do
    left = 300
    try(function()
      for _, v in ipairs((ljstap.objects(kind))) do look(v) end
    end)
  end
  try(function() ljstap.ctypecounts() end)
  try(function() print(ljstap.pretty(package.loaded)) end)
end
