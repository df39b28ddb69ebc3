-- Two threads with a VM each: seed.lua here, baz.lua in the other. By embed.
-- usage: threads.lua LIB [on|off]
thread(arg[1], "/mnt/baz.lua", arg[2])
arg = { arg[2] or "on", "ready", "2e5" }
dofile("/mnt/seed.lua")
