# tests/local.mk - native tests: no root, no network, no kernel module.
# SPDX-License-Identifier: GPL-2.0-or-later

# All tests of the code run under sanitizers where the compiler has them.
check_LIBRARIES += tests/libtest.a
tests_libtest_a_SOURCES = \
	$(postproc_sources) \
	tests/unit/mkdump.c \
	tests/unit/mkdump.h \
	tests/unit/unit.h
nodist_tests_libtest_a_SOURCES = $(nodist_postproc_sources)
tests_libtest_a_CFLAGS = $(AM_CFLAGS) $(SAN_CFLAGS)
tests_libtest_a_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)

# The longest first: the others run beside them.
TESTS += \
	tests/builds/vms.test \
	tests/builds/builds.test \
	tests/builds/unwind.test \
	tests/builds/vmcode.test \
	tests/builds/vmplace.test \
	tests/builds/layout.test \
	tests/accuracy/accuracy.test

TEST_CPPFLAGS = -I$(top_srcdir)/tests/unit
TEST_CFLAGS = $(AM_CFLAGS) $(SAN_CFLAGS)
TEST_LDADD = tests/libtest.a $(postproc_libs)

check_PROGRAMS += tests/golden/example
tests_golden_example_SOURCES = tests/golden/example.c
tests_golden_example_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_golden_example_CFLAGS = $(TEST_CFLAGS)
tests_golden_example_LDADD = $(TEST_LDADD)

dist_check_SCRIPTS += tests/golden/golden.test
TESTS += tests/golden/golden.test
EXTRA_DIST += \
	tests/golden/after.folded \
	tests/golden/before.folded \
	tests/golden/chart.svg \
	tests/golden/diff.json \
	tests/golden/diff.svg \
	tests/golden/diff.table \
	tests/golden/example.cat \
	tests/golden/example.folded \
	tests/golden/example.inlined \
	tests/golden/example.lines \
	tests/golden/example.states \
	tests/golden/example.svg \
	tests/golden/folded.svg

# Accept what the programs print now as what they shall print.
record: ljstap tests/golden/example
	RECORD=1 srcdir=$(srcdir) $(srcdir)/tests/golden/golden.test
.PHONY: record

check_PROGRAMS += tests/hostile/hostile
TESTS += tests/hostile/hostile
tests_hostile_hostile_SOURCES = tests/hostile/hostile.c
tests_hostile_hostile_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_hostile_hostile_CFLAGS = $(TEST_CFLAGS)
tests_hostile_hostile_LDADD = $(TEST_LDADD)

# One test a module, under its name.

