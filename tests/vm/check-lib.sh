# check-lib.sh - for the host parts of cases; sourced by cases/*.check.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# $VM_ROOT: the files that were mapped.

. "$(dirname "$0")/../../lib/stacks.sh"

failed=

# The last line of output is the reason run-tests shows.
say_fail() {
	echo "$*"
	failed=$*
}

# fold_dump DUMP - into $folded; what the script counted is what is folded.
# SystemTap 4 may lose a record on a busy machine and what staprun has not read
# at the end; ljstap has to tell so.
fold_dump() {
	folded=$1.folded
	"$LJSTAP" fold --sysroot "$VM_ROOT" "$1" -o "$folded" 2> "$folded.err" || {
		rc=$?
		lossy "$1" && [ $rc = 1 ] &&
			grep -q 'records lost\|no end record' "$folded.err" && return
		say_fail "ljstap fold $1: status $rc: $(cat "$folded.err")"
	}
	counted=$("$LJSTAP" cat "$1" | tail -n 1 |
		sed -n 's/.*[ (]samples=\([0-9]*\).*/\1/p')
	[ "$(total)" = "$counted" ] ||
		say_fail "$1: $counted samples counted, $(total) folded"
}

lossy() {
	"$LJSTAP" cat "$1" 2> /dev/null | grep -q 'runtime=SystemTap 4\.'
}

# bt_lines FILE - what lj-bt printed: a line a stack, as backtrace.lua says them
bt_lines() {
	awk '/^thread/ { printf "thread "; sep = ""; next }
		/^coroutine/ { sub(":", "", $2); printf "%s %s ", $2, $3
			sep = ""; next }
		/^#/ { sub("^#[0-9]+ +", ""); printf "%s%s", sep, $0
			sep = "|"; next }
		/^$/ { print "" }' "$1"
}

# bt_told FILE WANTED - has lj-bt printed these stacks, and none of another
# address that is not garbage?
bt_told() {
	cut -d ' ' -f 1 "$2" | sort -u > "$1.names"
	bt_lines "$1" | grep -F -f "$1.names" | sort > "$1.got"
	sort "$2" | diff - "$1.got" > "$1.diff" || {
		head -n 20 "$1.diff"
		say_fail "$1: stacks are told otherwise than debug.getinfo() does"
	}
}

verdict() {
	[ -z "$failed" ] || {
		echo "$failed"
		exit 1
	}
	exit 0
}
