# SPDX-License-Identifier: GPL-3.0-or-later
# Fuzz targets. `make check` runs them over corpus/ and found/; `make fuzz-decoder` and its like (one
# for each of FUZZ_TARGETS) go on from there under libFuzzer for FUZZ_SECONDS; what they reach is in
# build/fuzz/corpus, and `make fuzz-corpus` makes corpus/ of it anew.
FUZZ_TARGETS := decoder devices firmware guest http image loader options ppce500 virtio
FUZZ_SECONDS := 600
FUZZ_UNDER   := $(EXEC_SRCS) $(wildcard translate/*.c $(PROCESSORS:%=translate/%/*.c) translate/ir/*.c translate/ir/$(HOST)/*.c) \
                $(filter-out $(HW_MAIN),$(HW_SRCS))
FUZZ_SRCS    := $(FUZZ_UNDER) $(BIOS_PARSERS) tests/fuzz/board.c tests/fuzz/states.c tests/hw/fake_disk.c tests/hw/fake_net.c $(FUZZ_TARGETS:%=tests/fuzz/%.c)
FUZZ_OPS     := $(OPS_OBJS) $(HW_DATA)
FUZZ_LIBS    := $(EXEC_LIBS) $(HW_LIBS)

FUZZ_TEST      := $(B)/tests/test_fuzz
FUZZ_TEST_SRCS := $(FUZZ_SRCS) tests/fuzz/take.c tests/fuzz/replay.c
TESTS          += $(FUZZ_TEST)


$(FUZZ_TEST): $(FUZZ_TEST_SRCS:%.c=$(B)/san/%.o) $(FUZZ_OPS)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(FUZZ_LIBS)

# UBSan's check of calls by pointer reads before functions, where generated code has nothing. What
# is compared is only worth knowing in hw/; elsewhere it takes most of the time.
FUZZ_CFLAGS := -std=gnu17 -O1 -g -fPIE -fsanitize=fuzzer-no-link,address,undefined \
               -fno-sanitize=function -fno-sanitize-recover=all
$(B)/fuzz/exec/%.o $(B)/fuzz/translate/%.o: FUZZ_CFLAGS += -fno-sanitize-coverage=trace-cmp
FUZZERS     := $(FUZZ_TARGETS:%=$(B)/fuzz/fuzz_%)

$(B)/fuzz/%.o: %.c tests/fuzz/rules.mk
	$(FOLDER)
	$(OPCC) $(CPPFLAGS) $(FUZZ_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(FUZZ_TARGETS:%=$(B)/fuzz/take_%.o): $(B)/fuzz/take_%.o: tests/fuzz/take.c
	$(FOLDER)
	$(OPCC) $(CPPFLAGS) $(FUZZ_CFLAGS) -DFUZZ=fuzz_$* $(DEPFLAGS) -c $< -o $@

$(FUZZERS): $(B)/fuzz/fuzz_%: $(B)/fuzz/take_%.o $(FUZZ_SRCS:%.c=$(B)/fuzz/%.o) $(FUZZ_OPS)
	$(OPCC) $(LDFLAGS) -fsanitize=fuzzer,address,undefined $^ -o $@ $(FUZZ_LIBS)

.PHONY: $(FUZZ_TARGETS:%=fuzz-%) fuzz-corpus
$(FUZZ_TARGETS:%=fuzz-%): fuzz-%: deps
	@$(MAKE) --no-print-directory $(B)/fuzz/fuzz_$*
	tests/fuzz/corpus.sh unpack $(B)/fuzz/corpus/$* < tests/fuzz/corpus/$*.hex
	$(B)/fuzz/fuzz_$* -max_total_time=$(FUZZ_SECONDS) -timeout=20 -rss_limit_mb=4096 \
	    -artifact_prefix=$(B)/fuzz/$*- $(B)/fuzz/corpus/$*

# By the code reached alone, not by how often: the fewest inputs.
fuzz-corpus: $(FUZZERS)
	for target in $(FUZZ_TARGETS); do \
	    rm -rf $(B)/fuzz/merged && mkdir $(B)/fuzz/merged && \
	    $(B)/fuzz/fuzz_$$target -set_cover_merge=1 -use_counters=0 -max_len=1400 $(B)/fuzz/merged \
	        $(B)/fuzz/corpus/$$target && \
	    tests/fuzz/corpus.sh pack $(B)/fuzz/merged > tests/fuzz/corpus/$$target.hex || exit 1; \
	done
