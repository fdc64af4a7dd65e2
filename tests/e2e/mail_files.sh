#!/usr/bin/env bash
# The servers and clients of lab 40 against others: curl (SMTP, FTP active and passive), Python's smtplib and
# ftplib as clients, and the servers of tests/e2e/dialogues; against bad clients, while good ones are served;
# and what was on the wire meanwhile, told by wirelab-trace and by tshark.
# once: it needs no privilege, and says the same with one
. tests/e2e/peers_lib.sh
[ -n "$PYTHON" ] || skip_all 'there is no python3'

library=(labs/lib/{net,lines,ftp}.c)
compile ftpd labs/40-smtp-ftp/server.c "${library[@]}"
compile ftp labs/40-smtp-ftp/client.c "${library[@]}"
compile smtpd labs/40-smtp-ftp/server-smtp.c "${library[@]}"
compile smtp labs/40-smtp-ftp/client-smtp.c "${library[@]}"
compile fetch labs/40-smtp-ftp/solution/client.c "${library[@]}"

capture=$TMP/all.pcap
# (the ports are those that tshark knows the protocols by)
capture "$capture" tcp

# ---- our servers, others' clients ----

begin 127.0.0.1:25 "$TMP/smtpd" 127.0.0.1 25
begin 127.0.0.1:21 "$TMP/ftpd" -d "$TMP/files" 127.0.0.1 21
begin '[::1]:21' "$TMP/ftpd" -d "$TMP/files6" ::1 21

# curls NAME EXPECTED WORDS...: what curl says, then its status
curls() {
	local name=$1 wanted=$2
	shift 2
	is "curl, $name" "$wanted" "$(timeout 20 curl -sS "$@" 2>/dev/null; echo "status $?")"
}
if have curl 'curl speaks with our servers'; then
	printf 'Subject: from curl\r\n\r\n.\r\na dot above\r\n' >"$TMP/mail"
	curls 'SMTP: a mail' 'status 0' smtp://127.0.0.1:25/me --mail-from anna@lab.example \
		--mail-rcpt ben@lab.example -T "$TMP/mail"
	has 'SMTP: it is there, its dot too' '^\| \.$' "$(cat "$TMP/log")"
	curls 'SMTP: to somebody else' 'status 55' smtp://127.0.0.1:25/me --mail-from anna@lab.example \
		--mail-rcpt eve@evil.example -T "$TMP/mail"
	said=$'Hello, World!\nstatus 0'
	curls 'FTP: EPSV' "$said" ftp://127.0.0.1:21/hello.txt
	curls 'FTP: PASV' "$said" --disable-epsv ftp://127.0.0.1:21/hello.txt
	curls 'FTP: EPRT' "$said" -P 127.0.0.1 ftp://127.0.0.1:21/hello.txt
	curls 'FTP: PORT' "$said" -P 127.0.0.1 --disable-eprt ftp://127.0.0.1:21/hello.txt
	curls 'FTP: IPv6, EPSV' "$said" 'ftp://[::1]:21/hello.txt'
	curls 'FTP: IPv6, EPRT' "$said" -P ::1 'ftp://[::1]:21/hello.txt'
	curls 'FTP: two files, one dialogue' $'Hello, World!\nHello, World!\nstatus 0' ftp://127.0.0.1:21/hello.txt ftp://127.0.0.1:21/hello.txt
	curls 'FTP: there' 'status 0' -T "$TMP/mail" ftp://127.0.0.1:21/up.txt
	is 'FTP: and it is the same' "$(cat "$TMP/mail")" "$(cat "$TMP/files/up.txt")"
	rm "$TMP/files/up.txt"
	curls 'FTP: no such file' 'status 78' ftp://127.0.0.1:21/nope
	curls 'FTP: a list' $'hello.txt\nstatus 0' -l ftp://127.0.0.1:21/
fi
run "$PYTHON" tests/e2e/mail/smtp.py 127.0.0.1 25 good
is 'smtplib, and 40 at a time, with our server' '0 ' "$status $out$err"
run "$PYTHON" tests/e2e/mail/ftp.py 127.0.0.1 21 good
is 'ftplib, and 20 at a time, with our server' '0 ' "$status $out$err"
run "$PYTHON" tests/e2e/mail/ftp.py ::1 21 good
is 'the same over IPv6' '0 ' "$status $out$err"

