# SPDX-License-Identifier: GPL-3.0-or-later
# Devices, machines, what they need of the host, and the command line; ./tessera is linked here.
HW_MAIN      := hw/cli/main.c
MAN_SRCS     := hw/cli/man.c hw/cli/man_main.c
HW_SRCS      := $(filter-out $(MAN_SRCS),$(wildcard hw/*.c hw/*/*.c))
BIOS_PARTS   := $(B)/hw/pc/boot_rom.o $(B)/hw/pc/bios_vectors.o
# Tables for systems that are started without a BIOS.
SYSTEM_TABLES := $(BIOS_TABLES:%.c=$(B)/%.o) $(DSDT_HOST)
# What of a BIOS hw/ has in itself.
HW_DATA      := $(SYSTEM_TABLES) $(BIOS_PARTS) $(BIOS_PART) $(VGA_SHARED:%=$(B)/bios/vga/%.o) $(VGA_BIOS_PART)
TESSERA_OBJS += $(HW_SRCS:%.c=$(B)/%.o) $(BIOS_PARTS) $(SYSTEM_TABLES)
PROGRAMS     += tessera
# What it is linked with, libpng for pictures of the screen, libzstd for snapshots.
HW_NEEDS     := -lelf -lpng -lz -lzstd -lpthread -lm
HW_LIBS      := $(foreach library,$(filter-out CAPSTONE,$(OPTIONAL)),$($(library))) $(HW_NEEDS)

# Other folders' objects are still being collected when this is read.
.SECONDEXPANSION:
tessera: $$(TESSERA_OBJS)
	$(CC) $(LDFLAGS) $^ -o $@ $(EXEC_LIBS) $(HW_LIBS)

# Without any of the libraries that it can do without: a test runs it.
BARE         := $(B)/bare/tessera
WANTS        := $(shell grep -o 'HAVE_[A-Z0-9]*' $(HW_SRCS) exec/*/*.c | sort -u)
wanting       = $(patsubst %.c:HAVE_$(1),$(B)/%.o,$(filter %.c:HAVE_$(1),$(WANTS)))
bare          = $(1:$(B)/%=$(B)/bare/%)
BARE_OBJS    := $(foreach library,$(OPTIONAL),$(call wanting,$(library)))

$(B)/bare/%.o: %.c
	$(FOLDER)
	$(CC) $(filter-out -DHAVE_%,$(CPPFLAGS)) $(CFLAGS) -g1 $(DEPFLAGS) -c $< -o $@

$(BARE): $(call bare,$(BARE_OBJS)) $$(filter-out $(BARE_OBJS),$$(TESSERA_OBJS))
	$(CC) $(LDFLAGS) $^ -o $@ $(filter-out $(CAPSTONE),$(EXEC_LIBS)) $(HW_NEEDS)

# Without one of them: since a source wants no more than one, it is made of objects of both.
ONE_LESS     := $(OPTIONAL:%=$(B)/bare/without-%)
$(if $(filter-out $(words $(sort $(BARE_OBJS))),$(words $(WANTS))),\
    $(error A source wants two libraries, or one that is not in OPTIONAL: $(WANTS)))

$(ONE_LESS): $(B)/bare/without-%: $$(call bare,$$(call wanting,$$*)) \
                                  $$(filter-out $$(call wanting,$$*),$$(TESSERA_OBJS))
	$(CC) $(LDFLAGS) -s $^ -o $@ $(filter-out $($*),$(EXEC_LIBS) $(HW_LIBS))

# With the sandbox's alone, for tests that start it a thousand times: the libraries of all the others
# take a third of what a short guest takes.
QUICK := $(B)/bare/quick
QUICK_KEEPS := $(call wanting,SECCOMP)

$(QUICK): $(call bare,$(filter-out $(QUICK_KEEPS),$(BARE_OBJS))) $(QUICK_KEEPS) $$(filter-out $(BARE_OBJS),$$(TESSERA_OBJS))
	$(CC) $(LDFLAGS) $^ -o $@ $(filter-out $(CAPSTONE),$(EXEC_LIBS)) $(SECCOMP) $(HW_NEEDS)

# Its manual, of which the options come from their table.
TESSERA_MAN := $(B)/tessera.1
OPTION_MAN  := $(B)/bin/option-man
PROGRAMS    += $(TESSERA_MAN)

$(OPTION_MAN): $(MAN_SRCS:%.c=$(B)/%.o) $$(filter-out $(HW_MAIN:%.c=$(B)/%.o),$$(TESSERA_OBJS))
	$(FOLDER)
	$(CC) $(LDFLAGS) -s $^ -o $@ $(EXEC_LIBS) $(HW_LIBS)

$(TESSERA_MAN): hw/cli/tessera.1.in $(OPTION_MAN) Makefile
	$(OPTION_MAN) >$@.options
	sed -e '/^@OPTIONS@$$/{r $@.options' -e 'd}' -e 's/@VERSION@/$(VERSION)/' $< >$@

# Where users find it.
TESSERA_DOC := $(INSTALL_TO)/share/doc/tessera

.PHONY: install-tessera uninstall-tessera
install-tessera: tessera $(TESSERA_MAN)
	install -d $(INSTALL_TO)/bin $(INSTALL_TO)/share/man/man1 $(TESSERA_DOC)
	install tessera $(INSTALL_TO)/bin
	install -m 644 $(TESSERA_MAN) $(INSTALL_TO)/share/man/man1
	install -m 644 README RESULTS COPYING $(TESSERA_DOC)

uninstall-tessera:
	rm -f $(INSTALL_TO)/bin/tessera $(INSTALL_TO)/share/man/man1/tessera.1
	rm -rf $(TESSERA_DOC)

# The devices and loaders under the sanitizers, with a fake of the cpu and its memory.
HW_TEST      := $(B)/tests/test_hw
HW_TEST_SRCS := $(filter-out $(HW_MAIN) hw/monitor/% hw/gdb/%,$(HW_SRCS)) hw/cli/man.c $(wildcard tests/hw/*.c)
TESTS        += $(HW_TEST)

$(BIOS_PARTS): $(B)/hw/pc/%.o: hw/pc/%.S
	$(FOLDER)
	$(CC) $(DEPFLAGS) -c $< -o $@

# By this one's, gdb tells what structs the devices are.
$(B)/san/tests/hw/test_device.o: private SAN += -g
$(HW_TEST): $(HW_TEST_SRCS:%.c=$(B)/san/%.o) $(HW_DATA) $(addprefix $(B)/san/exec/,digest.o file.o log.o memory.o memory_code.o memory_undo.o i386/model.o)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(HW_LIBS) -lutil
