# SPDX-License-Identifier: GPL-3.0-or-later
# Snapshots: of machines in the test's own process, and of guests in ./tessera.
SNAPSHOT_TEST      := $(B)/tests/test_snapshot
SNAPSHOT_TEST_SRCS := $(wildcard tests/snapshot/*.c) tests/hw/tables.c tests/guests/emulator.c
TESTS              += $(SNAPSHOT_TEST)
SNAPSHOT_ROM       := $(B)/tests/snapshot/older.rom

$(B)/tests/snapshot/test_older.o: private CPPFLAGS += -DBUILD='"$(B)"'

$(SNAPSHOT_ROM): tests/snapshot/older.S
	$(FOLDER)
	$(CC) -m16 -c $< -o $(@:.rom=.o)
	ld -m elf_i386 -Ttext 0 --oformat binary $(@:.rom=.o) -o $@

$(SNAPSHOT_TEST): $(SNAPSHOT_TEST_SRCS:%.c=$(B)/%.o) $$(filter-out $(HW_MAIN:%.c=$(B)/%.o),$$(TESSERA_OBJS)) | tessera $(B)/guest/tessera-guest.elf $(PPC_PROGRAM) $(SNAPSHOT_ROM)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS) $(HW_LIBS) -lutil
