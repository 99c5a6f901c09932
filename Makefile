# huiyin 回音: `make demo` shows it, `make test` proves it.  Everything made lands in build/.
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN     = -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wwrite-strings -Wpointer-arith -Wvla -Wswitch-enum
HARDEN   = -D_FORTIFY_SOURCE=2 -fstack-protector-strong
LIBS     = -lsqlite3 -lxlsxwriter -lhpdf -lminizip -lz -lexpat -lyajl -lmd4c -lRmath \
           -lsodium -lseccomp -lqrencode -lpthread -lm
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
	@TEST_TOOLS="$(filter test prove check-san lint,$(MAKECMDGOALS))" sh .ci/deps

$(BUILD)/huiyin: $(OBJ)
	@echo '  link $@'
	@$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libhuiyin.a: $(LIBOBJ)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/%.o: %.c Makefile | deps
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(WARN) $(HARDEN) $(CFLAGS) $(CPPFLAGS) -I. -I$(BUILD)/gen -MMD -MP -c -o $@ $<

$(BUILD)/core/store.o: $(BUILD)/gen/schema.inc
$(BUILD)/gen/%.inc: core/%.sql
	@mkdir -p $(@D)
	{ echo 'static const char $*[] ='; \
	  sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/    "&\\n"/' $<; echo '    ;'; } > $@

# What came with the program, for the committee: a template changed later is told from it.
SHIPPED := $(sort $(wildcard $(addprefix templates/,charts/*.gp maps/*.map metrics.tsv \
                               reports/*.md reports/*/*.md wording/*.ini words/*.tsv)))
$(BUILD)/cli/changes.o: $(BUILD)/gen/shipped.inc
$(BUILD)/gen/shipped.inc: $(SHIPPED) Makefile
	@mkdir -p $(@D)
	@cd templates && sha256sum $(SHIPPED:templates/%=%) | LC_ALL=C sort -k 2 \
	    | sed 's/\([^ ]*\)  \(.*\)/{ "\2", "\1" },/' > $(abspath $@)

$(BUILD)/tests/%: tests/unit/%.c $(BUILD)/libhuiyin.a
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(WARN) $(CFLAGS) -I. -MMD -MP -o $@ $< $(BUILD)/libhuiyin.a -lcmocka $(LDFLAGS) $(LIBS)
$(BUILD)/tests/%: tests/golden/%.c $(BUILD)/libhuiyin.a
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(WARN) $(CFLAGS) -I. -MMD -MP -o $@ $< $(BUILD)/libhuiyin.a $(LDFLAGS) $(LIBS)
$(BUILD)/tests/bench/%: tests/bench/%.c $(BUILD)/libhuiyin.a
	@mkdir -p $(@D)
	@echo '  cc $<'
	@$(CC) $(WARN) $(CFLAGS) -I. -MMD -MP -o $@ $< $(BUILD)/libhuiyin.a $(LDFLAGS) $(LIBS)

# The invented estate of samples/: files in, the month's notice and report out.
demo: all
	@rm -rf $(BUILD)/demo && mkdir -p $(BUILD)/demo
	$(BUILD)/huiyin report --settings samples/huiyin.ini --month 2026-10 \
	    --db $(BUILD)/demo/huiyin.db --out $(BUILD)/demo/reports

test: all $(UNIT) $(TOOL)
	@tests/all $(BUILD)

SAN = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
check-san:
	@$(MAKE) BUILD=build/san CFLAGS="$(SAN)" LDFLAGS="-fsanitize=address,undefined" HARDEN= test

# The full counts of every property, minutes to hours: make prove ONLY="order kill".
prove: all $(UNIT) $(TOOL)
	@tests/prove_all $(BUILD) $(ONLY)

# Loading and pages beside other programs: ROWS=1000000 ROUNDS=3 PAGES=5.
bench: all $(TOOL)
	@tests/bench/run $(BUILD) $(or $(ROWS),1000000) $(or $(ROUNDS),3)
	@tests/bench/job $(BUILD) 100000 $(or $(ROUNDS),3)
	@tests/bench/job $(BUILD) $(or $(ROWS),1000000) $(or $(ROUNDS),3)
	@tests/bench/pages $(BUILD) $(or $(PAGES),5)

lint:
	@tests/lint

# The committed sample files, byte for byte, from samples/*.c.
samples:
	@mkdir -p $(BUILD)/samples
	$(CC) $(WARN) $(CFLAGS) -I. -o $(BUILD)/samples/generate samples/*.c -lxlsxwriter -lm
	$(BUILD)/samples/generate samples

# libFuzzer with ASan and UBSan; HUIYIN_READER=xlsx build/fuzz/reader_fuzz drives one reader.
FUZZOBJ := $(patsubst %.c,$(BUILD)/fuzz/%.o,$(filter core/% ingest/%,$(SRC)))
FUZZCC   = clang -g -O1 -std=c11 -D_GNU_SOURCE -w -fno-sanitize-recover=all -I. -I$(BUILD)/gen
fuzz: $(FUZZSRC:tests/fuzz/%.c=$(BUILD)/fuzz/%)
$(BUILD)/fuzz/%.o: %.c Makefile | deps $(BUILD)/gen/schema.inc
	@mkdir -p $(@D)
	@$(FUZZCC) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c -o $@ $<
$(BUILD)/fuzz/%_fuzz: tests/fuzz/%_fuzz.c tests/fuzz/wrap.h $(FUZZOBJ)
	@echo '  fuzz $@'
	@$(FUZZCC) -fsanitize=fuzzer,address,undefined -o $@ $< $(FUZZOBJ) $(LIBS)

# PREFIX=/usr DESTDIR=...: the command, what it knows, its manual and completions, a timer.
SHARE = $(DESTDIR)$(PREFIX)/share
install: all
	install -D $(BUILD)/huiyin $(DESTDIR)$(PREFIX)/bin/huiyin
	mkdir -p $(SHARE)/huiyin $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	    $(SHARE)/zsh/vendor-completions $(DESTDIR)$(PREFIX)/lib/systemd/system
	cp -r templates $(SHARE)/huiyin/
	$(BUILD)/huiyin help --man | gzip -9n >$(SHARE)/man/man1/huiyin.1.gz
	$(BUILD)/huiyin help --completion bash >$(SHARE)/bash-completion/completions/huiyin
	$(BUILD)/huiyin help --completion zsh >$(SHARE)/zsh/vendor-completions/_huiyin
	for f in service timer; do sed 's,@PREFIX@,$(PREFIX),' templates/service/huiyin.$$f \
	    >$(DESTDIR)$(PREFIX)/lib/systemd/system/huiyin.$$f || exit 1; done

# build/huiyin_VERSION_ARCH.deb, with the packages it needs at run time.
deb: all
	@rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb/DEBIAN
	@$(MAKE) --no-print-directory install PREFIX=/usr DESTDIR=$(BUILD)/deb >/dev/null
	@install -D -m 644 README.md $(BUILD)/deb/usr/share/doc/huiyin/README.md
	@sh templates/service/control $(BUILD) >$(BUILD)/deb/DEBIAN/control
	@chmod -R u+rwX,go+rX,go-w $(BUILD)/deb
	dpkg-deb --root-owner-group --build $(BUILD)/deb \
	    $(BUILD)/huiyin_0.1_$$(dpkg --print-architecture).deb

help:
	@echo 'make demo   the sample month, end to end      make test  everything, one line of counts'
	@echo 'make        build/huiyin                      make check-san  the same under ASan+UBSan'
	@echo 'make lint   format, cppcheck, include rules   make fuzz  libFuzzer targets'
	@echo 'make deb  the Debian package, in build/          make gallery  every page and chart as pictures'
	@echo 'make prove  every property at its full count     make bench  speed beside other programs'
	@echo 'make samples  the sample files anew           make install  PREFIX=$(PREFIX)'

clean:
	rm -rf build

# Every chart and page as pictures on one sheet, for the eye: build/gallery/index.html.
gallery: all
	@sh tests/tools/gallery $(BUILD)

.PHONY: all deps deb demo gallery test prove bench check-san lint samples fuzz install help clean
.SECONDARY:
-include $(OBJ:.o=.d) $(FUZZOBJ:.o=.d) $(UNIT:=.d) $(TOOL:=.d)
