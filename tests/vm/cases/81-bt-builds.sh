# A backtrace and all coroutines of each LuaJIT build, GC64 or not, shipped or
# not: as debug.getinfo() of the program says.
# timeout: 400
need /builds/run
# run binds a folder; the one mount in the guest is busybox's.
mkdir -p /tmp/bin
ln -sf /run/vm/busybox /tmp/bin/mount
PATH=$PATH:/tmp/bin
awk '$2 == "shipped" || $2 == "source" { print $1 }' /builds/list > runs
while read -r build <&3; do
	start_workload /builds/run -w "$WORKLOADS" "$build" /mnt/backtrace.lua
	cp "$workload_out" "$build.said"
	sample lj-bt "$PID" "$build.bt" coroutines=1
	kill "$PID"
done 3< runs
pass
