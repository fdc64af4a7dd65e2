#!/usr/bin/env bash
# Lab 37 and other people's programs: Python's websockets both ways, a browser that shows the page,
# clients that are wrong on purpose. Then whether wirelab-trace and tshark see the same frames.
# once: it needs no privilege, and says the same with one
. tests/e2e/web_lib.sh
"$PYTHON" -c 'import websockets' 2>/dev/null || skip_all "needs python3-websockets"

compared=$(command -v tshark && command -v jq) || compared=''
if [ -n "$compared" ]; then
	capture "$TMP/talk.pcap" 'tcp port 8037 or tcp port 8039'
fi
begin 8037 "$WEBSOCKET/server" -p 50 -i 3000 -t 2000 127.0.0.1 8037
server=$peer

# ---- Python at our server ----

cat >"$TMP/talk.py" <<'END'
import asyncio, sys, websockets

async def main(uri):
    async with websockets.connect(uri, compression=None) as ws:
        await ws.send('grüß dich')
        await ws.send(b'\x00\xff' * 4000)
        await ws.send(['in ', 'three ', 'pieces'])
        heard, pushes = [], 0
        while len(heard) < 3 or pushes < 3:
            message = await ws.recv()
            if isinstance(message, str) and message.startswith('push '):
                pushes += 1
            else:
                heard.append(message)
        print('echo', heard == ['grüß dich', b'\x00\xff' * 4000, 'in three pieces'])
        await asyncio.wait_for(await ws.ping(b'are you there?'), 20)
        print('pong True')
    print('closed', ws.close_code)

asyncio.run(main(sys.argv[1]))
END
out=$(timeout 30 "$PYTHON" "$TMP/talk.py" ws://127.0.0.1:8037/push 2>&1)
is "Python's client: an echo, a pong, a goodbye" 'echo True pong True closed 1000' "$(paste -sd' ' <<<"$out")"

cat >"$TMP/many.py" <<'END'
import asyncio, sys, websockets

async def one(uri, i):
    async with websockets.connect(uri, compression=None) as ws:
        await ws.send('client %d' % i)
        heard = [await ws.recv() for _ in range(4)]
        return ('client %d' % i) in heard and 'push 1' in heard

async def main(uri):
    results = await asyncio.gather(*[one(uri, i) for i in range(200)], return_exceptions=True)
    print(sum(r is True for r in results))

asyncio.run(main(sys.argv[1]))
END
is "Python's clients: two hundred at a time" 200 "$(timeout 60 "$PYTHON" "$TMP/many.py" ws://127.0.0.1:8037/push 2>&1 | tail -n 1)"
cat >"$TMP/silent.py" <<'END'
import asyncio, sys, time, websockets

async def main(uri):
    async with websockets.connect(uri, compression=None, ping_interval=None) as ws:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            await ws.recv()
        print('still there')

asyncio.run(main(sys.argv[1]))
END
is 'one that only listens, for longer than silence is allowed: its pongs count' 'still there' \
	"$(timeout 20 "$PYTHON" "$TMP/silent.py" ws://127.0.0.1:8037/push 2>&1 | tail -n 1)"
is 'and a page beside them, on the same port' '<title>Lab 37</title>' "$(curl -s http://127.0.0.1:8037/ | grep title)"

# ---- our client at Python's server ----

cat >"$TMP/serve.py" <<'END'
import asyncio, sys, websockets

async def talk(ws, path=None):
    async for message in ws:
        await ws.send(message)
        await ws.send(['news ', 'in ', 'pieces'])
        await ws.ping(b'still there?')

async def main():
    async with websockets.serve(talk, '127.0.0.1', int(sys.argv[1]), compression=None):
        await asyncio.Future()

asyncio.run(main())
END
begin 8039 "$PYTHON" "$TMP/serve.py" 8039
out=$(echo 'hello, snake' | timeout 20 "$WEBSOCKET/client" -n 2 127.0.0.1 8039)
is "our client at Python's server: ends with 0" 0 $?
has "our client at Python's server: its echo" '^Heard 12 bytes: hello, snake' "$out"
has "our client at Python's server: the goodbye comes back" '^The server closes with 1000' "$out"
has "our client at Python's server: and then its FIN" '^The server has closed the connection' "$out"
out=$(echo 'one message in three frames' | timeout 20 "$WEBSOCKET/client" -f 1 -n 1 127.0.0.1 8039)
has 'our client, in pieces: its echo is whole' '^Heard 27 bytes: one message in three frames' "$out"
out=$(echo 'x' | timeout 20 "$WEBSOCKET/client" -u 1 127.0.0.1 8039)
has "our client without a mask, at Python's server: 1002" '^The server closes with 1002' "$out"
out=$(echo 'x' | timeout 20 "$WEBSOCKET/client" -x 1 127.0.0.1 8039)
has "our client without UTF-8, at Python's server: 1007" '^The server closes with 1007' "$out"
out=$(timeout 20 "$WEBSOCKET/client" 127.0.0.1 8037 </dev/null)
has 'our client at our server' '^The server closes with 1000' "$out"
begin 8043 "$LABS/36-http11/server" 127.0.0.1 8043
out=$(timeout 20 "$WEBSOCKET/client" 127.0.0.1 8043 </dev/null)
is 'our client at a server that speaks no WebSocket: ends with 1' 1 $?
has 'and says why' '^Status 404; the answer to my key is missing' "$out"

# ---- a browser ----

browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -n "$browser" ]; then
	HOME=$TMP "$browser" --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
		--user-data-dir="$TMP/browser" --remote-debugging-port=0 --enable-logging=stderr --disable-background-networking \
		http://127.0.0.1:8037/ 2>"$TMP/browser.log" &
	browser=$!
	peers+=("$browser")
	wait_until 40 grep -qs 'closed with' "$TMP/browser.log"
	stop "$browser" 2>/dev/null
	out=$(grep -oE 'CONSOLE.*"' "$TMP/browser.log" || cat "$TMP/browser.log")
	has 'browser: the WebSocket of the page is open' '"open"' "$out"
	has 'browser: its words come back' '"from the page: grüß dich"' "$out"
	has 'browser: the server speaks first' '"push 1"' "$out"
	has 'browser: again and again' '"push 4"' "$out"
	has 'browser: a clean goodbye' '"closed with 1000, clean: true"' "$out"
