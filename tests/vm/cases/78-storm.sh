# As many waits, reads and yields as this machine can make: no script gives up,
# what is lost is told, and what a killed one leaves can be read.
# timeout: 300
need nginx curl /usr/lib/nginx/modules/ngx_http_lua_module.so

# The emulator lets a CPU run code that another one is just changing, as it is
# for tracepoints: then no process of the storm runs.
hold() {
	[ "$1" = yield ] || kill -STOP "$2"
}

# blow NAME FILE PID SECONDS - the storm, once there is something of a dump
blow() {
	wait_for 30 "a dump of $1" test -s "$2"
	[ "$1" = yield ] || kill -CONT "$3"
	sleep "$4"
	hold "$1" "$3"
}

# storm NAME SCRIPT PID - sampled to the end, and once more until it is killed.
# The dumps go into memory first: the host's folder takes them too slowly.
storm() {
	hold "$1" "$3"
	blow "$1" "/tmp/$1.ljd" "$3" 4 &
	blower=$!
	sample "$2" "$3" "/tmp/$1.ljd" duration=7
	wait $blower
	staprun -x "$3" "$(module "$2")" duration=0 > "/tmp/$1.killed.ljd" \
		2> "$1.killed.err" &
	run=$!
	blow "$1" "/tmp/$1.killed.ljd" "$3" 3
	kill -KILL $(pgrep -x stapio)
	wait $run || :
	sleep 1
	ko=$(module "$2")
	staprun -d "$(basename "$ko" .ko)"
	ls -l "/tmp/$1.ljd" "/tmp/$1.killed.ljd"
	mv "/tmp/$1.ljd" "/tmp/$1.ljd.err" "/tmp/$1.killed.ljd" .
}

start_workload taskset -c 1 luajit "$WORKLOADS/storm.lua" wait /etc/passwd
storm wait lj-offcpu-flame "$PID"
kill -KILL "$PID"
start_workload taskset -c 1 luajit "$WORKLOADS/storm.lua" read /etc/passwd
storm read lj-file-io-flame "$PID"
kill -KILL "$PID"

site=$RESULT/site
mkdir "$site"
sed "s|@MODULES@|/usr/lib/nginx/modules|" "$WORKLOADS/nginx/yield.conf" \
	> "$site/yield.conf"
chmod -R a+rX "$RESULT"
nginx -p "$site" -c "$site/yield.conf" 2> nginx.err &
master=$!
wait_for 20 "nginx to answer" curl -fsS -o /dev/null http://127.0.0.1:8081/y
curl -s http://127.0.0.1:8081/storm > /dev/null &
storm yield lj-yield-flame "$(pgrep -P $master)"
kill -KILL $(pgrep -P $master) $master
pass
