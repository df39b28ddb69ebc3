-- Programs of others, from Debian's packages, over and over.
-- usage: programs.lua NAME [SECONDS MODE FILE [ready]]: that long, under
-- LuaJIT's own profiler with -jp=MODE, into FILE
package.path = package.path ..
  ";/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"
jit.off()
local name, seconds, mode, file, ready = ...

local function text(path)
  local f = assert(io.open(path))
  local s = f:read("*a")
  f:close()
  return s
end

local programs = {}

-- A linter, of a big source file.
function programs.luacheck()
  local check = require("luacheck.check")
  local source = text("/usr/share/lua/5.1/luacheck/parser.lua")
  return function() return check(source) end
end

-- A parser of another language, and a writer of HTML.
function programs.markdown()
  local markdown = require("markdown")
  local source = ("# Title\n\nSome *text* with `code` and [a link](http://x).\n\n" ..
    "* one\n* two\n* three\n\n> quoted\n\n"):rep(20)
  return function() return markdown(source) end
end

-- A template engine.
function programs.template()
  local template = require("pl.template")
  local source = "# for i, v in ipairs(list) do\n$(i): $(v:upper()) and " ..
    "$(#v)\n# end\n"
  local list = {}
  for i = 1, 200 do list[i] = "item" .. i end
  return function()
    return template.substitute(source, { list = list, ipairs = ipairs })
  end
end

-- A parser of command lines.
function programs.argparse()
  local parser = require("argparse")("name", "What it does.")
  parser:argument("input", "A file."):args("+")
  for i = 1, 10 do parser:option("-" .. string.char(96 + i) .. " --opt" .. i, "It.") end
  local args = {}
  for i = 1, 10 do
    args[#args + 1] = "--opt" .. i
    args[#args + 1] = "value" .. i
    args[#args + 1] = "file" .. i
  end
  return function() parser:parse(args) return parser:get_help() end
end

-- A printer of tables.
function programs.inspect()
  local inspect = require("inspect")
  local data = {}
  for i = 1, 50 do data["k" .. i] = { i, { a = i, b = { "x", "y" } } } end
  return function() return inspect(data) end
end

local run = assert(programs[name], "no such program")()
if ready then print(ready); io.stdout:flush() end
local profiler = mode and require("jit.p")
if profiler then profiler.start(mode, file) end
local stop = os.time() + (tonumber(seconds) or math.huge)
while os.time() < stop do run() end
if profiler then profiler.stop() end
