# 30 s at 999 Hz change nothing for the target: no EINTR, no wrong result.
# timeout: 240
start_workload luajit "$WORKLOADS/epoll.lua" 38
sample lj-cpu-flame "$PID" dump.ljd hz=999 duration=30
wait_for 30 "the workload's end" grep -q waits workload.1.out
cat workload.1.out
grep -q '^ok' workload.1.out || fail "$(tail -n 1 workload.1.out)"
pass
