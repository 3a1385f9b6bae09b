# SPDX-License-Identifier: GPL-3.0-or-later
# gdb and the guests it debugs.
GDB_TEST := $(B)/tests/test_gdb
TESTS    += $(GDB_TEST)

$(B)/tests/gdb/test_gdb.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(GDB_TEST): $(B)/tests/gdb/test_gdb.o | $(B)/guest/tessera-guest.elf tessera
	$(FOLDER)
	$(CC) $(LDFLAGS) $(B)/tests/gdb/test_gdb.o -o $@ $(CHECK_LIBS)
