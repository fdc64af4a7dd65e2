#!/usr/bin/python3
"""The server of lab 40's FTP against Python's ftplib, and against bad clients: ftp.py HOST PORT good|bad.
Prints one line a thing that is not as it should be."""
import ftplib
import io
import socket
import sys
import threading

HOST, PORT = sys.argv[1], int(sys.argv[2])
SIX = ":" in HOST


def expect(what, got, wanted):
    if got != wanted:
        print("%s: %r, not %r" % (what, got, wanted))


def login(passive=True):
    f = ftplib.FTP()
    f.connect(HOST, PORT, 15)
    f.login("anna", "tulip")
    f.set_pasv(passive)
    return f


def refused(f, command, number):
    try:
        print(command, "was done:", f.sendcmd(command))
    except ftplib.Error as error:
        expect(command, str(error)[:3], number)


def files(passive):
    f = login(passive)
    got = io.BytesIO()
    f.retrbinary("RETR hello.txt", got.write)
    expect("hello", got.getvalue(), b"Hello, World!\n")
    big = bytes(range(256)) * 2000
    f.storbinary("STOR big.bin", io.BytesIO(big))
    got = io.BytesIO()
    f.retrbinary("RETR big.bin", got.write)
    expect("the same", got.getvalue() == big, True)
    f.storbinary("STOR nothing", io.BytesIO(b""))
    expect("names", {"big.bin", "hello.txt", "nothing"} <= set(f.nlst()), True)
    lines = []
    f.retrlines("LIST", lines.append)
    expect("list", {("0", "nothing"), ("14", "hello.txt"), ("512000", "big.bin")} <=
           {(line.split()[4], line.split()[-1]) for line in lines}, True)
    expect("QUIT", f.quit()[:3], "221")


def refusals():
    f = login()
    for name in "../etc/passwd", "/etc/passwd", ".hidden", "a/b":
        refused(f, "RETR " + name, "553")
        refused(f, "STOR " + name, "553")
    refused(f, "RETR nope", "550")
    refused(f, "SITE EXEC", "502")
    refused(f, "LIST", "425")  # without PASV
    if not SIX:  # bounces, and ports that are not for everybody
        for command in "PORT 10,0,0,9,0,25", "PORT 127,0,0,1,0,25", "PORT 127,0,0,2,200,200", "EPRT |1|10.0.0.9|4000|":
            refused(f, command, "504")
        for command in "PORT 1,2,3", "PORT 127,0,0,1,4,5,6", "PORT a,b,c,d,e,f", "PORT 300,0,0,1,9,9", "EPRT |3|127.0.0.1|5000|x":
            refused(f, command, {"300": "504", "|3|": "522"}.get(command[5:8], "501"))
    else:
        refused(f, "PASV", "522")
        refused(f, "EPRT |2|fe80::1|4000|", "504")
    try:
        f.storbinary("STOR huge", io.BytesIO(bytes(3 << 20)))
        print("huge: taken")
    except (ftplib.Error, OSError):
        pass
    f.close()


def strangers():
    """Without a name nothing; with a name and no password nothing."""
    s = socket.create_connection((HOST, PORT), 15)
    r = s.makefile("rb")
    r.readline()
    for command in b"PASV", b"RETR hello.txt", b"PASS x", b"USER anna", b"LIST":
        s.sendall(command + b"\r\n")
        expect(command, r.readline()[:3], {b"PASS x": b"503", b"USER anna": b"331"}.get(command, b"530"))
    s.sendall(b"NOOP " + b"x" * 5000 + b"\r\nNOOP\r\n")
    expect("too long", [r.readline()[:3], r.readline()[:3]], [b"500", b"200"])
    s.sendall(b"NOOP\r\nNOOP\nQU")  # pieces, and LF alone, as a person at a terminal has it
    s.sendall(b"IT\r\n")
    expect("pieces", [r.readline()[:3] for _ in range(3)], [b"200", b"200", b"221"])
    expect("end", r.read(), b"")


def thief():
    """Somebody else, from another address, finds the port: gets nothing."""
    f = login()
    host, port = f.makepasv()
    s = socket.create_connection((host, port), 15, source_address=("127.0.0.3", 0))
    refused(f, "RETR hello.txt", "425")
    expect("the thief", s.recv(100), b"")
    f.quit()


def many():
    """Twenty at a time, each with a second connection open, before the first one fetches."""
    all_of_them = [login() for _ in range(20)]
    for f in reversed(all_of_them):
        got = io.BytesIO()
        f.retrbinary("RETR hello.txt", got.write)
        expect("of many", got.getvalue(), b"Hello, World!\n")
    for f in all_of_them:
        f.close()


if sys.argv[3] == "good":
    files(True)
    files(False)
    many()
else:
    waits = threading.Thread(target=strangers)
    waits.start()
    refusals()
    if not SIX:
        thief()
    for n in range(30):  # gone in the middle
        g = login()
        g.putcmd("EPSV")
        g.close()
    files(True)
    waits.join()
