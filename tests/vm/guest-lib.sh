# guest-lib.sh - what a test case may call; sourced by guest-run before it.
# shellcheck shell=sh
#
# A case is cases/NN-name.sh: one claim. It runs in the guest as root, in its
# own folder $RESULT (also the current directory), under set -eu, and ends with
# exactly one of
#	pass		fail WHY...	skip WHY...
# Ending otherwise, or taking too long, is a failure. Processes and modules it
# leaves behind are removed. Its first lines may say
#	# timeout: 120			seconds; 60 if absent
#	# compile: -x EXE SCRIPT	have "stap -x PID .../SCRIPT.stp" ready
#	# library: NAME SCRIPT FILE	have a module NAME of SCRIPT for the LuaJIT
#					in FILE, with the names of ljstap symbols
#	# on any machine		not on the default one only; keep it short
# After the boot, cases/NN-name.check runs on the host if there is one, with
# the folder as $1 and $LJSTAP set: status 0 passes, 77 skips, and otherwise
# its last line says why.
#
# $CASES $WORKLOADS $SCRIPTS: folders of the cases, workloads, and scripts.
# $MACHINE: the machine's name, empty on the default one.
# SPDX-License-Identifier: GPL-2.0-or-later

# shellcheck disable=SC2034 # for the cases
MACHINE=$(cat /mnt/machine)
# shellcheck disable=SC2034
CASES=/mnt/cases WORKLOADS=/mnt/workloads SCRIPTS=/usr/local/share/ljstap

# A failure stays one, even if noted in a subshell that could not end the case.
finish() {
	if ! grep -qs '^FAIL' "$RESULT/verdict"; then
		echo "$*" >"$RESULT/verdict"
	fi
	exit 0
}

pass() {
	finish PASS
}

fail() {
	finish FAIL "$@"
}

skip() {
	finish SKIP "$@"
}

# need THING...: skip unless each command, or path with a slash, is there.
need() {
	for need_it in "$@"; do
		case $need_it in
		*/*) [ -e "$need_it" ] || skip "$need_it is missing" ;;
		*) command -v "$need_it" >/dev/null || skip "no command $need_it" ;;
		esac
	done
}

# wait_for SECONDS WHAT CMD...: until CMD succeeds.
wait_for() {
	wait_left=$(($1 * 5))
	wait_what=$2
	shift 2
	until "$@"; do
		wait_left=$((wait_left - 1))
		[ "$wait_left" -gt 0 ] || fail "waited in vain for $wait_what"
		sleep 0.2
	done
}

workload_ready() {
	grep -qs -- "$workload_text" "$workload_out" && return 0
	kill -0 "$PID" 2>/dev/null && return 1
	fail "$1 ended before it was ready: $(tail -n 1 "$workload_out")"
}

# start_workload [-r TEXT] CMD...: start CMD, wait until it has printed TEXT
# ("ready" if absent) and set PID. Its output is workload.N.out.
start_workload() {
	workload_text=ready
	if [ "$1" = -r ]; then
		workload_text=$2
		shift 2
	fi
	workload_n=$((${workload_n:-0} + 1))
	workload_out=$RESULT/workload.$workload_n.out
	"$@" >"$workload_out" 2>&1 </dev/null &
	PID=$!
	wait_for 30 "$1 to print \"$workload_text\"" workload_ready "$1"
}

# ljstap ARG...: the program under test, with the host's libraries.
ljstap() {
	/mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
		/mnt/hostlib/ljstap "$@"
}

# module SCRIPT: path of the prebuilt module of SCRIPT.stp.
module() {
	awk -v s="$1.stp" '{ n = split($1, p, "/") }
		p[n] == s && $2 == "-" { print $3; found = 1; exit }
		END { exit !found }' /mnt/modules ||
		fail "no module of $1.stp: not in the stage's scripts nor in cases/"
}

# sample SCRIPT PID OUT [VAR=VALUE...]: run SCRIPT's module on PID ("-": on
# none), output to OUT and OUT.err. Interrupted after $SAMPLE_LIMIT seconds
# (40 if unset), as a user does with Ctrl-C.
sample() {
	sample_ko=$(module "$1")
	[ -n "$sample_ko" ] || exit 0
	sample_out=$3
	sample_rc=0
	sample_x="-x $2"
	[ "$2" != - ] || sample_x=
	shift 3
	# shellcheck disable=SC2086 # two words or none
	timeout --foreground -s INT -k 10 "${SAMPLE_LIMIT:-40}" \
		staprun $sample_x "$sample_ko" "$@" \
		>"$sample_out" 2>"$sample_out.err" || sample_rc=$?
	case $sample_rc in
	0 | 124) ;;
	*) fail "staprun: status $sample_rc: $(tail -n 1 "$sample_out.err")" ;;
	esac
}
