#!/usr/bin/python3
"""A server of HTTPS that breaks off in the middle of its answer, without a close_notify: cut.py PORT CERTIFICATE."""
import socket
import ssl
import sys

context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(sys.argv[2])
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    client, _ = listener.accept()
    try:
        with context.wrap_socket(client, server_side=True) as tls:
            tls.recv(4096)
            tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")
            socket.socket(fileno=tls.detach()).close()  # a FIN, and no word of TLS
    except OSError:
        pass
