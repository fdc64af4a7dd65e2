#!/usr/bin/env bash
# What the pages of labs 21 and 22 (names) say of each variant is what its run shows: in the stream of
# events. Their exercises are tried by gate.sh, their programs with others by dns.sh.
# once: it needs no privilege, and says the same with one
# shellcheck disable=SC2016 # what stands in single quotes is for jq
. tests/e2e/labs_lib.sh

prelude+='
	def flags: field("dns.flags") // "";
	def queries: [all_of("message")[] | select(.kind == "query")];
	def responses: [all_of("message")[] | select(.kind == "response")];
	def rcodes: [responses[] | field("dns.flags.rcode")];
	def types: [queries[] | field("dns.qry.type")];
	def asked: [queries[] | .["ip.dst"] | split(".")[3] | tonumber];
	def exactly($from; $flags): [segments[] | select(.from == $from and .flags == $flags)];
	def syns: [exactly("client"; "SYN")[] | .["ip.dst"] // .["ipv6.dst"]];
	def lasts: (exited("client") | ms) - (queries[0] | ms);
	def about($x): . > $x - 200 and . < $x * 1.4 + 200;
'

# ---- 21 lookup ----

lab 21
holds 'two questions from one socket, A and AAAA' 'types == ["A", "AAAA"] and ([queries[].srcport] | unique | length) == 1'
mostly 'at once: the second does not wait for the first' '(queries | gaps[0]) < 10 and (queries[1] | ms) < (responses[1] | ms)'
holds 'all three addresses' 'says("client"; "has ::1") and says("client"; "has 127.0.0.1") and says("client"; "has 127.0.0.2")'
lab 21 connect
holds 'sorting the addresses sends nothing' '(all_of("datagram") | length) == 4'
holds 'two refuse, the third greets' '(exactly("server"; "RST,ACK") | length) == 2 and (exactly("server"; "SYN,ACK") | length) == 1'
holds 'IPv6 first, where there is any' 'syns == ["::1", "127.0.0.1", "127.0.0.2"] or syns == ["127.0.0.1", "127.0.0.2"]'
lab 21 nobody
mostly 'NXDOMAIN, twice, and that is that' 'rcodes == ["NXDOMAIN", "NXDOMAIN"] and (queries | length) == 2 and lasts < 3000'
lab 21 six
holds 'no record of that type, and no error' 'rcodes == ["NOERROR", "NOERROR"] and (responses[0] | field("dns.count.answers")) == "0"'
lab 21 silent
mostly 'two questions, and after five seconds both again' 'types == ["A", "AAAA", "A", "AAAA"] and (queries | gaps[1] | about(5000))'
mostly 'it gives up after ten' 'lasts | about(10000)'
lab 21 once
mostly 'five seconds, and all is well' '(queries | length) == 4 and (lasts | about(5000)) and says("client"; "has 127.0.0.2")'
lab 21 refused
mostly 'each question has its ICMP answer' '(queries | length) == 4 and (icmp | length) == 4 and lasts < 2000'
lab 21 as-written
holds 'one question, of IPv4' 'types == ["A"] and says("client"; "No address")'
faulty 21 --fault lost-answer && mostly 'both are asked again, one after the other' \
	'types == ["A", "AAAA", "A", "AAAA"] and (queries | gaps[1] | about(5000)) and (queries[3] | ms) > (responses[1] | ms)'
faulty 21 --fault twice && holds 'nobody is fooled' '(responses | length) == 3 and (queries | length) == 2'
faulty 21 connect --wire --ipv6 && holds 'the name server is asked where it is' \
	'([queries[] | .["ipv6.dst"]] | unique) == ["fd00::2"] and says("client"; "Hello from")'

run "$WIRELAB" run 21 --host
is 'lab 21 --host is refused' 2 "$status"
has 'because names would be looked up elsewhere' 'leave it out' "$err"
RES_OPTIONS='timeout:1 attempts:5' LOCALDOMAIN=example.com observe 21 nobody
holds 'the resolver has no options of its own' '(queries | length) == 2'
run "$WIRELAB" run 21 --client 'uname -n'
has 'the machine has the same name everywhere' 'client\| wirelab$' "$out"

# What the document's own program does, taken out of its section 3.3.
if [ ! -d "$WIRELAB_SHARED/documents" ]; then
	skip 'the document'\''s own lookup' 'no documents at ../shared/documents'
elif ! command -v go >/dev/null; then
	skip 'the document'\''s own lookup' 'Go is not installed'
else
	export GOCACHE=$TMP/gocache GO111MODULE=off CGO_ENABLED=0
	{
		printf 'package main\nimport (\n"fmt"\n"net"\n)\nfunc main() {\n'
		awk '/^```go/ { inside = ++seen == 3; next } /^```/ { inside = 0 } inside' "$WIRELAB_SHARED"/documents/003_*.txt |
			sed 's/www\.baidu\.com/www.wirelab.test/'
		echo '}'
	} >"$TMP/lookup.go"
	HOME=$TMP go build -o "$TMP/lookup" "$TMP/lookup.go" || not_ok 'the document'\''s own lookup compiles'
	observe 21 --client "$TMP/lookup"
	holds 'a socket for each question, in Go' '(types | sort) == ["A", "AAAA"] and ([queries[].srcport] | unique | length) == 2'
	holds 'and a list of both families, whatever the text says' 'says("client"; "[::1 127.0.0.")'
fi

# ---- 22 resolver ----

lab 22
holds 'three servers, the same question' 'asked == [1, 2, 3] and ([queries[] | field("dns.qry.name")] | unique) == ["www.wirelab.test"]'
holds 'nobody is to do it for us' '[queries[] | flags | contains("recursion desired")] == [false, false, false]'
holds 'two referrals, with glue, and one who knows' '[responses[] | field("dns.ns")] == ["ns.test", "ns.wirelab.test", null] and
	(responses[0] | fields("dns.additional")) == ["ns.test 300 A 127.0.0.2"] and
	[responses[] | flags | contains("authoritative")] == [false, false, true]'
lab 22 recursive
holds 'one question of ours, with RD; three of the server, without' 'asked == [1, 2, 3, 4] and
	[queries[] | flags | contains("recursion desired")] == [true, false, false, false]'
holds 'RA in the answer, and no AA' 'responses[-1] | flags | contains("recursion available") and (contains("authoritative") | not)'
lab 22 cached
holds 'five questions, not eight' 'asked == [1, 2, 3, 4, 1]'
lab 22 glueless
holds 'the server of shop.test has to be looked up' 'asked == [1, 2, 1, 2, 3, 3] and says("client"; "Answers needed: 6")'
holds 'no address with its name' '(responses[1] | fields("dns.ns")) == ["names.wirelab.test"] and (responses[1] | fields("dns.additional")) == []'
lab 22 truncated
holds 'cut, and asked again over TCP' '(responses[2] | flags | contains("truncated")) and (exactly("client"; "SYN") | length) == 1 and
	[all_of("message")[] | .transport][-2:] == ["tcp", "tcp"]'
lab 22 forged
holds 'ICMP for the stranger' '(icmp | length) == 1'
holds 'the wrong number is passed over' '(responses | length) == 5 and asked == [1, 2, 3] and (says("client"; ".66") | not)'
lab 22 deaf
mostly 'asked again after a second' 'asked == [1, 1, 2, 3] and (queries | gaps[0] | about(1000))'
lab 22 as-written
holds 'refused' 'rcodes == ["REFUSED"] and (queries | length) == 1'
faulty 22 --fault lost-answer && mostly 'the root is asked again after a second' '(queries | gaps[0] | about(1000)) and (queries | length) == 4'
faulty 22 --fault lost-question && holds 'only the last one is asked again' '(queries | length) == 3 and (responses | length) == 3 and
	(queries[2] | ms) > 1000'
faulty 22 --wire && holds 'on a wire too, each server has an address' 'asked == [2, 3, 4]'
nothing_left 'and nothing is left'
finish
