#!/usr/bin/env bash
# The Go programs of documents 000 and 001, taken out of the documents, on our wire: each against our
# program of the same lab, and against each other.
# once: it needs no privilege, and says the same with one
. tests/e2e/lib.sh

[ -d "$WIRELAB_SHARED/documents" ] || skip_all 'no documents at ../shared/documents'
command -v go >/dev/null || skip_all 'Go is not installed'

export HOME=$TMP GOCACHE=$TMP/gocache GOFLAGS=-mod=mod GO111MODULE=off CGO_ENABLED=0

# program DOCUMENT N NAME: builds the N-th Go program of the document.
program() {
	mkdir -p "$TMP/$3.src"
	awk -v n="$2" '/^```go/ { inside = ++seen == n; next } /^```/ { inside = 0 } inside' \
		"$WIRELAB_SHARED/documents/$1"_*.txt >"$TMP/$3.src/main.go"
	(cd "$TMP/$3.src" && go build -o "$TMP/$3" main.go) >"$TMP/$3.log" 2>&1 && return
	not_ok "$3 compiles" "$(cat "$TMP/$3.log")"
	return 1
}

# talk NAME LAB OPTION...: runs the lab with these programs; asserts what the wire must show.
talk() {
	local name=$1 lab=$2
	shift 2
	run "$WIRELAB" run "$lab" --json "$@"
	is "$name: status 0" 0 "$status"
	is "$name: one handshake, of three segments" 'handshake 1/3 handshake 2/3 handshake 3/3' \
		"$(jq -r 'select(.event == "segment" and .phase == "handshake") | .step' <<<"$out" | xargs)"
	is "$name: payload both ways" 'client server' \
		"$(jq -r 'select(.event == "segment" and ."tcp.len" > 0) | .from' <<<"$out" | sort -u | xargs)"
	is "$name: each end sends one FIN" 'client server' \
		"$(jq -r 'select(.event == "segment" and (.flags | contains("FIN"))) | .from' <<<"$out" | sort | xargs)"
	is "$name: no RST" '' \
		"$(jq -r 'select(.event == "segment" and (.flags | contains("RST"))) | .flags' <<<"$out")"
	is "$name: both ends closed" 'closed' \
		"$(jq -r 'select(.event == "connection" and .action != "opened") | .action' <<<"$out" | xargs)"
	nothing_left "$name: nothing left running"
	[ "$status" -eq 0 ] || printf '%s\n' "$err" | head -n 5
}

program 000 1 client-000 || finish
program 000 2 server-000 || finish
program 001 1 server-001 || finish
program 001 2 client-001 || finish

talk 'Go client of document 000, our server' 01 --client "$TMP/client-000"
talk 'our client, Go server of document 000' 01 --server "$TMP/server-000"
talk 'both of document 000' 01 --client "$TMP/client-000" --server "$TMP/server-000"
talk 'Go client of document 001, our server' 06 --client "$TMP/client-001"
talk 'our client, Go server of document 001' 06 --server "$TMP/server-001"
talk 'both of document 001' 06 --client "$TMP/client-001" --server "$TMP/server-001"
finish
