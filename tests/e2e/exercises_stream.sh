#!/usr/bin/env bash
# The exercises of labs 07 to 11: every right program passes, whatever language and calls it is made of,
# and none that only looks right.
# once: a learner, who is no root, is whom it is for
. tests/e2e/exercises_lib.sh
options=(--runs 2)

# server FILE: the body of serve(s) comes from standard input; {file} serves one client after the other.
server() {
	{
		cat <<'HEAD'
import os, signal, socket, struct, sys, time
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
def exactly(s, n):
    got = b""
    while len(got) < n:
        piece = s.recv(n - len(got))
        if not piece:
            return None
        got += piece
    return got
def serve(s):
HEAD
		sed 's/^/    /'
		cat <<'TAIL'
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
while True:
    s, _ = listener.accept()
    serve(s)
    s.close()
TAIL
	} >"$TMP/mine/$1"
}

# ---- 07: the length of each line ----

server 07-file.py <<'PYTHON'
lines = s.makefile("rb")
for line in lines:
    s.sendall(b"%d\n" % (len(line) - 1))
PYTHON
passes '07: line by line' 07 python3 07-file.py '{host}' '{port}'
server 07-end.py <<'PYTHON'
said = b""
while piece := s.recv(7):
    said += piece
for line in said.splitlines():
    s.sendall(b"%d\n" % len(line))
PYTHON
passes '07: all answers at the end' 07 python3 07-end.py '{host}' '{port}'
server 07-recv.py <<'PYTHON'
while piece := s.recv(1024):
    for line in piece.splitlines():
        s.sendall(b"%d\n" % len(line))
PYTHON
misses '07: a line ends with the recv()' 'data server "5.n12.n17.n3.n"' 07 python3 07-recv.py '{host}' '{port}'
misses "07: the lab's own server" 'data server "5.n12.n17.n3.n"' 07 "$ROOT/labs/07-chat/server.c"
server 07-four.py <<'PYTHON'
said = b""
while said.count(b"\n") < 4:
    said += s.recv(100)
s.sendall(b"5\n12\n17\n3\n")
PYTHON
check 07 python3 07-four.py '{host}' '{port}'
is '07: who closes after four lines does not pass every time' fail "$verdict"

# ---- 08: half-closed, and no longer than a second ----

cat >"$TMP/mine/08.py" <<'PYTHON'
import socket, struct, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 1, 0))
s.sendall(b"Hello World!")
s.shutdown(socket.SHUT_WR)
try:
    s.recv(100)
except BlockingIOError:
    sys.exit(1)
PYTHON
passes '08: in Python' 08 python3 08.py '{host}' '{port}'
sed '/shutdown/d' "$TMP/mine/08.py" >"$TMP/mine/08-open.py"
misses '08: not half-closed' 'client FIN before client recv returns timeout' 08 python3 08-open.py '{host}' '{port}'
sed 's/^try:/import time; time.sleep(1); sys.exit(1)/; /recv\|except\|^    /d' "$TMP/mine/08.py" >"$TMP/mine/08-sleep.py"
misses '08: a sleep' 'client recv returns timeout' 08 python3 08-sleep.py '{host}' '{port}'
sed 's/"ll", 1, 0/"ll", 0, 100000/' "$TMP/mine/08.py" >"$TMP/mine/08-hasty.py"
misses '08: too hasty' 'gap client FIN client exits > 700ms' 08 python3 08-hasty.py '{host}' '{port}'

# ---- 09: two messages, two segments ----

server 09-one.py <<'PYTHON'
s.sendall(b"Hello World!\r\n")
time.sleep(0.3)
s.sendmsg([b"Bye", b"\r\n"])
PYTHON
passes '09: one buffer, and sendmsg()' 09 python3 09-one.py '{host}' '{port}'
server 09-cork.py <<'PYTHON'
for message in (b"Hello", b" ", b"World!", b"\r\n"), (b"Bye", b"\r\n"):
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
    for part in message:
        s.send(part)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
    time.sleep(0.3)
PYTHON
passes '09: TCP_CORK' 09 python3 09-cork.py '{host}' '{port}'
server 09-more.py <<'PYTHON'
for part in b"Hello", b" ", b"World!", b"\r\n":
    s.send(part, socket.MSG_MORE)
time.sleep(0.3)
s.send(b"Bye\r\n")
PYTHON
misses '09: MSG_MORE on the last part' 'gap server accept returns server data\[1\] < 150ms' 09 python3 09-more.py '{host}' '{port}'
server 09-joined.py <<'PYTHON'
time.sleep(0.3)
s.sendall(b"Hello World!\r\nBye\r\n")
PYTHON
misses '09: both messages in one' 'data-segments server = 2' 09 python3 09-joined.py '{host}' '{port}'
misses "09: the lab's own server" 'data server "Hello World!.r.nBye.r.n"' 09 "$ROOT/labs/09-byte-by-byte/server.c"

# ---- 10: nobody is reset ----

server 10-drain.py <<'PYTHON'
s.recv(100)
s.sendall(b"No")
s.shutdown(socket.SHUT_WR)
while s.recv(65536):
    pass
PYTHON
passes '10: drained' 10 python3 10-drain.py '{host}' '{port}'
server 10-wait.py <<'PYTHON'
s.recv(100)
s.sendall(b"No")
time.sleep(0.3)
PYTHON
misses '10: a pause, and then close()' 'resets = 0' 10 python3 10-wait.py '{host}' '{port}'
server 10-half.py <<'PYTHON'
s.recv(100)
s.sendall(b"No")
s.shutdown(socket.SHUT_WR)
PYTHON
misses '10: a FIN, and then close()' 'resets = 0' 10 python3 10-half.py '{host}' '{port}'

# ---- 11: each message, however cut ----

server 11.py <<'PYTHON'
while header := exactly(s, 4):
    body = exactly(s, struct.unpack(">I", header)[0])
    s.sendall(header + body if len(body) <= 16 else bytes(4))
PYTHON
passes '11: in Python' 11 python3 11.py '{host}' '{port}'
server 11-end.py <<'PYTHON'
out = b""
while header := exactly(s, 4):
    body = exactly(s, struct.unpack(">I", header)[0])
    out += header + body if len(body) <= 16 else bytes(4)
s.sendall(out)
PYTHON
misses '11: all answers at the end' 'server data before client FIN' 11 python3 11-end.py '{host}' '{port}'
server 11-echo.py <<'PYTHON'
while piece := s.recv(1024):
    s.sendall(piece)
PYTHON
misses '11: an echo' 'client data\[16\] before server data' 11 python3 11-echo.py '{host}' '{port}'
misses "11: the lab's own server" 'data server ".*see you soon"' 11 "$ROOT/labs/11-framing/server.c"

for lab in 07 09 10 11; do
	server nothing.py <<<'print("5", "12", "No", "Hello World!")'
	check $lab python3 nothing.py '{host}' '{port}'
	is "$lab: only printed fails" fail "$verdict"
done
nothing_left 'and nothing is left'
finish
