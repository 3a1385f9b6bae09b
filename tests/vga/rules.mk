# SPDX-License-Identifier: GPL-3.0-or-later
# A guest that shows pictures, and the program that compares them with QEMU's.
VGA_TEST  := $(B)/tests/test_vga
VGA_GUEST := $(B)/vga/guest.elf
TESTS     += $(VGA_TEST)

VGA_GUEST_OBJS := $(addprefix $(B)/vga/,start.o guest.o parameters.o font.o)
$(VGA_GUEST_OBJS): private CFLAGS := -std=gnu17 -m32 -march=i686 -O2 -Wall -Wextra -ffreestanding \
    -fno-pic -fno-pie -mno-sse -mno-mmx -fno-stack-protector -fcf-protection=none \
    -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns

$(B)/vga/%.o: tests/vga/%.c
	$(FOLDER)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c $< -o $@

$(B)/vga/%.o: tests/vga/%.S
	$(FOLDER)
	$(CC) -m32 $(DEPFLAGS) -c $< -o $@

$(B)/vga/%.o: bios/vga/%.c
	$(FOLDER)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c $< -o $@

$(B)/vga/font.o: $(VGA_GLYPHS)

$(VGA_GUEST): $(VGA_GUEST_OBJS) tools/guest/guest.ld
	ld -m elf_i386 -T tools/guest/guest.ld -o $@ $(VGA_GUEST_OBJS)

$(B)/tests/vga/test_vga.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(VGA_TEST): $(B)/tests/vga/test_vga.o | $(VGA_GUEST) tessera
	$(FOLDER)
	$(CC) $(LDFLAGS) $(B)/tests/vga/test_vga.o -o $@ $(CHECK_LIBS) -lpng
