-- conform_outside.lua - the other side of conform.lua, by `ljstap lua'
-- usage: conform_outside.lua WORKLOADS
dofile(arg[1] .. "/conform-text.lua")
say_all(arg[1] .. "/conform.txt", io.write)
