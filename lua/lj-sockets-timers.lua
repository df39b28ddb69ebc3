-- lj-sockets-timers - cosockets and coroutines of OpenResty, as far as Lua has them
-- SPDX-License-Identifier: GPL-2.0-or-later
-- A cosocket is a table whose metatable has connect and settimeout, its first
-- element the upstream; a timer's handler is a coroutine that was never
-- resumed, or waits in ngx.sleep or a socket.
if not ngx then
  print("no ngx here: not an OpenResty or nginx-lua process")
  exit(0)
end
ljstap.snapshot()

local open, closed = 0, 0
for _, t in ipairs((ljstap.objects("table"))) do
  pcall(function()
    local meta = debug.getmetatable(t)
    local index = meta and rawget(meta, "__index")
    if type(index) ~= "table" or not rawget(index, "settimeout") or
       not (rawget(index, "receive") or rawget(index, "send")) then
      return
    end
    if rawget(t, 1) then open = open + 1 else closed = closed + 1 end
  end)
end
print("cosockets with an upstream: " .. open)
print("cosockets without: " .. closed)

local by = {}
for co, status, fresh in ljstap.coroutines() do
  local what = fresh and "never resumed" or status
  local ok, frames = pcall(ljstap.frames, co)
  local top = ok and frames[1] and frames[1].name or "?"
  local key = what .. "\t" .. top
  by[key] = (by[key] or 0) + 1
end
print("coroutines", "state", "innermost function")
for key, n in ljstap.sorted(by) do print(n, key) end
