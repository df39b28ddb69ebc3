# core/local.mk - what all collectors and the reader share.
# SPDX-License-Identifier: GPL-2.0-or-later

core_headers = \
	core/bytecode.def \
	core/bytecode.h \
	core/dump.def \
	core/dump.h \
	core/layout.def \
	core/layout.h \
	core/lj_dict.h \
	core/lj_elf.h \
	core/lj_memo.h \
	core/lj_alloc.h \
	core/lj_calibrate.h \
	core/lj_core.h \
	core/lj_cstack.h \
	core/lj_debug.h \
	core/lj_emit.h \
	core/lj_find.h \
	core/lj_gc.h \
	core/lj_io.h \
	core/lj_jit.h \
	core/lj_layout_text.h \
	core/lj_names.h \
	core/lj_objs.h \
	core/lj_other.h \
	core/lj_size.h \
	core/lj_trace.h \
	core/lj_value.h \
	core/lj_walk.h \
	core/lj_yield.h \
	core/ljtypes.h

noinst_HEADERS += $(core_headers)
