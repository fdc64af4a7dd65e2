"""hostile.py: what nobody should send by DNS.
    hostile.py answer ADDRESS       a server on port 53 whose answers are wrong in the way that the first
                                    label of the question names; until it is killed
    hostile.py ask ADDRESS          sends bad questions to a good server, and prints what it made of each,
                                    as "ok - ..." and "not ok - ..."
    hostile.py nonsense ADDRESS     sends it 5000 questions of which some bytes are changed
"""
import random
import select
import socket
import struct
import sys
import threading

A, NS, CNAME, IN = 1, 2, 5, 1


def name(text):
    return b"".join(bytes([len(x)]) + x.encode() for x in text.split(".") if x) + b"\0"


def header(number, flags, *counts):
    return struct.pack("!HHHHHH", number, flags, *counts)


def record(owner, kind, data, length=None):
    return owner + struct.pack("!HHIH", kind, IN, 60, len(data) if length is None else length) + data


GOOD, BAD = bytes([192, 0, 2, 1]), bytes([192, 0, 2, 66])
HERE = b"\xc0\x0c"  # the question's name


# ---- bad answers ----

def answers(query, address):
    """What to send for this question over UDP, in order; None for nothing."""
    number = struct.unpack("!H", query[:2])[0]
    end = query.index(b"\0", 12) + 5
    question, kind = query[12:end], query[13:13 + query[12]].decode().lower()
    head = lambda n, flags=0x8400, ns=0, extra=0: header(number, flags, 1, n, ns, extra) + question
    good = head(1) + record(HERE, A, GOOD)
    here = socket.inet_aton(address)
    at = 12 + len(question)
    zone = struct.pack("!H", 0xc000 | 12 + 1 + query[12])  # the question's name without its first label
    if kind.startswith("cut"):
        return [good[:int(kind[3:])]]
    return {
        "good": [good],
        "self": [head(1) + record(struct.pack("!H", 0xc000 | at), A, BAD)],
        "forward": [head(1) + record(struct.pack("!H", 0xc000 | at + 20), A, BAD) + name("x.y") * 3],
        "pingpong": [head(2) + record(struct.pack("!H", 0xc000 | at + 16), A, BAD) +
                     record(struct.pack("!H", 0xc000 | at), A, BAD)],
        "inside": [head(1) + record(HERE, CNAME, struct.pack("!H", 0xc000 | at + 12))],
        "counts": [head(0xffff) + record(HERE, A, GOOD)],
        "length": [head(1) + record(HERE, A, BAD, 4000)],
        "three": [head(1) + record(HERE, A, BAD[:3])],
        "reserved": [head(1) + record(b"\x40abc\0", A, BAD)],
        "longname": [head(1) + record((b"\x3f" + b"x" * 63) * 9 + b"\0", A, BAD)],
        "header": [header(number, 0x8400, 1, 1, 1, 1)],
        "empty": [b""],
        "noise": [bytes(random.Random(7).randrange(256) for _ in range(900))],
        "number": [header(number ^ 1, 0x8400, 1, 1, 0, 0) + question + record(HERE, A, BAD)],
        "other": [header(number, 0x8400, 1, 1, 0, 0) + name("another.bad.test") + question[-4:] + record(HERE, A, BAD)],
        "echo": [query],
        "flood": [header(number ^ i, 0x8400, 1, 1, 0, 0) + question + record(HERE, A, BAD)
                  for i in range(1, 150)] + [good],
        "round": [head(0, 0x8000, 1, 1) + record(zone, NS, name("ns.bad.test")) +
                  record(name("ns.bad.test"), A, here)],
        "upward": [head(0, 0x8000, 1, 1) + record(b"\0", NS, name("ns.bad.test")) +
                   record(name("ns.bad.test"), A, here)],
        "noglue": [head(0, 0x8000, 1, 0) + record(zone, NS, name("noglue.bad.test"))],
        "alias": [head(1) + record(HERE, CNAME, HERE)],
        "refused": [header(number, 0x8005, 0, 0, 0, 0)],
        "tcpend": [head(0, 0x8600)], "tcphalf": [head(0, 0x8600)], "tcpnone": [head(0, 0x8600)],
        "tcpnumber": [head(0, 0x8600)], "tcpagain": [head(0, 0x8600)], "tcpdrip": [head(0, 0x8600)],
    }.get(kind, [])


