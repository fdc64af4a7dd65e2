#!/usr/bin/env bash
# Who can talk to whom: the five TCP servers of the documents with their five TCP clients, 25 pairs; first
# our programs, then, where Go and the documents are there, the documents' own. What becomes of each pair
# is predicted in a table; the wire must agree.
# once: it needs no privilege, and says the same with one
. tests/e2e/run_lib.sh
needs jq
namespaces_or_skip
LABS=$WIRELAB_BIN/../labs

# What a pair comes to:
#   ok     both FINs, no RST, the client ends by itself
#   rst    the client ends by itself, and there was a RST
#   wait   both wait for each other, until somebody ends the run
outcome() {
	local resets ends
	resets=$(jq -r 'select(.event == "segment" and (.flags | contains("RST"))) | .from' <<<"$out" | head -n 1)
	ends=$(jq -r 'select(.event == "program" and .action == "exited" and .host == "client") | .by // "itself"' <<<"$out")
	if [ "$ends" != itself ]; then
		echo wait
	elif [ -n "$resets" ]; then
		echo rst
	else
		echo ok
	fi
}

# pair NAME PREDICTED WORDS...: runs it.
pair() {
	local name=$1 predicted=$2
	shift 2
	run "$WIRELAB" run "$@" --json -q --timeout "$([ "$predicted" = wait ] && echo 2 || echo 20)"
	is "$name: one connection" 1 "$(jq -r 'select(.event == "connection" and .action == "opened") | .action' <<<"$out" | wc -l)"
	is "$name: $predicted" "$predicted" "$(outcome)"
}

# ---- ours ----

# A client knows how much it wants: that of lab 01 13 bytes, that of lab 06 as many as it sent, that of lab 07
# a line, that of lab 09 all until the FIN, that of lab 08 anything. A server of the documents gives what one
# read brings, whatever was asked: "Hello, World!" (01), 12 bytes "hello, world" (06), one answer and a FIN
# (07), 14 bytes that nobody asked for (09), nothing ever (08).
servers=(01-hello/server 06-echo-loop/server-as-written 07-chat/server-as-written 09-byte-by-byte/server
	08-mute-pair/server-as-written)
clients=(01 06 07 09 08)
table=(
	# 01  06   07   09   08      clients
	'ok   wait wait wait wait' # 01: waits for 13 bytes; 12, or a line of 6, are too few for it
	'wait ok   wait wait ok'   # 06: its 12 bytes are no 13, and end with no newline
	'ok   rst  ok   wait ok'   # 07: leaves after one answer, so a second message meets a RST
	'rst  rst  rst  ok   rst'  # 09: never reads, so its close finds bytes unread
	'wait wait wait wait wait' # 08: says nothing, for ever
)
for s in "${!servers[@]}"; do
	read -ra row <<<"${table[s]}"
	for c in "${!clients[@]}"; do
		words=("${clients[c]}" --server "$LABS/${servers[s]} {host} {port}")
		[ "${clients[c]}" != 08 ] || words+=(--client "$LABS/08-mute-pair/client-as-written {host} {port}")
		pair "server of ${servers[s]%%-*}, client of ${clients[c]}" "${row[c]}" "${words[@]}"
	done
done

# ---- the documents' own, in Go ----

if [ ! -d "$WIRELAB_SHARED/documents" ] || ! command -v go >/dev/null; then
	skip 'the Go programs' 'no Go, or no documents at ../shared/documents'
	finish
fi
export HOME=$TMP GOCACHE=$TMP/gocache GO111MODULE=off CGO_ENABLED=0

# program NAME DOCUMENT N PATCH: builds the N-th Go program of the document, made to compile.
program() {
	mkdir -p "$TMP/$1.src"
	awk -v n="$3" '/^```go/ { inside = ++seen == n; next } /^```/ { inside = 0 } inside' \
		"$WIRELAB_SHARED/documents/$2"_*.txt | sed -E "$4" >"$TMP/$1.src/main.go"
	(cd "$TMP/$1.src" && go build -o "$TMP/$1" main.go) >"$TMP/$1.log" 2>&1 && return
	not_ok "$1 compiles" "$(cat "$TMP/$1.log")"
	finish
}

program server-0 000 2 ''
program server-1 001 1 ''
program server-2 002 4 '/"bufio"/d'
program server-3 003 4 '/"(fmt|os)"/d'
program server-4 004 1 ''
program client-0 000 1 ''
program client-1 001 2 ''
# at the end of its input it would go on for ever
program client-2 002 3 's/text, _ := (reader.ReadString.*)/text, e := \1; if e != nil { return }/; s/message, _ := (reader.ReadString.*)/message, e := \1; if e != nil { return }/'
program client-3 003 6 's/^import \(/import (\n"os"/'
program client-4 004 2 ''

# Go's clients take whatever one read brings, so most pairs end; the server of 003 never reads (a RST), that
# of 004 never answers, and the client of 003 never speaks. The client of 002 has three messages, the servers
# of 000 and 002 one answer: the second message meets a RST.
table=(
	'ok ok rst wait ok'
	'ok ok ok wait ok'
	'ok ok rst wait ok'
	'rst rst rst ok rst'
	'wait wait wait wait wait'
)
for s in 0 1 2 3 4; do
	read -ra row <<<"${table[s]}"
	for c in 0 1 2 3 4; do
		lab=01
		[ "$c" != 2 ] || lab=07
		pair "Go server of 00$s, Go client of 00$c" "${row[c]}" "$lab" --server "$TMP/server-$s" --client "$TMP/client-$c"
	done
done
finish
