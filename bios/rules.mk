# SPDX-License-Identifier: GPL-3.0-or-later
# Firmware, built here: our BIOS; other folders say what they build.
include $(sort $(wildcard bios/*/rules.mk))

BIOS         := $(B)/bios/bios.bin
BIOS_PART    := $(B)/bios/image.o
PROGRAMS     += $(BIOS)
TESSERA_OBJS += $(BIOS_PART)

BIOS_CFLAGS := -std=gnu17 -Os -march=i386 -mregparm=3 -Wall -Wextra -Wno-address-of-packed-member \
               -ffreestanding -fno-pic -fno-pie -fno-stack-protector -fcf-protection=none \
               -fno-asynchronous-unwind-tables -fno-jump-tables -fno-tree-loop-distribute-patterns \
               -fno-common -mno-mmx -mno-sse -msoft-float -mpreferred-stack-boundary=2 \
               --param=min-pagesize=0 -I.

# Tables for systems, which loaders make, too.
BIOS_TABLES := $(wildcard bios/tables/*.c)
# Real mode; flat protected mode at run time; POST.
BIOS_POST := $(filter-out bios/post/init16.c,$(wildcard bios/post/*.c)) $(BIOS_TABLES) bios/lib/string.c
BIOS_32   := bios/system/pci32.c
BIOS_16   := $(filter-out $(BIOS_POST) $(BIOS_32),\
               $(wildcard $(patsubst %,bios/%/*.c,boot clock disk keyboard lib post serial system))) \
             bios/lib/string.c
BIOS_ASM  := $(wildcard bios/entry/*.S)
BIOS_OBJS := $(BIOS_16:%.c=$(B)/r16/%.o) $(BIOS_32:%.c=$(B)/r32/%.o) $(BIOS_ASM:%.S=$(B)/r16/%.o) \
             $(B)/post/post.o

# What can be tested on the host: it knows nothing of segments.
BIOS_PARSERS := bios/disk/catalog.c bios/post/rom_image.c

$(B)/r16/%.o: %.c bios/rules.mk
	$(FOLDER)
	$(CC) -m16 -DREAL_MODE $(BIOS_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(B)/r32/%.o $(B)/post/%.o: %.c bios/rules.mk
	$(FOLDER)
	$(CC) -m32 $(BIOS_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(B)/r16/%.o: %.S bios/entry/frame.inc bios/rules.mk
	$(FOLDER)
	$(CC) -m32 -I. -DFONT='"$(BIOS_FONT)"' $(DEPFLAGS) -c $< -o $@

# Both sides have functions of the same names; what POST shares with others is its entry point.
$(B)/post/post.o: $(BIOS_POST:%.c=$(B)/post/%.o) $(DSDT_PART)
	ld -m elf_i386 -r $^ -o $@
	objcopy --keep-global-symbol=post_main $@

# Half of the VGA BIOS's font: code page 437's first 128 characters, for mode 6 and its like.
BIOS_FONT := $(B)/bios/font_8x8

$(BIOS_FONT): bios/vga/font.c $(VGA_GLYPHS)
	$(FOLDER)
	$(CC) -m32 -I. -I$(B) $(BIOS_CFLAGS) -fdata-sections -c $< -o $@.o
	objcopy -O binary -j .rodata.vga_font_8x8 $@.o $@

$(B)/r16/bios/entry/fixed.o: $(BIOS_FONT)

# r32's code runs where its caller has it: it may hold no address.
$(B)/bios/bios.elf: bios/bios.ld $(BIOS_OBJS)
	$(FOLDER)
	@! readelf -rW $(filter $(B)/r32/%,$(BIOS_OBJS)) | grep -w R_386_32
	ld -m elf_i386 --no-check-sections --no-warn-rwx-segments -T $< $(BIOS_OBJS) -o $@

$(BIOS_PART): bios/image.S $(BIOS)
	$(CC) $(DEPFLAGS) -DBIOS='"$(BIOS)"' -c $< -o $@

$(BIOS): $(B)/bios/bios.elf
	objcopy -O binary -j .rom16 -j .post --gap-fill 0 $< $@.new
	mv $@.new $@
