# SPDX-License-Identifier: GPL-3.0-or-later
# The cpu against the host's: the same cases in a 32-bit process and in the emulator.
NATIVE_TEST := $(B)/tests/test_native
NATIVE_SRCS := $(filter-out tests/native/helper.c,$(wildcard tests/native/*.c))
NATIVE_OBJS := $(filter $(B)/exec/% $(B)/translate/%,$(X87_TEST_OBJS)) \
               $(filter-out $(B)/ops/i386/interp.o,$(OPS_OBJS)) $(B)/native/interp.o $(NATIVE_SRCS:%.c=$(B)/%.o)
TESTS       += $(NATIVE_TEST)

NATIVE_CFLAGS := -std=gnu17 -m32 -msse2 -O3 -g -Wall -Wextra -ffreestanding -fno-pic -fno-pie \
                 -fno-stack-protector -fcf-protection=none -fno-asynchronous-unwind-tables

$(B)/native/helper.o: tests/native/helper.c
	$(FOLDER)
	$(CC) -I. $(NATIVE_CFLAGS) $(DEPFLAGS) -c $< -o $@

# At HELPER, see case.h.
$(B)/native/helper: $(B)/native/helper.o
	ld -m elf_i386 -static -Ttext-segment=0xc0000000 -o $@ $<

$(B)/native/kernel.o: tests/native/kernel.S
	$(FOLDER)
	$(CC) -I. -m32 $(DEPFLAGS) -c $< -o $@

# At KERNEL, see kernel.h.
$(B)/native/kernel.bin: $(B)/native/kernel.o
	ld -m elf_i386 -Ttext=0x100000 -o $(@:.bin=.elf) $<
	objcopy -O binary -j .text $(@:.bin=.elf) $@

# The interpreter, which tells of the micro-ops that it runs.
$(B)/native/interp.o: ops/i386/interp.c
	$(FOLDER)
	$(OPCC) $(CPPFLAGS) $(CFLAGS) $(INTERP_CFLAGS) -falign-functions=16 \
	    -include tests/native/trace.h -D'TRACE(insn)=trace_insn(insn)' $(DEPFLAGS) -c $< -o $@

$(B)/tests/native/trace.o: private CFLAGS += -mgeneral-regs-only
$(NATIVE_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(NATIVE_TEST): $(NATIVE_OBJS) | $(B)/native/helper $(B)/native/kernel.bin
	$(FOLDER)
	$(CC) $(LDFLAGS) $(NATIVE_OBJS) -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# More of them, with other seeds: make fuzz FUZZ_SEED=7 FUZZ_CASES=10000000
FUZZ_SEED  := 1
FUZZ_CASES := 1000000

.PHONY: fuzz tests/native/COVERAGE
fuzz: deps
	@$(MAKE) --no-print-directory $(NATIVE_TEST)
	$(NATIVE_TEST) --fuzz $(FUZZ_SEED) $(FUZZ_CASES)

tests/native/COVERAGE: $(NATIVE_TEST)
	$(NATIVE_TEST) --coverage > $@.new
	mv $@.new $@
