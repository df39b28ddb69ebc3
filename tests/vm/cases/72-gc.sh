# What the garbage collector takes, of a program that tells it itself.
# timeout: 240
need /builds/run
printf '%s\n' "gc64 luajit" "gc32 /builds/roots/bullseye/usr/bin/luajit" > vms
while read -r vm luajit; do
	start_workload "$luajit" "$WORKLOADS/gcpause.lua" on 2e4
	sample lj-gc-pauses "$PID" "$vm.full.ljd" duration=6
	kill "$PID"
	cp "$workload_out" "$vm.said"
	start_workload "$luajit" "$WORKLOADS/gcpause.lua" on steps
	sample lj-gc-pauses "$PID" "$vm.steps.ljd" duration=4
	ljstap run --collector=bpf lj-vm-states --hz=999 --duration=4 -p "$PID" \
		-o "$vm.states.ljd" || fail "ljstap run: status $?"
	kill "$PID"
done < vms
pass
