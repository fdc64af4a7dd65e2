"""A file server for the tests that keeps files in memory: ftp_server.py PORT [ADDRESS]."""
import socket
import socketserver
import sys

files = {"hello.txt": b"Hello.\r\n", "large": bytes(range(256)) * 1200, "empty": b""}
address = sys.argv[2] if len(sys.argv) > 2 else "127.0.0.1"
family = socket.AF_INET6 if ":" in address else socket.AF_INET


class Session(socketserver.StreamRequestHandler):
    def say(self, code, *lines):
        for i, line in enumerate(lines):
            # As many servers do: the lines in between have no code.
            text = f" {line}" if 0 < i < len(lines) - 1 else None
            mark = "-" if i < len(lines) - 1 else " "
            self.wfile.write(((text or f"{code}{mark}{line}") + "\r\n").encode())

    def listen(self):
        self.listener = socket.create_server((address, 0), family=family)
        self.listener.settimeout(10)
        return self.listener.getsockname()[1]

    def data(self):
        """The data connection: the client comes, or is called."""
        if self.listener:
            peer, _ = self.listener.accept()
            self.listener.close()
            self.listener = None
            return peer
        return socket.create_connection(self.active, timeout=10)

    def carry(self, what):
        self.say(150, "the data connection opens")
        with self.data() as peer:
            what(peer)
        self.say(226, "done")

    def take(self, name):
        def what(peer):
            got = b""
            while part := peer.recv(65536):
                got += part
            files[name] = got

        return what

    def do_user(self, _):
        self.say(331, "and the password?")

    def do_pass(self, _):
        self.say(230, "welcome", "to this", "server")

    def do_feat(self, _):
        self.say(211, "Features:", "EPSV", "SIZE", "End")

    def do_pwd(self, _):
        self.say(257, '"/" is where you are')

    def do_pasv(self, _):
        port = self.listen()
        host = address.replace(".", ",")
        self.say(227, f"Entering Passive Mode ({host},{port >> 8},{port & 255}).")

    def do_epsv(self, _):
        self.say(229, f"Entering Extended Passive Mode (|||{self.listen()}|)")

    def do_port(self, arg):
        numbers = arg.split(",")
        if len(numbers) != 6:
            self.say(501, "six numbers")
            return
        host, port = ".".join(numbers[:4]), int(numbers[4]) * 256 + int(numbers[5])
        self.active = (host, port)
        if host != self.client_address[0]:
            self.say(504, "to your own address only")
        else:
            self.say(200, "fine")

    def do_eprt(self, arg):
        _, _, host, port, _ = arg.split(arg[0])
        self.active = (host, int(port))
        self.say(200, "fine")

    def do_retr(self, name):
        if name in files:
            self.carry(lambda peer: peer.sendall(files[name]))
        else:
            self.say(550, "no such file")

    def do_stor(self, name):
        self.carry(self.take(name))

    def do_list(self, _):
        lines = "".join(f"-rw-r--r-- 1 ftp ftp {len(files[n])} {n}\r\n" for n in sorted(files))
        self.carry(lambda peer: peer.sendall(lines.encode()))

    do_nlst = do_mlsd = do_list

    def do_size(self, name):
        self.say(*((213, str(len(files[name]))) if name in files else (550, "no such file")))

    def do_quit(self, _):
        self.say(221, "good bye")

    def fine(self, _):
        self.say(200, "fine")

    def handle(self):
        self.listener = self.active = None
        self.say(220, "lab FTP server", "of the tests")
        while line := self.rfile.readline():
            verb, _, arg = line.decode("latin-1").rstrip("\r\n").partition(" ")
            verb = verb.lower()
            if verb in ("type", "cwd", "noop", "opts", "mode"):
                self.fine(arg)
            else:
                getattr(self, f"do_{verb}", lambda _: self.say(502, "not here"))(arg)
            if verb == "quit":
                return


class Server(socketserver.ThreadingTCPServer):
    address_family = family
    allow_reuse_address = daemon_threads = True


with Server((address, int(sys.argv[1])), Session) as server:
    print("ready", flush=True)
    server.serve_forever()
