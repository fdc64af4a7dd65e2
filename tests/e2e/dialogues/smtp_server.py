"""A mail server for the tests that keeps nothing: smtp_server.py PORT [CERTIFICATE KEY].

Prints "ready" once it listens. With a certificate it offers STARTTLS."""
import asyncio
import base64
import ssl
import sys


class Session:
    def __init__(self, reader, writer, context):
        self.reader, self.writer, self.context = reader, writer, context

    def say(self, *lines):
        code, lines = lines[0], lines[1:]
        for i, line in enumerate(lines):
            mark = "-" if i < len(lines) - 1 else " "
            self.writer.write(f"{code}{mark}{line}\r\n".encode())

    async def line(self):
        return (await self.reader.readline()).decode("latin-1").rstrip("\r\n")

    def ehlo(self, _):
        offers = ["SIZE 1000000", "PIPELINING", "8BITMIME", "AUTH PLAIN LOGIN"]
        if self.context:
            offers.append("STARTTLS")
        self.say(250, "mail.lab", *offers)

    async def auth(self, words):
        if words[1].upper() == "PLAIN":
            if len(words) < 3:
                self.say(334, "")
                await self.line()
        else:
            for prompt in (b"Username:", b"Password:"):
                self.say(334, base64.b64encode(prompt).decode())
                await self.line()
        self.say(235, "2.7.0 welcome")

    async def data(self):
        self.say(354, "end with a dot")
        while (await self.line()) != ".":
            pass
        self.say(250, "2.0.0 taken")

    async def starttls(self):
        self.say(220, "2.0.0 go on in TLS")
        await self.writer.start_tls(self.context)

    async def first_line(self):
        """Greets; whoever comes from 127.0.0.2 speaks first, and is greeted only then."""
        early = self.writer.get_extra_info("peername")[0] == "127.0.0.2"
        line = await self.line() if early else None
        self.say(220, "mail.lab ESMTP, and a second line", "that says little")
        return line or await self.line()

    async def run(self):
        line = await self.first_line()
        while line:
            words = line.split(" ")
            verb = words[0].upper()
            if verb == "EHLO":
                self.ehlo(words)
            elif verb == "AUTH":
                await self.auth(words)
            elif verb == "DATA":
                await self.data()
            elif verb == "STARTTLS" and self.context:
                await self.starttls()
            elif verb == "QUIT":
                self.say(221, "2.0.0 good bye")
                break
            elif verb in ("HELO", "MAIL", "NOOP", "RSET"):
                self.say(250, "2.1.0 fine")
            elif verb == "RCPT":
                bad = "nobody" in line
                self.say(550 if bad else 250, "5.1.1 nobody here" if bad else "2.1.5 fine")
            else:
                self.say(502, "5.5.1 not here")
            line = await self.line()
        self.writer.close()


async def main():
    context = None
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])

    async def talk(reader, writer):
        try:
            await Session(reader, writer, context).run()
        except (OSError, ValueError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(main())
