# A dump ends cleanly at its time, on Ctrl-C and when the target exits.
# timeout: 180
start_workload luajit "$WORKLOADS/seed.lua" off ready 2e5
sample lj-cpu-flame "$PID" duration.ljd duration=2
SAMPLE_LIMIT=4 sample lj-cpu-flame "$PID" signal.ljd duration=0
victim=$PID
(sleep 4; kill $victim) &
sample lj-cpu-flame "$PID" exit.ljd duration=30
pass
