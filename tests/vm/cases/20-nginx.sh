# The seed's nginx example: two workers under load, sampled one at a time.
# timeout: 240
need nginx wrk /usr/lib/nginx/modules/ngx_http_lua_module.so
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
	kill $load $master
	wait $master || :
	if grep 'epoll_wait() failed' "$site/error.log"; then
		fail "a worker's epoll_wait() was interrupted"
	fi
done
pass
