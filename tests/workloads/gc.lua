-- The garbage collector at work: full cycles over many live objects.
-- usage: gc.lua [on|off [ready]]
if arg[1] == "off" then jit.off() end

local live = {}
for i = 1, 2e5 do live[i] = { i } end

if arg[2] then print(arg[2]); io.stdout:flush() end
while true do collectgarbage() end
