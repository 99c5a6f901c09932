# huiyin 回音: `make demo` shows it, `make test` proves it.  Everything made lands in build/.
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN     = -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wvla -Wswitch-enum
HARDEN   = -D_FORTIFY_SOURCE=2 -fstack-protector-strong
LIBS     = -lsqlite3 -lxlsxwriter -lhpdf -lminizip -lz -lexpat -ljansson -lmd4c -lRmath \
           -lsodium -lseccomp -lpthread -lm
PREFIX  ?= /usr/local

BUILD   ?= build
DIRS     = core ingest analyze render cli
SRC     := $(sort $(wildcard $(addsuffix /*.c,$(DIRS))))
OBJ     := $(SRC:%.c=$(BUILD)/%.o)
LIBOBJ  := $(filter-out $(BUILD)/cli/main.o,$(OBJ))
UNITSRC := $(sort $(wildcard tests/unit/*_test.c))
UNIT    := $(UNITSRC:tests/unit/%.c=$(BUILD)/tests/%)
TOOLSRC := $(sort $(wildcard tests/golden/*.c tests/bench/*.c))
TOOL    := $(patsubst tests/golden/%.c,$(BUILD)/tests/%,$(filter tests/golden/%,$(TOOLSRC))) \
           $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%,$(filter tests/bench/%,$(TOOLSRC)))
FUZZSRC := $(sort $(wildcard tests/fuzz/*_fuzz.c))

all: deps $(BUILD)/huiyin

# Installs what is missing, or says the exact command; quick when all is there.
deps:
	@sh .ci/deps

$(BUILD)/huiyin: $(OBJ)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libhuiyin.a: $(LIBOBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile | deps
	@mkdir -p $(@D)
	$(CC) $(WARN) $(HARDEN) $(CFLAGS) $(CPPFLAGS) -I. -I$(BUILD)/gen -MMD -MP -c -o $@ $<

$(BUILD)/core/store.o: $(BUILD)/gen/schema.inc
$(BUILD)/gen/%.inc: core/%.sql
	@mkdir -p $(@D)
	{ echo 'static const char $*[] ='; \
	  sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/' $<; echo '    ;'; } > $@

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libhuiyin.a
	@mkdir -p $(@D)
	$(CC) $(WARN) $(CFLAGS) -I. -MMD -MP -o $@ $< $(BUILD)/libhuiyin.a -lcmocka $(LDFLAGS) $(LIBS)
$(BUILD)/tests/%: tests/golden/%.c $(BUILD)/libhuiyin.a
	@mkdir -p $(@D)
	$(CC) $(WARN) $(CFLAGS) -I. -MMD -MP -o $@ $< $(BUILD)/libhuiyin.a $(LDFLAGS) $(LIBS)
$(BUILD)/tests/bench/%: tests/bench/%.c $(BUILD)/libhuiyin.a
	@mkdir -p $(@D)
	$(CC) $(WARN) $(CFLAGS) -I. -MMD -MP -o $@ $< $(BUILD)/libhuiyin.a $(LDFLAGS) $(LIBS)

clean:
	rm -rf build reports-demo

.PHONY: all deps clean
.SECONDARY:
-include $(OBJ:.o=.d) $(UNIT:=.d) $(TOOL:=.d)
