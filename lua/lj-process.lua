-- lj-process - what the process is: build, mode, layout, memory, uptime
-- SPDX-License-Identifier: GPL-2.0-or-later
local p = ljstap.process()
p.global_State = ("0x%x"):format(p.global_State)
for k, v in ljstap.sorted(p) do print(k, v) end
