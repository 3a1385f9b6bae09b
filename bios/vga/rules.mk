# SPDX-License-Identifier: GPL-3.0-or-later
# The VGA BIOS; its fonts and tables are there for the card, too, which may start without a BIOS.
MAKE_FONTS := $(B)/bin/make-fonts
SEAL_ROM   := $(B)/bin/seal-rom
VGA_GLYPHS := $(B)/bios/vga/glyphs.inc
VGA_BIOS   := $(B)/bios/vgabios.bin

# Compiled for the host, and those that are compiled for the ROM.
VGA_SHARED    := font parameters colors edid
VGA_ROM_SRCS  := $(filter-out bios/vga/make_fonts.c bios/vga/seal_rom.c,$(wildcard bios/vga/*.c)) \
                 bios/vga/entry.S bios/vga/pm32.S
VGA_ROM_OBJS  := $(VGA_ROM_SRCS:bios/vga/%=$(B)/bios/vga/rom/%.o)
VGA_BIOS_PART := $(B)/bios/vga/image.o

TESSERA_OBJS += $(VGA_SHARED:%=$(B)/bios/vga/%.o) $(VGA_BIOS_PART)
PROGRAMS     += $(VGA_BIOS)

# Constants each in a section of its own, none that the compiler makes up: machine.h, rom.ld.
VGA_ROM_CFLAGS := -std=gnu17 -m16 -march=i386 -Os -Wall -Wextra -ffreestanding -fno-pic -fno-pie \
                  -mregparm=3 -freg-struct-return -mno-sse -mno-mmx -fno-stack-protector \
                  -fcf-protection=none -fno-asynchronous-unwind-tables -fdata-sections \
                  -fno-jump-tables -fno-tree-switch-conversion -fno-tree-loop-distribute-patterns \
                  -fno-strict-aliasing -fno-delete-null-pointer-checks --param=min-pagesize=0

# Of the library, only what holds the fonts is linked.
$(MAKE_FONTS): $(B)/bios/vga/make_fonts.o
	$(FOLDER)
	$(CC) $(LDFLAGS) $< -o $@ -l:libaa.a

$(VGA_GLYPHS): $(MAKE_FONTS)
	$(FOLDER)
	$(MAKE_FONTS) >$@.new
	mv $@.new $@

$(B)/bios/vga/font.o $(B)/san/bios/vga/font.o $(B)/bios/vga/rom/font.c.o: $(VGA_GLYPHS)

$(B)/bios/vga/rom/%.o: bios/vga/% bios/vga/rules.mk
	$(FOLDER)
	$(CC) -I. -I$(B) -DVGA_ROM $(VGA_ROM_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(SEAL_ROM): $(B)/bios/vga/seal_rom.o
	$(FOLDER)
	$(CC) $(LDFLAGS) $< -o $@

$(VGA_BIOS): $(VGA_ROM_OBJS) bios/vga/rom.ld $(SEAL_ROM)
	$(FOLDER)
	ld -m elf_i386 -T bios/vga/rom.ld -o $(B)/bios/vga/rom/rom.elf $(VGA_ROM_OBJS)
	objcopy -O binary -j .rom $(B)/bios/vga/rom/rom.elf $(B)/bios/vga/rom/rom.image
	$(SEAL_ROM) $(B)/bios/vga/rom/rom.image $@

$(VGA_BIOS_PART): bios/vga/image.S $(VGA_BIOS)
	$(CC) $(DEPFLAGS) -DVGA_BIOS='"$(VGA_BIOS)"' -c $< -o $@
