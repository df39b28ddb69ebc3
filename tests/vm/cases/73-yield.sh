# Light threads of nginx that sleep and yield for known times and so often.
# timeout: 120
need nginx curl /usr/lib/nginx/modules/ngx_http_lua_module.so
site=$RESULT/site
mkdir "$site"
sed "s|@MODULES@|/usr/lib/nginx/modules|" "$WORKLOADS/nginx/yield.conf" \
	> "$site/yield.conf"
chmod -R a+rX "$RESULT"
nginx -p "$site" -c "$site/yield.conf" 2> nginx.err &
master=$!
wait_for 20 "nginx to answer" curl -fsS -o /dev/null http://127.0.0.1:8081/y
worker=$(pgrep -P $master)
(
	wait_for 30 "the dump" test -s yield.ljd
	sleep 1
	curl -fsS "http://127.0.0.1:8081/y?[1-10]" > said
	kill -INT "$(pgrep -x stapio)"
) &
sample lj-yield-flame "$worker" yield.ljd duration=35
kill $master
wait $master || :
pass
