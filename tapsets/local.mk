# tapsets/local.mk - one self-contained file, the core embedded.
# SPDX-License-Identifier: GPL-2.0-or-later

tapset_sources = \
	tapsets/luajit.stp.in \
	tapsets/lj_stap.h \
	tapsets/lj_stap_event.h \
	tapsets/lj_stap_print.h \
	tapsets/lj_stap_procs.h \
	tapsets/lj_stap_stack.h \
	tapsets/lj_stap_value.h \
	tapsets/embed.awk

EXTRA_DIST += $(tapset_sources)
tapset_DATA = tapsets/luajit.stp
CLEANFILES += tapsets/luajit.stp

tapsets/luajit.stp: $(tapset_sources) $(core_headers)
	$(AM_V_GEN)$(MKDIR_P) tapsets && \
	$(AWK) -v path="$(srcdir)/tapsets $(srcdir)/core" \
		-f $(srcdir)/tapsets/embed.awk \
		$(srcdir)/tapsets/luajit.stp.in > $@.new && mv $@.new $@
