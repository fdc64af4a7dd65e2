"""Says all that ftplib can say to a file server: ftp_client.py PORT [ADDRESS]."""
import ftplib
import io
import socket
import sys

port = int(sys.argv[1])
address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
for passive in (True, False):
    with ftplib.FTP() as f:
        f.connect(address, port, timeout=10)
        f.login("ann", "secret")
        f.set_pasv(passive)
        f.sendcmd("FEAT")
        f.pwd()
        f.retrlines("LIST", lambda line: None)
        f.retrbinary("RETR hello.txt", lambda part: None)
        f.retrbinary("RETR large", lambda part: None)
        f.storbinary("STOR mine", io.BytesIO(b"0123456789" * 9000))
        f.size("mine")
        try:
            f.retrbinary("RETR nothing", lambda part: None)
        except ftplib.error_perm:
            pass

if ":" in address:
    sys.exit(0)

# The bounce: the server is to call somebody else.
with socket.create_connection((address, port), timeout=10) as s:
    stream = s.makefile("rb")
    stream.readline()
    stream.readline()
    for line in (b"USER ann", b"PORT 127,0,0,2,0,25", b"PORT 1,2,3", b"QUIT"):
        s.sendall(line + b"\r\n")
        stream.readline()
