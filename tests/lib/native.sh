# native.sh - workloads on this machine, sampled natively; sourced.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# $work: a folder for this test; $pid: the workload that runs. $COLLECTOR:
# ptrace (tests/native/ptrace_dump, if unset) or one of ljstap run's.

srcdir=${srcdir:-.}
ljstap=./ljstap
dump=tests/native/ptrace_dump
collector=${COLLECTOR:-ptrace}
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

# tries CASE... - a busy machine is not fair to every sample: three times
tries() {
	before=$failed
	for try in 1 2 3; do
		failed=0
		"$@"
		[ $failed = 1 ] || break
	done
	[ $before = 0 ] || failed=$before
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

# collect N [USEC [DEPTH]] - writes a dump of N samples; ljstap run: of 4 s, or
# of 20 s where others leave the workload so little time that one counts much
collect() {
	if [ "$collector" = ptrace ]; then
		"$dump" "$pid" "$@"
		return
	fi
	for seconds in 4 20; do
		"$ljstap" run --collector="$collector" -p "$pid" --hz=999 \
			--duration=$seconds --depth="${3:-250}" -o "$work/some" ||
			return
		"$ljstap" cat "$work/some" | tail -n 1 |
			grep -qE ' samples=[0-9]{4}' && break
	done
	cat "$work/some"
}

# sample N [USEC [DEPTH]] - leaves $work/dump and $work/folded
sample() {
	collect "$@" > "$work/dump" || say_fail "$collector: $?"
	folded=$work/folded
	"$ljstap" fold "$work/dump" -o "$folded" ||
		say_fail "$name: ljstap fold: $?"
	[ "$collector" != ptrace ] || [ "$(total)" = "$1" ] ||
		say_fail "$name: $1 samples, $(total) folded"
	[ "$(total)" -ge 10 ] || say_fail "$name: $(total) samples only"
	lost=$(grep -c '\[lost ' "$folded")
	[ "$lost" = 0 ] || say_fail "$name: $lost stacks with unknown frames"
}

