"""Says all that smtplib can say to a mail server: smtp_client.py PORT [tls]."""
import smtplib
import socket
import ssl
import sys

port = int(sys.argv[1])
mail = (
    "From: Ann <ann@lab>\r\nTo: bob@lab\r\nSubject: A mail\r\n with a long subject\r\n"
    "X-Own: 1\r\n\r\nHello.\r\n.a line with a dot\r\n..two of them\r\n"
)

with smtplib.SMTP("127.0.0.1", port, timeout=10) as s:
    s.ehlo("client.lab")
    if sys.argv[2:] == ["tls"]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        s.starttls(context=context)
        s.ehlo("client.lab")
    s.login("ann", "secret")
    s.sendmail("ann@lab", ["bob@lab", "eve@lab"], mail)
    s.sendmail("ann@lab", ["bob@lab"], mail * 300)
    s.rset()
    s.noop()
    try:
        s.sendmail("ann@lab", ["nobody@lab"], mail)
    except smtplib.SMTPRecipientsRefused:
        pass
    s.docmd("TURN")

if sys.argv[2:] == ["tls"]:
    sys.exit(0)

# Several commands in one segment (RFC 2920), and commands before the greeting: our server knows by the address
# which it is.
for early in (False, True):
    source = ("127.0.0.2" if early else "127.0.0.1", 0)
    with socket.create_connection(("127.0.0.1", port), timeout=10, source_address=source) as s:
        stream = s.makefile("rb")
        if not early:
            stream.readline()
            stream.readline()
        s.sendall(b"EHLO fast.lab\r\nMAIL FROM:<a@lab>\r\nRCPT TO:<b@lab>\r\nDATA\r\n")
        while not stream.readline().startswith(b"354"):
            pass
        s.sendall(b"Subject: fast\r\n\r\nbody\r\n.\r\nQUIT\r\n")
        while stream.readline():
            pass
