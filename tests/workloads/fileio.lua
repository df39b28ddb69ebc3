-- reader reads the whole input in pieces of 4096 bytes, 2 times a round;
-- writer writes 1000 bytes 10 times, once a round. A line in the pipe ORDERS is
-- a number of rounds to do; "done" answers it.
-- usage: fileio.lua on|off INPUT OUTPUT ORDERS READY
if arg[1] == "off" then jit.off() end

local function reader()
  local f = assert(io.open(arg[2], "rb"))
  f:setvbuf("no")
  while f:read(4096) do end
  f:close()
end

local function writer()
  local f = assert(io.open(arg[3], "wb"))
  f:setvbuf("no")
  local s = ("x"):rep(1000)
  for _ = 1, 10 do f:write(s) end
  f:close()
end

print(arg[5])
io.stdout:flush()
for line in io.lines(arg[4]) do
  for _ = 1, tonumber(line) do
    reader()
    reader()
    writer()
  end
  print("done")
  io.stdout:flush()
end