check_PROGRAMS += tests/unit/test_mem
TESTS += tests/unit/test_mem
tests_unit_test_mem_SOURCES = tests/unit/test_mem.c
tests_unit_test_mem_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_mem_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_mem_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_gclog
TESTS += tests/unit/test_gclog
tests_unit_test_gclog_SOURCES = tests/unit/test_gclog.c
tests_unit_test_gclog_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_gclog_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_gclog_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_input
TESTS += tests/unit/test_input
tests_unit_test_input_SOURCES = tests/unit/test_input.c
tests_unit_test_input_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_input_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_input_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_read_dump
TESTS += tests/unit/test_read_dump
tests_unit_test_read_dump_SOURCES = tests/unit/test_read_dump.c
tests_unit_test_read_dump_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_read_dump_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_read_dump_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_profile
TESTS += tests/unit/test_profile
tests_unit_test_profile_SOURCES = tests/unit/test_profile.c
tests_unit_test_profile_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_profile_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_profile_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_blocks
TESTS += tests/unit/test_blocks
tests_unit_test_blocks_SOURCES = tests/unit/test_blocks.c
tests_unit_test_blocks_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_blocks_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_blocks_LDADD = $(TEST_LDADD)
check_PROGRAMS += tests/unit/test_load
TESTS += tests/unit/test_load
tests_unit_test_load_SOURCES = tests/unit/test_load.c
tests_unit_test_load_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_load_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_load_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_luaname
TESTS += tests/unit/test_luaname
tests_unit_test_luaname_SOURCES = tests/unit/test_luaname.c
tests_unit_test_luaname_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_luaname_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_luaname_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_luapath
TESTS += tests/unit/test_luapath
tests_unit_test_luapath_SOURCES = tests/unit/test_luapath.c
tests_unit_test_luapath_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_luapath_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_luapath_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_luascript
TESTS += tests/unit/test_luascript
tests_unit_test_luascript_SOURCES = tests/unit/test_luascript.c
tests_unit_test_luascript_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_luascript_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_luascript_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_symbolize
TESTS += tests/unit/test_symbolize
tests_unit_test_symbolize_SOURCES = tests/unit/test_symbolize.c
tests_unit_test_symbolize_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_symbolize_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_symbolize_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_unwind
TESTS += tests/unit/test_unwind
tests_unit_test_unwind_SOURCES = tests/unit/test_unwind.c
tests_unit_test_unwind_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_unwind_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_unwind_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_procmap
TESTS += tests/unit/test_procmap
tests_unit_test_procmap_SOURCES = tests/unit/test_procmap.c
tests_unit_test_procmap_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_procmap_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_procmap_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_luafile
TESTS += tests/unit/test_luafile
tests_unit_test_luafile_SOURCES = tests/unit/test_luafile.c
tests_unit_test_luafile_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_luafile_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_luafile_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_vmelf
TESTS += tests/unit/test_vmelf
tests_unit_test_vmelf_SOURCES = tests/unit/test_vmelf.c
tests_unit_test_vmelf_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_vmelf_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_vmelf_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_stackname
TESTS += tests/unit/test_stackname
tests_unit_test_stackname_SOURCES = tests/unit/test_stackname.c
tests_unit_test_stackname_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_stackname_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_stackname_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_traceline
TESTS += tests/unit/test_traceline
tests_unit_test_traceline_SOURCES = tests/unit/test_traceline.c
tests_unit_test_traceline_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_traceline_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_traceline_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_fold
TESTS += tests/unit/test_fold
tests_unit_test_fold_SOURCES = tests/unit/test_fold.c
tests_unit_test_fold_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_fold_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_fold_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_amount
TESTS += tests/unit/test_amount
tests_unit_test_amount_SOURCES = tests/unit/test_amount.c
tests_unit_test_amount_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_amount_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_amount_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_heapdom
TESTS += tests/unit/test_heapdom
tests_unit_test_heapdom_SOURCES = tests/unit/test_heapdom.c
tests_unit_test_heapdom_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_heapdom_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_heapdom_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_heappath
TESTS += tests/unit/test_heappath
tests_unit_test_heappath_SOURCES = tests/unit/test_heappath.c
tests_unit_test_heappath_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_heappath_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_heappath_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_lines
TESTS += tests/unit/test_lines
tests_unit_test_lines_SOURCES = tests/unit/test_lines.c
tests_unit_test_lines_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_lines_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_lines_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_read_stap
TESTS += tests/unit/test_read_stap
tests_unit_test_read_stap_SOURCES = tests/unit/test_read_stap.c
tests_unit_test_read_stap_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_read_stap_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_read_stap_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_tools
TESTS += tests/unit/test_tools
tests_unit_test_tools_SOURCES = tests/unit/test_tools.c
tests_unit_test_tools_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_tools_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_tools_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_tops
TESTS += tests/unit/test_tops
tests_unit_test_tops_SOURCES = tests/unit/test_tops.c
tests_unit_test_tops_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_tops_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_tops_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_jobs
TESTS += tests/unit/test_jobs
tests_unit_test_jobs_SOURCES = tests/unit/test_jobs.c
tests_unit_test_jobs_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_jobs_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_jobs_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_flame
TESTS += tests/unit/test_flame
tests_unit_test_flame_SOURCES = tests/unit/test_flame.c
tests_unit_test_flame_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_flame_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_flame_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_treetext
TESTS += tests/unit/test_treetext
tests_unit_test_treetext_SOURCES = tests/unit/test_treetext.c
tests_unit_test_treetext_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_treetext_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_treetext_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_chart
TESTS += tests/unit/test_chart
tests_unit_test_chart_SOURCES = tests/unit/test_chart.c
tests_unit_test_chart_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_chart_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_chart_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_diff
TESTS += tests/unit/test_diff
tests_unit_test_diff_SOURCES = tests/unit/test_diff.c
tests_unit_test_diff_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_diff_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_diff_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_svg
TESTS += tests/unit/test_svg
tests_unit_test_svg_SOURCES = tests/unit/test_svg.c
tests_unit_test_svg_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_svg_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_svg_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_outfile
TESTS += tests/unit/test_outfile
tests_unit_test_outfile_SOURCES = tests/unit/test_outfile.c
tests_unit_test_outfile_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_outfile_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_outfile_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/unit/test_preflight
TESTS += tests/unit/test_preflight
tests_unit_test_preflight_SOURCES = tests/unit/test_preflight.c
tests_unit_test_preflight_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_unit_test_preflight_CFLAGS = $(TEST_CFLAGS)
tests_unit_test_preflight_LDADD = $(TEST_LDADD)

