# package.loaded and Lua values by the tapset's functions: as the program says.
# timeout: 240
# compile: -x /usr/bin/luajit lj-loaded-modules
need luajit

start_workload luajit "$WORKLOADS/modules.lua"
sed '/^ready$/,$d' "$workload_out" > said
rc=0
stap -x "$PID" "$SCRIPTS/lj-loaded-modules.stp" > modules 2> modules.err || rc=$?
[ $rc = 0 ] || fail "lj-loaded-modules: status $rc: $(cat modules.err)"
sample values "$PID" values
kill "$PID"

# one that sleeps is not woken, and the script says what to do
luajit -e 'require("ffi").cdef("int pause(void);") require("ffi").C.pause()' &
idle=$!
sleep 2
cat "/proc/$idle/schedstat" > before
rc=0
stap -x $idle "$SCRIPTS/lj-loaded-modules.stp" -G duration=1 > idle 2> idle.err || rc=$?
[ $rc != 0 ] || fail "an idle process: status 0"
grep -q "use ljstap modules -p $idle" idle.err || fail "idle: $(cat idle.err)"
ljstap modules -p $idle | grep -qx 'ffi: table' || fail "ljstap modules"
cat "/proc/$idle/schedstat" > after
cmp before after || fail "the idle process was woken"
pass
