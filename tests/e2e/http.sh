#!/usr/bin/env bash
# Labs 35 and 36 and other people's programs: curl, wrk and hostile clients at our servers; our clients
# at nginx and Python's server. Then whether wirelab-trace and tshark see the same messages in all that.
# once: it needs no privilege, and says the same with one
. tests/e2e/web_lib.sh
web=http://127.0.0.1

# what is captured from here on is compared at the end
compared=$(command -v tshark && command -v jq) || compared=''
if [ -n "$compared" ]; then
	capture "$TMP/talk.pcap" 'tcp port 8036 or tcp port 8035'
fi

# ---- curl at lab 36 ----

begin 8036 "$HTTP11/server" -t 2000 127.0.0.1 8036
server=$peer
at=$web:8036
hello='Hello, World!'

out=$(curl -sv "$at/hello.txt" "$at/hello.txt" 2>&1)
is 'curl: two pages' 2 "$(grep -c "^$hello" <<<"$out")"
has 'curl: on one connection' 'Re-using existing connection' "$out"
out=$(curl -s "$at/hello.txt?[1-200]" -w '%{num_connects}\n')
is 'curl: two hundred pages' 200 "$(grep -c "^$hello" <<<"$out")"
is 'curl: on one connection, too' 1 "$(grep -v "$hello" <<<"$out" | awk '{ n += $1 } END { print n + 0 }')"
out=$(curl -sZ --parallel-max 50 "$at/hello.txt?[1-200]" 2>"$TMP/none")
is 'curl: two hundred, fifty at a time' 200 "$(grep -c "^$hello" <<<"$out")"
out=$(curl -sI "$at/")
has 'curl: HEAD has a length' 'Content-Length: 58' "$out"
has 'curl: and a date' '^Date: ...,' "$out"
is 'curl: HEAD and GET on one connection' '200 200' "$(status_of "$(curl -si -I "$at/numbers?9" --next -si "$at/hello.txt")")"
is 'curl: chunks' "$(seq -f 'line %.0f' 100000 | sha256sum)" "$(curl -s "$at/numbers?100000" | sha256sum)"
is 'curl: HTTP/1.0 gets no chunks' "$(seq -f 'line %.0f' 1000 | sha256sum)" "$(curl -s0 "$at/numbers?1000" | sha256sum)"
has 'curl: and is told that the connection ends' '^Connection: close' "$(curl -si0 "$at/numbers")"
has 'curl: it may ask for more' '^Connection: keep-alive' "$(curl -si0 -H 'Connection: keep-alive' "$at/")"
head -c 5000 /dev/urandom | base64 >"$TMP/body" # printable, for the shell
is 'curl: a body' "$(sha256sum <"$TMP/body")" "$(curl -s --data-binary "@$TMP/body" "$at/echo" | sha256sum)"
is 'curl: a body in chunks' "$(sha256sum <"$TMP/body")" \
	"$(curl -s -H 'Transfer-Encoding: chunked' --data-binary "@$TMP/body" "$at/echo" | sha256sum)"
is 'curl: Expect is answered before the body' '100 200' \
	"$(status_of "$(curl -si -H 'Expect: 100-continue' --data-binary "@$TMP/body" "$at/echo")")"
is 'curl: too long is refused before it is sent' '413' \
	"$(status_of "$(head -c 100000 /dev/zero | curl -si -H 'Expect: 100-continue' --data-binary @- "$at/echo")")"
for i in 1 2 3; do
	is "curl: three megabytes are refused, and the answer arrives ($i)" 413 \
		"$(head -c 3000000 /dev/zero | curl -s -o "$TMP/none" -w '%{http_code}' -H 'Expect:' --data-binary @- "$at/echo")"
done
is 'curl: what is wrong is told' '404 405 501 400' "$(status_of "$(curl -si "$at/nothing" --next -si -X DELETE "$at/" \
	--next -si -X BREW "$at/" --next -si --path-as-is "$at/../etc/passwd")")"
is 'curl: also when it is spelled otherwise' 400 "$(status_of "$(curl -si --path-as-is "$at/%2e%2e/etc/passwd")")"
has 'curl: and what would be allowed' '^Allow: GET, POST' "$(curl -si -X PUT "$at/riddle")"
begin 8037 "$HTTP11/server" ::1 8037
is 'curl: IPv6' "$hello" "$(curl -s "http://[::1]:8037/hello.txt")"
stop "$peer"
is 'lab 36: ends with 0' 0 $?

# ---- curl at lab 35 ----

