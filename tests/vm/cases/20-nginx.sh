# The seed's nginx example: two workers under load, sampled one at a time and
# both at once.
# timeout: 300
need nginx wrk /usr/lib/nginx/modules/ngx_http_lua_module.so

# An idle worker: its modules are those that it tells itself; it sleeps on.
look() {
	for _ in $(seq 100); do
		curl -fsS http://127.0.0.1:8080/modules > said
		! grep -qx "pid $1" said || break
	done
	sleep 1
	sed 1d said | LC_ALL=C sort > said.modules
	cat "/proc/$1/schedstat" "/proc/$1/syscall" > before
	ljstap modules -p "$1" | LC_ALL=C sort > modules
	ljstap inspect -p "$1" package.loaded.test.main > main
	ljstap inspect -p "$1" ngx.say > say
	ljstap bt -p "$1" --all-coroutines > bt
	ljstap lua -p "$1" "$WORKLOADS/seed.ylua" | LC_ALL=C sort > seeds
	[ -e sockets ] || ljstap lua -p "$1" lj-sockets-timers > sockets
	cat "/proc/$1/schedstat" "/proc/$1/syscall" > after
	cmp seeds said.modules || fail "the seed's script in worker $1"
	grep -q '^cosockets' sockets || fail "no cosockets: $(cat sockets)"
	cmp modules said.modules || fail "modules of worker $1"
	grep -qx 'ngx: table' modules || fail "no ngx in worker $1"
	grep -q '^function: main@.*test.lua:23$' main ||
		fail "main of worker $1: $(cat main)"
	grep -q '^function: C:' say || fail "ngx.say of worker $1: $(cat say)"
	grep -q 'C:epoll_wait' bt || fail "worker $1 is not in epoll_wait"
	cmp before after || fail "worker $1 noticed"
}

for jit in on off; do
	site=$RESULT/$jit
	cp -R "$WORKLOADS/nginx" "$site"
	init= n=1e6
	[ $jit = on ] || init='init_by_lua_block { jit.off() }' n=2e5
	sed -i "s|@MODULES@|/usr/lib/nginx/modules|; s|@SITE@|$site|; s|@INIT@|$init|" \
		"$site/nginx.conf"
	sed -i "s|^local N = .*|local N = $n|" "$site/lua/test.lua"
	chmod -R a+rX "$RESULT"
	nginx -p "$site" -c "$site/nginx.conf" 2> "$jit.nginx" &
	master=$!
	wait_for 20 "nginx to answer" curl -fsS -o /dev/null http://127.0.0.1:8080/t
	wrk -t1 -c8 -d600 http://127.0.0.1:8080/t > "$jit.wrk" &
	load=$!
	sleep 2
	n=0
	for worker in $(pgrep -P $master); do
		n=$((n + 1))
		sample lj-cpu-flame "$worker" "$jit.$n.ljd" hz=999 duration=8
	done
	[ $n = 2 ] || fail "$n workers, not 2"
	[ $jit = off ] || ljstap run cpu-flame --module "$(module lj-cpu-flame)" \
		--children-of=$master --hz=999 --duration=8 -o workers.ljd ||
		fail "both workers: $?"
	kill $load
	wait $load || :
	for worker in $(pgrep -P $master); do
		look "$worker"
	done
	kill $master
	wait $master || :
	if grep 'epoll_wait() failed' "$site/error.log"; then
		fail "a worker's epoll_wait() was interrupted"
	fi
done
pass
