# Every LuaJIT build of tests/builds, with JIT and without: foo : bar = 2 : 1.
# timeout: 900
need /builds/run
# run binds a folder; the one mount in the guest is busybox's.
mkdir /tmp/bin
ln -s /run/vm/busybox /tmp/bin/mount
PATH=$PATH:/tmp/bin
for build in $(awk '$2 ~ /^(shipped|shared|source)$/ { print $1 }' /builds/list); do
	for jit in on off; do
		n=5e4
		[ $jit = off ] || n=2e5
		start_workload /builds/run -w "$WORKLOADS" "$build" \
			/mnt/seed.lua $jit ready $n
		sleep 0.5	# let the loop be compiled
		sample lj-cpu-flame "$PID" "$build.$jit.ljd" hz=999 duration=2
		kill "$PID"
	done
done
pass
