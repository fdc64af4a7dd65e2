#!/usr/bin/python3
"""The server of lab 40's SMTP against Python's smtplib, and against what no good client says: smtp.py HOST PORT good|bad.
Prints one line a thing that is not as it should be."""
import smtplib
import socket
import sys
import threading
import time

HOST, PORT = sys.argv[1], int(sys.argv[2])


def expect(what, got, wanted):
    if got != wanted:
        print("%s: %r, not %r" % (what, got, wanted))


class Raw:
    """A client that says what it is told to."""

    def __init__(self, wait=True):
        self.sock = socket.create_connection((HOST, PORT), timeout=15)
        self.file = self.sock.makefile("rb")
        if wait:
            expect("greeting", self.reply(), 220)

    def say(self, data):
        self.sock.sendall(data)

    def reply(self):
        while True:
            line = self.file.readline()
            if len(line) < 4 or line[3:4] == b" ":
                return int(line[:3] or b"0")

    def ask(self, data):
        self.say(data)
        return self.reply()

    def close(self):
        expect("QUIT", self.ask(b"QUIT\r\n"), 221)
        expect("then the end", self.file.read(), b"")
        self.sock.close()


def library():
    with smtplib.SMTP(HOST, PORT, timeout=15) as s:
        expect("EHLO", s.ehlo()[0], 250)
        expect("PIPELINING", s.has_extn("pipelining"), True)
        expect("size", s.esmtp_features.get("size"), "65536")
        text = "Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\nend\r\n"
        expect("sendmail", s.sendmail("anna@lab.example", ["ben@lab.example", "eve@evil.example"], text),
               {"eve@evil.example": (550, b"<eve@evil.example> is not here, and I pass nothing on")})
        expect("NOOP", s.noop()[0], 250)
        expect("RSET", s.rset()[0], 250)
        expect("a bounce", s.sendmail("", "ben@lab.example", "Subject: returned\r\n\r\nThat mail went nowhere.\r\n"), {})
        try:
            s.sendmail("anna@lab.example", "ben@lab.example", "x" * 70000)
            print("too long: taken")
        except smtplib.SMTPException as error:
            if "552" not in str(error):
                print("too long:", error)
        expect("after it", s.sendmail("anna@lab.example", "ben@lab.example", "short"), {})


def order():
    r = Raw()
    expect("MAIL before EHLO", r.ask(b"MAIL FROM:<a@b>\r\n"), 503)
    expect("EHLO without a name", r.ask(b"EHLO\r\n"), 501)
    expect("HELO", r.ask(b"helo there\r\n"), 250)
    expect("RCPT before MAIL", r.ask(b"RCPT TO:<ben@lab.example>\r\n"), 503)
    expect("DATA before MAIL", r.ask(b"DATA\r\n"), 503)
    expect("no address", r.ask(b"MAIL FROM:anna\r\n"), 501)
    expect("MAIL", r.ask(b"MAIL FROM:<a@b> SIZE=10\r\n"), 250)
    expect("MAIL again", r.ask(b"MAIL FROM:<a@b>\r\n"), 503)
    expect("DATA to nobody", r.ask(b"DATA\r\n"), 554)
    expect("RSET", r.ask(b"RSET\r\n"), 250)
    expect("announced too long", r.ask(b"MAIL FROM:<a@b> SIZE=10000000\r\n"), 552)
    expect("unknown", r.ask(b"XYZZY\r\n"), 500)
    expect("VRFY", r.ask(b"VRFY ben\r\n"), 252)
    expect("a line that is too long", r.ask(b"NOOP " + b"x" * 5000 + b"\r\n"), 500)
    expect("and on", r.ask(b"NOOP\r\n"), 250)
    r.ask(b"MAIL FROM:<a@b>\r\n")
    expect("100 addressees", [r.ask(b"RCPT TO:<ben@lab.example>\r\n") for _ in range(100)], [250] * 100)
    expect("one more", r.ask(b"RCPT TO:<ben@lab.example>\r\n"), 452)
    expect("a long address", r.ask(b"RCPT TO:<" + b"x" * 300 + b"@lab.example>\r\n"), 501)
    r.close()


def smuggling():
    """Only CR LF . CR LF ends a mail."""
    r = Raw()
    r.ask(b"EHLO x\r\n")
    r.ask(b"MAIL FROM:<a@b>\r\n")
    r.ask(b"RCPT TO:<ben@lab.example>\r\n")
    expect("DATA", r.ask(b"DATA\r\n"), 354)
    expect("one mail", r.ask(b"text\n.\nMAIL FROM:<x@y>\n.\r\nRCPT TO:<z@w>\r\n.\nDATA\r\n.\r\n"), 250)
    r.close()


def pipelined():
    r = Raw()
    r.say(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<ben@lab.example>\r\nRCPT TO:<eve@evil.example>\r\nDATA\r\n")
    expect("all at once", [r.reply() for _ in range(5)], [250, 250, 250, 550, 354])
    r.say(b"text\r\n.\r\nQUIT\r\n")
    expect("and the rest", [r.reply() for _ in range(2)], [250, 221])
    r.sock.close()


def early():
    """Before the greeting (RFC 5321, section 3.1): 554, then 503 for all but QUIT."""
    r = Raw(wait=False)
    r.say(b"EHLO x\r\nMAIL FROM:<a@b>\r\n")
    expect("early", [r.reply() for _ in range(3)], [554, 503, 503])
    r.close()


def byte_by_byte():
    r = Raw()
    for byte in b"EHLO slow\r\n":
        r.say(bytes([byte]))
        time.sleep(0.1)
    expect("slow", r.reply(), 250)
    r.close()


def gone():
    for n in range(1, 40):
        r = Raw()
        r.say(b"EHLO x\r\nMAIL FROM:<a@b>\r\nRCPT TO:<b@lab.example>\r\nDATA\r\ntext"[:n * 2])
        r.sock.close()


if sys.argv[3] == "good":
    library()
    pipelined()
    crowd = [Raw() for _ in range(40)]
    expect("40 at a time", [r.ask(b"EHLO x\r\n") for r in reversed(crowd)], [250] * 40)
    for one in crowd:
        one.close()
else:
    slow = threading.Thread(target=byte_by_byte)
    slow.start()
    order()
    smuggling()
    early()
    gone()
    slow.join()
    library()
