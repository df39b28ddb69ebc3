# postproc/local.mk - the program ljstap.
# SPDX-License-Identifier: GPL-2.0-or-later

noinst_HEADERS += \
	core/dump.def \
	core/dump.h \
	core/ljtypes.h

# In the order of the pipeline: read, model, names, fold, render, commands.
postproc_sources = \
	postproc/diag.c \
	postproc/diag.h \
	postproc/mem.c \
	postproc/mem.h \
	postproc/input.c \
	postproc/input.h \
	postproc/dumptab.c \
	postproc/dumptab.h \
	postproc/read_dump.c \
	postproc/read_dump.h \
	postproc/profile.c \
	postproc/profile.h \
	postproc/load.c \
	postproc/load.h \
	postproc/bytecode.c \
	postproc/bytecode.def \
	postproc/bytecode.h \
	postproc/luaname.c \
	postproc/luaname.h \
	postproc/symbolize.c \
	postproc/symbolize.h \
	postproc/vmcode.c \
	postproc/vmcode.h \
	postproc/clean.c \
	postproc/clean.h \
	postproc/ffname.c \
	postproc/ffname.h \
	postproc/protoname.c \
	postproc/protoname.h \
	postproc/stackname.c \
	postproc/stackname.h \
	postproc/fold.c \
	postproc/fold.h \
	postproc/pipeline.c \
	postproc/pipeline.h \
	postproc/flame.c \
	postproc/flame.h \
	postproc/svg.c \
	postproc/svg.h \
	postproc/outfile.c \
	postproc/outfile.h \
	postproc/pairs.def \
	postproc/preflight.c \
	postproc/preflight.h \
	postproc/cmd.h \
	postproc/cmd_args.c \
	postproc/cmd_cat.c \
	postproc/cmd_check.c \
	postproc/cmd_flame.c \
	postproc/cmd_fold.c \
	postproc/cmd_run.c \
	postproc/readiness.c \
	postproc/readiness.h

nodist_postproc_sources = \
	postproc/template_flame_css.h

postproc_libs = $(ELFUTILS_LIBS) $(LIBXML_LIBS)

noinst_LIBRARIES += postproc/libljstap.a
postproc_libljstap_a_SOURCES = $(postproc_sources)
nodist_postproc_libljstap_a_SOURCES = $(nodist_postproc_sources)
postproc_libljstap_a_CFLAGS = $(AM_CFLAGS) $(PROGRAM_CFLAGS)

bin_PROGRAMS += ljstap
ljstap_SOURCES = postproc/main.c $(collector_sources)
nodist_ljstap_SOURCES = $(nodist_collector_sources)
ljstap_CPPFLAGS = $(AM_CPPFLAGS) $(LIBBPF_CFLAGS)
ljstap_CFLAGS = $(AM_CFLAGS) $(PROGRAM_CFLAGS)
ljstap_LDADD = postproc/libljstap.a $(postproc_libs) $(collector_libs)

# templates/NAME.EXT becomes the C string template_NAME_EXT.
EXTRA_DIST += \
	postproc/embed.awk \
	templates/flame.css

BUILT_SOURCES += postproc/template_flame_css.h
CLEANFILES += postproc/template_flame_css.h

postproc/template_flame_css.h: templates/flame.css postproc/embed.awk
	$(AM_V_GEN)$(MKDIR_P) postproc && \
	$(AWK) -v name=template_flame_css -f $(srcdir)/postproc/embed.awk \
		$(srcdir)/templates/flame.css >$@.tmp && mv $@.tmp $@
