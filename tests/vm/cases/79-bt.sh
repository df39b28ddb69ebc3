# A backtrace by the tapset's functions: as debug.getinfo() of the program says.
# timeout: 180
# compile: -x /usr/bin/luajit lj-bt
need luajit

# But the note that a tick came while a handler ran, as they do in emulation.
no_errors() {
	! grep -v 'errors: 0, skipped probes:' "$1" || fail "lj-bt: $(cat "$1")"
}

start_workload luajit "$WORKLOADS/backtrace.lua"
cp "$workload_out" said
sample lj-bt "$PID" bt
no_errors bt.err
sample lj-bt "$PID" all coroutines=1
no_errors all.err
sample lj-bt "$PID" cut depth=3
rc=0
stap -x "$PID" "$SCRIPTS/lj-bt.stp" > literal 2> literal.err || rc=$?
[ $rc = 0 ] || fail "stap -x PID lj-bt.stp: status $rc: $(cat literal.err)"
rc=0
stap -x "$PID" "$SCRIPTS/lj-bt.stp" -G depth=999 > wrong 2> wrong.err || rc=$?
[ $rc != 0 ] || fail "depth=999: status 0"
kill "$PID"

# compiled code; a collector at work while coroutines are listed
start_workload luajit "$WORKLOADS/seed.lua" on ready
sample lj-bt "$PID" jit
kill "$PID"
start_workload luajit "$WORKLOADS/gc.lua" on ready
sample lj-bt "$PID" gc coroutines=1
kill "$PID"

# one that sleeps is not woken, and the script says what to do
start_workload luajit "$WORKLOADS/backtrace.lua" wait
sleep 1
cat "/proc/$PID/schedstat" > before
rc=0
stap -x "$PID" "$SCRIPTS/lj-bt.stp" -G duration=1 > idle 2> idle.err || rc=$?
[ $rc != 0 ] || fail "an idle process: status 0"
grep -q "use ljstap bt -p $PID" idle.err || fail "idle: $(cat idle.err)"
ljstap bt -p "$PID" | grep -q '^#[0-9]* *spin@' || fail "ljstap bt"
cat "/proc/$PID/schedstat" > after
cmp before after || fail "the idle process was woken"
kill "$PID"

# one that runs, but not Lua
sh -c 'while :; do :; done' &
rc=0
staprun -x $! "$(module lj-bt)" duration=1 > none 2> none.err || rc=$?
[ $rc != 0 ] || fail "a process without Lua: status 0"
kill $!
pass
