# Every LuaJIT build of tests/builds: foo : bar = 2 : 1. Those shipped with JIT
# and without; of the others one of the two, builds.test has both natively.
# timeout: 600
need /builds/run
# run binds a folder; the one mount in the guest is busybox's.
mkdir -p /tmp/bin
ln -sf /run/vm/busybox /tmp/bin/mount
PATH=$PATH:/tmp/bin
awk '$2 == "shipped" { print $1, "on\n" $1, "off" }
	$2 == "shared" { print $1, "on" }
	$2 == "source" { print $1, "off" }' /builds/list > runs
while read -r build jit <&3; do
	n=5e4
	[ $jit = off ] || n=2e5
	start_workload /builds/run -w "$WORKLOADS" "$build" \
		/mnt/seed.lua $jit ready $n
	sleep 0.5	# let the loop be compiled
	sample lj-cpu-flame "$PID" "$build.$jit.ljd" hz=999 duration=2
	kill "$PID"
done 3< runs
pass
