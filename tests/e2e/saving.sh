#!/usr/bin/env bash
# What -w writes: copies of pcapng with all that they say of themselves, TLS secrets, several files as
# tcpdump names them, the last frames in memory; and the pictures and tables of -o.
# shellcheck disable=SC2016 # what stands in single quotes is for another shell
. tests/e2e/lib.sh
captures=tests/golden/captures
hello=$captures/close_three.pcap

need() { # PROGRAM: is it there? (else the tests that need it are skipped)
	command -v "$1" >/dev/null && return
	skip "$2" "$1 is not installed"
	return 1
}

# ---- comments ----

"$TRACE" -r "$hello" -w "$TMP/a.pcapng" 2>/dev/null
"$TRACE" -r "$TMP/a.pcapng" -w "$TMP/b.pcapng" 2>/dev/null
if need tshark 'tshark shows the comments'; then
	comments() {
		tshark -r "$1" -T fields -e frame.comment 2>/dev/null
	}
	is 'each frame has its explanation as comment' 10 "$(comments "$TMP/a.pcapng" | grep -c '[a-z]')"
	has 'the first says what a SYN is' '^SYN: the client asks to open a connection' "$(comments "$TMP/a.pcapng" | head -n 1)"
	is 'a copy of the copy does not say it twice' "$(comments "$TMP/a.pcapng" | cksum)" \
		"$(comments "$TMP/b.pcapng" | cksum)"
	"$TRACE" -r "$hello" -q -w "$TMP/q.pcapng" 2>/dev/null
	"$TRACE" -r "$captures/http.pcap" -o none -w "$TMP/http.pcapng" 2>/dev/null
	is 'messages are named in the frame that completes them' '6:http: GET /hello HTTP/1.1' \
		"$(tshark -r "$TMP/http.pcapng" -T fields -e frame.number -e frame.comment -Y 'frame.comment contains "/hello HTTP"' \
			2>/dev/null | sed 's/\t.*\\nhttp: /:http: /')"
	is 'two in one frame have a line each' 1 "$(comments "$TMP/http.pcapng" | grep -c '\\nhttp: GET /list HTTP/1.1\\nhttp: GET /more')"
	"$TRACE" -r "$captures/http.pcap" --no-messages -w "$TMP/none.pcapng" 2>/dev/null
	is '--no-messages leaves them out' 0 "$(comments "$TMP/none.pcapng" | grep -c 'http: ')"
	is '-q leaves the comments out' 0 "$(comments "$TMP/q.pcapng" | grep -c '[a-z]')"
	editcap -a '1:by hand' --capture-comment 'of the whole' "$hello" "$TMP/hand.pcapng"
	"$TRACE" -r "$TMP/hand.pcapng" -w "$TMP/hand2.pcapng" 2>/dev/null
	has "a frame's own comment stays beside ours" '^SYN: .*by hand' "$(comments "$TMP/hand2.pcapng" | head -n 1)"
	info=$(capinfos "$TMP/hand2.pcapng")
	has "the section's own comment stays" 'comment: *of the whole' "$info"
	has 'and ours says what made it' 'comment: *Made by wirelab-trace' "$info"
	has 'capinfos counts the frames' 'Number of packets: *10$' "$info"
fi

# ---- TLS secrets ----

tls() {
	in_namespace bash -c '
		. tests/e2e/lib.sh
		cd "$1" || exit
		ip link set lo up
		openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 1 -subj /CN=localhost 2>/dev/null
		openssl s_server -accept 4433 -cert c.pem -key k.pem -www -quiet >/dev/null 2>&1 &
		server=$!
		"$TRACE" -i lo -o json -q -w tls.pcapng tcp port 4433 >tls.json 2>/dev/null &
		tracer=$!
		wait_until 20 grep -qs started tls.json
		listens() { ss -Hltn "sport = :4433" | grep -q .; }
		wait_until 20 listens
		printf "GET / HTTP/1.0\r\n\r\n" | timeout 20 openssl s_client -connect 127.0.0.1:4433 -keylogfile keys.log \
			-ign_eof -quiet >/dev/null 2>&1
		kill -INT $tracer
		wait $tracer
		kill $server' - "$1" >/dev/null 2>&1
}
decrypted() {
	timeout 20 tshark -r "$1" -d tcp.port==4433,tls -Y http.request 2>/dev/null | grep -c 'GET /'
}
if need openssl 'TLS secrets' && need tshark 'TLS secrets' && in_namespace true 2>/dev/null; then
	tls "$TMP"
	editcap --inject-secrets "tls,$TMP/keys.log" "$TMP/tls.pcapng" "$TMP/secret.pcapng"
	"$TRACE" -r "$TMP/secret.pcapng" -w "$TMP/copy.pcapng" -o text >"$TMP/copy.txt"
	is 'without secrets nothing is decrypted' 0 "$(decrypted "$TMP/tls.pcapng")"
	is 'with them it is' 1 "$(decrypted "$TMP/secret.pcapng")"
	is 'and so is what went through us' 1 "$(decrypted "$TMP/copy.pcapng")"
	secret=$(awk '!/^#/ { print $3; exit }' "$TMP/keys.log")
	is 'secrets are never printed' 0 "$(grep -c "${secret:0:32}" "$TMP/copy.txt")"
fi

