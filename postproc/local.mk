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
	postproc/elffile.c \
	postproc/elffile.h \
	postproc/mapfile.c \
	postproc/mapfile.h \
	postproc/unwind.c \
	postproc/unwind.h \
	postproc/cstack.c \
	postproc/cstack.h \
	postproc/blocks.c \
	postproc/blocks.h \
	postproc/load.c \
	postproc/load.h \
	postproc/luaname.c \
	postproc/luaname.h \
	postproc/procmap.c \
	postproc/procmap.h \
	postproc/luafile.c \
	postproc/luafile.h \
	postproc/codepat.c \
	postproc/codepat.h \
	postproc/vmelf.c \
	postproc/vmelf.h \
	postproc/luaproc.c \
	postproc/luaproc.h \
	postproc/heapcopy.c \
	postproc/heapcopy.h \
	postproc/remote.c \
	postproc/remote.h \
	postproc/luaval.c \
	postproc/luaval.h \
	postproc/luapath.c \
	postproc/luapath.h \
	postproc/luaobj.c \
	postproc/luaobj.h \
	postproc/luatab.c \
	postproc/luatab.h \
	postproc/luacdata.c \
	postproc/luacdata.h \
	postproc/luatree.c \
	postproc/luatree.h \
	postproc/symbolize.c \
	postproc/symbolize.h \
	postproc/trace.c \
	postproc/trace.h \
	postproc/traceir.def \
	postproc/tracefit.c \
	postproc/tracefit.h \
	postproc/tracewalk.c \
	postproc/tracewalk.h \
	postproc/tracecode.c \
	postproc/tracecode.h \
	postproc/tracealign.c \
	postproc/tracealign.h \
	postproc/traceline.c \
	postproc/traceline.h \
	postproc/vmcode.c \
	postproc/vmcode.h \
	postproc/clean.c \
	postproc/clean.h \
	postproc/ffname.c \
	postproc/ffname.h \
	postproc/protoname.c \
	postproc/protoname.h \
	postproc/vmstates.c \
	postproc/vmstates.h \
	postproc/waitkind.c \
	postproc/waitkind.h \
	postproc/stackname.c \
	postproc/stackname.h \
	postproc/backtrace.c \
	postproc/backtrace.h \
	postproc/luastack.c \
	postproc/luastack.h \
	postproc/fold.c \
	postproc/fold.h \
	postproc/vmplace.c \
	postproc/vmplace.h \
	postproc/vmplace.def \
	postproc/vmsymbols.c \
	postproc/vmsymbols.h \
	postproc/gclog.c \
	postproc/gclog.h \
	postproc/jitlog.c \
	postproc/jitlog.h \
	postproc/heapobj.c \
	postproc/heapobj.h \
	postproc/heappath.c \
	postproc/heappath.h \
	postproc/heapname.c \
	postproc/heapname.h \
	postproc/heapdom.c \
	postproc/heapdom.h \
	postproc/heapwalk.c \
	postproc/heapwalk.h \
	postproc/heapreport.c \
	postproc/heapreport.h \
	postproc/lines.c \
	postproc/lines.h \
	postproc/namecache.c \
	postproc/namecache.h \
	postproc/read_folded.c \
	postproc/read_folded.h \
	postproc/read_stap.c \
	postproc/read_stap.h \
	postproc/textkind.c \
	postproc/textkind.h \
	postproc/chart.c \
	postproc/chart.h \
	postproc/pipeline.c \
	postproc/pipeline.h \
	postproc/diff.c \
	postproc/diff.h \
	postproc/flame.c \
	postproc/flame.h \
	postproc/treetext.c \
	postproc/treetext.h \
	postproc/svg.c \
	postproc/svg.h \
	postproc/caption.c \
	postproc/caption.h \
	postproc/amount.c \
	postproc/amount.h \
	postproc/axis.c \
	postproc/axis.h \
	postproc/draw_flame.c \
	postproc/draw_flame.h \
	postproc/framename.c \
	postproc/framename.h \
	postproc/tops.c \
	postproc/tops.h \
	postproc/json.c \
	postproc/json.h \
	postproc/luatext.c \
	postproc/luatext.h \
	postproc/luascript.c \
	postproc/luascript.h \
	postproc/gzip.c \
	postproc/gzip.h \
	postproc/export.c \
	postproc/export.h \
	postproc/export_chrome.c \
	postproc/export_firefox.c \
	postproc/export_pprof.c \
	postproc/export_speedscope.c \
	postproc/jobs.c \
	postproc/jobs.h \
	postproc/report.h \
	postproc/report_dump.c \
	postproc/report_page.c \
	postproc/report_row.c \
	postproc/report_trend.c \
	postproc/heat.c \
	postproc/heat.h \
	postproc/draw_heat.c \
	postproc/draw_heat.h \
	postproc/curve.c \
	postproc/curve.h \
	postproc/usage.c \
	postproc/usage.h \
	postproc/draw_bars.c \
	postproc/draw_bars.h \
	postproc/draw_curve.c \
	postproc/draw_curve.h \
	postproc/outfile.c \
	postproc/outfile.h \
	postproc/vmreport.c \
	postproc/vmreport.h \
	postproc/vmpick.c \
	postproc/vmpick.h \
	postproc/kmodule.c \
	postproc/kmodule.h \
	postproc/tools.c \
	postproc/tools.def \
	postproc/tools.h \
	postproc/pairs.def \
	postproc/preflight.c \
	postproc/preflight.h \
	postproc/cmd.h \
	postproc/cmd_args.c \
	postproc/cmd_as.c \
	postproc/cmd_bt.c \
	postproc/cmd_cat.c \
	postproc/cmd_csp.c \
	postproc/cmd_check.c \
	postproc/cmd_curve.c \
	postproc/cmd_diff.c \
	postproc/cmd_export.c \
	postproc/cmd_flame.c \
	postproc/cmd_fold.c \
	postproc/cmd_gc.c \
	postproc/cmd_jit.c \
	postproc/cmd_heap.c \
	postproc/cmd_heat.c \
	postproc/cmd_inspect.c \
	postproc/cmd_layout.c \
	postproc/cmd_list.c \
	postproc/cmd_prebuild.c \
	postproc/cmd_lua.c \
	postproc/cmd_ps.c \
	postproc/cmd_report.c \
	postproc/cmd_run.c \
	postproc/cmd_sample.c \
	postproc/cmd_states.c \
	postproc/cmd_symbols.c \
	postproc/cmd_top.c \
	postproc/cmd_watch.c \
	postproc/cmd_pipeline.c \
	postproc/readiness.c \
	postproc/readiness.h