else
	skip 'browser' 'there is no chromium'
fi
[ -z "$compared" ] || end_capture

# ---- clients that are wrong on purpose ----

key='Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
upgrade='GET /push HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
version='Sec-WebSocket-Version: 13\r\n'
zero='\0\0\0\0' # a mask that changes nothing

# answers CODE NAME FRAMES...: after a handshake; the server says that code (in hexadecimal) in a close
# frame, and closes the connection.
answers() {
	local code=$1 name=$2 got
	shift 2
	# shellcheck disable=SC2059 # it is a format: its backslashes are bytes
	got=$(printf "$upgrade$key$version\r\n$*" | raw 8037 | tail -c +1 | xxd -p | tr -d '\n')
	is "hostile: $name" "close 8802$code" "close $(grep -oE '8802(03e8|03e9|03ea|03ef|03f1)$' <<<"$got")$(grep -o '4e4f5420' <<<"$got")"
}

if command -v xxd >/dev/null; then
	answers 03ea 'a frame without a mask: 1002' '\x81\x02hi'
	answers 03ea 'a reserved bit: 1002' "\xc1\x82${zero}hi"
	answers 03ea 'an opcode that is not there: 1002' "\x83\x82${zero}hi"
	answers 03ea 'a ping in pieces: 1002' "\x09\x82${zero}hi"
	answers 03ea 'a ping of 126 bytes: 1002' "\x89\xfe\x00\x7e${zero}"
	answers 03ea 'a continuation of nothing: 1002' "\x80\x82${zero}hi"
	answers 03ea 'a message inside a message: 1002' "\x01\x82${zero}hi\x81\x82${zero}hi"
	answers 03ea 'a length in more bytes than need be: 1002' "\x81\xfe\x00\x02${zero}hi"
	answers 03ea 'a length below zero: 1002' "\x81\xff\xff\0\0\0\0\0\0\0${zero}"
	answers 03ea 'a goodbye of one byte: 1002' "\x88\x81${zero}a"
	answers 03ea 'a goodbye with a code that nobody may say: 1002' "\x88\x82${zero}\x03\xed"
	answers 03ef 'a goodbye whose reason is no UTF-8: 1007' "\x88\x83${zero}\x03\xe8\xff"
	answers 03ef 'a text that is no UTF-8: 1007' "\x81\x82${zero}\xc0\xaf"
	answers 03ef 'nor its pieces together: 1007' "\x01\x81${zero}\xc3\x80\x81${zero}A"
	answers 03f1 'a frame of four gigabytes: 1009' "\x82\xff\0\0\0\x01\0\0\0\0${zero}hi"
	answers 03f1 'a message of too many frames: 1009' "\x02\xfe\x40\x00${zero}$(head -c 16384 /dev/zero | tr '\0' a)\x80\x81${zero}a"
	answers 03e8 'a goodbye: the same code back' "\x88\x82${zero}\x03\xe8"
	answers 03e9 'half a frame, and then nothing: 1001 in the end' "\x81\x85${zero}he"
	got=$(printf "%b" "$upgrade$key$version\r\n\x01\x82${zero}\xc3\xbc\x89\x81${zero}?\x80\x81${zero}!\x88\x80${zero}" | raw 8037 | xxd -p | tr -d '\n')
	has 'pieces with a ping among them: a pong, the whole, a goodbye without code' '8a013f.*8103c3bc21.*8800$' "$got"
