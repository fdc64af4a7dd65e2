#!/usr/bin/env bash
# The name servers and the clients of labs 21 and 22 against others: dig, unbound and dnsmasq; against bad
# questions and bad answers; and all that was on the wire meanwhile, told by wirelab-trace and by tshark.
# once: it needs no privilege, and says the same with one
. tests/e2e/peers_lib.sh
lab=$LABS/22-resolver

# asked WORDS...: dig's answer as one line: status, flags, and the sorted data of the answers
asked() {
	timeout 20 dig +tries=1 +time=10 +nocookie "$@" >"$TMP/dig" 2>&1
	printf '%s %s: %s' "$(sed -n 's/.*status: \([A-Z]*\).*/\1/p' "$TMP/dig" | tail -n 1)" \
		"$(sed -n 's/^;; flags: \([a-z ]*\);.*/\1/p' "$TMP/dig" | tail -n 1)" \
		"$(awk '/^;; ANSWER/ { on = 1; next } /^$/ { on = 0 } on { print $NF }' "$TMP/dig" | sort | xargs)"
}
# digs NAME EXPECTED WORDS...
digs() {
	is "$1" "$2" "$(asked "${@:3}")"
}

begin 127.0.0.1:53/udp "$lab/server" -r 1 127.0.0.1 53 || finish
server=$peer
capture=$TMP/all.pcap
capture "$capture" 'udp or tcp'

# ---- dig asks our servers: the recursive one at .1, root .2, test .3, wirelab.test and shop.test .4 ----

if have dig 'dig asks our servers'; then
	own='192.0.2.10 192.0.2.11'
	digs 'dig, the zone: A' "NOERROR qr aa: $own" @127.0.0.4 www.wirelab.test A +norec
	digs 'dig, the zone: RD is copied, RA is not set' "NOERROR qr aa rd: $own" @127.0.0.4 www.wirelab.test A
	digs 'dig, the zone: AAAA' 'NOERROR qr aa: 2001:db8::10' @127.0.0.4 www.wirelab.test AAAA +norec
	digs 'dig, the zone: an alias' "NOERROR qr aa: $own www.wirelab.test." @127.0.0.4 alias.wirelab.test A +norec
	digs 'dig, the zone: an alias into another zone of ours' "NOERROR qr aa: $own www.wirelab.test." \
		@127.0.0.4 www.shop.test A +norec
	digs 'dig, the zone: CNAME itself' 'NOERROR qr aa: www.wirelab.test.' @127.0.0.4 alias.wirelab.test CNAME +norec
	digs 'dig, the zone: any case' "NOERROR qr aa: $own" @127.0.0.4 wWw.WireLab.TEST A +norec
	has 'dig, and the question keeps it' 'wWw\.WireLab\.TEST\.' "$(cat "$TMP/dig")"
	digs 'dig, the zone: no such type' 'NOERROR qr aa: ' @127.0.0.4 www.wirelab.test MX +norec
	has 'dig, with a SOA' 'SOA' "$(cat "$TMP/dig")"
	digs 'dig, the zone: no such name' 'NXDOMAIN qr aa: ' @127.0.0.4 nobody.wirelab.test A +norec
	has 'dig, with a SOA too' 'SOA' "$(cat "$TMP/dig")"
	digs 'dig, the zone: somebody else'\''s name' 'REFUSED qr: ' @127.0.0.4 example.com A +norec
	digs 'dig, the zone: class CHAOS' 'REFUSED qr: ' @127.0.0.4 version.bind TXT CH +norec
	digs 'dig, the zone: NOTIFY' 'NOTIMP qr: ' @127.0.0.4 wirelab.test SOA +opcode=notify +norec
	digs 'dig, the zone: a version of EDNS to come' 'BADVERS qr: ' @127.0.0.4 www.wirelab.test A +norec +edns=1 +noednsneg
	digs 'dig, the root: a referral' 'NOERROR qr: ' @127.0.0.2 www.wirelab.test A +norec
	has 'dig, with its server' '^test\..*NS.*ns\.test\.$' "$(cat "$TMP/dig")"
	has 'dig, and its glue' '^ns\.test\..*A.*127\.0\.0\.3$' "$(cat "$TMP/dig")"
	digs 'dig, too long for 512 bytes' 'NOERROR qr aa tc: ' @127.0.0.4 long.wirelab.test TXT +norec +noedns +ignore +noanswer
	digs 'dig, goes on over TCP' 'NOERROR qr aa: ' @127.0.0.4 long.wirelab.test TXT +norec +noedns +noanswer
	has 'dig, and has got four' 'ANSWER: 4' "$(cat "$TMP/dig")"
	digs 'dig, or says with EDNS that it may be longer' 'NOERROR qr aa: ' @127.0.0.4 long.wirelab.test TXT +norec +bufsize=1232 +noanswer
	has 'dig, and has got four in a datagram' 'ANSWER: 4' "$(cat "$TMP/dig")"
	has 'dig, over UDP' '\(UDP\)' "$(cat "$TMP/dig")"
	digs 'dig, over TCP at once' "NOERROR qr aa: $own" @127.0.0.4 www.wirelab.test A +norec +tcp
	digs 'dig, the recursive one' "NOERROR qr rd ra: $own" @127.0.0.1 www.wirelab.test A
	digs 'dig, the recursive one, and without RD' 'REFUSED qr ra: ' @127.0.0.1 www.wirelab.test A +norec
	digs 'dig, the recursive one: an alias, without glue' "NOERROR qr rd ra: $own www.wirelab.test." @127.0.0.1 www.shop.test A
	digs 'dig, the recursive one: no such name' 'NXDOMAIN qr rd ra: ' @127.0.0.1 nobody.wirelab.test A
	digs 'dig, the recursive one: no such type' 'NOERROR qr rd ra: ' @127.0.0.1 www.wirelab.test MX
	digs 'dig, the recursive one: long, over TCP' 'NOERROR qr rd ra: ' @127.0.0.1 long.wirelab.test TXT +tcp +noanswer
	has 'dig, all four of it' 'ANSWER: 4' "$(cat "$TMP/dig")"
	first=$(dig @127.0.0.1 many.wirelab.test A +tcp +noall +answer | awk 'NR == 1 { print $2 }')
	sleep 1.1
	second=$(dig @127.0.0.1 many.wirelab.test A +tcp +noall +answer | awk 'NR == 1 { print $2 }')
	if [ "$second" -lt "$first" ]; then ok 'what is remembered gets older'; else not_ok 'what is remembered gets older' "$first, then $second"; fi
