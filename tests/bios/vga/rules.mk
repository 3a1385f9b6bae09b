# SPDX-License-Identifier: GPL-3.0-or-later
# A floppy whose program calls the VGA BIOS, and the program that runs it here and there.
VGABIOS_GUEST      := $(B)/bios/vga_guest.img
VGABIOS_GUEST_SRCS := $(wildcard tests/bios/vga/guest/*.c tests/bios/vga/guest/*.S)
VGABIOS_GUEST_OBJS := $(VGABIOS_GUEST_SRCS:%=$(B)/%.o)
VGABIOS_TEST       := $(B)/tests/test_vgabios
VGABIOS_TEST_SRCS  := $(wildcard tests/bios/vga/*.c)
TESTS          += $(VGABIOS_TEST)

VGABIOS_GUEST_CFLAGS := -std=gnu17 -m16 -march=i386 -Os -Wall -Wextra -ffreestanding -fno-pic -fno-pie \
                    -mregparm=3 -mno-sse -mno-mmx -fno-stack-protector -fcf-protection=none \
                    -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns

$(VGABIOS_GUEST_OBJS): $(B)/tests/bios/vga/guest/%.o: tests/bios/vga/guest/%
	$(FOLDER)
	$(CC) -I. $(VGABIOS_GUEST_CFLAGS) $(DEPFLAGS) -c $< -o $@

# The size of a floppy.
$(VGABIOS_GUEST): $(VGABIOS_GUEST_OBJS) tests/bios/vga/guest/guest.ld
	$(FOLDER)
	ld -m elf_i386 --no-warn-rwx-segments --no-check-sections -T tests/bios/vga/guest/guest.ld -o $(@:.img=.elf) $(VGABIOS_GUEST_OBJS)
	objcopy -O binary --gap-fill 0 $(@:.img=.elf) $@
	truncate -s 1440K $@

$(VGABIOS_TEST_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(VGABIOS_TEST): $(VGABIOS_TEST_SRCS:%.c=$(B)/%.o) $(B)/bios/vga/font.o | $(VGABIOS_GUEST) $(VGA_BIOS) tessera
	$(FOLDER)
	$(CC) $(LDFLAGS) $(VGABIOS_TEST_SRCS:%.c=$(B)/%.o) $(B)/bios/vga/font.o -o $@ $(CHECK_LIBS)
