"""Compares wirelab-trace and tshark, TLS message by message: agree.py CAPTURE EVENTS [KEYS].

EVENTS is the output of wirelab-trace -o json for CAPTURE, with KEYS if that key log is given. Prints
"WHAT: N of M agree" for each kind of thing that both tell, and what does not agree."""
import collections
import difflib
import json
import subprocess
import sys
import xml.etree.ElementTree as ET

capture, events = sys.argv[1:3]
keys = sys.argv[3] if len(sys.argv) > 3 else ""
NAMES = ("utf8string", "printablestring", "countryname", "ia5string", "teletexstring")


def tshark(*words):
    command = ["tshark", "-n", "-r", capture, *words]
    if keys:
        command += ["-o", f"tls.keylog_file:{keys}"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def values(field):
    """Numbers of a field, by the words that tshark has for them."""
    out = subprocess.run(["tshark", "-G", "values"], check=True, capture_output=True).stdout
    rows = (line.split("\t") for line in out.decode().split("\n"))
    return {int(r[2], 0): r[3] for r in rows if r[0] == "V" and r[1] == field}


def words(text):
    return text.lower().replace(" ", "_")


SUITES = values("tls.handshake.ciphersuite")
ALERTS = {n: words(w) for n, w in values("tls.alert_message.desc").items()}
LEVELS = {n: words(w) for n, w in values("tls.alert_message.level").items()}


# ---- tshark: the fields of each packet in their order ----


class Reading:
    """Makes items of the fields of one direction."""

    def __init__(self):
        self.items = []
        self.type = None  # of the handshake message at hand
        self.length = 0

    def record_length(self, show):
        self.length = int(show)

    def handshake_type(self, show):
        self.type = int(show)
        self.items.append(["handshake", self.type, "", []])

    def server_name(self, show):
        self.items[-1][2] = show

    def suite(self, show):
        if self.type == 2:
            self.items[-1][2] = SUITES[int(show, 0)]

    def name(self, show):
        if self.type == 11:
            self.items[-1][3].append(show)

    def change(self, _):
        self.items.append(["change_cipher_spec"])

    def level(self, show):
        self.items.append(["alert", LEVELS[int(show)], ""])

    def description(self, show):
        self.items[-1][2] = ALERTS[int(show)]

    def data(self, _):
        self.items.append(["data", self.length])

    handlers = {
        "tls.record.length": record_length,
        "tls.handshake.type": handshake_type,
        "tls.handshake.extensions_server_name": server_name,
        "tls.handshake.ciphersuite": suite,
        "x509ce.dNSName": name,
        "tls.change_cipher_spec": change,
        "tls.alert_message.level": level,
        "tls.alert_message.desc": description,
        "tls.app_data": data,
    }

    def take(self, field):
        name, show = field.get("name"), field.get("show")
        handler = self.handlers.get(name)
        if name.startswith("x509sat.") and name[8:].lower() in NAMES or "IA5String" in name:
            handler = Reading.name
        if handler:
            handler(self, show)
        elif name in ("tls.handshake", "tls.alert_message") and field.get("showname", "").endswith(
            ("Encrypted Handshake Message", "Encrypted Alert")
        ):
            self.items.append(["encrypted", name.split(".")[1].split("_")[0], self.length])


def theirs():
    sides = collections.defaultdict(Reading)
    for packet in ET.fromstring(tshark("-Y", "tls", "-T", "pdml")):
        shown = {f.get("name"): f.get("show") for f in packet.iter("field")}
        key = int(shown["tcp.stream"]), int(shown["tcp.srcport"])
        for proto in packet:
            if proto.get("name") == "tls":
                for field in proto.iter("field"):
                    sides[key].take(field)
    return {key: [finish(item) for item in side.items] for key, side in sides.items()}


def finish(item):
    if item[0] == "handshake":
        return (*item[:3], tuple(sorted(item[3])))
    return tuple(item)


# ---- ours ----


def certificate_names(fields):
    for name, value in fields:
        if name in ("x509af.subject", "x509af.issuer"):
            yield from (part.split("=", 1)[1] for part in value.split(", "))
        elif name == "x509ce.subjectAltName":
            yield from (part for part in value.split(", ") if not part[0].isdigit())


def our_item(event):
    fields = event.get("fields", [])
    first = dict(reversed(fields))
    kind = event["kind"]
    if "tls.handshake.type" in first:
        number = int(first["tls.handshake.type"])
        said = {1: "tls.handshake.extensions_server_name", 2: "tls.handshake.ciphersuite"}
        names = sorted(certificate_names(fields)) if number == 11 else []
        return "handshake", number, first.get(said.get(number), ""), tuple(names)
    if kind == "alert":
        return "alert", first["tls.alert_message.level"], first["tls.alert_message.desc"]
    inside = first.get("tls.plaintext.content_type", "")
    if kind == "application_data":
        return ("data", int(first["tls.record.length"])) if inside in ("", "23") else None
    if kind in ("encrypted_handshake", "encrypted_alert"):
        return None if inside else ("encrypted", kind[10:], int(first["tls.record.length"]))
    if kind == "encrypted_change":
        return None if inside else ("change_cipher_spec",)
    return (kind,)


def ours():
    sides = collections.defaultdict(list)
    with open(events, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "message" and event["protocol"] == "tls" and event["kind"] != "not_tls":
                item = our_item(event)
                if item:
                    sides[event["tcp.stream"], event["srcport"]].append(item)
    return sides


# ---- HTTP inside ----


def their_http():
    out = tshark("-Y", "http and tls", "-T", "fields", "-e", "tcp.stream", "-e", "http.request.uri",
                 "-e", "http.response.code").decode()
    for line in out.split("\n"):
        if line:
            stream, uri, code = line.split("\t")
            if uri or code:  # else it is data that tshark does not understand either
                yield int(stream), uri or code


def our_http():
    """Without the answers that end with the connection: tshark does not tell them inside TLS."""
    with open(events, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["event"] == "message" and event["protocol"] == "http" and event.get("decrypted"):
                first = dict(reversed(event.get("fields", [])))
                if event["kind"] not in ("request", "response"):
                    continue
                if event["kind"] == "response" and "http.content_length_header" not in first:
                    continue
                yield event["tcp.stream"], first.get("http.request.uri") or first["http.response.code"]


# ---- both ----


def parts(item):
    """What is compared of an item: its kind by itself, then what is in it."""
    if item[0] != "handshake":
        yield {"data": "records of data", "alert": "alerts"}.get(item[0], "other records"), item
        return
    yield "handshake messages", item[1]
    if item[1] == 1 and item[2]:
        yield "server names", item[2]
    if item[1] == 2:
        yield "cipher suites", item[2]
    if item[1] == 11 and item[3]:
        yield "certificates' names", item[3]


def compare(mine, their):
    total, same = collections.Counter(), collections.Counter()
    for key in sorted(set(mine) | set(their)):
        split = [collections.defaultdict(list), collections.defaultdict(list)]
        for which, items in enumerate((mine.get(key, []), their.get(key, []))):
            for item in items:
                for what, part in parts(item):
                    split[which][what].append(part)
        for what in sorted(set(split[0]) | set(split[1])):
            a, b = split[0][what], split[1][what]
            matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
            same[what] += sum(block.size for block in matcher.get_matching_blocks())
            total[what] += max(len(a), len(b))
            for op, i, j, k, l in matcher.get_opcodes():
                if op != "equal":
                    print(f"  {key} {what}: ours {a[i:j]} tshark {b[k:l]}"[:400])
    for what in sorted(total):
        report(what, same[what], total[what])


def report(what, same, total):
    print(f"{what}: {same} of {total} agree ({100 * same / max(total, 1):.2f} %)")


compare(ours(), theirs())
if keys:
    mine, their = collections.Counter(our_http()), collections.Counter(their_http())
    for what in (mine - their) + (their - mine):
        print(f"  http {what}: ours {mine[what]} tshark {their[what]}")
    report("HTTP inside", sum((mine & their).values()), max(sum(mine.values()), sum(their.values())))
