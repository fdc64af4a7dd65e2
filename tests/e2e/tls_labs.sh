#!/usr/bin/env bash
# The TLS servers and clients of labs 38 and 39 against others: curl, openssl s_client and s_server, Python's
# ssl, nginx and a browser; against bad clients, while good ones are served; and all that was on the wire
# meanwhile, told by wirelab-trace and by tshark: handshake messages, alerts, and what was inside.
# once: it needs no privilege, and says the same with one
. tests/e2e/peers_lib.sh
needs openssl
pki=/tmp/pki
export SSLKEYLOGFILE=$TMP/keys

# Where the programs look for keys. It may be another user's.
mkdir "$pki" 2>/dev/null
mkdir "$TMP/pki"
mount --bind "$TMP/pki" "$pki" || skip_all "cannot mount over $pki"
# shellcheck disable=SC2317 # called by trap
unmount() {
	end_peers
	umount "$pki"
	rmdir "$pki" 2>/dev/null
}
trap unmount EXIT

library=(labs/lib/*.c -lssl -lcrypto)
compile keys labs/38-tls-server/keys.c "${library[@]}"
compile server38 labs/38-tls-server/server.c "${library[@]}"
compile client38 labs/38-tls-server/client.c "${library[@]}"
compile server39 labs/39-tls-client/server.c "${library[@]}"
compile server labs/39-tls-client/server.c "${library[@]}" # the one that the man in the middle starts
compile mitm labs/39-tls-client/mitm.c "${library[@]}"
compile client39 labs/39-tls-client/client.c "${library[@]}"
compile wss tests/e2e/tls/wss.c "${library[@]}"

capture=$TMP/all.pcap
capture "$capture" tcp

# ---- lab 38's server ----

run "$TMP/keys"
is 'the certificates are made' '0 8' "$status $(find "$pki" -name '*.pem' -perm 600 | wc -l)"
run "$TMP/server38" 127.0.0.1 8443
is 'server 38 without a certificate says so' '1 yes' "$status $(grep -q 'no certificate' <<<"$err" && echo yes)"
begin 8443 "$TMP/server38" -c "$pki/www.pem" 127.0.0.1 8443 || finish

# curls NAME EXPECTED WORDS...: what curl says: its status, then what it has got
curls() {
	local name=$1 wanted=$2
	shift 2
	is "curl, $name" "$wanted" "$(timeout 20 curl -sS "$@" 2>/dev/null; echo "status $?")"
}
url=https://127.0.0.1:8443/
if have curl 'curl asks our server'; then
	said=$'Hello World!\r\nstatus 0'
	curls 'TLS 1.3' "$said" --cacert "$pki/ca.pem" $url
	curls 'TLS 1.2' "$said" --tls-max 1.2 --cacert "$pki/ca.pem" $url
	curls 'by name' "$said" --cacert "$pki/ca.pem" --resolve www.example:8443:127.0.0.1 https://www.example:8443/
	curls 'twice on one connection' $'Hello World!\r\n1 Hello World!\r\n0 status 0' --cacert "$pki/ca.pem" -w '%{num_connects} ' $url $url
	curls 'HEAD' $'200 \nstatus 0' -I -o "$TMP/head" -w '%{http_code} \n' --cacert "$pki/ca.pem" $url
	curls 'POST is not known' $'405\nstatus 0' -o "$TMP/body" -w '%{http_code}\n' -d x --cacert "$pki/ca.pem" $url
	curls 'does not know our authority' 'status 60' $url
	curls 'another name' 'status 60' --cacert "$pki/ca.pem" --resolve other.example:8443:127.0.0.1 https://other.example:8443/
	curls 'plain HTTP is told what is spoken here' $'Here TLS is spoken: https://\nstatus 0' http://127.0.0.1:8443/
	curls 'TLS 1.1 is too old' 'status 35' --tls-max 1.1 -k $url
fi

# s_client WORDS...: what s_client prints
s_client() { timeout 20 openssl s_client -connect 127.0.0.1:8443 -CAfile "$pki/ca.pem" "$@" 2>&1; }
has 's_client: X25519' 'Server Temp Key: X25519' "$(s_client -groups X25519 </dev/null)"
has 's_client: P-521' 'Server Temp Key: ECDH, secp521r1' "$(s_client -groups P-521 </dev/null)"
has 's_client: not P-256' 'alert number 40' "$(s_client -groups P-256 </dev/null)"
has 's_client: AEAD' 'Cipher is ECDHE-ECDSA-CHACHA20' "$(s_client -tls1_2 -cipher ECDHE-ECDSA-CHACHA20-POLY1305 </dev/null)"
has 's_client: no CBC' 'alert number 40' "$(s_client -tls1_2 -cipher ECDHE-ECDSA-AES256-SHA </dev/null)"
has 's_client: no static RSA' 'alert number 40' "$(s_client -tls1_2 -cipher AES256-GCM-SHA384 </dev/null)"
# it reads its input when it is connected, and at the end of it closes
renegotiates() {
	wait_until 20 grep -qs 'Verify return code' "$TMP/again"
	echo R
	wait_until 20 grep -qs 'no renegotiation' "$TMP/again"
}
renegotiates | s_client -tls1_2 >"$TMP/again"
has 's_client: renegotiation is refused' 'no renegotiation' "$(cat "$TMP/again")"
has 's_client: verified, name too' 'Verify return code: 0 \(ok\)' "$(s_client -verify_return_error -verify_hostname www.example </dev/null)"

run "$PYTHON" tests/e2e/tls/hostile.py 8443 "$pki/ca.pem" big
is 'server 38: bad clients, a slow one, a crowd of 100: each gets what it deserves' '0 ' "$status $out$err"
end 'server 38, after that,'

# ---- lab 39's server: the certificates ----

begin 8444 "$TMP/server39" 127.0.0.1 8444 || finish
if have curl 'curl asks the server of many names'; then
	for site in www expired self-signed wrong-name no-chain middle; do
		wanted='status 60'
		[ $site = www ] && wanted='status 0'
		curls "$site.example" "$wanted" --cacert "$pki/ca.pem" --resolve $site.example:8444:127.0.0.1 -o "$TMP/body" \
			https://$site.example:8444/
	done
fi
run "$PYTHON" tests/e2e/tls/hostile.py 8444 "$pki/ca.pem"
is 'server 39: bad clients, a slow one, a crowd of 100' '0 ' "$status $out$err"
end 'server 39, after that,'

# ---- our clients ----

# visits NAME STATUS REGEX CLIENT WORDS...
visits() {
	local name=$1 wanted=$2 words=$3
	shift 3
	run "$@"
	is "$name: status" "$wanted" "$status"
	has "$name" "$words" "$out$err"
}
asks=("$TMP/client39" -a "$pki/ca.pem" -n)
# serve PORT FILE WORDS...: openssl's server with that certificate
serve() { begin "$1" openssl s_server -quiet -www -accept "127.0.0.1:$1" -cert "$2" "${@:3}"; }
serve 9001 "$pki/www.pem" && {
	visits 'our client, s_server' 0 '^Verified: this is www' "${asks[@]}" www.example 127.0.0.1 9001
	visits 'our client, s_server, TLS 1.2' 0 '^TLSv1.2, ' "${asks[@]}" www.example -2 127.0.0.1 9001
	visits "lab 38's client, s_server" 0 'Connected 1 time:' "$TMP/client38" -a "$pki/ca.pem" 127.0.0.1 9001
	visits 'our client, s_server, another name' 1 'not for that name' "${asks[@]}" other.example 127.0.0.1 9001
	visits 'our client, s_server, an address' 0 '^Verified: this is 127.0.0.1' "$TMP/client39" -a "$pki/ca.pem" 127.0.0.1 9001
	visits 'our client, s_server, no authority of ours' 1 'somebody I do not know' "$TMP/client39" 127.0.0.1 9001
}
serve 9002 "$pki/expired.pem" && visits 'our client, expired' 1 'has expired' "${asks[@]}" expired.example 127.0.0.1 9002
serve 9003 "$pki/self-signed.pem" && visits 'our client, self-signed' 1 'by itself' "${asks[@]}" self-signed.example 127.0.0.1 9003
serve 9004 "$pki/no-chain.pem" && visits 'our client, no chain' 1 'between is missing' "${asks[@]}" no-chain.example 127.0.0.1 9004
serve 9005 "$pki/www.pem" -tls1_1 -cipher ALL:@SECLEVEL=0 &&
	visits 'our client, TLS 1.1' 1 'no version of TLS in common|alert 70' "${asks[@]}" www.example 127.0.0.1 9005
begin 9006 "$PYTHON" -m http.server -b 127.0.0.1 9006 --directory "$TMP/pki" &&
	visits 'our client, plain HTTP' 1 'is it plain HTTP' "${asks[@]}" www.example 127.0.0.1 9006
begin 9007 "$PYTHON" -c 'import socket, time
s = socket.create_server(("127.0.0.1", 9007)); keep = [s.accept() for _ in range(9)]' &&
	visits 'our client, silence' 1 'timed out' "${asks[@]}" www.example -t 700 127.0.0.1 9007
visits 'our client, nobody' 1 'Connection refused' "${asks[@]}" www.example 127.0.0.1 9008
begin 9009 "$PYTHON" tests/e2e/tls/cut.py 9009 "$pki/www.pem" &&
	visits 'our client, an end without close_notify' 1 'without a close_notify' "${asks[@]}" www.example 127.0.0.1 9009

if have nginx 'our client asks nginx'; then
	cat >"$TMP/nginx.conf" <<-END
		daemon off; user root; pid $TMP/nginx.pid; error_log $TMP/nginx.log;
		events {}
		http {
			access_log off; client_body_temp_path $TMP/n1; proxy_temp_path $TMP/n2; fastcgi_temp_path $TMP/n3;
			uwsgi_temp_path $TMP/n4; scgi_temp_path $TMP/n5;
			server {
				listen 127.0.0.1:9443 ssl; ssl_certificate $pki/www.pem; ssl_certificate_key $pki/www.pem;
				ssl_protocols TLSv1.2 TLSv1.3; location / { return 200 "nginx is here\n"; }
			}
		}
	END
	begin 9443 nginx -e "$TMP/nginx.log" -c "$TMP/nginx.conf" && {
		visits 'our client, nginx' 0 'HTTP/1.1 200 OK' "${asks[@]}" www.example 127.0.0.1 9443
		visits 'our client, nginx, TLS 1.2' 0 '^TLSv1.2, ' "${asks[@]}" www.example -2 127.0.0.1 9443
		visits "lab 38's client, nginx" 0 '"nginx is here"' "$TMP/client38" -a "$pki/ca.pem" 127.0.0.1 9443
		visits 'our client, nginx, another name' 1 'not for that name' "${asks[@]}" other.example 127.0.0.1 9443
	}
fi

# ---- the man in the middle, and others' clients ----

begin 8643 "$TMP/mitm" 127.0.0.1 8643 && wait_until 10 listens 8644
visits 'our client with -k, the man in the middle' 0 'HTTP/1.1 200 OK' "$TMP/client39" -k -n www.example 127.0.0.1 8643
has 'he has read the password' 'I read of the client: Cookie: password=tulip' "$(cat "$TMP/log")"
visits 'our client that checks, the man in the middle' 1 'somebody I do not know' "$TMP/client39" -a /tmp/pki/ca.pem -n www.example 127.0.0.1 8643
if have curl 'curl and the man in the middle'; then
	curls 'the man in the middle, -k' $'Your balance: 1234 apples\nstatus 0' -k --resolve www.example:8643:127.0.0.1 https://www.example:8643/
	curls 'the man in the middle, checked' 'status 60' --cacert /tmp/pki/ca.pem --resolve www.example:8643:127.0.0.1 https://www.example:8643/
fi
end 'the man in the middle'

# ---- a browser ----

begin 8445 "$TMP/server38" -c "$pki/www.pem" 127.0.0.1 8445
begin 8446 "$TMP/wss" "$pki/www.pem" 8446
begin 8447 "$TMP/wss" "$pki/www.pem" 8447 60000 # pushes nothing while we look
# browse NAME REGEX URL WORDS...: what the page is when its scripts have run
browse() {
	local name=$1 wanted=$2 address=$3
	shift 3
	HOME=$TMP timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$TMP/chromium" --dump-dom \
		--disable-dev-shm-usage "$@" "$address" >"$TMP/dom" 2>"$TMP/chromium.log"
	has "$name" "$wanted" "$(cat "$TMP/dom")"
}
# shows NAME PORT REGEX BARS: when the page has said that on its console, its picture has so many bars of the
# colours that lab 37's page has for a push, an open connection and a closed one.
shows() {
	rm -f "$TMP/chromium.log"
	HOME=$TMP chromium --headless --no-sandbox --disable-gpu --user-data-dir="$TMP/chromium" --disable-dev-shm-usage \
		--remote-debugging-port=0 --enable-logging=stderr --window-size=500,600 "${trusted[@]}" "https://localhost:$2/" \
		>"$TMP/chromium.log" 2>&1 &
	peers+=($!)
	wait_until 40 grep -qs "$3" "$TMP/chromium.log" || not_ok "$1" "$(tail -n 3 "$TMP/chromium.log")"
	if "$PYTHON" -c 'import websockets' 2>/dev/null; then
		run "$PYTHON" tests/e2e/tls/screen.py "$TMP/chromium.log" "$TMP/screen$2.png" limegreen=32cd32 gold=ffd700 silver=c0c0c0
		is "$1: on the screen" "$4 " "$out $err"
	else
		skip "$1: on the screen" 'there is no python3-websockets'
	fi
	stop "${peers[-1]}"
}
if have chromium 'a browser'; then
	key=$(openssl x509 -in "$pki/www.pem" -noout -pubkey | openssl pkey -pubin -outform der |
		openssl dgst -sha256 -binary | base64)
	trusted=(--ignore-certificate-errors-spki-list="$key")
	browse 'a browser that knows nothing of us shows nothing' '^$' https://localhost:8445/
	has 'and says why: our authority' 'net_error -202' "$(cat "$TMP/chromium.log")"
	browse 'a browser, over HTTPS' 'Hello World!' https://localhost:8445/ "${trusted[@]}"
	# it stays until it is told to go: the page closes when it has heard five messages, and says so
	shows 'a browser over wss' 8446 'closed with' 'limegreen 4, gold 0, silver 1'
	shows 'a browser over wss, and nothing is pushed' 8447 'CONSOLE.*"from the page' 'limegreen 0, gold 1, silver 0'
	browsed=yes
fi

# ---- the same wire, told by two ----

end_capture
if [ -n "${browsed-}" ]; then
	"$TRACE" -r "$capture" --keylog "$SSLKEYLOGFILE" -q -o json 'tcp port 8446' >"$TMP/wss.json"
	# shellcheck disable=SC2016 # jq's own variables
	is 'a browser over wss: four pushes, a word of its own and its echo, and a clean end' '4 2 1000 1000' "$(jq -rs '
		def text: [.fields[]? | select(.[0] == "websocket.payload.text" or .[0] == "websocket.payload")[1]] | join("");
		[.[] | select(.event == "message" and .protocol == "websocket")] as $m |
		([$m[] | select(.kind == "text" and (text | startswith("push ")))] | length),
		([$m[] | select(.kind == "text" and (text | startswith("from the page")))] | length),
		($m[] | select(.kind == "close") | .fields[] | select(.[0] == "websocket.payload.close.status_code")[1])' \
		"$TMP/wss.json" | xargs)"
fi
if have tshark 'tshark tells the same'; then
	timeout 120 "$PYTHON" tests/e2e/tls/agree.py "$TRACE" "$capture" "$TMP/keys" >"$TMP/agree" 2>&1
	is 'we and tshark tell the same, at least 99.5 % of it' 0 $?
	sed 's/^/    /' "$TMP/agree"
fi
finish