begin 8035 "$HTTP10/server" -t 2000 127.0.0.1 8035
old=$peer
at=$web:8035
is 'lab 35: curl gets a page' "$hello" "$(curl -s0 "$at/hello.txt")"
is 'lab 35: also with HTTP/1.1' "$hello" "$(curl -s "$at/hello.txt")"
is 'lab 35: a long one' "$(seq -f 'line %4.0f' 3000 | sha256sum)" "$(curl -s "$at/long.txt" | sha256sum)"
is 'lab 35: a hundred clients' 100 "$(curl -sZ --parallel-max 50 "$at/hello.txt?[1-100]" 2>"$TMP/none" | grep -c "^$hello")"
is 'lab 35: each has a connection of its own' 2 "$(curl -s "$at/" "$at/" -w '%{num_connects}\n' -o "$TMP/none" -o "$TMP/none" | awk '{ n += $1 } END { print n + 0 }')"
is 'lab 35: what is wrong is told' '404 501' "$(status_of "$(curl -si "$at/../x" --next -si -X POST "$at/")")"
[ -z "$compared" ] || end_capture

# ---- clients that do not know what they do, or do ----

host=$'Host: x\r\n'
long=$(head -c 9000 /dev/zero | tr '\0' a)
many=$(for i in $(seq 100); do printf 'A%d: b\r\n' "$i"; done)

at=$web:8036
# refused STATUS NAME REQUEST: it is answered so, and the connection ends.
refused() {
	local got
	got=$(printf '%s' "$3" | raw 8036)
	is "hostile: $2: $1" "$1" "$(status_of "$got")$(grep -ao 'NOT CLOSED' <<<"$got")"
}

refused 400 'no HTTP' $'hello, world\r\n\r\n'
refused 400 'HTTP/0.9' $'GET /\r\n\r\n'
refused 505 'HTTP/2.0' $'GET / HTTP/2.0\r\n\r\n'
refused 400 'no host' $'GET / HTTP/1.1\r\n\r\n'
refused 400 'two hosts' $'GET / HTTP/1.1\r\n'"$host$host"$'\r\n'
refused 400 'a space before the colon' $'GET / HTTP/1.1\r\nHost : x\r\n\r\n'
refused 400 'a folded line' $'GET / HTTP/1.1\r\n'"$host"$' more\r\n\r\n'
refused 414 'a long target' "GET /$long HTTP/1.1"$'\r\n'"$host"$'\r\n'
refused 431 'a long header' $'GET / HTTP/1.1\r\nA: '"$long"$'\r\n\r\n'
refused 431 'many headers' $'GET / HTTP/1.1\r\n'"$many"$'\r\n\r\n'
refused 417 'wonders expected' $'GET / HTTP/1.1\r\n'"$host"$'Expect: wonders\r\n\r\n'
refused 413 'a length of a gigabyte' $'POST /echo HTTP/1.1\r\n'"$host"$'Content-Length: 1000000000\r\n\r\n'
refused 400 'a negative length' $'POST /echo HTTP/1.1\r\n'"$host"$'Content-Length: -5\r\n\r\nhello'
refused 400 'two lengths' $'POST /echo HTTP/1.1\r\n'"$host"$'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'
refused 400 'a length and chunks' $'POST /echo HTTP/1.1\r\n'"$host"$'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
refused 501 'a coding that we have not' $'POST /echo HTTP/1.1\r\n'"$host"$'Transfer-Encoding: gzip, chunked\r\n\r\n'
refused 400 'a chunk without size' $'POST /echo HTTP/1.1\r\n'"$host"$'Transfer-Encoding: chunked\r\n\r\nx\r\n'
refused 400 'a chunk longer than said' $'POST /echo HTTP/1.1\r\n'"$host"$'Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n'
refused 400 'a size of 20 digits' $'POST /echo HTTP/1.1\r\n'"$host"$'Transfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n'
refused 413 'chunks without end' $'POST /echo HTTP/1.1\r\n'"$host"$'Transfer-Encoding: chunked\r\n\r\n4000\r\n'"$long$long"
refused '200 400' 'a body longer than said is the next request' $'POST /echo HTTP/1.1\r\n'"$host"$'Content-Length: 2\r\n\r\nh\nllo\r\n\r\n'
refused 408 'half a request, and then nothing' $'GET / HTTP/1.1\r\nHo'
refused 408 'a body shorter than said' $'POST /echo HTTP/1.1\r\n'"$host"$'Content-Length: 9\r\n\r\nhello'
refused '200 200 200' 'three at once, the last ends it' $'GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.0\r\n\r\n'