# ---- our clients ----

# says NAME STATUS REGEX LINES COMMAND...
says() {
	local name=$1 wanted=$2 words=$3 lines=$4
	shift 4
	# shellcheck disable=SC2059 # the lines are a format on purpose
	printf "$lines" >"$TMP/lines"
	timeout 20 "$@" <"$TMP/lines" >"$TMP/out" 2>&1
	is "$name: status" "$wanted" $?
	has "$name" "$words" "$(cat "$TMP/out")"
}
says 'our FTP client, ours over IPv6' 0 '^Hello, World!' 'get hello.txt\n' "$TMP/ftp" -e ::1 21
says 'our FTP client, ours over IPv6, active' 0 '^Hello, World!' 'get hello.txt\n' "$TMP/ftp" -ae ::1 21
says 'our SMTP client, refused' 1 '^< 550' 'x\n' "$TMP/smtp" -t eve@evil.example 127.0.0.1 25
says 'our SMTP client, early' 1 '^< 554' 'x\n' "$TMP/smtp" -e 127.0.0.1 25
says 'our clients, nobody' 1 'refused' 'x\n' "$TMP/smtp" 127.0.0.1 2999

end 'the FTP server of IPv6'
end 'the FTP server'
end 'the SMTP server'

# ---- our clients, somebody else's servers, in the places of ours ----

begin 127.0.0.1:21 "$PYTHON" tests/e2e/dialogues/ftp_server.py 21
for mode in '' -a -e -ae; do
	says "our FTP client${mode:+ with $mode}, somebody else's server" 0 '^< 226' 'get hello.txt\nput mine words\nget mine\nlist\n' \
		"$TMP/ftp" ${mode:+"$mode"} 127.0.0.1 21
	is 'and both files came' 2 "$(grep -cE '^Hello\.|^words' "$TMP/out")"
done
run "$TMP/fetch" 127.0.0.1 21
is "the exercise's solution, somebody else's server" '0 1' "$status $(grep -c '^Hello\.' <<<"$out")"
begin 127.0.0.1:25 "$PYTHON" tests/e2e/dialogues/smtp_server.py 25
says "our SMTP client, somebody else's server" 0 '^Sent' 'Subject: x\n\n.\n..\nend\n' "$TMP/smtp" 127.0.0.1 25
stop "${peers[-1]}"
stop "${peers[-1]}"

# ---- the same wire, told by two ----

end_capture
# agrees PROTOCOL FILTER: at least 99.5 % of what both tell of these frames is the same
agrees() {
	"$TRACE" -r "$capture" -w "$TMP/$1.pcap" -o none "$2" 2>"$TMP/log.$1"
	"$TRACE" -r "$TMP/$1.pcap" -q -o json >"$TMP/$1.json"
	timeout 120 "$PYTHON" tests/e2e/dialogues/agree.py "$1" "$TMP/$1.pcap" "$TMP/$1.json" >"$TMP/agree" 2>&1
	agree "$1" "$TMP/agree"
}
if have tshark 'tshark tells the same'; then
	agrees ftp 'not tcp port 25'
	agrees smtp 'tcp port 25'
fi

# ---- clients that are none ----

begin 127.0.0.1:25 "$TMP/smtpd" 127.0.0.1 25
begin 127.0.0.1:21 "$TMP/ftpd" -d "$TMP/files" 127.0.0.1 21
begin '[::1]:21' "$TMP/ftpd" -d "$TMP/files6" ::1 21
run "$PYTHON" tests/e2e/mail/smtp.py 127.0.0.1 25 bad
is 'SMTP: out of order, too long, too early, smuggled, slow, gone; and the server goes on' '0 ' "$status $out$err"
is 'no smuggled mail was taken' 0 "$(grep -c 'Mail from <x@y>' "$TMP/log")"
run "$PYTHON" tests/e2e/mail/ftp.py 127.0.0.1 21 bad
is 'FTP: bounces, thieves, strangers, names of other folders; and the server goes on' '0 ' "$status $out$err"
run "$PYTHON" tests/e2e/mail/ftp.py ::1 21 bad
is 'the same over IPv6' '0 ' "$status $out$err"
end 'the FTP server of IPv6, after that,'
end 'the FTP server, after that,'
end 'the SMTP server, after that,'
finish
