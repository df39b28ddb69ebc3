# docs/local.mk - manual pages, some made from the sources they describe.
# SPDX-License-Identifier: GPL-2.0-or-later

dist_man_MANS += \
	docs/man/ljstap.1 \
	docs/man/ljstap-lua.1 \
	docs/man/lj-alloc-flame.8 \
	docs/man/lj-bt.8 \
	docs/man/lj-cpu-flame.8 \
	docs/man/lj-cpu-usage.8 \
	docs/man/lj-file-io-flame.8 \
	docs/man/lj-gc-objs.8 \
	docs/man/lj-gc-pauses.8 \
	docs/man/lj-inspect.8 \
	docs/man/lj-loaded-modules.8 \
	docs/man/lj-offcpu-flame.8 \
	docs/man/lj-trace-events.8 \
	docs/man/lj-vm-states.8 \
	docs/man/lj-yield-flame.8

man_MANS = docs/man/ljstap-dump.5
CLEANFILES += docs/man/ljstap-dump.5

# Pages of the tapset, of all its probes and functions: the comments tell which.
noinst_DATA = docs/man/3stap.stamp
stapmandir = $(DESTDIR)$(mandir)/man3

docs/man/3stap.stamp: tapsets/luajit.stp.in docs/stapman.awk
	$(AM_V_GEN)rm -rf docs/man/3stap && $(MKDIR_P) docs/man/3stap && \
	$(AWK) -v name=luajit -v dir=docs/man/3stap \
		-f $(srcdir)/docs/stapman.awk \
		$(srcdir)/tapsets/luajit.stp.in && touch $@

install-data-local: docs/man/3stap.stamp
	$(MKDIR_P) "$(stapmandir)"
	$(INSTALL_DATA) docs/man/3stap/*.3stap "$(stapmandir)"

uninstall-local: docs/man/3stap.stamp
	for page in docs/man/3stap/*.3stap; do \
		rm -f "$(stapmandir)/$${page##*/}"; done

clean-local:
	rm -rf docs/man/3stap docs/man/3stap.stamp

# The name that bash looks for is the command's.
completiondir = $(datadir)/bash-completion/completions
completion_DATA = docs/completion/ljstap
CLEANFILES += docs/completion/ljstap

docs/completion/ljstap: docs/completion/ljstap.bash
	$(AM_V_GEN)$(MKDIR_P) docs/completion && \
	cp $(srcdir)/docs/completion/ljstap.bash $@.new && mv $@.new $@

EXTRA_DIST += \
	LICENSE \
	README.md \
	docs/accuracy.md \
	docs/inspecting-in-lua.md \
	docs/completion/ljstap.bash \
	docs/extending.md \
	docs/lj-cpu-flame.svg \
	docs/dumpman.awk \
	docs/stapman.awk \
	docs/man/ljstap-dump.5.in

docs/man/ljstap-dump.5: docs/man/ljstap-dump.5.in docs/dumpman.awk \
		core/dump.def
	$(AM_V_GEN)$(MKDIR_P) docs/man && \
	$(AWK) -v def=$(srcdir)/core/dump.def -f $(srcdir)/docs/dumpman.awk \
		$(srcdir)/docs/man/ljstap-dump.5.in > $@.new && mv $@.new $@
