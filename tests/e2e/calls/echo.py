"""echo.py: sends back what it gets, line by line or not; closes at once after "bye". A thread each."""
import socket
import sys
import threading


def serve(connection):
    with connection:
        while data := connection.recv(65536):
            if data == b"bye\n":
                return
            if data.strip(b"\0"):
                connection.sendall(data)


listener = socket.create_server((sys.argv[1], int(sys.argv[2])), backlog=64)
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
