# host-lib.sh - messages, timed steps, clean interruption, and packages.
# Sourced by quickstart and by the programs in tests/vm. Bash. Sets no option.
# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later

ME=${ME:-${0##*/}}
CHILD=          # process group of the running step
TICKER=         # the clock printed beside it
STEP_LOG=       # output of the running step
CLEANUP=()      # commands to run at exit

say() {
	printf '%s: %s\n' "$ME" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

# A group of its own lets one signal reach all of a step's processes.
launch() {
	set -m
	"$@" </dev/null &
	CHILD=$!
	set +m
}

reap() {
	local rc=0
	wait "$CHILD" || rc=$?
	CHILD=
	return "$rc"
}

# TERM first: a nested step has a virtual machine or mounts of its own to end.
kill_child() {
	local i
	[ -n "$CHILD" ] || return 0
	kill -TERM -- "-$CHILD" 2>/dev/null || return 0
	for ((i = 0; i < 80; i++)); do
		kill -0 -- "-$CHILD" 2>/dev/null || return 0
		sleep 0.1
	done
	kill -KILL -- "-$CHILD" 2>/dev/null || return 0
}

stop_ticker() {
	[ -n "$TICKER" ] || return 0
	kill "$TICKER" 2>/dev/null || :
	wait "$TICKER" 2>/dev/null || :
	TICKER=
}

at_exit() {
	local rc=$? cmd
	trap '' INT TERM HUP
	stop_ticker
	kill_child
	for cmd in ${CLEANUP[@]+"${CLEANUP[@]}"}; do
		eval "$cmd" || :
	done
	[ -z "$STEP_LOG" ] || rm -f "$STEP_LOG"
	return "$rc"
}

on_signal() {
	say "interrupted"
	exit "$1"
}

trap_signals() {
	trap at_exit EXIT
	trap 'on_signal 130' INT
	trap 'on_signal 143' TERM
	trap 'on_signal 129' HUP
}

# guard CMD...: run CMD so that an interrupt ends it and all it started.
guard() {
	launch "$@"
	reap
}

# The clock: on a terminal one line rewritten, elsewhere a line every 15 s.
ticker() {
	local text=$1 progress=$2 start=$SECONDS now how
	while kill -0 "$$" 2>/dev/null; do
		sleep 1
		now=$((SECONDS - start))
		how=
		[ -z "$progress" ] || how=$("$progress" "$STEP_LOG" 2>/dev/null) || :
		if [ -t 2 ]; then
			printf '\r\033[K%s: %s ... %d s %s' "$ME" "$text" "$now" "$how" >&2
		elif [ $((now % 15)) = 0 ]; then
			say "$text ... $now s $how"
		fi
	done
}

# step [-p PROGRESS] TEXT CMD...: run CMD quietly with a clock beside it, and
# show the end of its output when it fails. PROGRESS LOG prints how far it is.
step() {
	local progress='' text start=$SECONDS rc=0
	if [ "$1" = -p ]; then
		progress=$2
		shift 2
	fi
	text=$1
	shift
	STEP_LOG=$(mktemp)
	[ -t 2 ] || say "$text ..."
	launch "$@" >"$STEP_LOG" 2>&1
	ticker "$text" "$progress" &
	TICKER=$!
	reap || rc=$?
	stop_ticker
	[ ! -t 2 ] || printf '\r\033[K' >&2
	step_report "$text" "$rc" $((SECONDS - start))
	rm -f "$STEP_LOG"
	STEP_LOG=
	return "$rc"
}

step_report() {
	if [ "$2" = 0 ]; then
		say "$1: done, $3 s"
		return
	fi
	say "$1: failed (status $2) after $3 s; the end of its output:"
	tail -n 25 "$STEP_LOG" | sed 's/^/    /' >&2
}

need_root() {
	[ "$(id -u)" = 0 ] || die "must run as root (it installs packages and \
mounts trees): run it with sudo or from a root shell"
}

need_debian() {
	local system version
	system=$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null)
	# testing and sid have no version: new enough
	version=$(sed -n 's/^VERSION_ID="\{0,1\}\([0-9]*\).*/\1/p' /etc/os-release)
	if [ "$system" != debian ] || [ "${version:-99}" -lt 12 ]; then
		die "this is ${system:-an unknown system}${version:+ $version}: needs Debian 12 or newer"
	fi
	[ "$(dpkg --print-architecture)" = amd64 ] ||
		die "this machine is $(dpkg --print-architecture): only amd64 is supported"
}

# HOME may be unset (cron, containers); root's home is then the natural place.
cache_dir() {
	echo "${LJSTAP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/ljstap}"
}

# install_stage BUILD STAGE: anew, so that nothing dropped from the build stays.
install_stage() {
	rm -rf "$2"
	make -C "$1" install DESTDIR="$2"
}

# Prints those of its arguments that are not installed.
missing_packages() {
	dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
		awk -v want="$*" '
			$2 == "installed" { have[$1] = 1 }
			END {
				n = split(want, w, " ")
				for (i = 1; i <= n; i++)
					if (!have[w[i]]) print w[i]
			}'
}

apt_install() {
	DEBIAN_FRONTEND=noninteractive apt-get -y -q \
		-o Dpkg::Options::=--force-confold \
		-o DPkg::Lock::Timeout=120 \
		install --no-install-recommends "$@"
}

apt_progress() {
	awk '/newly installed/ { total = $3 * 3 }
		/^(Get:|Unpacking |Setting up )/ { n++ }
		END { if (total) printf "(%d %%)", n < total ? n * 100 / total : 100 }' "$1"
}

# A third-party source that cannot be reached must not stop Debian's own, so
# only the install decides.
apt_update() {
	apt-get -q -o DPkg::Lock::Timeout=120 update || :
}

# install_packages NAME...: installs what is missing; silent when nothing is.
install_packages() {
	local names
	mapfile -t names < <(missing_packages "$@")
	[ ${#names[@]} -gt 0 ] || return 0
	say "installing: ${names[*]}"
	step "apt-get update" apt_update
	step -p apt_progress "apt-get install (${#names[@]} packages)" \
		apt_install "${names[@]}" ||
		die "could not install ${names[*]}: see the output above, then run again"
}
