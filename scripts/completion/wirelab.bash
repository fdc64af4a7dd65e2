# Completion of wirelab, wirelab-trace and wirelab-tui for bash. `make install` puts it where bash-completion
# looks; by hand: source scripts/completion/wirelab.bash
# shellcheck shell=bash

# The labs and, after a lab, its variants, as `wirelab list` prints them.
_wirelab_labs() {
	"$1" list 2>/dev/null | awk '/^ [0-9][0-9] / { print $1 }'
}

_wirelab_variants() {
	"$1" list 2>/dev/null | awk -v lab="$2" '
		/^ [0-9][0-9] / { here = lab ~ /^[0-9]+$/ && $1 + 0 == lab + 0 }
		/^     / && here && $1 != "from" { print $1 }'
}

_wirelab_interfaces() {
	ls /sys/class/net 2>/dev/null
	echo any
}

_wirelab_words() { # WORDS: offers those that fit
	local word
	COMPREPLY=()
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -W "$1" -- "$cur")
}

_wirelab_files() {
	local file
	compopt -o filenames
	COMPREPLY=()
	while IFS= read -r file; do
		COMPREPLY+=("$file")
	done < <(compgen -f -- "$cur")
}

_wirelab_trace_words() {
	case $prev in
	-i | --interface) _wirelab_words "$(_wirelab_interfaces)" ;;
	-r | --read | -w | --write | --keylog) _wirelab_files ;;
	-o | --output) _wirelab_words 'text ladder json svg mermaid csv none' ;;
	--color) _wirelab_words 'auto always never' ;;
	-c | -s | -B | --count | --snapshot-length | --buffer-size | --stream | --width | -C | -G | -W | --ring) COMPREPLY=() ;;
	*)
		_wirelab_words '-i -r -w -o -q -c -s -B -C -D -G -W -p --interface --read --write --output
			--quiet --count --snapshot-length --buffer-size --list-interfaces
			--no-promiscuous-mode --immediate-mode --stream --stats --messages --no-messages --keylog
			--max-connections --ring
			--color --ascii --width --help --version'
		;;
	esac
}

_wirelab_tui_words() {
	case $prev in
	-i | --interface) _wirelab_words "$(_wirelab_interfaces)" ;;
	-r | --read) _wirelab_files ;;
	--pace) _wirelab_words '250ms 700ms 2s' ;;
	--stream | --title | --events-fd) COMPREPLY=() ;;
	*)
		_wirelab_words '-i -r --interface --read --pace --stream --ascii --title --events-fd
			--help --version'
		;;
	esac
}

_wirelab_run_words() { # COMMAND NUMBER-OF-THE-WORD
	case $prev in
	--save) _wirelab_files ;;
	--client | --server) _wirelab_files ;;
	--port | --timeout) COMPREPLY=() ;;
	--fault) _wirelab_words 'drop delay duplicate corrupt swap loss reorder rate queue mtu' ;;
	*)
		if [[ $cur == -* ]]; then
			_wirelab_words '--text --ladder --json --quiet --save --client --server
				--port --timeout --keep --wire --fault --step --ipv6 --no-calls
				--no-pin --no-kernel --host --help'
		elif [[ $COMP_CWORD -eq 2 ]]; then
			_wirelab_words "$(_wirelab_labs "$1")"
		elif [[ $COMP_CWORD -eq 3 ]]; then
			_wirelab_words "$(_wirelab_variants "$1" "${COMP_WORDS[2]}")"
		fi
		;;
	esac
}

_wirelab_check_words() {
	case $prev in
	--runs | --timeout) COMPREPLY=() ;;
	--role) _wirelab_words 'client server' ;;
	*)
		if [[ $cur == -* ]]; then
			_wirelab_words '--runs --timeout --role --solution --skeleton --json --show --help'
		elif [[ $COMP_CWORD -eq 2 ]]; then
			_wirelab_words "$(_wirelab_labs "$1")"
		else
			_wirelab_files
		fi
		;;
	esac
}

_wirelab() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		_wirelab_words 'list show run predict check watch hint solution reset progress trace tui
			doctor --help --version'
		return
	fi
	case ${COMP_WORDS[1]} in
	run) _wirelab_run_words "$1" ;;
	show | watch | reset | solution)
		[[ $COMP_CWORD -eq 2 ]] && _wirelab_words "$(_wirelab_labs "$1") --help"
		;;
	hint)
		[[ $COMP_CWORD -eq 2 ]] && _wirelab_words "$(_wirelab_labs "$1") --help"
		[[ $COMP_CWORD -eq 3 ]] && _wirelab_words '1 2 3'
		;;
	predict) _wirelab_words "$(_wirelab_labs "$1") --replay --json --help" ;;
	check) _wirelab_check_words "$1" ;;
	trace) _wirelab_trace_words ;;
	tui) _wirelab_tui_words ;;
	list | progress | doctor) _wirelab_words '--help' ;;
	esac
}

_wirelab_trace() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	_wirelab_trace_words
}

_wirelab_tui() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()
	_wirelab_tui_words
}

complete -F _wirelab wirelab
complete -F _wirelab_trace wirelab-trace
complete -F _wirelab_tui wirelab-tui
