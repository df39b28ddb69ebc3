# foo : bar = 2 : 1 on a stripped LuaJIT, as a user runs it: stap -x PID SCRIPT
# timeout: 240
# on any machine
# compile: -x /usr/bin/luajit lj-cpu-flame
# Under emulation one heavy() takes 10 to 20 ms: several samples each, and many
# rounds in all, so that the shares do not hang on where the run starts or ends.
# On a busy host few come in: then once more, for longer. The many machines
# beside the default one have to do with fewer.
duration=12 enough=5000
[ -z "$MACHINE" ] || { duration=5 enough=900; }
take() {
	stap -x "$PID" "$SCRIPTS/lj-cpu-flame.stp" -G hz=999 -G duration=$2 \
		> "$1.ljd" 2> "$1.err" ||
		fail "stap: status $?: $(cat "$1.err")"
	[ "$(ljstap cat "$1.ljd" 2> /dev/null | grep -c ' sample ')" -gt $enough ]
}
for jit in on off; do
	n=2e5
	[ $jit = off ] || n=1e6
	start_workload luajit "$WORKLOADS/seed.lua" $jit ready $n
	sleep 1
	take $jit $duration || take $jit 30 || :
	kill "$PID"
done
pass
