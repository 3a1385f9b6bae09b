# SPDX-License-Identifier: GPL-3.0-or-later
# Displays under the sanitizers, with a card, a keyboard and a mouse that are the tests' own.
DISPLAY_TEST      := $(B)/tests/test_display
# Not those that know a cpu.
DISPLAY_OTHERS    := hw/host/surroundings%.c hw/host/counted_%.c hw/host/disk_counted.c hw/host/net_counted.c \
                     hw/host/media.c hw/host/replay%.c
DISPLAY_TEST_SRCS := $(filter-out $(DISPLAY_OTHERS),$(wildcard hw/host/*.c)) hw/timer.c exec/file.c \
                     $(wildcard tests/display/*.c)
TESTS             += $(DISPLAY_TEST)

$(DISPLAY_TEST): $(DISPLAY_TEST_SRCS:%.c=$(B)/san/%.o)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(HW_LIBS) -lvncclient -lX11
