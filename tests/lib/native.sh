# native.sh - workloads on this machine, sampled by ptrace_dump; sourced.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# $work: a folder for this test; $pid: the workload that runs.

srcdir=${srcdir:-.}
ljstap=./ljstap
dump=tests/native/ptrace_dump
builds=$srcdir/tests/builds/builds
workloads=$srcdir/tests/workloads
work=$(mktemp -d) || exit 99
pid=
failed=0
trap 'kill $pid 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

. "$srcdir/tests/lib/stacks.sh"

say_fail() {
	echo "FAIL: $*"
	failed=1
}

# start CMD... - a workload in the background; waits for its "ready"
start() {
	: > "$work/ready"
	"$@" > "$work/ready" &
	pid=$!
	n=0
	until grep -q ready "$work/ready"; do
		n=$((n + 1))
		if [ $n -gt 100 ] || ! kill -0 "$pid"; then
			echo "$*: did not start"
			exit 99
		fi
		sleep 0.1
	done
	sleep 0.2	# let hot loops be compiled
}

# start_build BUILD SCRIPT ARG... - a workload in a build of tests/builds
start_build() {
	start "$builds" run -w "$workloads" "$@"
}

stop() {
	kill "$pid"
	wait "$pid" 2>/dev/null
	pid=
}

# sample N [USEC [DEPTH]] - leaves $work/dump and $work/folded
sample() {
	"$dump" "$pid" "$@" > "$work/dump" || say_fail "ptrace_dump: $?"
	folded=$work/folded
	"$ljstap" fold "$work/dump" -o "$folded" ||
		say_fail "$name: ljstap fold: $?"
	[ "$(total)" = "$1" ] || say_fail "$name: $1 samples, $(total) folded"
	lost=$(grep -c '\[lost ' "$folded")
	[ "$lost" = 0 ] || say_fail "$name: $lost stacks with unknown frames"
}

