#!/usr/bin/env bash
# WebSocket, SMTP and FTP between real peers (python3-websockets, smtplib, ftplib, curl), captured by
# us, told by us and by tshark: they agree message by message; what is wrong with a message is named.
# once: it needs no privilege, and says the same with one
. tests/e2e/lib.sh
needs tshark curl ip
"$PYTHON" -c 'import websockets' 2>/dev/null || skip_all 'python3-websockets is not installed'
in_namespace true 2>/dev/null || skip_all 'namespaces are not allowed here'

in_namespace timeout -k 5 300 tests/e2e/dialogues/record "$TMP" >"$TMP/record.out" 2>&1
is 'the peers are content' '' "$(cat "$TMP/record.out")"

# agrees NAME PROTOCOL [PORT]: at least 99.5 % of what both tell of NAME.pcap is the same.
agrees() {
	"$TRACE" -r "$TMP/$1.pcap" -o json >"$TMP/$1.json" || return
	"$PYTHON" tests/e2e/dialogues/agree.py "$2" "$TMP/$1.pcap" "$TMP/$1.json" "${@:3}" >"$TMP/$1.agree" 2>&1
	cat "$TMP/$1.agree"
	agree "$1" "$TMP/$1.agree"
}

agrees websocket websocket
agrees smtp smtp
agrees ftp ftp
agrees ftp6 ftp

# The traffic of our labs: agrees_in_lab NN PROTOCOL PORT VARIANT... (- is the plain run)
agrees_in_lab() {
	local lab=$1 protocol=$2 port=$3 variant words
	shift 3
	for variant; do
		words=("$lab")
		[ "$variant" = - ] || words+=("$variant")
		run "$WIRELAB" run "${words[@]}" -q --save "$TMP/lab$lab$variant.pcap"
		is "lab ${words[*]} runs" 0 "$status"
		agrees "lab$lab$variant" "$protocol" "$port"
	done
}
agrees_in_lab 37 websocket 8080 - pieces unmasked no-utf8 gone
agrees_in_lab 40 ftp 2121 - active several bounce
agrees_in_lab 40 smtp 2121 smtp smtp-early

# names NAME TROUBLE...: the troubles of NAME.pcap.
names() {
	local name=$1 trouble told
	shift
	told=$("$TRACE" -r "$TMP/$name.pcap" -o text)
	for trouble; do
		has "$name: $trouble" " !$trouble" "$told"
	done
	told=$("$TRACE" -r "$TMP/$name.pcap" -o text | LC_ALL=C tr -d '\n' | LC_ALL=C grep -c '[[:cntrl:]]')
	is "$name: no control byte reaches the terminal" 0 "$told"
}
names websocket "a client's frame without a mask" "a server's frame with a mask" 'reserved bits' \
	'an opcode that is reserved' 'a control frame in fragments' 'a continuation of nothing' \
	'its length in a longer form' 'text that is not UTF-8' 'a close code that nobody may send' \
	'a frame behind the close frame' "Sec-WebSocket-Accept does not belong to the client's key"
names smtp 'commands came before this greeting' 'lines that end in LF alone'
names ftp 'an FTP bounce' 'PORT without six numbers'

is 'WebSocket: nothing is wrong with what real peers say' 0 \
	"$(grep '"tcp.stream":[0-3],' "$TMP/websocket.json" | grep -c '"trouble"')"
told=$("$TRACE" -r "$TMP/smtp.pcap" -o text)
is 'SMTP: no secret is shown' 0 "$(grep -cE 'AGFubgBzZWNyZXQ|c2VjcmV0' <<<"$told")"
has 'SMTP: but that others can read it is said' 'base64 hides nothing' "$told"

if [ -s "$TMP/starttls.pcap" ]; then
	told=$("$TRACE" -r "$TMP/starttls.pcap" -o text)
	has 'STARTTLS: asked for and granted' 'smtp server #0 response: 220 2.0.0 go on in TLS' "$told"
	has 'STARTTLS: from there on it is TLS' 'tls client #0 client_hello' "$told"
	is 'STARTTLS: nothing of SMTP behind it' 0 "$(sed '1,/ response: .* go on in TLS/d' <<<"$told" | grep -c ' smtp ')"
else
	skip 'STARTTLS' 'openssl is not installed'
fi
finish