# ---- several files ----

"$TRACE" -r "$hello" -w "$TMP/once.pcap" 2>/dev/null
{ # 30,000 frames, 2.6 MB
	head -c 24 "$TMP/once.pcap"
	for _ in {1..3000}; do tail -c +25 "$TMP/once.pcap"; done
} >"$TMP/big.pcap"
mkdir "$TMP/ours" "$TMP/theirs"
if need tcpdump 'files of -C are those of tcpdump'; then
	[ "$(id -u)" -eq 0 ] && as_root=(-Z root)
	for rotation in '-C 1' '-C 1 -W 2' '-C 1 -W 20' '-C 1 -W 1'; do
		rm -f "$TMP"/ours/* "$TMP"/theirs/*
		# The rotation is a list of words.
		# shellcheck disable=SC2086
		tcpdump "${as_root[@]}" --time-stamp-precision=nano -r "$TMP/big.pcap" -w "$TMP/theirs/x.pcap" $rotation 2>/dev/null
		# shellcheck disable=SC2086
		"$TRACE" -q -r "$TMP/big.pcap" -w "$TMP/ours/x.pcap" $rotation 2>/dev/null
		is "$rotation: names and sizes are those of tcpdump" "$(cd "$TMP/theirs" && wc -c -- *)" \
			"$(cd "$TMP/ours" && wc -c -- *)"
	done
fi
rm -f "$TMP"/ours/*
"$TRACE" -q -r "$TMP/big.pcap" -w "$TMP/ours/y.pcapng" -C 1 2>/dev/null
n=0
for file in "$TMP"/ours/*; do
	n=$((n + $("$TRACE" -r "$file" -o json -q | grep -c '"segment"')))
done
is 'files of -C have all frames between them' 30000 "$n"
rm -f "$TMP"/ours/*
TZ=UTC "$TRACE" -q -r "$hello" -w "$TMP/ours/%Y%m%d-%H%M%S.pcap" -G 10 2>/dev/null
is '-G names files by the time of their frames' 20231114-221320.pcap "$(ls "$TMP/ours")"

refused() { # NAME REGEX ARGUMENT...
	local name=$1 regex=$2
	shift 2
	run "$TRACE" "$@"
	is "$name: status 2" 2 "$status"
	has "$name: the message tells" "$regex" "$err"
}
refused '-C without -w' 'need -w' -r "$hello" -C 1
refused '-C with .ndjson' 'captures' -r "$hello" -C 1 -w "$TMP/x.ndjson"
refused '--ring with a file' 'live' -r "$hello" --ring 1 -w "$TMP/x.pcap"
refused '-C into a folder that is not there' 'No such file' -r "$hello" -C 1 -w "$TMP/absent/x.pcap"

# ---- live ----

live() {
	in_namespace bash -c '
		. tests/e2e/lib.sh
		cd "$1" || exit
		ip link set lo up
		"$TRACE" -i any -o json -q --ring 1 -w ring.pcap >ring.json 2>/dev/null &
		ring=$!
		"$TRACE" -i lo -o json -q -G 1 -W 2 -w turn-%s.pcap >turn.json 2>/dev/null &
		turn=$!
		wait_until 20 grep -qs started ring.json
		wait_until 20 grep -qs started turn.json
		(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null
		wait_until 20 grep -qs RST ring.json
		kill -USR1 $ring
		wait_until 20 grep -qs statistics ring.json
		for _ in 1 2 3; do
			(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null
			sleep 1.1
		done
		kill -INT $ring
		wait $ring
		echo "ring $?"
		wait $turn
		echo "turn $?"' - "$1" 2>&1
}
if in_namespace true 2>/dev/null; then
	mkdir "$TMP/live"
	is 'a ring ends with a signal, -G -W by itself' 'ring 0 turn 0' "$(live "$TMP/live" | xargs)"
	count() {
		"$TRACE" -r "$1" -o json -q | grep -c '"segment"'
	}
	is 'SIGUSR1 writes what the ring holds' 2 "$(count "$TMP/live/ring.pcap")"
	is 'the end writes it again, to the next file; -i any has each frame once' 8 "$(count "$TMP/live/ring.pcap1")"
	is '-G 1 -W 2 makes two files' 2 "$(find "$TMP/live" -name 'turn-*.pcap' | wc -l)"
else
	skip 'live capture' 'namespaces are forbidden here'
fi

# ---- forms ----

"$TRACE" -r "$captures/timeout.pcap" -o svg >"$TMP/a.svg"
is 'svg is one picture' '1 1' "$(grep -c '^<svg ' "$TMP/a.svg") $(grep -c '^</svg>$' "$TMP/a.svg")"
if need xmllint 'svg is well-formed'; then
	for capture in "$captures"/*; do
		"$TRACE" -r "$capture" -o svg 2>/dev/null | xmllint --noout - 2>/dev/null || not_ok "svg of ${capture##*/}"
	done
	ok 'svg of every golden capture is well-formed'
fi
is 'csv has a line a connection' 2 "$("$TRACE" -r $captures/port_reuse.pcap -o csv | grep -c '^[0-9]')"
has 'mermaid is a sequence diagram' '^ +client0->>server0: .* SYN seq=0' "$("$TRACE" -r "$hello" -o mermaid)"

nothing_left 'nothing is left running'
finish
