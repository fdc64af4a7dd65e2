# wirelab: `make` builds into build/, `make test` runs the tests, `make help` lists the rest.
# Works where the libraries are there; scripts/bootstrap installs them.

VERSION  := 0.1.0
BUILD    ?= build
PREFIX   ?= /usr/local
CC       ?= gcc

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wundef -Wimplicit-fallthrough
OPT  := -O2 -D_FORTIFY_SOURCE=2
HARD := -fstack-protector-strong -fPIE
LINK := -pie -Wl,-z,relro,-z,now
ifdef SANITIZE
OPT  := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
HARD :=
LINK := -fsanitize=address,undefined
endif
BASE_FLAGS := -std=c17 -D_GNU_SOURCE -DWIRELAB_VERSION='"$(VERSION)"' -DWIRELAB_PREFIX='"$(PREFIX)"' -Itracer $(WARN) $(HARD) -MMD -MP
ALL_CFLAGS  = $(BASE_FLAGS) $(OPT) $(CFLAGS)
ALL_LDFLAGS = $(LINK) $(LDFLAGS)

# ---- the tracer's layers, one archive; the linker takes from it what a program uses ----
LAYERS   := base capture decode flow event explain sink
LIB_SRC  := $(foreach d,$(LAYERS),$(wildcard tracer/$(d)/*.c))
LIB      := $(BUILD)/libwirelab.a
TRACE_SRC := $(wildcard tracer/*.c)
RUN_SRC  := $(wildcard labs/runner/*.c)

TRACE_LIBS := -lpcap -lz -lcap -lseccomp
RUN_LIBS   := -lmnl -lcap -lseccomp -linih -lmd4c

obj = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LABS     := $(notdir $(wildcard labs/[0-9][0-9]-*))
LAB_SRC  := $(wildcard labs/[0-9][0-9]-*/*.c)
LAB_LIB_SRC := $(wildcard labs/lib/*.c)
LAB_BIN  := $(patsubst labs/%.c,$(BUILD)/labs/%,$(LAB_SRC))

.PHONY: all
all: $(BUILD)/bin/wirelab-trace $(BUILD)/bin/wirelab $(LAB_BIN)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(LIB): $(call obj,$(LIB_SRC))
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/bin/wirelab-trace: $(call obj,$(TRACE_SRC)) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(TRACE_LIBS)

$(BUILD)/bin/wirelab: $(call obj,$(RUN_SRC)) $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(RUN_LIBS)

# Lab programs stand alone: one C file, plus labs/lib for those that use it.
$(BUILD)/labs/%: $(BUILD)/obj/labs/%.o $(call obj,$(LAB_LIB_SRC))
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^

# ---- tests ----
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))

$(BUILD)/unit/%: $(BUILD)/obj/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcmocka $(TRACE_LIBS)

.PHONY: unit clean
unit: $(UNIT_BIN)

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
