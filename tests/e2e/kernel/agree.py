"""agree.py NAME FILE: reads a run's events and compares, at every quiet moment of every connection, the
state that the kernel says each end is in with the state that the segments say. Prints one line:
"NAME samples agreed uncompared lawful, moments agreed lawful, wrong", and a line for each difference, with
its reason; those without one begin with "WRONG"."""
import json
import sys

QUIET = 0.150  # seconds without a segment of the connection, none of it on the wire
SETTLED = 0.110  # after which the kernel has been looked at (every 20 ms) and told


def end_of(event, which):
    return (event.get(which + ".ip"), event.get(which + ".port"))


class Connection:
    def __init__(self, event):
        self.ends = {side: end_of(event, side) for side in ("client", "server")}
        self.segments = []  # (time, since when on the wire, states after)
        self.over = float("inf")  # when another connection takes its ports

    def add(self, event):
        time = float(event["time"])
        self.segments.append((time, float(event.get("sent", time)),
                              {side: event[side + ".state"] for side in self.ends}))

    def quiet_moments(self, end):
        """(from, to, states), times between which nothing of it moved"""
        for i, (time, _, states) in enumerate(self.segments):
            rest = self.segments[i + 1:]
            until = min([sent for _, sent, _ in rest] + [end, self.over])
            if until - time >= QUIET:
                yield time, until, states


def main():
    name, path = sys.argv[1], sys.argv[2]
    events = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            events.append(json.loads(line))
    connections, samples, end = {}, [], None
    for event in events:
        kind = event["event"]
        if kind == "connection" and event["action"] == "opened":
            connections[event["tcp.stream"]] = Connection(event)
        elif kind == "segment":
            connection = connections[event["tcp.stream"]]
            connection.add(event)
            for other in connections.values():
                if other is not connection and other.ends == connection.ends and other.segments and \
                        other.segments[0][0] < connection.segments[0][0]:
                    other.over = min(other.over, connection.segments[0][1])
        elif kind == "kernel":
            samples.append(event)
        elif kind == "program" and event.get("by") == "runner" and end is None:
            end = float(event["time"])  # from here on the run is taken down
    if end is None:
        end = float(events[-1]["time"])
    # beyond so many sockets the others are not told, and a note says so
    crowded = any(event["event"] == "note" and "TCP sockets" in event["text"] for event in events)
    told, reasons = check_samples(samples)
    moments, wrong, words = check_moments(connections, samples, end, reasons, crowded)
    print(f"{name:34} {told['all']:5} {told['agreed']:6} {told['uncompared']:6} {told['lawful']:6}   "
          f"{moments['all']:5} {moments['agreed']:6} {moments['lawful']:6}   {told['wrong'] + wrong:5}")
    for line in sorted(set(words + told["words"])):
        print("    " + line)
    return 1 if told["wrong"] + wrong else 0


def check_samples(samples):
    told = {"all": 0, "agreed": 0, "uncompared": 0, "lawful": 0, "wrong": 0, "words": []}
    reasons = {}
    for k in samples:
        if "inferred" not in k:
            continue
        told["all"] += 1
        pair = (k["host"], k["tcp.stream"], k["state"], k["inferred"])
        if k.get("differs"):
            told["lawful" if k.get("reason") else "wrong"] += 1
            reasons[pair] = k.get("reason", "")
            if k.get("reason"):
                told["words"].append(f"{k['host']} kernel {k['state']}, segments {k['inferred']}: {k['reason']}")
            else:
                told["words"].append(f"WRONG sample: {k['host']} kernel {k['state']}, segments {k['inferred']}")
        elif k["state"] == k["inferred"]:
            told["agreed"] += 1
        else:
            told["uncompared"] += 1
            if not k.get("reason"):
                told["wrong"] += 1
                told["words"].append(f"WRONG: not compared, without a reason: {pair}")
    return told, reasons


def check_moments(connections, samples, end, reasons, crowded):
    moments, wrong, words = {"all": 0, "agreed": 0, "lawful": 0}, 0, []
    for stream, connection in connections.items():
        for began, until, states in connection.quiet_moments(end):
            for side, own in connection.ends.items():
                peer = connection.ends["server" if side == "client" else "client"]
                kernel, host, known = "CLOSED", side, False
                for k in samples:
                    if float(k["time"]) <= max(began + SETTLED, until - 0.030) and end_of(k, "local") == own and \
                            end_of(k, "remote") == peer and k.get("tcp.stream", stream) == stream:
                        kernel, host, known = k["state"], k["host"], True
                if crowded and not known:
                    continue
                if not known and states[side] == "LISTEN":
                    continue  # who listens has no socket for this pair yet
                moments["all"] += 1
                if kernel == states[side]:
                    moments["agreed"] += 1
                    continue
                reason = reasons.get((host, stream, kernel, states[side]))
                if not known and states[side] == "SYN-RECEIVED":
                    reason = "the SYN was ignored (the accept queue is full): there is no socket"
                if reason:
                    moments["lawful"] += 1
                    words.append(f"{side} kernel {kernel}, segments {states[side]}: {reason}")
                else:
                    wrong += 1
                    words.append(f"WRONG moment: connection {stream} at {began:.3f} for {until - began:.3f} s: "
                                 f"{side} kernel {kernel}, segments {states[side]}")
    return moments, wrong, words


sys.exit(main())