def answer_tcp(connection, address):
    connection.settimeout(5)
    query = connection.recv(600)[2:]
    kind = query[13:13 + query[12]].decode()
    end = query.index(b"\0", 12) + 5
    good = query[:2] + struct.pack("!HHHHH", 0x8400, 1, 1, 0, 0) + query[12:end] + record(HERE, A, GOOD)
    message = struct.pack("!H", len(good)) + good
    if kind == "tcphalf":
        connection.sendall(message[:30])
    elif kind == "tcpnone":
        connection.sendall(b"\0\0")
    elif kind == "tcpnumber":
        connection.sendall(message[:2] + bytes([message[2] ^ 1]) + message[3:])
    elif kind == "tcpagain":  # cut even here
        connection.sendall(message[:4] + bytes([message[4] | 2]) + message[5:])
    elif kind == "tcpdrip":  # but good
        for byte in message:
            connection.sendall(bytes([byte]))
    connection.close()


def serve(address):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tcp = socket.socket()
    tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    udp.bind((address, 53))
    tcp.bind((address, 53))
    tcp.listen()
    print("listening", flush=True)
    while True:
        for ready in select.select([udp, tcp], [], [])[0]:
            if ready is tcp:
                threading.Thread(target=answer_tcp, args=(tcp.accept()[0], address), daemon=True).start()
                continue
            query, peer = udp.recvfrom(4096)
            for message in answers(query, address):
                udp.sendto(message, peer)


# ---- bad questions ----

class Asker:
    def __init__(self, address):
        self.address = address
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.connect((address, 53))
        self.failed = 0

    def tell(self, good, what, detail=""):
        self.failed += not good
        print(("ok - " if good else "not ok - ") + what + ("" if good else ": " + detail))

    def exchange(self, message, wait=1.0):
        self.udp.settimeout(0)
        try:
            while True:
                self.udp.recv(65535)
        except BlockingIOError:
            pass
        self.udp.settimeout(wait)
        self.udp.send(message)
        return self.next_one()

    def next_one(self):
        try:
            return self.udp.recv(65535)
        except socket.timeout:
            return None

    def wants(self, what, message, rcode):
        """rcode None: no answer at all."""
        reply = self.exchange(message, 0.3 if rcode is None else 2.0)
        if rcode is None:
            return self.tell(reply is None, what + ": no answer", "%r" % reply)
        if reply is None or len(reply) < 12:
            return self.tell(False, what, "no answer")
        number, flags = struct.unpack("!HH", reply[:4])
        good = number == struct.unpack("!H", message[:2])[0] and flags & 0x8000 and flags & 15 == rcode
        self.tell(bool(good), "%s: rcode %d" % (what, rcode), "flags %#x, id %#x" % (flags, number))

    def alive(self, what):
        query = header(77, 0x0100, 1, 0, 0, 0) + name("www.wirelab.test") + struct.pack("!HH", A, IN)
        reply = None
        for _ in range(20):  # it may find no room, and answers to what was asked before may still come
            reply = self.exchange(query, 0.5)
            while reply is not None and reply[:2] != query[:2]:
                reply = self.next_one()
            if reply is not None:
                break
        self.tell(reply is not None and reply[:2] == query[:2] and struct.unpack("!H", reply[6:8])[0] == 2,
                  what + ": and it goes on", "%r" % reply)

    def tcp(self):
        return socket.create_connection((self.address, 53), timeout=8)


def receive(connection, n):
    data = b""
    while len(data) < n:
        piece = connection.recv(n - len(data))
        if not piece:
            break
        data += piece
    return data


def message_from(connection):
    return receive(connection, struct.unpack("!H", receive(connection, 2))[0])


