# SPDX-License-Identifier: GPL-3.0-or-later
# Devices, machines, what they need of the host, and the command line; ./tessera is linked here.
HW_MAIN      := hw/cli/main.c
HW_SRCS      := $(wildcard hw/*.c hw/*/*.c)
BIOS_PARTS   := $(B)/hw/pc/boot_rom.o $(B)/hw/pc/bios_vectors.o
TESSERA_OBJS += $(HW_SRCS:%.c=$(B)/%.o) $(BIOS_PARTS)
PROGRAMS     += tessera

# Other folders' objects are still being collected when this is read.
.SECONDEXPANSION:
tessera: $$(TESSERA_OBJS)
	$(CC) $(LDFLAGS) $^ -o $@ $(EXEC_LIBS) $(SECCOMP) -lelf -lpthread -lm

# The devices and loaders under the sanitizers, with a fake of the cpu and its memory.
HW_TEST      := $(B)/tests/test_hw
HW_TEST_SRCS := $(filter-out hw/cli/main.c,$(HW_SRCS)) $(wildcard tests/hw/*.c)
TESTS        += $(HW_TEST)

$(BIOS_PARTS): $(B)/hw/pc/%.o: hw/pc/%.S
	@mkdir -p $(@D)
	$(CC) $(DEPFLAGS) -c $< -o $@

$(HW_TEST): $(HW_TEST_SRCS:%.c=$(B)/san/%.o) $(BIOS_PARTS) $(addprefix $(B)/san/exec/,file.o memory.o i386/model.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(SECCOMP) -lelf -lutil -lpthread
