#!/usr/bin/env bash
# The exercises of labs 01 to 06: every right program passes, whatever language and calls it is made of,
# and none that only looks right. (Skeletons and solutions are for all labs alike: make gate.)
# once: a learner, who is no root, is whom it is for
. tests/e2e/exercises_lib.sh

# ---- right ones, in another language ----

cat >"$TMP/mine/01.py" <<'PYTHON'
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
for byte in b"Hello, World!":
    s.send(bytes([byte]))
said = b""
while piece := s.recv(1):
    said += piece
print("Received:", said.decode())
PYTHON
cat >"$TMP/mine/02.py" <<'PYTHON'
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(b"x" * (int(sys.argv[3]) - 1))
print("ack", int(sys.argv[3]) + 1)
PYTHON
cat >"$TMP/mine/03.py" <<'PYTHON'
import socket, sys
failed = 0
for family, kind, protocol, _, address in socket.getaddrinfo(sys.argv[1] or None, sys.argv[2], type=socket.SOCK_STREAM):
    s = socket.socket(family, kind, protocol)
    try:
        s.connect(address)
    except OSError:
        failed += 1
        continue
    s.sendall(b"failed: %d\n" % failed)
    while piece := s.recv(100):
        print(piece.decode())
    break
PYTHON
cat >"$TMP/mine/04.py" <<'PYTHON'
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.sendall(sys.stdin.buffer.read())
s.shutdown(socket.SHUT_WR)
while piece := s.recv(5):
    print(piece.decode(), end="")
PYTHON
cat >"$TMP/mine/05.py" <<'PYTHON'
import socket, sys
for life in 1, 2:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((sys.argv[1], int(sys.argv[2])))
    listener.listen()
    connection, _ = listener.accept()
    connection.sendall(b"life %d" % life)
    connection.close()
    listener.close()
PYTHON
cat >"$TMP/mine/06.py" <<'PYTHON'
import os, signal, socketserver, sys
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        total = 0
        while piece := self.request.recv(4):
            self.request.sendall(piece)
            total += len(piece)
        self.request.sendall(b"%d bytes\n" % total)
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
socketserver.TCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer((sys.argv[1], int(sys.argv[2])), Echo).serve_forever()
PYTHON
for lab in 01 04 05 06; do
	passes "$lab in Python" $lab python3 $lab.py '{host}' '{port}'
done
passes '02 in Python' 02 python3 02.py '{host}' '{port}' 5001
passes '03 in Python' 03 python3 03.py '' '{port}'

# ---- those that only look right ----

misses "01: the lab's own client, which wins the race now and then" 'client recv returns 0' \
	01 "$ROOT/labs/01-hello/client.c"
misses "03: the lab's own client, which does not count" 'data client "failed: 1.n"' \
	03 "$ROOT/labs/03-refused/client.c"
misses "06: the lab's own server, without a last word" 'data server ends "36 bytes.n"' \
	06 "$ROOT/labs/06-echo-loop/server.c"
cat >"$TMP/mine/prints.py" <<'PYTHON'
print("Received: Hello, World!", "ack 5002", "LISTEN ON THE OTHER", "Here I am")
PYTHON
for lab in 01 02 03 04; do
	misses "$lab: only printed" 'handshakes = 1' $lab python3 prints.py
done
sed 's/x" \* (int(sys.argv\[3\]) - 1)/x" * int(sys.argv[3])/' "$TMP/mine/02.py" >"$TMP/mine/02-one-more.py"
misses '02: one byte more' 'data client = 5000' 02 python3 02-one-more.py '{host}' '{port}' 5001
sed '/shutdown/d; /while/,$d' "$TMP/mine/04.py" >"$TMP/mine/04-closes.py"
misses '04: closed, and nobody listens' 'resets = 0' 04 python3 04-closes.py '{host}' '{port}'
cat >"$TMP/mine/05-one-listener.py" <<'PYTHON'
import socket, sys
listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
for life in 1, 2:
    connection, _ = listener.accept()
    connection.sendall(b"life %d" % life)
    connection.close()
PYTHON
misses '05: one life that serves twice' 'server bind returns\[2\]' 05 python3 05-one-listener.py '{host}' '{port}'
cat >"$TMP/mine/05-aborts.py" <<'PYTHON'
import socket, struct, sys, time
for life in 1, 2:
    listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
    connection, _ = listener.accept()
    connection.sendall(b"life %d" % life)
    time.sleep(0.05)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    listener.close()
PYTHON
misses '05: no TIME-WAIT, but a RST' 'resets = 0' 05 python3 05-aborts.py '{host}' '{port}'
finish