dist_check_SCRIPTS += \
	tests/static/contrast.test \
	tests/static/lint.test \
	tests/static/rules.test \
	tests/static/tapset.test \
	tests/static/usage.test
TESTS += \
	tests/static/contrast.test \
	tests/static/lint.test \
	tests/static/rules.test \
	tests/static/tapset.test \
	tests/static/usage.test

# The program as a user runs it.
dist_check_SCRIPTS += \
	tests/cli/examples.test \
	tests/cli/input.test \
	tests/cli/pprof.test \
	tests/cli/prebuild.test \
	tests/cli/report.test \
	tests/cli/run.test
TESTS += \
	tests/cli/examples.test \
	tests/cli/input.test \
	tests/cli/pprof.test \
	tests/cli/prebuild.test \
	tests/cli/report.test \
	tests/cli/run.test

# The walking core against live processes of this machine's LuaJIT.
check_PROGRAMS += tests/native/ptrace_dump
tests_native_ptrace_dump_SOURCES = \
	tests/native/ptrace_dump.c \
	collectors/user/target.c \
	collectors/user/target.h
tests_native_ptrace_dump_CFLAGS = $(TEST_CFLAGS)
tests_native_ptrace_dump_LDADD = $(TEST_LDADD)

# Damaged copies of a heap.
check_PROGRAMS += tests/native/heapfuzz
tests_native_heapfuzz_SOURCES = tests/native/heapfuzz.c tests/native/damage.h
tests_native_heapfuzz_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_native_heapfuzz_CFLAGS = $(TEST_CFLAGS)
tests_native_heapfuzz_LDADD = $(TEST_LDADD)

if LUA
check_PROGRAMS += tests/native/luafuzz
tests_native_luafuzz_SOURCES = \
	tests/native/luafuzz.c \
	collectors/user/target.c \
	collectors/user/target.h
tests_native_luafuzz_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_native_luafuzz_CFLAGS = $(TEST_CFLAGS)
tests_native_luafuzz_LDADD = $(TEST_LDADD)
else
EXTRA_DIST += tests/native/luafuzz.c
endif

check_PROGRAMS += tests/native/objs
tests_native_objs_SOURCES = tests/native/objs.c
tests_native_objs_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_native_objs_CFLAGS = $(TEST_CFLAGS)
tests_native_objs_LDADD = $(TEST_LDADD)

check_PROGRAMS += tests/native/reads
tests_native_reads_SOURCES = tests/native/reads.c
tests_native_reads_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_native_reads_CFLAGS = $(TEST_CFLAGS)
tests_native_reads_LDADD = $(TEST_LDADD)

