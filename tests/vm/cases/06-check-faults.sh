# ljstap check with each fault made on purpose: it names the fault and what to
# do, in one line each, and exits with 1. (05-check has those of the target's
# number, of rights, and of stap's options.)
# timeout: 300

# faulty TEXT REMEDY CMD...: exits with 1, and says both in one line
faulty() {
	text=$1 remedy=$2
	shift 2
	rc=0
	"$@" > out 2>&1 || rc=$?
	cat out
	[ $rc = 1 ] || fail "$text: status $rc, not 1"
	grep "$text" out | grep -q -e "$remedy" || fail "does not say: $text; $remedy"
	[ "$(grep -c '^ljstap:' out)" = 1 ] ||
		fail "$text: not one reason: $(cat out)"
}

check() {
	ljstap check --collector=stap "$@"
}

# the guest's one mount is busybox's
mkdir -p /tmp/bin
ln -sf /run/vm/busybox /tmp/bin/mount
PATH=$PATH:/tmp/bin

# in_place FILE TEXT CMD...: what the machine says there is TEXT, to CMD alone
in_place() {
	echo "$2" > fake
	file=$1
	shift 2
	unshare -m sh -euc 'mount --bind fake "$0"; exec "$@"' "$file" "$@"
}

the_check() {
	"$@" /mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
		/mnt/hostlib/ljstap check --collector=stap
}
release=$(uname -r)
check || fail "a good machine is not good"

# stap: none; one that is too old; one that says nothing; no staprun
mkdir -p none old silent some
ln -s /usr/bin/*gcc-[0-9]* "$(command -v make)" none/
cp -P none/* some/
for name in stap staprun; do
	ln -s "$(command -v $name)" some/
done
printf '#!/bin/sh\necho "Systemtap translator/driver (version 4.0/0.176, Debian version 4.0-1)"\n' > old/stap
printf '#!/bin/sh\necho hello\n' > silent/stap
chmod +x old/stap silent/stap
faulty 'no stap in' 'install the package systemtap$' \
	the_check env PATH="$PWD/none"
faulty "this stap fails with kernel $release" 'use SystemTap 5.6 or newer' \
	the_check env PATH="$PWD/old:$PATH"
faulty 'stap does not tell its version' 'try stap --version' \
	the_check env PATH="$PWD/silent:$PATH"
rm some/staprun
faulty 'no staprun in' 'install the package systemtap-runtime' \
	the_check env PATH="$PWD/some"
ln -s "$(command -v staprun)" some/
rm some/make
faulty 'no gcc or no make' 'install them' the_check env PATH="$PWD/some"

# the kernel: no headers, no more modules, locked down, no right to load them
faulty "no headers of kernel $release" "linux-headers-$release" the_check \
	unshare -m sh -euc 'mount -t tmpfs none /lib/modules; exec "$@"' sh
faulty 'loading modules was switched off' 'reboot without it' the_check \
	in_place /proc/sys/kernel/modules_disabled 1
if [ -e /sys/kernel/security/lockdown ]; then
	faulty 'the kernel is locked down' 'switch Secure Boot off' the_check \
		in_place /sys/kernel/security/lockdown 'none [integrity] confidentiality'
fi
faulty 'root here may not load kernel modules' 'outside the container' the_check \
	setpriv --bounding-set=-sys_module --inh-caps=-sys_module

# the target: one that has ended; another Lua
true &
wait $!
faulty "no process $!" 'check the number' check -p $!
need /builds/run
echo 'print("ready") io.stdout:flush() while true do end' > spin.lua
start_workload /builds/run -w "$PWD" lua5.4 /mnt/spin.lua
faulty "process $PID runs PUC Lua 5.4" 'only LuaJIT 2.1 can be looked into' check -p "$PID"
kill "$PID"
pass
