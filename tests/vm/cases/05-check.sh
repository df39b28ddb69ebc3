# ljstap check is content with a machine that works, and with nothing else; it
# names the options that stap needs there, none if it needs none;
# a literal stap tells a misspelt option; a dump can be drawn where it is made.
# timeout: 180
# on any machine
# compile: -x /usr/bin/luajit lj-cpu-flame
start_workload luajit "$WORKLOADS/seed.lua" on ready
ljstap check -p "$PID" > good 2>&1 || fail "a good machine: $(cat good)"
cat good
grep -q 'ok: LuaJIT 2.1' good || fail "does not name the LuaJIT"
grep -q 'ok: Lua VM at 0x' good || fail "does not find the VM"

# refused TEXT CMD...: exits with 1 and says TEXT
refused() {
	text=$1
	shift
	rc=0
	"$@" > out 2>&1 || rc=$?
	cat out
	[ $rc = 1 ] || fail "$text: status $rc, not 1"
	grep -q "$text" out || fail "does not say: $text"
}

# without the machine's rc file of stap, which its user may not read
if [ -s /mnt/stap-options ]; then
	export SYSTEMTAP_DIR=/nowhere
	refused 'into ~/.systemtap/rc' ljstap check --collector=stap
	for word in $(cat /mnt/stap-options); do
		case $word in
		-?) continue ;;
		CC=*) word='CC=gcc-' ;;
		esac
		grep -q -F -e "$word" out || fail "ljstap check does not say $word"
	done
	export SYSTEMTAP_DIR=/tmp/rc
	mkdir -m 755 $SYSTEMTAP_DIR
	install -m 644 /root/.systemtap/rc $SYSTEMTAP_DIR/
fi
unprivileged() {
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

refused 'not root' unprivileged \
	/mnt/hostlib/ld-linux-x86-64.so.2 --library-path /mnt/hostlib \
	/mnt/hostlib/ljstap check --collector=stap
[ "$(grep -c '^ljstap:' out)" = 1 ] || fail "more than one reason: $(cat out)"
unset SYSTEMTAP_DIR
# the rest does not hang on the machine
[ -z "$MACHINE" ] || pass

refused 'no LuaJIT in process 1;' ljstap check --collector=stap -p 1
refused 'no process 4000000' ljstap check --collector=stap -p 4000000
refused 'is a kernel thread' ljstap check --collector=stap -p 2

# a number that only its container knows
unshare -fp luajit -e 'while true do end' &
wait_for 10 'luajit in its own PID namespace' pgrep -f 'luajit -e'
outer=$(pgrep -f 'luajit -e' | tail -n 1)
inner=$(sed -n 's/^NSpid:.*\t//p' "/proc/$outer/status")
refused "process $inner of a container is $outer here" ljstap check --collector=stap -p "$inner"
kill "$outer"
refused 'no option nosuch' stap -x "$PID" -G nosuch=1 \
	"$SCRIPTS/lj-cpu-flame.stp" -o nosuch.ljd
stap -x "$PID" "$SCRIPTS/lj-cpu-flame.stp" -G duration=2 2> stap.err |
	ljstap flame - -o picture.svg || fail "stap | ljstap: $(cat stap.err)"
grep -q '<title>foo@' picture.svg || fail "no foo in the picture"
pass
