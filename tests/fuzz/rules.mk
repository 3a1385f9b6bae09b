# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzz targets: over their corpus in `make check`; `make fuzz-decoder`, fuzz-guest, fuzz-loader and
# fuzz-options run libFuzzer for FUZZ_SECONDS.
FUZZ_TARGETS := decoder guest loader options
FUZZ_SECONDS := 600
FUZZ_SRCS    := $(EXEC_SRCS) $(wildcard translate/*.c translate/i386/*.c translate/ir/*.c) $(filter-out hw/main.c,$(HW_SRCS)) \
                $(FUZZ_TARGETS:%=tests/fuzz/%.c)
FUZZ_LIBS    := -lelf -lopcodes -lbfd -lpthread -lm

FUZZ_TEST      := $(B)/tests/test_fuzz
FUZZ_TEST_OBJS := $(patsubst %.c,$(B)/san/%.o,$(FUZZ_SRCS) tests/fuzz/take.c tests/fuzz/replay.c) \
                  $(B)/ops/i386/interp.o $(B)/ops/templates.o
TESTS          += $(FUZZ_TEST)

$(B)/san/translate/engine.o $(B)/fuzz/translate/engine.o: $(B)/ops/templates.h

$(FUZZ_TEST): $(FUZZ_TEST_OBJS)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(FUZZ_LIBS)

# UBSan's check of calls by pointer reads before functions, where generated code has nothing.
FUZZ_CFLAGS := -std=gnu17 -O1 -g -fno-pie -fsanitize=fuzzer-no-link,address,undefined \
               -fno-sanitize=function -fno-sanitize-recover=all

$(B)/fuzz/%.o: %.c
	@mkdir -p $(@D)
	$(OPCC) $(CPPFLAGS) $(FUZZ_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(FUZZ_TARGETS:%=$(B)/fuzz/take_%.o): $(B)/fuzz/take_%.o: tests/fuzz/take.c
	@mkdir -p $(@D)
	$(OPCC) $(CPPFLAGS) $(FUZZ_CFLAGS) -DFUZZ=fuzz_$* $(DEPFLAGS) -c $< -o $@

$(FUZZ_TARGETS:%=$(B)/fuzz/fuzz_%): $(B)/fuzz/fuzz_%: $(B)/fuzz/take_%.o $(FUZZ_SRCS:%.c=$(B)/fuzz/%.o) \
                                    $(B)/ops/i386/interp.o $(B)/ops/templates.o
	$(OPCC) $(LDFLAGS) -fsanitize=fuzzer,address,undefined $^ -o $@ $(FUZZ_LIBS)

.PHONY: $(FUZZ_TARGETS:%=fuzz-%)
$(FUZZ_TARGETS:%=fuzz-%): fuzz-%: $(B)/fuzz/fuzz_%
	@mkdir -p $(B)/fuzz/corpus/$*
	$(B)/fuzz/fuzz_$* -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4096 \
	    $(B)/fuzz/corpus/$* tests/fuzz/corpus/$*
