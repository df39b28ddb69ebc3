-- lj-ffi-types - C objects of the heap, how many of each type
-- SPDX-License-Identifier: GPL-2.0-or-later
ljstap.snapshot()
local types = ljstap.ctypecounts()
table.sort(types, function(a, b)
  return a.count > b.count or a.count == b.count and a.ctype < b.ctype
end)
print("objects", "bytes", "type")
for _, t in ipairs(types) do print(t.count, t.bytes, t.ctype) end