# Scripts run in an embedded LuaJIT, if there is one.
if LUA
postproc_sources += \
	postproc/luaproxy.c \
	postproc/luaproxy.h \
	postproc/luabase.c \
	postproc/luabase.h \
	postproc/luahelp.c \
	postproc/luahelp.h \
	postproc/luahost.c \
	postproc/luahost.h
else
EXTRA_DIST += \
	postproc/luaproxy.c \
	postproc/luaproxy.h \
	postproc/luabase.c \
	postproc/luabase.h \
	postproc/luahelp.c \
	postproc/luahelp.h \
	postproc/luahost.c \
	postproc/luahost.h
endif

nodist_postproc_sources = $(postproc_templates) postproc/template_csp.h

postproc_libs = $(ELFUTILS_LIBS) $(LIBXML_LIBS) $(ZLIB_LIBS) $(CAPSTONE_LIBS) $(LUAJIT_LIBS)

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
postproc_templates = \
	postproc/template_curve_css.h \
	postproc/template_flame_css.h \
	postproc/template_flame_js.h \
	postproc/template_heat_css.h \
	postproc/template_heat_js.h \
	postproc/template_ljstap_lua.h \
	postproc/template_page_css.h \
	postproc/template_report_css.h \
	postproc/template_report_html.h \
	postproc/template_report_js.h

EXTRA_DIST += \
	postproc/csp.sh \
	postproc/embed.awk \
	templates/curve.css \
	templates/flame.css \
	templates/flame.js \
	templates/heat.css \
	templates/heat.js \
	templates/ljstap.lua \
	templates/page.css \
	templates/report.css \
	templates/report.html \
	templates/report.js

BUILT_SOURCES += $(postproc_templates) postproc/template_csp.h
CLEANFILES += $(postproc_templates) postproc/template_csp.h

postproc_embed = $(AM_V_GEN)$(MKDIR_P) postproc && \
	$(AWK) -v name=$(@F:.h=) -f $(srcdir)/postproc/embed.awk $< \
		>$@.tmp && mv $@.tmp $@

postproc/template_curve_css.h: templates/curve.css postproc/embed.awk
	$(postproc_embed)
postproc/template_flame_css.h: templates/flame.css postproc/embed.awk
	$(postproc_embed)
postproc/template_flame_js.h: templates/flame.js postproc/embed.awk
	$(postproc_embed)
postproc/template_heat_css.h: templates/heat.css postproc/embed.awk
	$(postproc_embed)
postproc/template_heat_js.h: templates/heat.js postproc/embed.awk
	$(postproc_embed)
postproc/template_ljstap_lua.h: templates/ljstap.lua postproc/embed.awk
	$(postproc_embed)
postproc/template_page_css.h: templates/page.css postproc/embed.awk
	$(postproc_embed)
postproc/template_report_css.h: templates/report.css postproc/embed.awk
	$(postproc_embed)
postproc/template_report_html.h: templates/report.html postproc/embed.awk
	$(postproc_embed)
postproc/template_report_js.h: templates/report.js postproc/embed.awk
	$(postproc_embed)

# What lets a browser know that styles and scripts are those of a picture.
postproc_csp = \
	$(srcdir)/templates/page.css \
	$(srcdir)/templates/curve.css \
	$(srcdir)/templates/flame.css \
	$(srcdir)/templates/heat.css \
	$(srcdir)/templates/flame.js \
	$(srcdir)/templates/heat.js
postproc/template_csp.h: $(postproc_csp) postproc/csp.sh postproc/embed.awk
	$(AM_V_GEN)$(MKDIR_P) postproc && AWK='$(AWK)' \
		sh $(srcdir)/postproc/csp.sh $(srcdir)/postproc/embed.awk \
		$(srcdir)/templates >$@.tmp && mv $@.tmp $@