is 'lab 35: half a request' 408 "$(status_of "$(printf 'GET / HT' | raw 8035)")"
is 'lab 35: HEAD has no body' $'\r' "$(printf 'HEAD / HTTP/1.0\r\n\r\n' | raw 8035 | tail -n 1)"

# twenty that say a byte every now and then: 408, and all others are served meanwhile
for i in $(seq 20); do
	{
		trap '' PIPE
		exec 4<>/dev/tcp/127.0.0.1/8036
		for ((k = 0; k < 30; k++)); do
			printf a >&4 || break
			sleep 0.1
		done 2>/dev/null
		timeout 20 cat <&4 >"$TMP/told-$i"
	} &
	slow[i]=$!
done
wait_until 20 connected 8036 20 || not_ok 'slow clients: all are connected'
is 'slow clients: others are served' "$hello" "$(curl -s "$at/hello.txt")"
is 'slow clients: at once' '' "$(find "$TMP" -name 'told-*' -size +0)" # none had to be sent away for it
wait "${slow[@]}"
is 'slow clients: each is told 408' 20 "$(cat "$TMP"/told-* | grep -ac '^HTTP/1.1 408')"

# one that asks for much and takes little
{
	exec 5<>/dev/tcp/127.0.0.1/8036
	printf 'GET /numbers?9999999 HTTP/1.1\r\nHost: x\r\n\r\n' >&5
	exec sleep 30
} &
lazy=$!
wait_until 20 stuck 8036 || not_ok 'a client that does not read: much is said to it'
is 'a client that does not read: others are served' "$hello" "$(curl -s "$at/hello.txt")"
memory=$(awk '/VmHWM/ { print $2 }' "/proc/$server/status")
is 'a client that does not read: no memory is spent on it' yes "$([ "$memory" -lt 40000 ] && echo yes || echo "$memory kB")"
kill "$lazy"
wait "$lazy"

# SIGTERM in the middle of an answer: it is said to its end
curl -s --limit-rate 3M "$at/numbers?300000" >"$TMP/last" &
last=$!
wait_until 20 test -s "$TMP/last"
stop "$server"
is 'lab 36: SIGTERM: ends with 0' 0 $?
wait "$last"
is 'lab 36: SIGTERM: the answer on its way is whole' "$(seq -f 'line %.0f' 300000 | sha256sum)" "$(sha256sum <"$TMP/last")"

stop "$old"
is 'lab 35: ends with 0' 0 $?

# more clients than descriptors
# shellcheck disable=SC2016 # for the shell that has the limit
begin 8038 bash -c 'ulimit -n 20; exec "$1" -q 1 127.0.0.1 8038' - "$HTTP11/server"
out=$(curl -sZ --parallel-max 40 "$web:8038/hello.txt?[1-80]" -H 'Connection: close' 2>"$TMP/none")
is 'lab 36: twenty descriptors, forty clients: all are served' 80 "$(grep -c "^$hello" <<<"$out")"
stop "$peer"

# ---- our clients at other servers ----

# asks SERVER PORT: both clients, at a server with hello.txt, chunks.html of 3000 bytes, and nothing else
asks() {
	local out
	out=$(printf 'GET /hello.txt\nGET /hello.txt\nHEAD /hello.txt\nGET /nothing\n' | timeout 20 "$HTTP11/client" 127.0.0.1 "$2")
	is "client 36 at $1: ends with 0" 0 $?
	is "client 36 at $1: what it hears" '200 200 200 404' "$(grep -oE '^Status [0-9]+' <<<"$out" | cut -d' ' -f2 | paste -sd' ')"
	is "client 36 at $1: the page" 2 "$(grep -c "^$hello" <<<"$out")"
	out36=$out
	out=$(printf 'GET /hello.txt\nGET /nothing\n' | timeout 20 "$HTTP10/client" 127.0.0.1 "$2")
	is "client 35 at $1: what it hears" '200 404' "$(grep -oE '^Status [0-9]+' <<<"$out" | cut -d' ' -f2 | paste -sd' ')"
	is "client 35 at $1: both to the end" 2 "$(grep -c 'that was all' <<<"$out")"
}

mkdir "$TMP/site"
echo "$hello" >"$TMP/site/hello.txt"
yes 'a line' | head -n 1000 >"$TMP/site/chunks.html"
if command -v python3 >/dev/null; then
	begin 8040 python3 -m http.server --bind 127.0.0.1 -d "$TMP/site" 8040
	asks "Python's server" 8040
	is 'client 36: HTTP/1.0 keeps no connection' 4 "$(grep -c '^Connected' <<<"$out36")"
