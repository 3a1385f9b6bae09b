# SPDX-License-Identifier: GPL-3.0-or-later
# tools/lab: its tables, its page in a browser, and guests that fail.
LAB_TEST := $(B)/tests/test_lab
TESTS    += $(LAB_TEST)

$(B)/tests/lab/test_lab.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(LAB_TEST): $(B)/tests/lab/test_lab.o | tessera $(PPC_BENCH_KERNELS) $(INTERRUPTS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lpng