else
	skip 'hostile frames' 'there is no xxd'
fi

# refused STATUS NAME LINES: as a handshake
refused() {
	is "hostile: $2: $1" "$1" "$(status_of "$(printf '%b' "$3" | raw 8037)")"
}
refused 426 'no upgrade' 'GET /push HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
refused 426 'version 8' "$upgrade${key}Sec-WebSocket-Version: 8\r\nConnection: close\r\n\r\n"
refused 400 'no key' "$upgrade${version}Connection: close\r\n\r\n"
refused 400 'a short key' "$upgrade${version}Sec-WebSocket-Key: abc\r\nConnection: close\r\n\r\n"
refused 405 'a POST' "POST /push HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
is 'and after all that it serves' '<title>Lab 37</title>' "$(curl -s http://127.0.0.1:8037/ | grep title)"

# one that does not read what it is told: its news are not piled up
{
	exec 5<>/dev/tcp/127.0.0.1/8037
	printf '%b' "$upgrade$key$version\r\n" >&5
	for ((i = 0; i < 200; i++)); do
		{ printf '%b' "\x82\xfe\x3f\x00$zero"; head -c 16128 /dev/zero; } >&5 2>/dev/null || break
	done
	exec sleep 30
} &
lazy=$!
wait_until 20 stuck 8037 || not_ok 'one that does not read: much is said to it'
is 'one that does not read: others are served' '<title>Lab 37</title>' "$(curl -s http://127.0.0.1:8037/ | grep title)"
memory=$(awk '/VmHWM/ { print $2 }' "/proc/$server/status")
is 'one that does not read: no memory is spent on it' yes "$([ "$memory" -lt 60000 ] && echo yes || echo "$memory kB")"
kill "$lazy" 2>/dev/null
wait "$lazy" 2>/dev/null

# SIGTERM: everybody is told
timeout 20 "$WEBSOCKET/client" -n 100000 127.0.0.1 8037 >"$TMP/last" </dev/null &
last=$!
wait_until 20 grep -qs 'push 2' "$TMP/last"
stop "$server"
is 'SIGTERM: ends with 0' 0 $?
wait "$last"
has 'SIGTERM: its clients are told 1001' '^The server closes with 1001' "$(cat "$TMP/last")"

# ---- do others see the same? ----

if [ -n "$compared" ]; then
	"$TRACE" -r "$TMP/talk.pcap" -o json 2>"$TMP/trace.err" | jq -r '
		select(.event == "message" and .protocol == "websocket") | [.["tcp.stream"], .from[0:1],
			(.fields | map({(.[0]): .[1]}) | add | (."websocket.opcode", ."websocket.payload_length"))] | join(" ")' |
		sort | uniq -c >"$TMP/ours"
	tshark -r "$TMP/talk.pcap" -d tcp.port==8037,http -d tcp.port==8039,http -Y websocket -T fields -E occurrence=a \
		-E aggregator=, -e tcp.stream -e tcp.dstport -e websocket.opcode -e websocket.payload_length 2>/dev/null |
		awk -F '\t' '{ n = split($3, opcode, ","); split($4, len, ",")
			for (i = 1; i <= n; i++) print $1, ($2 == 8037 || $2 == 8039 ? "c" : "s"), opcode[i], len[i] }' |
		sort | uniq -c >"$TMP/theirs"
	all=$(awk '{ n += $1 } END { print n + 0 }' "$TMP/theirs")
	differ=$(diff "$TMP/ours" "$TMP/theirs" | awk '/^[<>]/ { n += $2 } END { print n + 0 }')
	echo "agreement with tshark: $((all - differ)) of $all frames, by connection, side, opcode and length"
	if [ "$all" -gt 500 ] && [ $((differ * 200)) -le "$all" ]; then
		ok 'the tracer and tshark see the same frames (99.5 %)'
	else
		not_ok 'the tracer and tshark see the same frames (99.5 %)' "$(diff "$TMP/ours" "$TMP/theirs")"
	fi
else
	skip 'agreement with tshark' 'needs tshark and jq'
fi
finish