fi

# ---- our clients ----

cat >"$TMP/names" <<-'END'
	alias.wirelab.test
	many.wirelab.test
	nobody.wirelab.test
END
compile client labs/22-resolver/client.c labs/lib/dns.c labs/lib/resolve.c labs/lib/net.c
compile by-hand labs/22-resolver/solution/client.c

# clients_ask WHO ADDRESS PORT: both our clients ask a recursive server
clients_ask() {
	run "$TMP/client" -r alias.wirelab.test A "$2" "$3"
	is "our client asks $1" '0 yes' "$status $(grep -q 'www.wirelab.test A 192.0.2.11' <<<"$out" && echo yes || echo "$out$err")"
	run "$TMP/client" -r many.wirelab.test A "$2" "$3"
	has "our client asks $1 again, over TCP" '40 answers.*over TCP' "$out$err"
	run "$TMP/client" -r nobody.wirelab.test A "$2" "$3"
	has "our client asks $1 for what is not there" 'NXDOMAIN' "$out$err"
	timeout 20 "$TMP/by-hand" "$2" "$3" <"$TMP/names" >"$TMP/out" 2>&1
	is "the client by hand asks $1" '42 lines, alias.wirelab.test is www.wirelab.test, nobody.wirelab.test: no address' \
		"$(grep -c ' has ' "$TMP/out") lines, $(grep ' is ' "$TMP/out"), $(grep 'no address' "$TMP/out")"
}
clients_ask 'our recursive server' 127.0.0.1 53
run "$TMP/client" www.shop.test A 127.0.0.2 53
has 'our client goes from the root by itself' 'Answers needed: 6' "$out$err"

# ---- unbound: a real resolver, which asks our servers from the root on ----

if have unbound 'unbound asks our servers'; then
	cat >"$TMP/hints" <<-'END'
		. 3600 IN NS root.
		root. 3600 IN A 127.0.0.2
	END
	cat >"$TMP/unbound.conf" <<-END
		server:
		  interface: 127.0.0.1@5300
		  do-daemonize: no
		  username: ""
		  chroot: ""
		  directory: "$TMP"
		  pidfile: ""
		  use-syslog: no
		  root-hints: "$TMP/hints"
		  module-config: "iterator"
		  do-not-query-localhost: no
		  do-ip6: no
		  use-caps-for-id: yes
		  qname-minimisation: yes
		  harden-glue: yes
		  access-control: 127.0.0.0/8 allow
		  local-zone: "test." nodefault
		remote-control:
		  control-enable: no
	END
	if begin 127.0.0.1:5300/udp unbound -c "$TMP/unbound.conf"; then
		if have dig 'dig asks unbound'; then
			for what in 'www.wirelab.test A' 'www.wirelab.test AAAA' 'alias.wirelab.test A' 'www.shop.test A' 'www.wirelab.test MX' \
				'nobody.wirelab.test A' 'many.wirelab.test A'; do
				# shellcheck disable=SC2086 # two words
				digs "unbound from our servers: $what" "$(asked @127.0.0.1 $what)" @127.0.0.1 -p 5300 $what
			done
		fi
		clients_ask unbound 127.0.0.1 5300
		stop "$peer"
	fi
fi

# ---- dnsmasq: one that asks our recursive server for others, and has names of its own ----

