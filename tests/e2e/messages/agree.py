"""Compares what wirelab-trace and tshark tell of HTTP/1.x and DNS, message by message.

agree.py TRACE CAPTURE...: prints "PROTOCOL: N of M agree", and what does not. A message of HTTP is its
direction and request line or status; of DNS its frame's direction, id, question, response code, number of
answers and addresses. Compared in order for each direction of each connection."""
import collections
import difflib
import json
import os
import subprocess
import sys

trace, captures = sys.argv[1], sys.argv[2:]
PART, FIELD = "\x1f", "\x1e"
TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 28: "AAAA", 32: "NB",
         33: "SRV", 35: "NAPTR", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY", 50: "NSEC3",
         52: "TLSA", 64: "SVCB", 65: "HTTPS", 255: "ANY", 252: "AXFR", 257: "CAA"}
RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
          "NOTAUTH", "NOTZONE"]
NEIGHBOURS = ("mdns", "llmnr")
CUT = " (cut off)"  # tshark tells no message whose end did not come: ours may be one too many


def tshark(capture, display, *names):
    command = ["tshark", "-n", "-r", capture, "-Y", display, "-o", "tcp.reassemble_out_of_order:TRUE",
               "-d", "tcp.port==5300,dns",
               "-T", "fields", "-E", "separator=" + FIELD, "-E", "aggregator=" + PART, "-E", "occurrence=a"]
    for name in names:
        command += ["-e", name]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    for line in done.stdout.split("\n"):
        if line:
            yield [[v for v in cell.split(PART) if v != ""] for cell in line.split(FIELD)]


def theirs_http(capture):
    names = ("tcp.stream", "tcp.srcport", "http.request.method", "http.request.uri", "http.response.code")
    found = collections.defaultdict(list)
    for streams, ports, methods, uris, codes in tshark(capture, "http.request or http.response", *names):
        key = int(streams[0]), int(ports[0])
        found[key] += [f"{m} {u}" for m, u in zip(methods, uris)] + codes
    return found


def theirs_dns(capture):
    names = ("frame.number", "tcp.stream", "udp.srcport", "tcp.srcport", "dns.id", "dns.flags.response", "dns.qry.name",
             "dns.qry.type", "dns.flags.rcode", "dns.count.answers", "dns.a", "dns.aaaa")
    found = collections.defaultdict(list)
    for row in tshark(capture, "dns and not icmp and not icmpv6", *names):
        frame, stream, udp, tcp, ids, responses, qnames, qtypes, rcodes, counts, a, aaaa = row
        key = ("udp", int(udp[0])) if udp else (int(stream[0]), int(tcp[0]))
        if len(ids) > 1:  # over TCP, several in one frame: the lists do not tell what belongs to which
            found[key] += [{"id": int(i, 16), "response": r in ("1", "True")} for i, r in zip(ids, responses)]
            continue
        found[key].append({
            "id": int(ids[0], 16), "response": responses[0] in ("1", "True"),
            "names": [n.replace("<Root>", ".") for n in qnames], "types": [int(t, 0) for t in qtypes],
            "rcode": int(rcodes[0]) if rcodes else None, "answers": int(counts[0]) if counts else 0,
            "addresses": set(a + aaaa)})
    return found


def messages(capture):
    done = subprocess.run([trace, "-r", capture, "-o", "json", "-q"], capture_output=True, text=True, check=False)
    for line in done.stdout.splitlines():
        if line.startswith('{"event":"message"'):
            yield json.loads(line)


def ours_of(capture):
    http, dns = collections.defaultdict(list), collections.defaultdict(list)
    for m in messages(capture):
        fields = collections.defaultdict(list)
        for name, value in m.get("fields", []):
            fields[name].append(value)
        if m["protocol"] == "http" and m["kind"] in ("request", "response"):
            what = fields["http.response.code"] or [
                f'{fields["http.request.method"][0]} {fields["http.request.uri"][0]}']
            http[m["tcp.stream"], m["srcport"]] += [what[0] + (CUT if m.get("incomplete") else "")]
        elif m["protocol"] == "dns" or m["protocol"] in NEIGHBOURS:
            if m["kind"] not in ("query", "response"):
                continue
            key = ("udp", m["srcport"]) if m["transport"] == "udp" else (m["tcp.stream"], m["srcport"])
            dns[key].append({
                "id": int(fields["dns.id"][0], 16), "response": m["kind"] == "response",
                "names": fields["dns.qry.name"], "types": fields["dns.qry.type"],
                "rcode": fields["dns.flags.rcode"], "answers": int((fields["dns.count.answers"] or ["0"])[0]),
                "addresses": set(fields["dns.a"] + fields["dns.aaaa"])})
    return http, dns


def same_dns(a, b):
    """a is ours, b theirs; the addresses of theirs include those of the additional section."""
    if a["id"] != b["id"] or a["response"] != b["response"]:
        return False
    if "names" not in b:
        return True
    types = [TYPES.get(t, f"TYPE{t}") for t in b["types"]]
    rcode = a["rcode"] == ([RCODES[b["rcode"]]] if b["rcode"] is not None and b["rcode"] < len(RCODES) else a["rcode"])
    return a["names"] == b["names"] and a["types"] == types and rcode and a["answers"] == b["answers"] \
        and a["addresses"] <= b["addresses"]


class Score:
    def __init__(self, protocol):
        self.protocol, self.agree, self.all, self.told = protocol, 0, 0, 0

    def differ(self, capture, key, mine, their):
        self.told += 1
        if self.told <= 20:
            print(f"  {self.protocol} {os.path.basename(capture)} {key}: ours {mine}, tshark's {their}")

    def http(self, capture, mine, their):
        for key in sorted(set(mine) | set(their)):
            a, b = mine.get(key, []), their.get(key, [])
            whole = [m.removesuffix(CUT) for m in a]
            blocks = difflib.SequenceMatcher(None, whole, b, False).get_matching_blocks()
            matched = {block.a + i for block in blocks for i in range(block.size)}
            n = len([i for i, m in enumerate(a) if i in matched or not m.endswith(CUT)])
            self.agree += len(matched)
            self.all += max(n, len(b))
            if len(matched) < max(n, len(b)):
                self.differ(capture, key, a, b)

    def dns(self, capture, mine, their):
        for key in sorted(set(mine) | set(their), key=str):
            a, b = mine.get(key, []), their.get(key, [])
            self.all += max(len(a), len(b))
            for i in range(max(len(a), len(b))):
                if i < len(a) and i < len(b) and same_dns(a[i], b[i]):
                    self.agree += 1
                else:
                    self.differ(capture, key, a[i:i + 1], b[i:i + 1])

    def print(self):
        if self.all:
            print(f"{self.protocol}: {self.agree} of {self.all} agree ({100 * self.agree / self.all:.2f} %)")


http_score, dns_score = Score("http"), Score("dns")
for path in captures:
    ours_http, ours_dns = ours_of(path)
    http_score.http(path, ours_http, theirs_http(path))
    dns_score.dns(path, ours_dns, theirs_dns(path))
http_score.print()
dns_score.print()
