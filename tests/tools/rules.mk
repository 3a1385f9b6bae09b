# SPDX-License-Identifier: GPL-3.0-or-later
# The tools that `make check` and `make lint` are made of, and the Makefile.
TOOLS_TEST := $(B)/tests/test_tools
TESTS      += $(TOOLS_TEST)

# What tools/run-tests.py is tested with is a Check program, too.
TWO_SUITES := $(B)/tests/tools/two_suites

$(B)/tests/tools/test_tools.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(TOOLS_TEST): $(B)/tests/tools/test_tools.o | $(TWO_SUITES) tessera $(B)/san/exec/log.o
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS)

$(TWO_SUITES): $(B)/tests/tools/two_suites.o
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS)
