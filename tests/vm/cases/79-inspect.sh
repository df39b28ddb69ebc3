# Values with what is in them by the tapset's functions: as ljstap inspect, which
# reads the same memory from outside, prints them.
# timeout: 300
# compile: -x /usr/bin/luajit lj-inspect
need luajit

start_workload luajit "$WORKLOADS/values.lua" 3000 spin
n=0
look() {
	n=$((n + 1))
	echo "$1" > "$n.path"
	ljstap inspect -p "$PID" --depth=3 --max=50 --string=128 "$1" > "$n.want" 2> "$n.why" || :
	ko=$(module lj-inspect)
	staprun -x "$PID" "$ko" path="$1" > "$n.got" 2> "$n.err" || echo "status $?" >> "$n.err"
}
look 'look.mixed'
look 'look.nest'
look 'look.cycle'
look 'look.long'
look 'look.binary'
look "look.mixed['end']"
look 'look.hash[20000]'
look 'look.nothing'
look 'look.closed.upvalue(1)'
look '_G._G.look.utf8'
look 'registry._LOADED.jit.arch'
look 'look.big'
echo "$n" > n
wrong() {
	rc=0
	staprun -x "$PID" "$ko" path="$1" >> wrong.out 2>> wrong.err || rc=$?
	[ $rc != 0 ] || fail "$1 is not refused"
}
wrong '#look.list'
wrong 'look.closed.upvalue("x")'
wrong 'getmetatable(look.object)'
wrong 'look.'
rc=0
stap -x "$PID" "$SCRIPTS/lj-inspect.stp" -G path=package.loaded.jit.version \
	> literal 2> literal.err || rc=$?
[ $rc = 0 ] || fail "stap -x PID lj-inspect.stp: $(cat literal.err)"
pass
