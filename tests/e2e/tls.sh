#!/usr/bin/env bash
# TLS between real peers (openssl, curl, nginx): versions, suites, sessions, client certificates, a
# HelloRetryRequest, refusals; told by us and by tshark with and without the secrets, live and from the
# file: they agree message by message. What we save with secrets, tshark decrypts by itself.
# once: it needs no privilege, and says the same with one
. tests/e2e/lib.sh
needs tshark openssl ip ss
in_namespace true 2>/dev/null || skip_all 'namespaces are not allowed here'

in_namespace timeout -k 5 200 tests/e2e/tls_peers/record "$TMP" >"$TMP/record.out" 2>&1
is 'the peers are content' '' "$(cat "$TMP/record.out")"
is 'the tracers had nothing to complain of' '' "$(cat "$TMP/live.err")"

# agrees NAME EVENTS [KEYS]: at least 99.5 % of what both tell of tls.pcap is the same.
agrees() {
	local name=$1
	shift
	timeout 100 "$PYTHON" tests/e2e/tls_peers/agree.py "$TMP/tls.pcap" "$@" >"$TMP/$name.agree" 2>&1
	cat "$TMP/$name.agree"
	agree "$name" "$TMP/$name.agree"
}

"$TRACE" -r "$TMP/tls.pcap" -o json >"$TMP/wire.json"
agrees 'onlooker' "$TMP/wire.json"
"$TRACE" -r "$TMP/tls.pcap" --keylog "$TMP/keys" -o json >"$TMP/keys.json"
agrees 'with keys' "$TMP/keys.json" "$TMP/keys"
is 'live, with a key log that grows, the same is decrypted' \
	"$(grep -c '"decrypted":true' "$TMP/keys.json")" "$(grep -c '"decrypted":true' "$TMP/live.json")"

# ---- what has to be among it ----

told=$("$TRACE" -r "$TMP/tls.pcap" --keylog "$TMP/keys" -o text)
for what in 'hello_retry_request: HelloRetryRequest TLS 1.3' \
	'key_update: KeyUpdate, and wants one in return .*decrypted' \
	'end_of_early_data: EndOfEarlyData .*decrypted' \
	'http client #[0-9]+ request: GET /early HTTP/1.0 .*decrypted' \
	'server_hello: ServerHello TLS 1.2, .*, resumes the session' \
	'server_hello: ServerHello TLS 1.3, .*, resumes the session' \
	'certificate: Certificate of C=CH, O=Läb, CN=www.lab.test, signed by C=DE, O=Wirelab Test, CN=Test CA' \
	'Certificate of CN=somebody, emailAddress=some@body.test' \
	'!the certificate has expired' \
	'!the certificate is for another name than the client asked for' \
	'client_hello: .* decrypted\) !a new handshake inside the connection: renegotiation' \
	'alert: Alert: fatal protocol_version' \
	'alert: Alert: fatal handshake_failure' \
	'alert: Alert: fatal certificate_required' \
	'alert: Alert: fatal no_application_protocol' \
	'alert: Alert: warning close_notify .*decrypted'; do
	has "it is told: $what" "$what" "$told"
done
has 'the two sides of a record are told' 'This is what the wire carries: ' "$told"
has 'and what an onlooker learns' 'An onlooker learns' "$(tr -s ' \n' ' ' <<<"$told")"
is 'no control byte reaches the terminal' 0 "$(LC_ALL=C tr -d '\n' <<<"$told" | LC_ALL=C grep -c '[[:cntrl:]]')"

# ---- the secrets in a file ----

decrypted() { # FILE: requests that tshark reads in it, with no key log of its own
	tshark -n -r "$1" -Y 'http.request and tls' 2>/dev/null | wc -l
}
"$TRACE" -r "$TMP/tls.pcap" --keylog "$TMP/keys" -w "$TMP/saved.pcapng" 2>/dev/null
is 'tshark cannot read the capture by itself' 0 "$(decrypted "$TMP/tls.pcap")"
with_keys=$(tshark -n -r "$TMP/tls.pcap" -o "tls.keylog_file:$TMP/keys" -Y 'http.request and tls' 2>/dev/null | wc -l)
is 'tshark decrypts by itself what we save' "$with_keys" "$(decrypted "$TMP/saved.pcapng")"
has 'and there is something' '^[1-9]' "$with_keys"
is 'we read the secrets in the file, too' "$(grep -c '"decrypted":true' "$TMP/keys.json")" \
	"$("$TRACE" -r "$TMP/saved.pcapng" -o json | grep -c '"decrypted":true')"
"$TRACE" -r "$TMP/saved.pcapng" -w "$TMP/copy.pcapng" 2>/dev/null
is 'and a copy has them' "$with_keys" "$(decrypted "$TMP/copy.pcapng")"
run "$TRACE" -r "$TMP/tls.pcap" --keylog "$TMP/none"
is 'a key log that is not there is an error' 2 "$status"
has 'which is told' 'the key log .*none cannot be opened' "$err"
head -c 3000 /dev/urandom >"$TMP/noise"
run "$TRACE" -r "$TMP/tls.pcap" --keylog "$TMP/noise" -o json
is 'a key log that is none does no harm' "$(grep -c '"message"' "$TMP/wire.json") 0" \
	"$(grep -c '"message"' <<<"$out") $status"
finish
