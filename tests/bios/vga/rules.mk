# SPDX-License-Identifier: GPL-3.0-or-later
# A floppy whose program calls the VGA BIOS, and the program that runs it here and there.
VGA_GUEST      := $(B)/bios/vga_guest.img
VGA_GUEST_SRCS := $(wildcard tests/bios/vga/guest/*.c tests/bios/vga/guest/*.S)
VGA_GUEST_OBJS := $(VGA_GUEST_SRCS:%=$(B)/%.o)
VGA_TEST       := $(B)/tests/test_vgabios
VGA_TEST_SRCS  := $(wildcard tests/bios/vga/*.c)
TESTS          += $(VGA_TEST)

VGA_GUEST_CFLAGS := -std=gnu17 -m16 -march=i386 -Os -Wall -Wextra -ffreestanding -fno-pic -fno-pie \
                    -mregparm=3 -mno-sse -mno-mmx -fno-stack-protector -fcf-protection=none \
                    -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns

$(VGA_GUEST_OBJS): $(B)/tests/bios/vga/guest/%.o: tests/bios/vga/guest/%
	@mkdir -p $(@D)
	$(CC) -I. $(VGA_GUEST_CFLAGS) $(DEPFLAGS) -c $< -o $@

# The size of a floppy.
$(VGA_GUEST): $(VGA_GUEST_OBJS) tests/bios/vga/guest/guest.ld
	@mkdir -p $(@D)
	ld -m elf_i386 --no-warn-rwx-segments --no-check-sections -T tests/bios/vga/guest/guest.ld -o $(@:.img=.elf) $(VGA_GUEST_OBJS)
	objcopy -O binary --gap-fill 0 $(@:.img=.elf) $@
	truncate -s 1440K $@

$(VGA_TEST_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(VGA_TEST): $(VGA_TEST_SRCS:%.c=$(B)/%.o) $(B)/bios/vga/font.o | $(VGA_GUEST) $(VGA_BIOS) tessera
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $(VGA_TEST_SRCS:%.c=$(B)/%.o) $(B)/bios/vga/font.o -o $@ $(CHECK_LIBS)
