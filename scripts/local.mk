# scripts/local.mk - the tools: stap -x PID $(pkgdatadir)/NAME.stp
# SPDX-License-Identifier: GPL-2.0-or-later

dist_pkgdata_DATA = \
	scripts/lj-alloc-flame.stp \
	scripts/lj-bt.stp \
	scripts/lj-cpu-flame.stp \
	scripts/lj-cpu-usage.stp \
	scripts/lj-file-io-flame.stp \
	scripts/lj-gc-objs.stp \
	scripts/lj-gc-pauses.stp \
	scripts/lj-inspect.stp \
	scripts/lj-loaded-modules.stp \
	scripts/lj-offcpu-flame.stp \
	scripts/lj-vm-states.stp \
	scripts/lj-yield-flame.stp
