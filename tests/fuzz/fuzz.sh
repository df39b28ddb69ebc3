#! /bin/sh
# fuzz.sh - run the fuzzer for a while over the kept corpus.
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: fuzz.sh BUILD [SECONDS]
#
# Needs clang (Debian: clang). New inputs that reach new code stay in
# BUILD/fuzz/corpus; what they teach is kept by
#	BUILD/fuzz/fuzz_input -merge=1 tests/fuzz/corpus BUILD/fuzz/corpus

set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$here/../..
build=$1
seconds=${2:-60}

command -v clang >/dev/null || {
	echo "SKIP: no clang (Debian: clang)"
	exit 77
}
mkdir -p "$build/fuzz/corpus"
# What looks at live processes with an embedded Lua, or samples, reads no input.
sources=$(cd "$top" && ls postproc/*.c | grep -vE \
	'/(main|readiness|tools|vmplace|vmsymbols|cmd_[a-z]*|lua(base|cdata|help|host|proxy|script|stack|tab))\.c$')
capstone=
! grep -q '^#define HAVE_CAPSTONE 1' "$build/config.h" ||
	capstone=$(pkg-config --libs capstone)
cd "$top"
# shellcheck disable=SC2046,SC2086
clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
	-D_GNU_SOURCE -I"$build" -I"$build/postproc" -Icore -Ipostproc \
	$(pkg-config --cflags libxml-2.0) tests/fuzz/fuzz_input.c $sources \
	-o "$build/fuzz/fuzz_input" \
	$(pkg-config --libs libdw libelf libxml-2.0 zlib) $capstone
cd "$build/fuzz"
"$build/tests/golden/example" >corpus/example.ljd
exec ./fuzz_input -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 \
	-max_len=20000 -print_final_stats=1 -verbosity=0 \
	corpus "$here/corpus"