def questions():
    """(what, bytes, rcode)"""
    www, tail = name("www.wirelab.test"), struct.pack("!HH", A, IN)
    opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0)
    ask = header(5, 0, 1, 0, 0, 0) + www + tail
    return [
        ("an empty datagram", b"", None),
        ("eleven bytes", ask[:11], None),
        ("an answer", header(5, 0x8000, 1, 0, 0, 0) + www + tail, None),
        ("the header alone", header(5, 0, 1, 0, 0, 0), 1),
        ("no question", header(5, 0, 0, 0, 0, 0), 1),
        ("two questions", header(5, 0, 2, 0, 0, 0) + www + tail + www + tail, 1),
        ("65535 questions", header(5, 0, 0xffff, 0, 0, 0) + www + tail, 1),
        ("a name that points to itself", header(5, 0, 1, 0, 0, 0) + b"\xc0\x0c" + tail, 1),
        ("a name that points ahead", header(5, 0, 1, 0, 0, 0) + b"\xc0\x20" + tail + www, 1),
        ("a label that ends behind the message", header(5, 0, 1, 0, 0, 0) + b"\x3fabc", 1),
        ("a label of a reserved kind", header(5, 0, 1, 0, 0, 0) + b"\x41abc\0" + tail, 1),
        ("a name of more than 255 bytes", header(5, 0, 1, 0, 0, 0) + (b"\x3f" + b"x" * 63) * 4 + b"\0" + tail, 1),
        ("no type", header(5, 0, 1, 0, 0, 0) + www, 1),
        ("an additional record that is not there", header(5, 0, 1, 0, 0, 1) + www + tail, 1),
        ("65535 additional records", header(5, 0, 1, 0, 0, 0xffff) + www + tail + opt, 1),
        ("EDNS twice", header(5, 0, 1, 0, 0, 2) + www + tail + opt + opt, 1),
        ("EDNS of a name", header(5, 0, 1, 0, 0, 1) + www + tail + www + opt[1:], 1),
        ("EDNS whose data are not there", header(5, 0, 1, 0, 0, 1) + www + tail + opt[:-2] + b"\xff\xff", 1),
        ("NOTIFY", header(5, 0x2000, 1, 0, 0, 0) + www + tail, 4),
        ("UPDATE", header(5, 0x2800, 1, 0, 0, 0) + www + tail, 4),
        ("a reserved opcode", header(5, 0x7800, 1, 0, 0, 0) + www + tail, 4),
        ("class CHAOS", header(5, 0, 1, 0, 0, 0) + name("version.bind") + struct.pack("!HH", 16, 3), 5),
        ("a name of somebody else", header(5, 0, 1, 0, 0, 0) + name("example.com") + tail, 5),
        ("the whole zone", header(5, 0, 1, 0, 0, 0) + name("wirelab.test") + struct.pack("!HH", 252, IN), 5),
        ("bytes behind the question", ask + b"more than was asked", 0),
        ("a type that nobody knows", header(5, 0, 1, 0, 0, 0) + www + struct.pack("!HH", 65280, IN), 0),
        ("a label of any bytes", header(5, 0, 1, 0, 0, 0) + b"\x05a.\0\xff\n" + name("wirelab.test") + tail, 3),
    ]


def ask_by_tcp(asker):
    ask = header(9, 0, 1, 0, 0, 0) + name("www.wirelab.test") + struct.pack("!HH", A, IN)
    framed = struct.pack("!H", len(ask)) + ask
    with asker.tcp() as c:
        c.sendall(framed * 3)
        asker.tell(all(message_from(c)[:2] == ask[:2] for _ in range(3)), "three questions in one segment: three answers")
    with asker.tcp() as c:
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in framed:
            c.sendall(bytes([byte]))
        asker.tell(message_from(c)[:2] == ask[:2], "a question byte by byte: an answer")
    for what, data in (("a length of 0", b"\0\0"), ("a message of 3 bytes", b"\0\3abc"),
                       ("a length that is not kept", b"\xff\xff" + ask)):
        with asker.tcp() as c:
            c.sendall(data)
            c.shutdown(socket.SHUT_WR)
            asker.tell(receive(c, 1) == b"", what + " over TCP: closed")
    idle = [asker.tcp() for _ in range(100)]
    asker.alive("100 connections that say nothing")
    for c in idle:
        c.close()
    with asker.tcp() as c:
        c.sendall(framed)
        asker.tell(message_from(c)[:2] == ask[:2], "TCP is served again when they have gone")


def ask_nonsense(asker, n):
    dice = random.Random(21)
    whole = header(5, 0x0100, 1, 0, 0, 1) + name("www.wirelab.test") + struct.pack("!HH", A, IN) + \
        b"\0" + struct.pack("!HHIH", 41, 1232, 0, 0)
    for _ in range(n):
        message = bytearray(whole[:dice.randrange(len(whole) + 1)] if dice.random() < 0.3 else whole)
        for _ in range(dice.randrange(6)):
            if message:
                message[dice.randrange(len(message))] = dice.choice((0, 1, 0x3f, 0x40, 0xc0, 0xff, dice.randrange(256)))
        asker.udp.send(bytes(message))


def ask(address):
    asker = Asker(address)
    for what, message, rcode in questions():
        asker.wants(what, message, rcode)
    asker.alive("all that")
    ask_by_tcp(asker)
    return asker.failed > 0


def nonsense(address):
    asker = Asker(address)
    ask_nonsense(asker, 5000)
    asker.alive("5000 changed questions")
    return asker.failed > 0


sys.exit({"answer": serve, "ask": ask, "nonsense": nonsense}[sys.argv[1]](sys.argv[2]))
