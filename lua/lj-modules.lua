-- lj-modules - all loaded modules, and their types: package.loaded
-- SPDX-License-Identifier: GPL-2.0-or-later
for name, module in ljstap.sorted(ljstap.loaded()) do
  io.write(name, ": ", type(module), "\n")
end
