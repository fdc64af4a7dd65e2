#!/usr/bin/python3
"""Bad clients for the TLS servers of labs 38 and 39, and a crowd of good ones: hostile.py PORT CA.
Prints one line a thing that is not as it should be; nothing when all is well."""
import os
import socket
import ssl
import struct
import sys
import threading
import time

PORT, CA = int(sys.argv[1]), sys.argv[2]


def connect():
    s = socket.create_connection(("127.0.0.1", PORT), timeout=15)
    return s


def context():
    c = ssl.create_default_context(cafile=CA)
    return c


def ask(sock):
    sock.sendall(b"GET / HTTP/1.1\r\nHost: www.example\r\nConnection: close\r\n\r\n")
    got = b""
    while True:
        piece = sock.recv(4096)
        if not piece:
            return got
        got += piece


def good(name):
    """A client as it should be is served, to the close_notify."""
    try:
        with context().wrap_socket(connect(), server_hostname="www.example", suppress_ragged_eofs=False) as s:
            if b"200 OK" not in ask(s):
                print(name, "no answer for a good client")
    except OSError as error:
        print(name, "a good client:", error)


def rest(sock):
    """What the server says until it closes: bytes, or how it went."""
    got = b""
    try:
        while True:
            piece = sock.recv(4096)
            if not piece:
                return got
            got += piece
    except ConnectionResetError:
        return got + b"<reset>"
    except TimeoutError:
        return got + b"<timeout>"


def hello():
    """A real ClientHello, as a record."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    c = context()
    o = c.wrap_bio(incoming, outgoing, server_hostname="www.example")
    try:
        o.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def alerts(name, said, wanted):
    """The server answers with a fatal alert in the clear, or closes; never with a RST that eats it."""
    s = connect()
    s.sendall(said)
    s.shutdown(socket.SHUT_WR)
    got = rest(s)
    s.close()
    if got.endswith(b"<reset>") or got.endswith(b"<timeout>"):
        print(name, "ends with", got[-20:])
    elif got and (len(got) != 7 or got[0] != 21 or got[5:7] not in [bytes([2, w]) for w in wanted]):
        print(name, "no alert of", wanted, "but", got[:40])
    elif not got and name not in UNWORTHY:
        print(name, "no alert of", wanted)


# What is no TLS at all may be left without an answer.
UNWORTHY = ("garbage", "random bytes", "SSL 2.0")


def bad_beginnings():
    h = hello()
    alerts("garbage", b"garbage garbage garbage\r\n\r\n", (70, 10, 22))  # its bytes 1 and 2 are no version
    alerts("random bytes", bytes([255]) * 3000, (70, 10, 22))
    alerts("a record that is too long", b"\x16\x03\x01\xff\xff" + b"x" * 100, (22, 70))
    for name, said in ("a record of nothing", b"\x16\x03\x01\x00\x00"), ("a ClientHello cut short", h[:50]), \
            ("five bytes", h[:5]), ("nothing", b""):
        alerts(name, said, (50, 10))  # the end comes in the middle
    alerts("an unknown message", b"\x16\x03\x01\x00\x04\x63\x00\x00\x00", (10,))
    alerts("a length that lies", h[:6] + b"\x00\x00\x10" + h[9:], (50, 10, 47))
    alerts("data before there are keys", b"\x17\x03\x03\x00\x05hello", (10,))
    alerts("an alert of the client", b"\x15\x03\x03\x00\x02\x02\x28", (10,))
    alerts("SSL 2.0", b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10" + bytes(40), (70, 10, 50, 22, 40))


def plain_http():
    s = connect()
    s.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    got = rest(s)
    if not got.startswith(b"HTTP/1.1 400 ") or got.endswith(b">"):
        print("plain HTTP:", got)


def changed_record():
    """A byte of an encrypted record is another: alert 20, bad_record_mac, and the end."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    o = context().wrap_bio(incoming, outgoing, server_hostname="www.example")
    s = connect()
    while True:
        try:
            o.do_handshake()
            break
        except ssl.SSLWantReadError:
            s.sendall(outgoing.read())
            incoming.write(s.recv(65536))
    s.sendall(outgoing.read())
    o.write(b"GET / HTTP/1.1\r\n\r\n")
    record = bytearray(outgoing.read())
    record[-1] ^= 1
    s.sendall(record)
    incoming.write(rest(s))
    try:
        o.read(100)
        print("a changed record: accepted")
    except ssl.SSLError as error:
        if "BAD_RECORD_MAC" not in str(error).upper():
            print("a changed record:", error)


def big_request():
    """More than a request may have: 431, not silence."""
    with context().wrap_socket(connect(), server_hostname="www.example") as s:
        s.sendall(b"GET / HTTP/1.1\r\nX: " + b"y" * 100000)
        if b" 431 " not in rest(s):
            print("a giant header: not refused")


def slow_handshake(seconds):
    """A byte every second is cut off some time; the others are served meanwhile."""
    s = connect()
    h = hello()
    began = time.time()
    try:
        for byte in h:
            s.sendall(bytes([byte]))
            good("beside a slow one:")
            time.sleep(1)
            s.settimeout(0.01)
            try:
                if s.recv(10) == b"":
                    break
            except TimeoutError:
                pass
            s.settimeout(15)
            if time.time() - began > seconds + 5:
                print("a byte a second: nobody cuts it off")
                break
    except OSError:
        pass


def crowd(n):
    """So many at a time, all connected before the first one asks."""
    socks = [context().wrap_socket(connect(), server_hostname="www.example") for _ in range(n)]
    served = 0
    for s in reversed(socks):
        served += b"200 OK" in ask(s)
        s.close()
    if served != n:
        print("a crowd:", served, "of", n)


slow = threading.Thread(target=slow_handshake, args=(12,))
slow.start()
bad_beginnings()
plain_http()
changed_record()
if len(sys.argv) > 3:
    big_request()
crowd(100)
for i in range(50):  # gone in the middle, again and again
    s = connect()
    s.sendall(hello()[: 1 + i * 5])
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", i % 2, 0))
    s.close()
good("at last:")
slow.join()
