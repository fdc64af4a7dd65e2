"""Compares wirelab-trace and tshark message by message: agree.py PROTOCOL CAPTURE EVENTS [PORT].

EVENTS is the output of wirelab-trace -o json; tshark is told that PORT is the protocol's. Prints "PROTOCOL: N of M agree", and what does not."""
import collections
import difflib
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

protocol, capture, events = sys.argv[1:4]
decode_as = ["-d", f"tcp.port=={sys.argv[4]},{protocol.replace('websocket', 'http')}"] if sys.argv[4:] else []
KEPT = 128  # bytes of a payload that the tracer keeps
CARRY = ("RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD")


def tshark(*words):
    command = ["tshark", "-n", "-r", capture, *decode_as, *words]
    return subprocess.run(command, check=True, capture_output=True).stdout


def ours():
    with open(events, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "message" and event["protocol"] == protocol:
                yield event


def fields(event):
    return collections.defaultdict(str, event.get("fields", []))


def key_of(event):
    return event["tcp.stream"], event["srcport"]


def packets():
    """(stream, source port), and the parts of our protocol in it."""
    for packet in ET.fromstring(tshark("-Y", protocol, "-T", "pdml")):
        shown = {f.get("name"): f.get("show") for f in packet.iter("field")}
        parts = [p for p in packet if p.get("name") == protocol]
        yield (int(shown["tcp.stream"]), int(shown["tcp.srcport"])), parts, packet


def words(text):
    return " ".join(text.replace("\\r\\n", " ").split())


# ---- WebSocket: a frame is a message ----


def cut(text):
    """As much of a text as both keep whole."""
    return text.encode()[: KEPT - 4].decode(errors="ignore")


def our_websocket():
    for e in ours():
        f = fields(e)
        whole = f["websocket.fin"] == "1" and f["websocket.opcode"] == "1"
        yield key_of(e), (
            int(f["websocket.opcode"]),
            int(f["websocket.fin"]),
            int(f["websocket.rsv"] or 0),
            int(f["websocket.mask"]),
            int(
                f["websocket.payload_length_ext_64"]
                or f["websocket.payload_length_ext_16"]
                or f["websocket.payload_length"]
            ),
            f["websocket.masking_key"],
            cut(f["websocket.payload.text"]) if whole and "broken" not in e else "",
            f["websocket.payload.close.status_code"],
            f["websocket.payload.close.reason"],
            f["websocket.payload.ping"] + f["websocket.payload.pong"],
        )


def their_websocket():
    for key, parts, _ in packets():
        for part in parts:
            f = collections.defaultdict(str)
            for field in part.iter("field"):
                f.setdefault(field.get("name"), field.get("show"))
            whole = f["websocket.fin"] == "1" and f["websocket.opcode"] == "1"
            packed = int(f["websocket.rsv"], 16) & 0x4 or int(f["websocket.rsv"], 16) & 0x40
            yield key, (
                int(f["websocket.opcode"]),
                int(f["websocket.fin"]),
                int(f["websocket.rsv"], 16) >> (4 if int(f["websocket.rsv"], 16) > 7 else 0),
                int(f["websocket.mask"]),
                int(
                    f["websocket.payload_length_ext_64"]
                    or f["websocket.payload_length_ext_16"]
                    or f["websocket.payload_length"]
                ),
                f["websocket.masking_key"].replace(":", ""),
                cut(f["websocket.payload.text"]) if whole and not packed else "",
                f["websocket.payload.close.status_code"],
                f["websocket.payload.close.reason"],
                (f["websocket.payload.ping"] + f["websocket.payload.pong"]).replace(":", ""),
            )


# ---- SMTP and FTP: tshark tells lines, a reply of ours may have several ----


def our_lines(command, parameter, code, text):
    mails = set()  # the frames that mails end in
    for e in ours():
        if e["kind"] == "data":
            mails.add(e["frame"])
        elif e["kind"] == "command" and e["frame"] in mails:
            print(f"  (tshark does not look behind the end of a mail: {e['summary']})")
            continue
        f = fields(e)
        if e["kind"] == "response":
            for name, value in e["fields"]:
                if name == text:
                    yield key_of(e), ("reply", f[code], words(value))
        elif e["kind"] == "command":
            yield key_of(e), ("command", f[command], words(f[parameter]))
        elif protocol == "smtp":
            if "LF alone" in e.get("trouble", ""):
                f.clear()  # tshark finds no headers in such a mail
            yield key_of(e), (
                "mail",
                e["length"] - len(".\r\n"),
                words(f["imf.subject"]),
                words(f["imf.from"]),
                words(f["imf.to"]),
            )


def their_smtp_lines(part, packet):
    for field in part:
        inner = {f.get("name"): f.get("show") for f in field.iter("field")}
        line = words(inner.get("smtp.command_line", ""))
        if "smtp.response.code" in inner:
            texts = [f.get("show") for f in field.iter("field") if f.get("name") == "smtp.rsp.parameter"]
            for text in texts or [""]:
                yield "reply", inner["smtp.response.code"], words(text)
        elif "smtp.req.command" in inner:
            yield "command", line.split(" ")[0], line.partition(" ")[2]
    names = {f.get("name"): f.get("show") for f in packet.iter("field")}
    if "smtp.data.reassembled.length" in names:
        # Where CRLF, dot, CRLF have a segment of their own, tshark leaves out the first CRLF too.
        alone = 2 if names["tcp.len"] == "5" else 0
        yield (
            "mail",
            int(names["smtp.data.reassembled.length"]) + alone,
            *(words(names.get(f"imf.{n}", "")) for n in ("subject", "from", "to")),
        )


def their_smtp():
    for key, parts, packet in packets():
        lines = [line for part in parts for line in their_smtp_lines(part, packet)]
        mails = [line for line in lines if line[0] == "mail"]
        # A mail ends before what follows it in the same frame.
        for line in mails[:1] + [line for line in lines if line[0] != "mail"]:
            yield key, line


def hide(item):
    """What we do not show on purpose: secrets."""
    key, line = item
    if line[0] == "command" and line[1].upper() == "AUTH":
        line = line[:2] + (line[2].split(" ")[0],)
    if line[0] == "command" and line[1].upper() == "PASS":
        line = line[:2] + ("",)
    return key, line


def is_secret_line(item):
    """The answer to a challenge: tshark shows it as credentials, we as a line not shown."""
    return item[1][0] == "command" and item[1][1] == ""


def our_smtp():
    names = "req.command", "req.parameter", "response.code", "rsp.parameter"
    return our_lines(*(f"smtp.{n}" for n in names))


def our_ftp():
    return our_lines("ftp.request.command", "ftp.request.arg", "ftp.response.code", "ftp.response.arg")


def their_ftp():
    """The raw lines: tshark takes only the first of each segment apart."""
    code = {}
    for key, parts, _ in packets():
        for part in parts:
            is_reply = any(f.get("name") == "ftp.response" and f.get("show") == "1" for f in part)
            for field in part:
                if field.get("name"):
                    continue
                line = field.get("show").replace("\\r\\n", "")
                if not is_reply:
                    verb, _, arg = line.partition(" ")
                    yield key, ("command", verb, words(arg))
                    continue
                number = re.match(r"(\d{3})([ -]|$)", line)
                if key not in code and number:
                    code[key] = number[1]
                own = number and code.get(key) == number[1]
                yield key, ("reply", code.get(key, ""), words(line[4:] if own else line))
                if own and number[2] != "-":
                    del code[key]


def compare(mine, theirs):
    """How many of the items, in their order in each direction, are the same; and the total."""
    sides = collections.defaultdict(lambda: ([], []))
    for which, items in enumerate((mine, theirs)):
        for key, item in items:
            sides[key][which].append(item)
    same = total = 0
    for key, (a, b) in sorted(sides.items()):
        matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
        same += sum(block.size for block in matcher.get_matching_blocks())
        total += max(len(a), len(b))
        for what, i, j, k, l in matcher.get_opcodes():
            if what != "equal":
                print(f"  {key}: ours {a[i:j]} tshark {b[k:l]}"[:400])
    return same, total


def report(name, same, total):
    print(f"{name}: {same} of {total} agree ({100 * same / max(total, 1):.2f} %)")


def compare_ftp_data():
    """Each connection that is no control connection carries what a message says; tshark counts
    the bytes, and mostly knows how the connection was set up and for which command."""
    control = {key[0] for key, _ in their_ftp()}
    bytes_of = collections.Counter()
    for line in tshark("-Y", "tcp.len > 0 && !tcp.analysis.retransmission", "-T", "fields",
                       "-e", "tcp.stream", "-e", "tcp.len").decode().split("\n"):
        if line and int(line.split("\t")[0]) not in control:
            bytes_of[int(line.split("\t")[0])] += int(line.split("\t")[1])
    known = {}
    for line in tshark("-Y", "ftp-data", "-T", "fields", "-e", "tcp.stream",
                       "-e", "ftp-data.setup-method", "-e", "ftp-data.command").decode().split("\n"):
        if line:
            stream, method, command = line.split("\t")
            known[int(stream)] = method.replace("EPASV", "EPSV"), command
    told = {e["tcp.stream"]: e for e in ours() if e["kind"] == "data"}
    same = 0
    for stream, n in bytes_of.items():
        e = told.get(stream, {"length": -1, "fields": []})
        f = fields(e)
        method, command = known.get(stream, ("", ""))
        good = e["length"] == n and (not method or method == f["ftp-data.setup-method"])
        if command.split(" ")[0] in CARRY:  # else it is whatever came first behind PASV
            good = good and command == f["ftp-data.command"]
        same += good
        if not good:
            print(f"  stream {stream}: ours {e['length']} {dict(f)}, tshark {n} {method} {command}")
    tied = sum(1 for s in bytes_of if s in known)
    print(f"  (tshark ties {tied} of {len(bytes_of)} data connections to their control connection)")
    if bytes_of or told:
        report("ftp data", same, max(len(bytes_of), len(told)))


if protocol == "websocket":
    report(protocol, *compare(our_websocket(), their_websocket()))
elif protocol == "smtp":
    mine = [hide(item) for item in our_smtp() if not is_secret_line(item)]
    report(protocol, *compare(mine, [hide(item) for item in their_smtp()]))
else:
    mine = [item for item in our_ftp() if item[1][0] != "mail"]
    report(protocol, *compare(map(hide, mine), map(hide, their_ftp())))
    compare_ftp_data()
