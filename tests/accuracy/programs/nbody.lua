-- SPDX-License-Identifier: GPL-2.0-or-later
-- Bodies with fields in a table; two loops over pairs.
local bodies = {}
for i = 1, 8 do
  bodies[i] = { x = i, y = i * 2, z = i * 3, vx = 0, vy = 0, vz = 0, m = 1 / i }
end
local function pull(a, b, dt) --<fn pull>
  local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
  local d = dx * dx + dy * dy + dz * dz + 1
  local k = dt / math.sqrt(math.sqrt(d) * d) / math.sqrt(d) / (d + 1) / (d + 2) / (d + 3) / (d + 4) / (d + 5) / (d + 6) --<hot>
  a.vx = a.vx - dx * b.m * k
  a.vy = a.vy - dy * b.m * k
  a.vz = a.vz - dz * b.m * k
end
local function advance(dt)
  for i = 1, #bodies do
    local a = bodies[i]
    for j = i + 1, #bodies do
      pull(a, bodies[j], dt)
    end
  end
  for _, a in ipairs(bodies) do
    a.x = a.x + a.vx * dt
  end
end
io.stdout:write("ready\n") io.stdout:flush()
while true do advance(0.001) end
