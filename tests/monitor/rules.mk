# SPDX-License-Identifier: GPL-3.0-or-later
# Monitors, by scripts that talk to ./tessera and, where they must agree, to QEMU.
MONITOR_TEST := $(B)/tests/test_monitor
TESTS        += $(MONITOR_TEST)

$(MONITOR_TEST): $(B)/tests/monitor/test_monitor.o | tessera
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS)
