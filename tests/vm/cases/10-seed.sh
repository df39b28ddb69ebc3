# foo : bar = 2 : 1 on a stripped LuaJIT, as a user runs it: stap -x PID SCRIPT
# timeout: 240
# on any machine
# compile: -x /usr/bin/luajit lj-cpu-flame
# Under emulation one heavy() takes 10 to 20 ms: several samples each, and many
# rounds in all, so that the shares do not hang on where the run starts or ends.
duration=12
[ -z "$MACHINE" ] || duration=6
for jit in on off; do
	n=2e5
	[ $jit = off ] || n=1e6
	start_workload luajit "$WORKLOADS/seed.lua" $jit ready $n
	sleep 1
	stap -x "$PID" "$SCRIPTS/lj-cpu-flame.stp" -G hz=999 -G duration=$duration \
		> "$jit.ljd" 2> "$jit.err" ||
		fail "stap: status $?: $(cat "$jit.err")"
	kill "$PID"
done
pass
