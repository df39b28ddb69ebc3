# What the VM spends its time in, of workloads of which it is known.
# timeout: 180
states() {
	start_workload luajit "$WORKLOADS/$2.lua" "$3" ready
	sample lj-vm-states "$PID" "$1.ljd" hz=999 duration=4
	kill "$PID"
}
states jit seed on
states interp seed off
states c cheavy off
states gc gc on
pass