else
	skip "Python's server" 'there is no python3'
fi
if command -v nginx >/dev/null; then
	mkdir "$TMP/nginx"
	cat >"$TMP/nginx.conf" <<-END
		daemon off; worker_processes 1; pid $TMP/nginx/pid; error_log stderr error;
		$([ "$(id -u)" -ne 0 ] || echo 'user root;')
		events {}
		http {
			access_log off;
			client_body_temp_path $TMP/nginx/a; proxy_temp_path $TMP/nginx/b; fastcgi_temp_path $TMP/nginx/c;
			uwsgi_temp_path $TMP/nginx/d; scgi_temp_path $TMP/nginx/e;
			default_type text/html;
			server { listen 127.0.0.1:8041; root $TMP/site; ssi on; }
		}
	END
	begin 8041 nginx -p "$TMP/nginx" -c "$TMP/nginx.conf"
	asks nginx 8041
	is 'client 36: nginx keeps the connection' 1 "$(grep -c '^Connected' <<<"$out36")"
	out=$(printf 'GET /chunks.html\nGET /hello.txt\n' | timeout 20 "$HTTP11/client" -p 1 127.0.0.1 8041)
	has 'client 36 at nginx: chunks' '^7000 bytes of body, told by chunks' "$out"
	has 'client 36 at nginx: and what comes behind them' "^$hello" "$out"
else
	skip 'nginx' 'there is none'
fi

# ---- load ----

if command -v wrk >/dev/null; then
	begin 8042 "$HTTP11/server" -q 1 127.0.0.1 8042
	out=$(wrk -t 1 -c 200 -d 2s "$web:8042/hello.txt" 2>&1)
	has 'wrk: two hundred clients for two seconds' 'Requests/sec' "$out"
	is 'wrk: no errors' '' "$(grep -E 'Socket errors|Non-2xx' <<<"$out")"
	stop "$peer"
	is 'wrk: the server ends with 0' 0 $?
else
	skip 'wrk' 'there is none'
fi

# ---- do others see the same? ----

# by_words FILE: of lines "COUNT WORDS", the words as one, for join
by_words() {
	sed -E 's/^ *([0-9]+) /\1\t/; s/ /_/g' "$1" | tr '\t' ' ' | sort -k 2
}

if [ -n "$compared" ]; then
	"$TRACE" -r "$TMP/talk.pcap" -o json 2>"$TMP/trace.err" | jq -r '
		select(.event == "message" and .protocol == "http" and (.kind == "request" or .kind == "response")) |
		.kind as $kind | (.fields | map({(.[0]): .[1]}) | add) |
		select(."http.request.method" != "BREW") | # tshark knows a list of methods
		"\($kind) \(."http.request.method" // ."http.response.code") \(."http.request.uri" // "")"' |
		sed 's/ $//' | sort | uniq -c >"$TMP/ours"
	# (it does not tell of a request whose body never came whole, unless it may leave bodies alone)
	tshark -r "$TMP/talk.pcap" -o http.desegment_body:FALSE -d tcp.port==8035,http -d tcp.port==8036,http -Y 'http.request or http.response' -T fields \
		-E occurrence=a -E aggregator=$'\x01' -e http.request.method -e http.request.uri -e http.response.code 2>/dev/null |
		awk -F '\t' '{ n = split($1, method, "\001"); split($2, uri, "\001"); m = split($3, code, "\001")
			for (i = 1; i <= n; i++) print "request", method[i], uri[i]
			for (i = 1; i <= m; i++) print "response", code[i] }' | sort | uniq -c >"$TMP/theirs"
	all=$(awk '{ n += $1 } END { print n + 0 }' "$TMP/theirs")
	differ=$(join -1 2 -2 2 -a 1 -a 2 -e 0 -o 1.1,2.1 <(by_words "$TMP/ours") <(by_words "$TMP/theirs") |
		awk '{ n += $1 > $2 ? $1 - $2 : $2 - $1 } END { print n + 0 }')
	echo "agreement with tshark: $((all - differ)) of $all messages"
	if [ "$all" -gt 500 ] && [ $((differ * 200)) -le "$all" ]; then
		ok 'the tracer and tshark see the same messages (99.5 %)'
	else
		not_ok 'the tracer and tshark see the same messages (99.5 %)' "$(diff "$TMP/ours" "$TMP/theirs" | cut -c 1-120)"
	fi
else
	skip 'agreement with tshark' 'needs tshark and jq'
fi
finish
