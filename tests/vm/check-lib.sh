# check-lib.sh - for the host parts of cases; sourced by cases/*.check.
# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later

. "$(dirname "$0")/../../lib/stacks.sh"

failed=

# The last line of output is the reason run-tests shows.
say_fail() {
	echo "$*"
	failed=$*
}

# fold_dump DUMP - into $folded; what the script counted is what is folded
fold_dump() {
	folded=$1.folded
	"$LJSTAP" fold "$1" -o "$folded" 2> "$folded.err" ||
		say_fail "ljstap fold $1: status $?: $(cat "$folded.err")"
	counted=$("$LJSTAP" cat "$1" | tail -n 1 |
		sed -n 's/.*[ (]samples=\([0-9]*\).*/\1/p')
	[ "$(total)" = "$counted" ] ||
		say_fail "$1: $counted samples counted, $(total) folded"
}

verdict() {
	[ -z "$failed" ] || {
		echo "$failed"
		exit 1
	}
	exit 0
}
