# wirelab: `make` builds into build/, `make test` runs all tests, `make help` lists the rest.
# Works where the libraries are there; scripts/bootstrap installs them. V=1 shows the commands.

VERSION := 0.1.0
BUILD   ?= build
PREFIX  ?= /usr/local
# One name for a folder, however the caller wrote it: the .d files name their targets by it.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))
ifeq ($(origin CC),default)
CC := gcc
endif

# ---- flags: ours first, the caller's CPPFLAGS, CFLAGS and LDFLAGS after them ----
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wundef \
        -Wimplicit-fallthrough $(if $(WERROR),-Werror)
ifdef SANITIZE
OPT  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
LINK := -fsanitize=address,undefined
else
OPT  := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LINK := -pie -Wl,-z,relro,-z,now
endif
COVERAGE := $(if $(FUZZ),-fsanitize=fuzzer-no-link)# counted in what is fuzzed, not in what fuzzes
BASE_FLAGS := -std=c17 -D_GNU_SOURCE -DWIRELAB_VERSION='"$(VERSION)"' -DWIRELAB_PREFIX='"$(PREFIX)"' $(WARN)
COMPILE = $(CC) $(BASE_FLAGS) $(INCLUDE) $(OPT) $(COVERAGE) $(CPPFLAGS) $(CFLAGS)
LINKER  = $(CC) $(LINK) $(LDFLAGS)

