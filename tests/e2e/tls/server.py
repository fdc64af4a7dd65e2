"""Lab 38's exercise in another language: server.py HOST PORT CERTIFICATE [bytes]. An HTTPS server with the
lab's settings; without a certificate when the third word is "", and with an answer of a record a byte if
there is a fourth. For tests/e2e/check.sh."""
import socket
import ssl
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 14\r\nConnection: close\r\n\r\nHello World!\r\n"


def serve(tls, piece):
    request = b""
    while b"\r\n\r\n" not in request:
        more = tls.recv(4096)
        if not more:
            return
        request += more
    for at in range(0, len(ANSWER), piece):
        tls.sendall(ANSWER[at : at + piece])
    tls.unwrap()  # our close_notify, and the client's


def main(host, port, certificate, *in_bytes):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ecdh_curve("secp521r1")
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    if certificate:
        context.load_cert_chain(certificate)
    with socket.create_server((host, int(port))) as listener:
        while True:
            plain, _ = listener.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as tls:
                    serve(tls, 1 if in_bytes else len(ANSWER))
            except (ssl.SSLError, OSError) as error:
                print("A connection ends:", error)


main(*sys.argv[1:])
