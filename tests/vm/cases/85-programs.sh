# Programs nobody here wrote, each busy in Lua: neovim, sysbench (a VM for each
# of two threads), wrk, Python. nginx is a case of its own.
# timeout: 600
need nvim sysbench wrk nginx curl /usr/lib/python3/dist-packages/lupa

# large programs' maps take long to be written under emulation
SAMPLE_LIMIT=120

# look NAME: samples the last workload
look() {
	sleep 1
	sample lj-cpu-flame "$PID" "$1.ljd" hz=999 duration=3
	kill "$PID"
}

start_workload nvim --clean -l "$WORKLOADS/seed.lua" on ready 1e6
look nvim
start_workload python3 "$WORKLOADS/python.py" "$WORKLOADS/seed.lua" off 2e5
look python
start_workload -r 'Threads started' sysbench "$WORKLOADS/sysbench.lua" \
	--time=0 --threads=2 run
look sysbench

nginx -p "$RESULT" -c "$WORKLOADS/nginx/plain.conf" 2> nginx.err &
wait_for 20 "nginx to answer" curl -fsS -o /dev/null http://127.0.0.1:8081/
start_workload -r Running stdbuf -oL wrk -t 2 -c 2 -d 600 -s "$WORKLOADS/wrk.lua" \
	http://127.0.0.1:8081/
look wrk
pass
