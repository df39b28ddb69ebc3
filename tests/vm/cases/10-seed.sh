# foo : bar = 2 : 1 on a stripped LuaJIT, as a user runs it: stap -x PID SCRIPT
# timeout: 240
# compile: -x /usr/bin/luajit lj-cpu-flame
# One heavy() takes some 10 ms: many samples each, so that the shares do not
# hang on how the timer falls.
for jit in on off; do
	n=2e5
	[ $jit = off ] || n=3e6
	start_workload luajit "$WORKLOADS/seed.lua" $jit ready $n
	sleep 1
	stap -x "$PID" "$SCRIPTS/lj-cpu-flame.stp" -G hz=999 -G duration=8 \
		> "$jit.ljd" 2> "$jit.err" ||
		fail "stap: status $?: $(cat "$jit.err")"
	kill "$PID"
done
pass
