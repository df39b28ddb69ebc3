-- lj-caches - how full caches are that are plain Lua: resty.lrucache and others
-- SPDX-License-Identifier: GPL-2.0-or-later
-- resty.lrucache, resty.lrucache.pureffi and tables with weak keys or values,
-- wherever in the heap they are.
ljstap.snapshot()
print("entries", "room", "kind")

-- resty.lrucache: hasht, key2node, free_queue, cache_queue; a queue's first
-- element has the size in its field id, and links to the first and last.
local function length(queue)
  local head = queue[0]
  local node, n = head.next, 0
  local at = ljstap.address(head)
  while ljstap.address(node) ~= at and n < 1e7 do
    n = n + 1
    node = node.next
  end
  return n
end

local function lrucache(t)
  local used, free = rawget(t, "cache_queue"), rawget(t, "free_queue")
  if not (used and free and rawget(t, "hasht") and rawget(t, "key2node")) then
    return false
  end
  local n = 0
  for _ in pairs(rawget(t, "hasht")) do n = n + 1 end
  local ok, room = pcall(function() return length(used) + length(free) end)
  print(n, ok and room or rawget(t, "num_items") or "?", "resty.lrucache")
  return true
end

local function pureffi(t)
  local used, free = rawget(t, "cache_queue"), rawget(t, "free_queue")
  if not (used and free and rawget(t, "bucket_v")) then return false end
  local n, m = length(used), length(free)
  print(n, n + m, "resty.lrucache.pureffi")
  return true
end

local function weak(t)
  local meta = debug.getmetatable(t)
  local mode = meta and rawget(meta, "__mode")
  if type(mode) ~= "string" then return end
  local n = 0
  for _ in pairs(t) do n = n + 1 end
  if n > 0 then print(n, "-", "weak table, mode " .. mode) end
end

for _, t in ipairs((ljstap.objects("table"))) do
  pcall(function() return lrucache(t) or pureffi(t) or weak(t) end)
end
