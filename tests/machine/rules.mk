# SPDX-License-Identifier: GPL-3.0-or-later
# Random whole-machine guests: `make check` runs some hundred, `make fuzz-machine` MACHINE_SEEDS of
# them from MACHINE_SEED on, in an emulator under the sanitizers.
MACHINE_SEED  := 10001
MACHINE_SEEDS := 1000

MACHINE_TEST  := $(B)/tests/test_machine
MACHINE_SRCS  := $(wildcard tests/machine/*.c)
MACHINE_FRAME := $(B)/machine/frame.bin
TESTS         += $(MACHINE_TEST)

$(B)/machine/frame.o: tests/machine/frame.S
	$(FOLDER)
	$(CC) -m32 $(DEPFLAGS) -c $< -o $@

$(MACHINE_FRAME): $(B)/machine/frame.o
	ld -m elf_i386 -Ttext=0 -e 0 --oformat binary -o $@ $<

# The devices tell what ports there are.
MACHINE_OBJS := $(MACHINE_SRCS:%.c=$(B)/%.o) $(B)/tests/fuzz/board.o $(B)/tests/hw/fake_disk.o $(B)/tests/hw/fake_net.o

$(MACHINE_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(MACHINE_TEST): $(MACHINE_OBJS) $$(filter-out $(HW_MAIN:%.c=$(B)/%.o),$$(TESSERA_OBJS)) | $(MACHINE_FRAME) $(QUICK)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(FUZZ_LIBS)

# All of the emulator but generated code, and the interpreter's micro-ops.
SAN_TESSERA      := $(B)/san/tessera
SAN_TESSERA_SRCS := $(FUZZ_UNDER) $(HW_MAIN) exec/report/symbols.c

$(SAN_TESSERA): $(SAN_TESSERA_SRCS:%.c=$(B)/san/%.o) $(FUZZ_OPS) $(B)/default_guest.o $(DYNGEN_LIB)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(FUZZ_LIBS)

.PHONY: fuzz-machine
fuzz-machine: deps
	@$(MAKE) --no-print-directory $(MACHINE_TEST) $(SAN_TESSERA)
	$(MACHINE_TEST) --seeds $(MACHINE_SEED) $(MACHINE_SEEDS) --program $(SAN_TESSERA) --sanitized --patience 150