dist_check_SCRIPTS += \
	tests/native/alloc.test \
	tests/native/bpf.test \
	tests/native/bt.test \
	tests/native/cstack.test \
	tests/native/debug.test \
	tests/native/gc.test \
	tests/native/heap.test \
	tests/native/inspect.test \
	tests/native/jit.test \
	tests/native/ps.test \
	tests/native/jp.test \
	tests/native/layout.test \
	tests/native/lua.test \
	tests/native/native.test \
	tests/native/perf.test \
	tests/native/run.test \
	tests/native/watch.test \
	tests/native/yield.test
TESTS += \
	tests/native/alloc.test \
	tests/native/bpf.test \
	tests/native/bt.test \
	tests/native/cstack.test \
	tests/native/debug.test \
	tests/native/gc.test \
	tests/native/heap.test \
	tests/native/inspect.test \
	tests/native/jit.test \
	tests/native/ps.test \
	tests/native/jp.test \
	tests/native/layout.test \
	tests/native/lua.test \
	tests/native/native.test \
	tests/native/perf.test \
	tests/native/run.test \
	tests/native/watch.test \
	tests/native/yield.test
EXTRA_DIST += \
	tests/lib/native.sh \
	tests/lib/stacks.sh \
	tests/native/spin.c \
	tests/native/vms.c \
	tests/workloads/alloc.lua \
	tests/workloads/backtrace.lua \
	tests/workloads/baz.lua \
	tests/workloads/cheavy.lua \
	tests/workloads/churn.lua \
	tests/workloads/conform-text.lua \
	tests/workloads/conform.lua \
	tests/workloads/conform.txt \
	tests/workloads/depth.lua \
	tests/workloads/epoll.lua \
	tests/workloads/extending.lua \
	tests/workloads/ffi.lua \
	tests/workloads/fileio.lua \
	tests/workloads/gc.lua \
	tests/workloads/gcpause.lua \
	tests/workloads/jitevents.lua \
	tests/workloads/heap.lua \
	tests/workloads/holder.lua \
	tests/workloads/hot.lua \
	tests/workloads/python.py \
	tests/workloads/mixed.lua \
	tests/workloads/objects.lua \
	tests/workloads/modules.lua \
	tests/workloads/mutate.lua \
	tests/workloads/nested.lua \
	tests/workloads/programs.lua \
	tests/workloads/nginx/lua/test.lua \
	tests/workloads/nginx/nginx.conf \
	tests/workloads/nginx/plain.conf \
	tests/workloads/nginx/yield.conf \
	tests/workloads/seed.lua \
	tests/workloads/sleeps.lua \
	tests/workloads/seed.ylua \
	tests/workloads/stacks.lua \
	tests/workloads/sysbench.lua \
	tests/workloads/threads.lua \
	tests/workloads/traceback.lua \
	tests/workloads/values.lua \
	tests/workloads/via.c \
	tests/workloads/via.lua \
	tests/workloads/disk.lua \
	tests/workloads/storm.lua \
	tests/workloads/wait.lua \
	tests/workloads/wrk.lua \
	tests/workloads/yields.lua
EXTRA_DIST += \
	tests/lib/places.sh \
	tests/native/conform_outside.lua \
	tests/native/cstack.js \
	tests/native/luafuzz.lua \
	tests/native/jp.js \
	tests/native/perf.js \
	tests/native/places.js

# Real LuaJIT builds: tests/builds/builds prepare; without them SKIP.
check_PROGRAMS += tests/builds/dwarf_layout
tests_builds_dwarf_layout_SOURCES = tests/builds/dwarf_layout.c
tests_builds_dwarf_layout_CFLAGS = $(TEST_CFLAGS) $(ELFUTILS_CFLAGS)
tests_builds_dwarf_layout_LDADD = $(ELFUTILS_LIBS)

check_PROGRAMS += tests/builds/vmcode
tests_builds_vmcode_SOURCES = tests/builds/vmcode.c
tests_builds_vmcode_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_builds_vmcode_CFLAGS = $(TEST_CFLAGS)
tests_builds_vmcode_LDADD = $(TEST_LDADD)

