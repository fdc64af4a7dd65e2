#!/usr/bin/python3
"""What wirelab-trace and tshark tell of the same capture, both with the same key log: messages of the TLS
handshake, alerts, and HTTP inside; each counted by connection and end. agree.py TRACE CAPTURE KEYS.
Ends with 0 when they agree on at least 99.5 %."""
import collections
import json
import subprocess
import sys

TRACE, CAPTURE, KEYS = sys.argv[1:4]
PORTS = [8443, 8444, 8445, 8446, 8447, 8643, 8644, 9001, 9002, 9003, 9004, 9005, 9009, 9443]
ALERTS = {  # tshark gives numbers, we give names (RFC 8446, section 6)
    0: "close_notify", 10: "unexpected_message", 20: "bad_record_mac", 22: "record_overflow", 40: "handshake_failure",
    42: "bad_certificate", 45: "certificate_expired", 46: "certificate_unknown", 47: "illegal_parameter", 48: "unknown_ca",
    50: "decode_error", 51: "decrypt_error", 70: "protocol_version", 80: "internal_error", 90: "user_canceled",
    100: "no_renegotiation"}
KINDS = ("handshake", "alert", "request", "response")


def ours():
    told = {kind: collections.Counter() for kind in KINDS}
    out = subprocess.run([TRACE, "-r", CAPTURE, "--keylog", KEYS, "-q", "-o", "json"], capture_output=True, check=True)
    for line in out.stdout.splitlines():
        event = json.loads(line)
        if event["event"] != "message":
            continue
        where = event["tcp.stream"], event["srcport"]
        fields = collections.defaultdict(list)
        for name, value in event.get("fields", []):
            fields[name].append(value)
        for value in fields.get("tls.handshake.type", []):
            told["handshake"][where + (value,)] += 1
        for value in fields.get("tls.alert_message.desc", []):
            told["alert"][where + (value.split()[0],)] += 1
        if event["kind"] == "request" and event["protocol"] == "http":
            told["request"][where + (fields["http.request.method"][0],)] += 1
        if event["kind"] == "response" and event["protocol"] == "http":
            told["response"][where + (fields["http.response.code"][0],)] += 1
    return told


def theirs():
    told = {kind: collections.Counter() for kind in KINDS}
    names = ["tcp.stream", "tcp.srcport", "tls.handshake.type", "tls.alert_message.desc", "http.request.method",
             "http.response.code"]
    command = ["tshark", "-r", CAPTURE, "-o", "tls.keylog_file:" + KEYS, "-T", "fields", "-E", "occurrence=a"]
    for port in PORTS:
        command += ["-d", "tcp.port==%d,tls" % port, "-d", "tls.port==%d,http" % port]
    for name in names:
        command += ["-e", name]
    for line in subprocess.run(command, capture_output=True, check=True).stdout.decode().splitlines():
        columns = (line.split("\t") + [""] * 6)[:6]
        if not columns[0]:
            continue
        where = int(columns[0]), int(columns[1])
        for kind, text in zip(KINDS, columns[2:]):
            for value in filter(None, text.split(",")):
                told[kind][where + (ALERTS.get(int(value), value) if kind == "alert" else value,)] += 1
    return told


a, b = ours(), theirs()
n_all = n_same = 0
for kind in KINDS:
    same = sum((a[kind] & b[kind]).values())
    every = max(sum(a[kind].values()), sum(b[kind].values()))
    n_all, n_same = n_all + every, n_same + same
    print("%s: %d of %d agree" % (kind, same, every))
    for where, n in (a[kind] - b[kind]).items():
        print("  only we: stream %d port %d: %s" % where, "" if n == 1 else n)
    for where, n in (b[kind] - a[kind]).items():
        print("  only tshark: stream %d port %d: %s" % where, "" if n == 1 else n)
sys.exit(0 if n_all > 500 and n_same >= 0.995 * n_all else 1)
