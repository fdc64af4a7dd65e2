"""Frames that no library would send, in both directions: websocket_bad.py PORT."""
import base64
import hashlib
import socket
import sys
import threading

port = int(sys.argv[1])
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

from_server = [
    b"\x81\x82\0\0\0\0hi",  # a mask
    b"\xb1\x02hi",  # reserved bits
    b"\x83\x01x",  # a reserved opcode
    b"\x09\x01x",  # a control frame in fragments
    b"\x80\x01x",  # a continuation of nothing
    b"\x82\x7e\x00\x01x",  # a length in a longer form
    b"\x81\x02\xc3\x28",  # no UTF-8
    b"\x01\x01\xe2\x80\x01x",  # no UTF-8, over fragments
    b"\x88\x02\x03\xee",  # 1006
]
from_client = [
    b"\x81\x02hi",  # no mask
    b"\x88\x80\0\0\0\0",
    b"\x81\x81\0\0\0\0x",  # behind the close
]


def serve(listener, proof):
    peer, _ = listener.accept()
    with peer:
        peer.recv(4096)
        peer.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + proof + b"\r\n\r\n"
        )
        for frame in from_server:
            peer.sendall(frame)
        while peer.recv(4096):
            pass


def converse(proof):
    with socket.create_server(("127.0.0.1", port)) as listener:
        server = threading.Thread(target=serve, args=(listener, proof))
        server.start()
        with socket.create_connection(("127.0.0.1", port)) as s:
            s.sendall(
                f"GET /bad HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
            )
            want = len(b"".join(from_server))
            got = s.recv(4096).partition(b"\r\n\r\n")[2]
            while len(got) < want:
                got += s.recv(4096)
            for frame in from_client:
                s.sendall(frame)
        server.join()


good = base64.b64encode(hashlib.sha1((KEY + GUID).encode()).digest())
converse(good)
converse(good[::-1])