# ---- what there is: the folders say it, no list is kept by hand ----
LAYERS    := base capture decode flow stream event explain sink
TRACE_MAIN := tracer/main.c
LIB_SRC   := $(foreach layer,$(LAYERS),$(wildcard tracer/$(layer)/*.c)) \
             $(filter-out $(TRACE_MAIN),$(wildcard tracer/*.c))
RUN_SRC   := $(wildcard labs/runner/*.c)
TUI_SRC   := $(wildcard tui/*.c)
TUI_MAIN  := tui/main.c tui/term.c
LABS      := $(notdir $(wildcard labs/[0-9][0-9]-*))
LAB_SRC   := $(wildcard labs/[0-9][0-9]-*/*.c)
LAB_LIB_SRC := $(wildcard labs/lib/*.c)
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
TOOL_SRC  := tests/golden/make.c tests/golden/messages.c tests/golden/dialogues.c tests/bench/gen.c tests/bench/measure.c \
             tests/bench/tui.c tests/bench/wire.c tests/bench/closing.c tests/packets.c
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_HELP := tests/fuzz/fuzz.c tests/fuzz/play.c
MUTATE_SRC := tests/mutate/mutate.c tests/mutate/sites.c
ALL_SRC   := $(LIB_SRC) $(TRACE_MAIN) $(RUN_SRC) $(LAB_SRC) $(LAB_LIB_SRC) $(UNIT_SRC) $(TOOL_SRC) \
             $(FUZZ_SRC) $(FUZZ_HELP) tests/fuzz/seeds.c $(TUI_SRC) tests/tui/drive.c \
             $(MUTATE_SRC) tests/confine/hook.c

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB      := $(BUILD)/libwirelab.a
RUN_LIB  := $(BUILD)/librunner.a
TUI_LIB  := $(BUILD)/libtui.a
LAB_LIB  := $(if $(LAB_LIB_SRC),$(BUILD)/liblab.a)
PROGRAMS := $(addprefix $(BUILD)/bin/,wirelab wirelab-trace wirelab-tui)
LAB_BIN  := $(patsubst labs/%.c,$(BUILD)/labs/%,$(LAB_SRC))
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
TOOLS    := $(addprefix $(BUILD)/tests/,make-golden gen measure tui-drive bench-tui bench-wire bench-closing)

TRACE_LIBS := -lpcap -lz -lcap -lseccomp -lcrypto
RUN_LIBS   := -lmnl -lcap -lseccomp -linih -lmd4c
TUI_LIBS   := -lncursesw -ltinfo
TLS_LIBS   := -lssl -lcrypto

.PHONY: all
all: $(PROGRAMS) $(LAB_BIN)

# ---- compiling: an object is old when its source, a header or the flags have changed ----
Q := $(if $(V),,@)
SILENT := $(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(V)$(SILENT),,@printf '  %-5s %s\n' $(1) $(2))

# (pattern-specific variables: the most specific pattern wins)
$(BUILD)/obj/tracer/%.o:      INCLUDE := -Itracer
$(BUILD)/obj/labs/runner/%.o: INCLUDE := -Itracer -Ilabs
$(BUILD)/obj/tui/%.o:         INCLUDE := -Itracer
$(BUILD)/obj/tests/%.o:       INCLUDE := -Itracer -Ilabs -Itests -I.
$(BUILD)/obj/labs/%.o:        INCLUDE := -Ilabs
$(BUILD)/obj/tests/%.o:       COVERAGE :=

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(COMPILE) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call obj,$(ALL_SRC)))

# A file that holds one line, rewritten only when the line differs from what it should say.
remember = @mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' | cmp -s - $@ || \
	printf '%s\n' '$(subst ','\'',$(1))' >$@

.PHONY: always
$(BUILD)/flags: always
	$(call remember,$(CC) $(BASE_FLAGS) $(OPT) $(CPPFLAGS) $(CFLAGS) $(LINKER))
$(BUILD)/sources: always
	$(call remember,$(ALL_SRC))

# ---- archives and programs; the linker takes from an archive what a program uses ----
define archive
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $(filter %.o,$^)
endef
define program
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(LINKER) -o $@ $(filter %.o,$^) $(filter %.a,$^)
endef

$(LIB): $(call obj,$(LIB_SRC)) $(BUILD)/sources
	$(archive)
$(RUN_LIB): $(call obj,$(filter-out %/main.c,$(RUN_SRC))) $(BUILD)/sources
	$(archive)
$(TUI_LIB): $(call obj,$(filter-out $(TUI_MAIN),$(TUI_SRC))) $(BUILD)/sources
	$(archive)
$(BUILD)/liblab.a: $(call obj,$(LAB_LIB_SRC)) $(BUILD)/sources
	$(archive)

$(BUILD)/bin/wirelab-trace: $(call obj,$(TRACE_MAIN)) $(LIB) $(BUILD)/sources
	$(program) $(TRACE_LIBS)
$(BUILD)/bin/wirelab: $(call obj,$(filter %/main.c,$(RUN_SRC))) $(RUN_LIB) $(LIB) $(BUILD)/sources
	$(program) $(RUN_LIBS)
$(BUILD)/bin/wirelab-tui: $(call obj,$(TUI_MAIN)) $(TUI_LIB) $(LIB) $(BUILD)/sources
	$(program) $(TUI_LIBS)
$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(LAB_LIB) $(TUI_LIB) $(RUN_LIB) $(LIB)
	$(program) -lcmocka $(RUN_LIBS) $(TRACE_LIBS) $(TLS_LIBS)
$(BUILD)/tests/make-golden: $(call obj,tests/golden/make.c tests/golden/messages.c tests/golden/dialogues.c tests/packets.c)
	$(program)
$(BUILD)/tests/tui-drive: $(call obj,tests/tui/drive.c) $(TUI_LIB) $(LIB)
	$(program)
$(BUILD)/tests/bench-tui: $(call obj,tests/bench/tui.c tui/term.c) $(TUI_LIB) $(LIB)
	$(program) $(TUI_LIBS)
$(BUILD)/tests/bench-wire: $(call obj,tests/bench/wire.c) $(RUN_LIB) $(LIB)
	$(program) $(RUN_LIBS)
$(BUILD)/tests/bench-closing: $(call obj,tests/bench/closing.c) $(LAB_LIB)
	$(program)
$(BUILD)/tests/gen: $(call obj,tests/bench/gen.c tests/packets.c)
	$(program)
$(BUILD)/tests/measure: $(call obj,tests/bench/measure.c)
	$(program)

# The targets of libFuzzer: built with CC=clang SANITIZE=1 FUZZ=1, in a folder of their own.
FUZZ_BIN := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
$(FUZZ_BIN): $(BUILD)/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(call obj,$(FUZZ_HELP) tests/packets.c) $(RUN_LIB) $(LIB)
	$(program) -fsanitize=fuzzer $(RUN_LIBS) $(TRACE_LIBS)
$(BUILD)/fuzz/seeds: $(call obj,tests/fuzz/seeds.c) $(LIB)
	$(program) $(TRACE_LIBS)

# The tracer with a test inside it, which tries what a confined process must not be able to do.
$(BUILD)/tests/trace-hook: $(call obj,tests/confine/hook.c $(TRACE_MAIN)) $(LIB)
	$(program) -Wl,--wrap=confine_self $(TRACE_LIBS)

# Changed captures, for the build with the sanitizers.
$(BUILD)/tests/mutate: $(call obj,$(MUTATE_SRC) tests/fuzz/fuzz.c) $(LIB)
	$(program) $(TRACE_LIBS)

# A lab program is one C file, plus what it uses of labs/lib.
$(LAB_BIN): $(BUILD)/labs/%: $(BUILD)/obj/labs/%.o $(LAB_LIB)
	$(program) -pthread $(LAB_LIBS)
$(BUILD)/labs/37-% $(BUILD)/labs/38-% $(BUILD)/labs/39-%: LAB_LIBS := $(TLS_LIBS)

# `make lab-01`: that lab's programs and what runs them, nothing else.
number = $(firstword $(subst -, ,$(1)))
define lab_target
.PHONY: lab-$(call number,$(1))
lab-$(call number,$(1)): $(PROGRAMS) $(filter $(BUILD)/labs/$(1)/%,$(LAB_BIN))
endef
$(foreach lab,$(LABS),$(eval $(call lab_target,$(lab))))

# ---- other ways to build ----
.PHONY: asan gcc clang unit tools demo
asan: ## the same programs with AddressSanitizer and UBSan, in build/asan/
	$(Q)$(MAKE) --no-print-directory SANITIZE=1 WERROR=1 BUILD=$(BUILD)/asan all
gcc clang: ## everything with that compiler, warnings are errors, in build/gcc/ or build/clang/
	$(Q)$(MAKE) --no-print-directory CC=$@ WERROR=1 BUILD=$(BUILD)/$@ all unit tools
unit: $(UNIT_BIN)
tools: $(TOOLS) $(BUILD)/tests/trace-hook
demo: lab-01 ## run the first lab
	$(BUILD)/bin/wirelab run 01

# ---- tests ----
.PHONY: test check-unit check-golden bench golden lint lint-format lint-rules lint-shell lint-tidy
test: ## all tests, fast ones first
	tests/run
bench: all tools ## time and memory beside tcpdump, tshark and tcptrace
	tests/bench/run
	tests/bench/attacks
	tests/bench/calls
	tests/bench/tui
	tests/bench/wire
	tests/bench/models
	tests/bench/http
.PHONY: gate
gate: all ## each exercise: its skeleton fails as it should, its solution passes 50 of 50 (GATE_RUNS, LABS)
	GATE_RUNS=$${GATE_RUNS:-50} WIRELAB_BIN=$(abspath $(BUILD))/bin tests/e2e/gate.sh
.PHONY: mutate mutate-program fuzz fuzz-targets fuzz-programs
mutate: asan ## changed captures through every sink, with the sanitizers
	$(Q)$(MAKE) --no-print-directory SANITIZE=1 WERROR=1 BUILD=$(BUILD)/asan mutate-program
	WIRELAB_BIN=$(abspath $(BUILD))/asan/bin tests/mutate/check
mutate-program: $(BUILD)/tests/mutate
fuzz: ## each fuzz target for TIME seconds (60); SEED=1 and TARGETS='flow json' on wish
	TIME='$(TIME)' SEED='$(SEED)' TARGETS='$(TARGETS)' tests/fuzz/run
fuzz-targets:
	$(Q)$(MAKE) --no-print-directory CC=clang SANITIZE=1 FUZZ=1 WERROR=1 BUILD=$(BUILD)/clang-fuzz \
		fuzz-programs
fuzz-programs: $(FUZZ_BIN) $(BUILD)/fuzz/seeds
golden: all tools ## make the expected outputs anew; read the diff before you commit it
	tests/golden/update

FORMATTED := $(shell find tracer labs tui tests -name '*.[ch]' 2>/dev/null)
SHELL_FILES := $(shell grep -rlE '^\#!.*(sh|bash)$$' scripts tests .ci 2>/dev/null)

lint: lint-format lint-rules lint-shell lint-tidy ## format, include rule, banned calls, shellcheck, clang-tidy
lint-format:
	clang-format --dry-run -Werror $(FORMATTED)
lint-rules:
	scripts/check-includes
	scripts/check-banned
lint-shell:
	printf '%s\n' $(SHELL_FILES) | xargs -n 8 -P "$$(nproc)" shellcheck -x

# One stamp a file, made anew with its object: clang-tidy is slow, and most files have not changed.
TIDY := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(filter-out $(UNIT_SRC),$(ALL_SRC)))
# The small programs of labs and tests are not followed through all their calls; those of lab 30 are, since what
# epoll keeps for them would pass for lost.
SHALLOW := -Xclang -analyzer-config -Xclang mode=shallow
lint-tidy: $(TIDY)
$(BUILD)/tidy/%.ok: $(BUILD)/obj/%.o .clang-tidy
	$(call say,TIDY,$*.c)
	$(Q)mkdir -p $(@D)
	$(Q)clang-tidy --quiet --warnings-as-errors='*' $*.c -- $(BASE_FLAGS) -Itracer -Ilabs -Itests -I. \
		$(if $(filter tracer/% tui/% labs/runner/% labs/lib/% labs/30-compare/%,$*),,$(SHALLOW)) 2>$@.log \
		|| { cat $@.log; exit 1; }
	$(Q)touch $@

# ---- installing ----
BINDIR  := $(DESTDIR)$(PREFIX)/bin
LIBDIR  := $(DESTDIR)$(PREFIX)/lib/wirelab
DATADIR := $(DESTDIR)$(PREFIX)/share/wirelab
MANDIR  := $(DESTDIR)$(PREFIX)/share/man/man1
BASHDIR := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
LAB_FILES := $(shell find labs -type f -not -path 'labs/runner/*' -not -name '.*' 2>/dev/null)
MAN       := labs/runner/wirelab.1 tracer/wirelab-trace.1 tui/wirelab-tui.1
COMPLETION := scripts/completion/wirelab.bash

.PHONY: install uninstall setcap pot clean help
install: all ## install under PREFIX (/usr/local), below DESTDIR if given
	install -d $(BINDIR) $(MANDIR) $(BASHDIR)
	install -m 755 $(PROGRAMS) $(BINDIR)
	install -m 644 $(MAN) $(MANDIR)
	install -m 644 $(COMPLETION) $(BASHDIR)/wirelab
	ln -sf wirelab $(BASHDIR)/wirelab-trace
	ln -sf wirelab $(BASHDIR)/wirelab-tui
	$(Q)for f in $(LAB_FILES); do install -D -m 644 "$$f" "$(DATADIR)/$$f" || exit 1; done
	$(Q)for f in $(LAB_BIN:$(BUILD)/%=%); do \
		install -D -m 755 "$(BUILD)/$$f" "$(LIBDIR)/$$f" || exit 1; done

uninstall: ## remove what install put there
	rm -f $(addprefix $(BINDIR)/,$(notdir $(PROGRAMS))) $(addprefix $(MANDIR)/,$(notdir $(MAN)))
	rm -f $(addprefix $(BASHDIR)/,$(notdir $(PROGRAMS)))
	rm -rf $(LIBDIR) $(DATADIR)

setcap: $(BUILD)/bin/wirelab-trace ## let wirelab-trace capture without root, where namespaces are forbidden (needs root once)
	setcap cap_net_raw=ep $<

pot: ## the sentences to translate, in build/wirelab.pot
	$(Q)mkdir -p $(BUILD)
	xgettext --keyword=_ --keyword=N_ --from-code=UTF-8 --package-name=wirelab \
		--package-version=$(VERSION) -o $(BUILD)/wirelab.pot $(LIB_SRC) $(TRACE_MAIN) $(RUN_SRC) $(LAB_SRC) $(TUI_SRC)

clean: ## remove build/
	rm -rf $(BUILD)

help: ## this list
	@printf '  %-11s %s\n' make 'everything into build/bin and build/labs'
	@sed -n 's/^\([a-z][a-z ]*\):.*## \(.*\)/\1|\2/p' Makefile | \
		while IFS='|' read -r target text; do printf '  %-11s %s\n' "$$target" "$$text"; done
	@printf '  %-11s %s\n' lab-NN 'one lab and what runs it'
