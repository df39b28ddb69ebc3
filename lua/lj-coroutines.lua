-- lj-coroutines - all coroutines with their stacks, the same ones together
-- SPDX-License-Identifier: GPL-2.0-or-later
local by, order = {}, {}
for co, status, fresh in ljstap.coroutines() do
  local ok, text = pcall(debug.traceback, co)
  text = (fresh and "suspended, never resumed" or status) .. "\n" ..
         (ok and text:gsub("^stack traceback:\n?", "") or "\t?")
  if not by[text] then
    by[text] = { n = 0, first = co }
    order[#order + 1] = text
  end
  by[text].n = by[text].n + 1
end
table.sort(order, function(a, b)
  return by[a].n > by[b].n or by[a].n == by[b].n and a < b
end)
for _, text in ipairs(order) do
  print(("%d coroutines, such as %s: %s"):format(by[text].n,
        tostring(by[text].first), text))
end
