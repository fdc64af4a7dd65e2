"""A conversation of WebSocket between a server and a client of python3-websockets:
websocket_peers.py PORT [deflate]. Both are real peers; each message is echoed."""
import asyncio
import random
import sys

import websockets

port = int(sys.argv[1])
deflate = "deflate" if sys.argv[2:] == ["deflate"] else None
random.seed(1)


async def echo(ws):
    try:
        async for message in ws:
            await ws.send(message)
            if isinstance(message, str) and message.startswith("push"):
                for i in range(5):
                    await ws.send(f"news {i}")
    except websockets.ConnectionClosed:
        pass


def messages():
    yield from ("", "hello", "f\u00fcnf \u20ac \U0001f600", b"", b"\x00\xff", "x" * 125, "y" * 126)
    yield from (b"z" * 65535, b"z" * 65536, "\u20ac" * 50000, "push please")
    for _ in range(60):
        n = random.choice((random.randrange(130), random.randrange(3000)))
        yield random.choice((random.randbytes(n), "".join(random.choices("ab \u00e4\u20ac", k=n))))


async def talk(ws):
    for message in messages():
        await ws.send(message)
        await ws.recv()
        if message == "push please":
            for _ in range(5):
                await ws.recv()
    await ws.send(["frag", "men", "ted \u20ac"])
    await ws.recv()
    await ws.send([b"a" * 70000, b"b"])
    await ws.recv()
    await (await ws.ping(b"are you there?"))
    await (await ws.ping())


async def main():
    async with websockets.serve(echo, "127.0.0.1", port, compression=deflate):
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/echo", compression=deflate
        ) as ws:
            await talk(ws)
            await ws.close(4001, "enough f\u00fcr today")
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/echo", compression=deflate
        ) as ws:
            await ws.send("short")


asyncio.run(main())
