"""agree.py EVENTS TSHARK: compares what wirelab-trace and tshark say of the DNS messages of a capture. EVENTS
is the stream of events, TSHARK what `tshark -T ek` prints of the protocol dns. Prints how many messages and
fields were compared and agree, and each difference. Exit status 1 if there is one."""
import json
import re
import sys

SHOWN = 24  # records of a message that wirelab-trace has in its fields
TYPES = {1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 12: "PTR", 15: "MX", 16: "TXT", 28: "AAAA", 255: "ANY", 252: "AXFR"}


def plain(name):
    """What no name of a host has, both write in their own way; a name that is broken is none."""
    return re.sub(r"\\\d\d\d|\\[a-z]|[^ -~]", "?", name.replace("\\.", ".")) if name[:1] != "<" else ""


def ours(path):
    messages = {}
    for line in open(path, encoding="utf-8"):
        event = json.loads(line)
        if event.get("event") != "message" or event["protocol"] != "dns" or event.get("incomplete"):
            continue  # of one that is incomplete, tshark says nothing
        fields = {}
        for key, value in event.get("fields", []):
            fields.setdefault(key, []).append(value)
        for record in fields.get("dns.additional", []):  # tshark has no name of its own for these
            kind, value = record.split(" ")[2:4]
            if kind in ("A", "AAAA"):
                fields.setdefault("dns." + kind.lower(), []).append(value)
        messages.setdefault(event["frame"], []).append({
            "kind": event["kind"],
            "id": fields.get("dns.id", [""])[0],
            "name": plain(fields.get("dns.qry.name", [""])[0]),
            "type": fields.get("dns.qry.type", [""])[0],
            "rcode": fields.get("dns.flags.rcode", [""])[0],
            "answers": int(fields.get("dns.count.answers", ["0"])[0]),
            "a": fields.get("dns.a", []),
            "aaaa": fields.get("dns.aaaa", []),
            "cname": fields.get("dns.cname", []),
            "truncated": "truncated" in fields.get("dns.flags", [""])[0],
            "authoritative": "authoritative" in fields.get("dns.flags", [""])[0],
            "rd": "recursion desired" in fields.get("dns.flags", [""])[0],
            "ra": "recursion available" in fields.get("dns.flags", [""])[0],
        })
    return messages


RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
          "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE", "DSOTYPENI"]


def rcode_name(number):
    return RCODES[number] if number < len(RCODES) else "RCODE%d" % number


def values(layer, field):
    value = layer.get("dns_" + field, [])
    return value if isinstance(value, list) else [value]


def first(layer, field, default=""):
    return (values(layer, field) or [default])[0]


def flag(layer, field):
    return first(layer, field, False) in (True, "1", 1, "true")


def theirs(path):
    messages = {}
    for line in open(path, encoding="utf-8"):
        packet = json.loads(line)
        if "layers" not in packet or "dns" not in packet["layers"]:
            continue
        frame = int(packet["layers"]["frame"]["frame_frame_number"])
        layers = packet["layers"]["dns"]
        for layer in layers if isinstance(layers, list) else [layers]:
            if not values(layer, "dns_count_add_rr"):
                continue  # fewer bytes than a header has: for wirelab-trace that is no message
            response = flag(layer, "dns_flags_response")
            kind = first(layer, "dns_qry_type")
            rcode = first(layer, "dns_flags_rcode")
            messages.setdefault(frame, []).append({
                "kind": "response" if response else "query",
                "id": first(layer, "dns_id"),
                "name": plain(first(layer, "dns_qry_name").replace("<Root>", ".")),
                "type": TYPES.get(int(kind), "TYPE%s" % kind) if kind else "",
                "rcode": rcode_name(int(rcode)) if response else "",
                "answers": int(first(layer, "dns_count_answers", 0)),
                "a": values(layer, "dns_a")[:SHOWN],
                "aaaa": values(layer, "dns_aaaa")[:SHOWN],
                "cname": values(layer, "dns_cname")[:SHOWN],
                "truncated": flag(layer, "dns_flags_truncated"),
                "authoritative": flag(layer, "dns_flags_authoritative"),
                "rd": flag(layer, "dns_flags_recdesired"),
                "ra": flag(layer, "dns_flags_recavail"),
            })
    return messages


def main():
    left, right = ours(sys.argv[1]), theirs(sys.argv[2])
    n_messages = n_agree = n_fields = n_same = 0
    for frame in sorted(set(left) | set(right)):
        pairs = list(zip(left.get(frame, []), right.get(frame, [])))
        count = max(len(left.get(frame, [])), len(right.get(frame, [])))
        n_messages += count
        if len(pairs) < count:
            print("frame %d: wirelab-trace has %d messages, tshark %d" %
                  (frame, len(left.get(frame, [])), len(right.get(frame, []))))
        for one, other in pairs:
            if one["name"] == "" == other["name"]:
                other["type"] = ""  # where the name ends, nobody knows
            wrong = [key for key in one if one[key] != other[key]]
            n_fields += len(one)
            n_same += len(one) - len(wrong)
            n_agree += not wrong
            for key in wrong:
                print("frame %d: %s: wirelab-trace %r, tshark %r" % (frame, key, one[key], other[key]))
    print("%d messages, %d agree (%.2f %%); of %d fields %d" %
          (n_messages, n_agree, 100.0 * n_agree / max(n_messages, 1), n_fields, n_same))
    return n_messages == 0 or n_agree < n_messages


sys.exit(main())
