# Samples in C helpers, fast functions, system calls, coroutines, GC.
# timeout: 180
for jit in on off; do
	start_workload luajit "$WORKLOADS/mixed.lua" $jit ready
	sample lj-cpu-flame "$PID" $jit.ljd hz=999 duration=5
	kill "$PID"
	start_workload luajit "$WORKLOADS/churn.lua" $jit ready
	sample lj-cpu-flame "$PID" churn.$jit.ljd hz=999 duration=3
	kill "$PID"
done
start_workload luajit "$WORKLOADS/traceback.lua"
sample lj-cpu-flame "$PID" traceback.ljd hz=999 duration=4
pass