dist_check_SCRIPTS += \
	tests/builds/builds.test \
	tests/builds/layout.test \
	tests/builds/unwind.test \
	tests/builds/vmcode.test \
	tests/builds/vmplace.test \
	tests/builds/vms.test
EXTRA_DIST += \
	tests/builds/builds \
	tests/builds/embed.c \
	tests/builds/make-builds \
	tests/builds/recipe \
	tests/builds/run

# Pictures and exports, in a browser.
dist_check_SCRIPTS += \
	tests/browser/browser.test \
	tests/browser/firefox.test \
	tests/browser/speedscope.test
TESTS += \
	tests/browser/browser.test \
	tests/browser/firefox.test \
	tests/browser/speedscope.test
EXTRA_DIST += \
	tests/browser/browser.js \
	tests/browser/eslint.config.js \
	tests/browser/firefox.js \
	tests/browser/lib.js \
	tests/browser/need.sh \
	tests/browser/package-lock.json \
	tests/browser/package.json \
	tests/browser/speedscope.js

# What they need from the npm registry, by its checksums.
node-modules:
	$(MKDIR_P) tests/browser
	test tests/browser -ef $(srcdir)/tests/browser || \
		cp $(srcdir)/tests/browser/package*.json tests/browser/
	cd tests/browser && npm ci --ignore-scripts --no-audit --no-fund
.PHONY: node-modules

distclean-local:
	rm -rf tests/browser/node_modules
	test tests/browser -ef $(srcdir)/tests/browser || \
		rm -f tests/browser/package.json tests/browser/package-lock.json

# In a virtual machine: ./quickstart check runs tests/vm/run-tests.
EXTRA_DIST += \
	quickstart \
	tests/bench \
	tests/vm

# Any bytes through the readers, for a minute; needs clang.
fuzz: tests/golden/example
	$(srcdir)/tests/fuzz/fuzz.sh $(abs_builddir)
.PHONY: fuzz
EXTRA_DIST += tests/fuzz

# Figures, a line each: name value unit. Needs root and prefix /usr/local.
bench: all
	$(MAKE) install DESTDIR=$(abs_builddir)/stage
	$(srcdir)/tests/bench/bench $(abs_builddir)/stage
.PHONY: bench

# Inside traces: the hot line is known by how the programs are written.
check_PROGRAMS += tests/accuracy/accuracy
tests_accuracy_accuracy_SOURCES = tests/accuracy/accuracy.c
tests_accuracy_accuracy_CPPFLAGS = $(AM_CPPFLAGS) $(TEST_CPPFLAGS)
tests_accuracy_accuracy_CFLAGS = $(TEST_CFLAGS)
tests_accuracy_accuracy_LDADD = $(TEST_LDADD)

dist_check_SCRIPTS += \
	tests/accuracy/accuracy.test
EXTRA_DIST += \
	tests/accuracy/programs/arith.lua \
	tests/accuracy/programs/branches.lua \
	tests/accuracy/programs/closures.lua \
	tests/accuracy/programs/ffi.lua \
	tests/accuracy/programs/hash.lua \
	tests/accuracy/programs/inline1.lua \
	tests/accuracy/programs/inline4.lua \
	tests/accuracy/programs/iterators.lua \
	tests/accuracy/programs/life.lua \
	tests/accuracy/programs/matmul.lua \
	tests/accuracy/programs/metamethods.lua \
	tests/accuracy/programs/methods.lua \
	tests/accuracy/programs/nbody.lua \
	tests/accuracy/programs/nested.lua \
	tests/accuracy/programs/pairsloop.lua \
	tests/accuracy/programs/pcalls.lua \
	tests/accuracy/programs/queue.lua \
	tests/accuracy/programs/recursion.lua \
	tests/accuracy/programs/results.lua \
	tests/accuracy/programs/skid.lua \
	tests/accuracy/programs/store.lua \
	tests/accuracy/programs/strings.lua \
	tests/accuracy/programs/tailcalls.lua \
	tests/accuracy/programs/upvalues.lua \
	tests/accuracy/programs/varargs.lua
