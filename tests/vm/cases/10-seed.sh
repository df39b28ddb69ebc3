# foo : bar = 2 : 1 on a stripped LuaJIT, as a user runs it: stap -x PID SCRIPT
# timeout: 240
# compile: -x /usr/bin/luajit lj-cpu-flame
for jit in on off; do
	start_workload luajit "$WORKLOADS/seed.lua" $jit ready 2e5
	sleep 1
	stap -x "$PID" "$SCRIPTS/lj-cpu-flame.stp" -G hz=999 -G duration=6 \
		> "$jit.ljd" 2> "$jit.err" ||
		fail "stap: status $?: $(cat "$jit.err")"
	kill "$PID"
done
pass
