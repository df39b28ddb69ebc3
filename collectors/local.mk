# collectors/local.mk - collectors in the program: `ljstap run`.
# SPDX-License-Identifier: GPL-2.0-or-later

AM_CPPFLAGS += -I$(top_srcdir)/collectors -I$(top_srcdir)/collectors/bpf \
	-I$(top_srcdir)/collectors/user \
	-I$(top_builddir)/collectors/bpf

collector_sources = \
	collectors/collect.h \
	collectors/stap/collect_stap.c \
	collectors/user/collect_user.c \
	collectors/user/jitbook.c \
	collectors/user/jitbook.h \
	collectors/user/jitbooks.c \
	collectors/user/jitbooks.h \
	collectors/user/jitstate.c \
	collectors/user/jitstate.h \
	collectors/user/mapwatch.c \
	collectors/user/mapwatch.h \
	collectors/user/procs.c \
	collectors/user/procs.h \
	collectors/user/stop.c \
	collectors/user/stop.h \
	collectors/user/target.c \
	collectors/user/target.h \
	collectors/user/waits.c \
	collectors/user/waits.h

bpf_sources = \
	collectors/bpf/lj_bpf.h \
	collectors/bpf/lj_cpu.bpf.c \
	collectors/bpf/lj_file.h

EXTRA_DIST += $(bpf_sources) collectors/bpf/collect.c

if BPF
collector_sources += collectors/bpf/collect.c
nodist_collector_sources = collectors/bpf/lj_cpu.skel.h
collector_libs = $(LIBBPF_LIBS)
BUILT_SOURCES += collectors/bpf/lj_cpu.skel.h
CLEANFILES += \
	collectors/bpf/lj_cpu.bpf.o \
	collectors/bpf/lj_cpu.o \
	collectors/bpf/lj_cpu.skel.h

# Old kernels refuse a read of what was not written, even if its value does not
# matter. The second step takes the debug information away, all but BTF.
collectors/bpf/lj_cpu.bpf.o: $(bpf_sources) $(core_headers) \
		collectors/local.mk
	$(AM_V_GEN)$(MKDIR_P) collectors/bpf && \
	$(CLANG) $(BPF_CFLAGS) $(LIBBPF_CFLAGS) -Wall \
		-ftrivial-auto-var-init=pattern -I$(top_srcdir)/core \
		-c $(srcdir)/collectors/bpf/lj_cpu.bpf.c \
		-o collectors/bpf/lj_cpu.o && \
	$(BPFTOOL) gen object $@ collectors/bpf/lj_cpu.o

collectors/bpf/lj_cpu.skel.h: collectors/bpf/lj_cpu.bpf.o
	$(AM_V_GEN)$(BPFTOOL) gen skeleton collectors/bpf/lj_cpu.bpf.o \
		name lj_cpu_bpf > $@.new && mv $@.new $@
endif
