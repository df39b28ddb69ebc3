# Depth 10, 50 and 200 at 999 Hz: whole stacks, nothing aborts, nothing lost.
# timeout: 240
for depth in 10 50 200; do
	start_workload luajit "$WORKLOADS/depth.lua" $depth off ready
	sample lj-cpu-flame "$PID" $depth.ljd hz=999 duration=5
	kill "$PID"
	! grep -E 'ERROR|WARNING' $depth.ljd.err || fail "see above"
done
start_workload luajit "$WORKLOADS/depth.lua" 200 off ready
sample lj-cpu-flame "$PID" cut.ljd hz=999 duration=2 depth=100
pass
