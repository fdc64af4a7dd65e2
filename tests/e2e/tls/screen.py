#!/usr/bin/python3
"""What a browser really shows: screen.py LOG PICTURE NAME=RRGGBB...: asks Chromium, whose DevTools address is in the
file LOG, for a picture of its page, keeps it as PICTURE (PNG), and tells for each colour how many bars
of it there are: rows of pixels that follow each other, each with at least a quarter of its pixels of exactly
that colour. PNG is RFC 2083, of which only what Chromium makes is read."""
import asyncio
import base64
import json
import re
import struct
import sys
import zlib

import websockets

TIME_LIMIT = 30


async def take_picture(address):
    async with websockets.connect(address, max_size=None) as browser:
        n_asked = 0

        async def ask(method, session=None, **parameters):
            nonlocal n_asked
            n_asked += 1
            question = {"id": n_asked, "method": method, "params": parameters}
            await browser.send(json.dumps(question | ({"sessionId": session} if session else {})))
            while True:  # events come in between
                answer = json.loads(await browser.recv())
                if answer.get("id") == n_asked:
                    return answer["result"]

        targets = (await ask("Target.getTargets"))["targetInfos"]
        page = [each["targetId"] for each in targets if each["type"] == "page" and each["url"].startswith("http")][0]
        session = (await ask("Target.attachToTarget", targetId=page, flatten=True))["sessionId"]
        return base64.b64decode((await ask("Page.captureScreenshot", session, format="png"))["data"])


def unfilter(kind, line, above, step):
    """Each byte is told as a difference to its neighbours: the one before, the one above, or both (section 6)."""
    for i, byte in enumerate(line):
        left = line[i - step] if i >= step else 0
        up, corner = above[i], above[i - step] if i >= step else 0
        paeth = min((left, up, corner), key=lambda neighbour: abs(left + up - corner - neighbour))
        line[i] = byte + (0, left, up, (left + up) // 2, paeth)[kind] & 255


def lines_of(png):
    """The lines of a picture, each a list of colours."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        chunk = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colours, _, _, interlaced = struct.unpack(">IIBBBBB", chunk)
        packed += chunk if kind == b"IDAT" else b""
        at += 12 + length
    step = {2: 3, 6: 4}[colours]  # red, green, blue; the same and how opaque
    assert (depth, interlaced) == (8, 0)
    data, line = zlib.decompress(packed), bytearray(width * step)
    for y in range(height):
        above, start = line, y * (width * step + 1)
        line = bytearray(data[start + 1 : start + 1 + width * step])
        unfilter(data[start], line, above, step)
        yield [bytes(line[x : x + 3]) for x in range(0, len(line), step)]


def count_bars(lines, colour):
    is_of_it = [4 * line.count(colour) >= len(line) for line in lines]
    return sum(now and not before for before, now in zip([False] + is_of_it, is_of_it))


def main(log, picture, *colours):
    with open(log, encoding="utf-8", errors="replace") as file:
        address = re.search(r"DevTools listening on (ws://\S+)", file.read()).group(1)
    png = asyncio.run(asyncio.wait_for(take_picture(address), TIME_LIMIT))
    with open(picture, "wb") as file:
        file.write(png)
    lines, named = list(lines_of(png)), [colour.split("=") for colour in colours]
    print(*("%s %d" % (name, count_bars(lines, bytes.fromhex(colour))) for name, colour in named), sep=", ")


main(*sys.argv[1:])
