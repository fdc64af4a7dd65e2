/* run_help.c: see run_help.h. The options themselves are in run.c. */
#include "runner/run_help.h"

#include <stdio.h>

#include "base/i18n.h"

void run_help(void)
{
	(void)fputs(
	        _("usage: wirelab run NN [variant] [options]\n"
	          "Runs the server and the client of lab NN and shows each segment between "
	          "them.\n\n"
	          "  --text            a line for each segment, explained (what you get off a "
	          "terminal;\n"
	          "                    on one, the run opens a screen to step through)\n"
	          "  --pace SPAN       on the screen one row every SPAN, such as 700ms\n"
	          "  --ladder          two columns, one for each end\n"
	          "  --json            the events, one JSON object a line\n"
	          "  -q, --quiet       without explanations\n"
	          "  --save FILE       save the run too: .pcapng, .pcap or .ndjson\n"
	          "  --client CMD      your own program instead of the lab's client\n"
	          "  --server CMD      your own program instead of the lab's server\n"
	          "  --port N          a port other than the lab's\n"
	          "  --timeout S       end everything after S seconds (30)\n"
	          "  --keep            leave the server running until Ctrl-C\n"
	          "  --wire            two hosts, and a wire between them: 20 ms each way\n"
	          "  --fault SPEC      do that to frames on the wire, such as 'drop client data "
	          "2', or what\n"
	          "                    the lab has under that name in its faults/; again for "
	          "more\n"
	          "  --step            each frame waits on the wire until you let it go\n"
	          "  --ipv6            with IPv6 addresses\n"
	          "  --no-calls        do not follow the programs' socket calls (by ptrace)\n"
	          "  --no-pin          follow them, but on any CPU: a call then costs more\n"
	          "  --no-kernel       do not show what the kernel says of its sockets (by "
	          "sock_diag)\n"
	          "  --host            no namespaces: on this machine's own loopback\n"
	          "  --replay          show the recorded run of the lab: for machines that can "
	          "make "
	          "none\n"
	          "  -h, --help        this text\n\n"
	          "CMD is split into words without a shell; {host} and {port} in it are "
	          "replaced. It runs where\n"
	          "you are, with WIRELAB_HOST, WIRELAB_PORT and WIRELAB_ROLE set, may write in "
	          "this folder and in\n"
	          "/tmp (its own, empty), and only read elsewhere.\n"
	          "Exit status: 0 fine, 1 a program did not do what was expected, 2 usage or "
	          "environment.\n"),
	        stdout); /* output_status() asks whether it arrived */
}
