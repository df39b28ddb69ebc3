# The heap of an nginx worker: a module's cache, and what a request that waits
# holds; the worker does not notice.
# timeout: 90
need nginx /usr/lib/nginx/modules/ngx_http_lua_module.so
site=$RESULT/site
cp -R "$WORKLOADS/nginx" "$site"
sed -i "s|@MODULES@|/usr/lib/nginx/modules|; s|@SITE@|$site|; s|@INIT@||
	s|worker_processes 2|worker_processes 1|" "$site/nginx.conf"
cat > "$site/lua/test.lua" <<-'END'
	local _M = { cache = {} }
	for i = 1, 20000 do
		_M.cache["user" .. i] = { id = i }
	end
	function _M.main()
		local buf = {}
		for i = 1, 3000 do
			buf[i] = { i }
		end
		ngx.sleep(1000)
		return buf
	end
	return _M
END
chmod -R a+rX "$RESULT"
nginx -p "$site" -c "$site/nginx.conf" 2> nginx.err &
master=$!
wait_for 20 "nginx to listen" sh -c \
	'curl -s -m 1 http://127.0.0.1:8080/none > /dev/null'
for _ in 1 2; do
	curl -s -m 60 http://127.0.0.1:8080/t > /dev/null &
done
sleep 2
worker=$(pgrep -P $master)
noticed() {
	cat "/proc/$worker/schedstat"
	grep ctxt "/proc/$worker/status"
	cut -d ' ' -f 10,12 "/proc/$worker/stat"
}
noticed > before
ljstap heap -p "$worker" -o heap.bytes > table || fail "ljstap heap: $?"
noticed > after
ljstap heap -p "$worker" --count -o heap.count > table.count ||
	fail "ljstap heap --count: $?"
kill $master
cmp before after || fail "the worker noticed"
pass
