-- lj-module-versions - versions that loaded modules tell of themselves
-- SPDX-License-Identifier: GPL-2.0-or-later
-- A module says it in _VERSION, VERSION, version or __version, or in the
-- table of that name.
local names = { "_VERSION", "VERSION", "version", "__version", "__VERSION" }

local function version_of(module)
  if type(module) ~= "table" then return nil end
  for _, name in ipairs(names) do
    local v = rawget(module, name)
    if type(v) == "string" or type(v) == "number" then return v end
  end
end

print("LuaJIT", jit and jit.version)
for name, module in ljstap.sorted(ljstap.loaded()) do
  local v = version_of(module)
  if v and module ~= jit and module ~= _G then print(name, v) end
end
