-- heap.lua - a heap of so many objects: users with tables, strings and
-- closures, of about 125 bytes each; prints how many MiB, and waits.
-- SPDX-License-Identifier: GPL-2.0-or-later
local n = tonumber(arg[1]) / 5
local users, names = {}, {}
local last
for i = 1, n do
	local user = {
		id = i,
		name = "user" .. i,
		tags = { "a", "b", i },
		home = { city = "city" .. i % 1000, zip = i },
	}
	function user.get()
		return user.id
	end
	users[i] = user
	names[user.name] = user
	if i % 10 == 0 then
		last = { next = last, value = i }
	end
end
package.loaded.app = { users = users, names = names, last = last }
collectgarbage()
collectgarbage()
print(collectgarbage("count") / 1024)
io.stdout:flush()
io.read()
