# Helpers for the tests of what runs of labs show, in the stream of events; source it:
# . tests/e2e/labs_lib.sh
# shellcheck shell=bash
. tests/e2e/run_lib.sh

needs jq
namespaces_or_skip
# shellcheck disable=SC2034 # the caller uses it
have_wire=$("$WIRELAB" doctor | grep '^ok.*veth')

# What filters are made of; a script adds what it needs besides. A time is in ms, and the clocks of a run
# begin with its first event.
# shellcheck disable=SC2016 # for jq
prelude='
	(.[0].time | tonumber) as $zero |
	def ms: ((.time | tonumber) - $zero) * 1000;
	def gaps: [range(1; length) as $i | (.[$i] | ms) - (.[$i - 1] | ms)];
	def all_of($kind): [.[] | select(.event == $kind)];
	def segments: all_of("segment");
	def flagged($from; $word): [segments[] | select(.from == $from and (.flags | split(",") | index($word)))];
	def data($from): [segments[] | select(.from == $from and .["tcp.len"] > 0)];
	def resets: [segments[] | select(.flags | test("RST"))];
	def closed: [all_of("connection")[] | select(.action == "closed")];
	def icmp: [all_of("frame")[] | select(.kind == "icmp")];
	def returns($host; $name): [all_of("call")[] | select(.action == "returned" and .host == $host and .name == $name)];
	def called($host; $regex): [all_of("call")[] | select(.action == "returned" and .host == $host and (.name | test($regex)))];
	def says($host; $text): any(all_of("output")[]; .host == $host and (.text | contains($text)));
	def prints($host; $regex): any(all_of("output")[]; .host == $host and (.text | test($regex)));
	def exited($host): [all_of("program")[] | select(.host == $host and .action == "exited")][0];
	def messages($from; $kind): [all_of("message")[] | select(.from == $from and .kind == $kind)];
	def fields($name): [.fields[]? | select(.[0] == $name)[1]];
	def field($name): fields($name)[0];
'
form=(--json) # and what else each run is to be given

# observe WORDS...: a run; its events, as one array, are in $TMP/events
observe() {
	name="lab $*" words=("$@")
	run "$WIRELAB" run "$@" "${form[@]}"
	jq -s . "$TMP/out" >"$TMP/events"
}

# lab WORDS...: the same, and it ends as its lab.conf says
lab() {
	observe "$@"
	is "$name ends as its lab.conf says" '0 ' "$status $err"
}

# faulty WORDS...: the same with a fault, where there is a wire; however its programs end
faulty() {
	[ -n "$have_wire" ] || return 1
	observe "$@"
}

# query FILTER: what it says of the last run's events
query() {
	jq -r "$prelude $1" "$TMP/events" 2>&1
}

# shows NAME FILTER: it says true
shows() {
	is "$1" true "$(query "$2")"
}

# holds SENTENCE FILTER: the same, named by the run
holds() {
	shows "$name: $1" "$2"
}

# again_until FILTER: on a busy machine what needs two programs to run at once, or to be in time, may take
# some runs until it is true of one.
again_until() {
	for _ in 1 2 3 4; do
		[ "$(query "$1")" = true ] && break
		observe "${words[@]}"
	done
}

# mostly SENTENCE FILTER: as holds, with again_until
mostly() {
	again_until "$2"
	holds "$1" "$2"
}
