# core/local.mk - nothing to build here yet.
# SPDX-License-Identifier: GPL-2.0-or-later