if have dnsmasq 'dnsmasq asks our server'; then
	if begin 127.0.0.1:5301/udp dnsmasq --keep-in-foreground --port=5301 --listen-address=127.0.0.1 --bind-interfaces --no-resolv --no-hosts \
		--conf-file=/dev/null --user= --group= --pid-file= --server=127.0.0.1 --no-negcache --cache-size=0 \
		--host-record=own.dnsmasq.test,192.0.2.77; then
		clients_ask dnsmasq 127.0.0.1 5301
		run "$TMP/client" -r own.dnsmasq.test A 127.0.0.1 5301
		has 'our client asks dnsmasq for a name of its own' 'own.dnsmasq.test A 192.0.2.77' "$out$err"
		stop "$peer"
	fi
fi

# ---- bad questions ----

# asks HOW: what hostile.py prints about our server
asks() {
	timeout 100 python3 tests/e2e/dns/hostile.py "$1" 127.0.0.4 >"$TMP/out" 2>&1
	status=$?
	sed 's/^\(ok\|not ok\) - /\1 - asked, our server: /' "$TMP/out"
	is "our server has met all of it: $1" 0 "$status"
}
if have python3 'bad questions'; then asks ask; fi
end_capture
if have python3 'changed questions'; then asks nonsense; fi

# ---- bad answers ----

# told KIND REGEX REGEX [OPTION]: what our client, and the one by hand, make of such an answer
told() {
	local kind=$1
	run "$TMP/client" ${4:+"$4"} "$kind.bad.test" A 127.0.0.9 53
	has "answered ${4-} $kind: our client" "$2" "status $status $(xargs <<<"$out$err" | tail -c 600)"
	[ "$status" -lt 124 ] || not_ok "answered $kind: our client ends" "status $status: $err"
	[ -n "$3" ] || return
	timeout 20 "$TMP/by-hand" 127.0.0.9 53 <<<"$kind.bad.test" >"$TMP/out" 2>&1
	status=$?
	has "answered $kind: the client by hand" "$3" "status $status $(xargs <"$TMP/out" | tail -c 600)"
	if grep -q '192\.0\.2\.66' "$TMP/out"; then not_ok "answered $kind: it is not fooled" "$(cat "$TMP/out")"; fi
}
if have python3 'bad answers' && begin 127.0.0.9:53/udp python3 tests/e2e/dns/hostile.py answer 127.0.0.9; then
	none='^status 1 No answer: '
	silence='^status 0 .*nobody answers'
	broken='^status 0 .*broken'
	told good '^status 0 .*192.0.2.1,' '^status 0 .*has 192.0.2.1$'
	for kind in self forward pingpong longname reserved length counts; do
		told "$kind" '^status [01] .*cannot be read' "$broken" -r
	done
	told inside 'status 0 .*CNAME' "$broken" -r
	told three '^status 0 .*3 bytes' '^status 0' -r
	told header '^status 1 ' '^status 0' -r
	for kind in empty noise number other echo; do
		[ "$kind" = other ] && second='' || second=$silence # by hand, only the number is compared
		told "$kind" "$none" "$second" -r
	done
	told flood '^status 0 .*192.0.2.1,' '^status 0 .*has 192.0.2.1$'
	told tcpdrip '^status 0 .*192.0.2.1,.*' '^status 0 .*has 192.0.2.1$'
	for kind in tcpend tcphalf tcpnone tcpnumber; do
		told "$kind" "$none" "$silence" -r
	done
	told tcpagain '^status 0 .*192.0.2.1,' '' -r
	told round '^status 1 .*0 answers' '' # it names again whom we have asked already
	told upward '^status 1 .*0 answers' ''
	told noglue '^status 1 .*No answer' ''
	told alias '^status 0 .*CNAME' ''
	told refused '^status 1 .*REFUSED' ''
	cuts=()
	for n in 0 5 11 12 13 20 29 30 31 40 41 45 46 47; do
		"$TMP/client" -r "cut$n.bad.test" A 127.0.0.9 53 >"$TMP/cut$n" 2>&1 &
		cuts+=($!)
	done
	wait "${cuts[@]}"
	is 'answers that end too early: no address, and no crash' '' "$(grep -lE 'A 192\.|ERROR|runtime error' "$TMP"/cut*)"
	stop "$peer"
fi
stop "$server"
is 'our server ends with 0 on SIGTERM' 0 $?

# ---- the same messages, told by two ----

if have tshark 'wirelab-trace and tshark agree'; then
	"$TRACE" -r "$capture" -o json -q >"$TMP/events"
	tshark -r "$capture" -d udp.port==5300-5301,dns -d tcp.port==5300-5301,dns -J 'frame dns' -T ek -Y dns >"$TMP/tshark" 2>/dev/null
	python3 tests/e2e/dns/agree.py "$TMP/events" "$TMP/tshark" >"$TMP/agree"
	summary=$(tail -n 1 "$TMP/agree")
	percent=${summary#*(}
	percent=${percent%% *}
	if awk -v p="$percent" 'BEGIN { exit !(p >= 99.5) }'; then
		ok "wirelab-trace and tshark on DNS: $summary"
	else
		not_ok 'wirelab-trace and tshark agree' "$(tail -n 30 "$TMP/agree" | cut -c1-300)"
	fi
	[ -z "${DNS_AGREEMENT-}" ] || cp "$TMP/agree" "$capture" "$DNS_AGREEMENT"
fi
finish
