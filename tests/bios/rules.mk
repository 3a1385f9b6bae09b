# SPDX-License-Identifier: GPL-3.0-or-later
# A program in boot sectors of a floppy, a disk and CDs, that tests our BIOS in Tessera, QEMU and
# Bochs.
BIOS_TEST       := $(B)/tests/test_bios
BIOS_TEST_SRCS  := $(wildcard tests/bios/*.c)
BIOS_TEST_DIR   := $(B)/tests/bios
BIOS_PROGRAM    := $(wildcard tests/bios/program/*.c) bios/lib/string.c
BIOS_PROGRAM_OBJS := $(addprefix $(BIOS_TEST_DIR)/program/,sector.o protected.o) $(patsubst %.c,$(BIOS_TEST_DIR)/program/%.o,$(notdir $(BIOS_PROGRAM)))
BIOS_MEDIA      := $(addprefix $(BIOS_TEST_DIR)/,floppy.img bochs-floppy.img floppy-1200.img bochs-floppy-1200.img \
                     floppy-2880.img bochs-floppy-2880.img disk.img cd.iso cd-floppy.iso \
                     cd-floppy-1200.iso cd-floppy-2880.iso cd-disk.iso)
TESTS           += $(BIOS_TEST)

$(BIOS_TEST_DIR)/program/%.o: tests/bios/program/%.c bios/rules.mk
	$(FOLDER)
	$(CC) -m16 $(BIOS_CFLAGS) $(DEPFLAGS) -c $< -o $@
$(BIOS_TEST_DIR)/program/%.o: bios/lib/%.c
	$(FOLDER)
	$(CC) -m16 $(BIOS_CFLAGS) $(DEPFLAGS) -c $< -o $@
$(BIOS_TEST_DIR)/program/%.o: tests/bios/program/%.S
	$(FOLDER)
	$(CC) -m32 -c $< -o $@

$(BIOS_TEST_DIR)/program.bin: $(BIOS_PROGRAM_OBJS) tests/bios/program/program.ld
	ld -m elf_i386 --no-warn-rwx-segments -T tests/bios/program/program.ld $(filter %.o,$^) -o $(@:.bin=.elf)
	objcopy -O binary $(@:.bin=.elf) $@

# The program, told how many sectors there are; all others have their numbers in them.
define make_disk
perl -e 'local $$/; $$_ = <STDIN>; substr $$_, 19, 2, pack "v", $1; print; \
         print pack("V", $$_) x 128 for length() / 512 .. $1 - 1' <$< >$@
endef

# Bochs writes to a floppy, whatever is said; to its own.
$(addprefix $(BIOS_TEST_DIR)/,floppy.img bochs-floppy.img): $(BIOS_TEST_DIR)/program.bin
	$(call make_disk,2880)
$(addprefix $(BIOS_TEST_DIR)/,floppy-1200.img bochs-floppy-1200.img): $(BIOS_TEST_DIR)/program.bin
	$(call make_disk,2400)
$(addprefix $(BIOS_TEST_DIR)/,floppy-2880.img bochs-floppy-2880.img): $(BIOS_TEST_DIR)/program.bin
	$(call make_disk,5760)
$(BIOS_TEST_DIR)/disk.img: $(BIOS_TEST_DIR)/program.bin
	$(call make_disk,40320)

# What a CD boots: the program itself, a floppy, a disk.
$(BIOS_TEST_DIR)/cd.iso: $(BIOS_TEST_DIR)/program.bin
	$(call make_cd,$<,-no-emul-boot -boot-load-size 66)
$(addprefix $(BIOS_TEST_DIR)/,cd-floppy.iso cd-floppy-1200.iso cd-floppy-2880.iso): $(BIOS_TEST_DIR)/cd-%.iso: $(BIOS_TEST_DIR)/%.img
	$(call make_cd,$<,)
$(BIOS_TEST_DIR)/cd-disk.iso: $(BIOS_TEST_DIR)/floppy.img
	$(call make_cd,$<,-hard-disk-boot)

define make_cd
rm -rf $@.d && mkdir $@.d && cp $1 $@.d/boot && truncate -s %2048 $@.d/boot
xorriso -as mkisofs -quiet -b boot -c catalog $2 -o $@ $@.d
endef

$(BIOS_TEST_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(BIOS_TEST): $(BIOS_TEST_SRCS:%.c=$(B)/%.o) $(BIOS_PARSERS:%.c=$(B)/%.o) $(B)/tests/system/run.o | $(BIOS) $(BIOS_MEDIA) $(QUICK)
	$(FOLDER)
	$(CC) $(LDFLAGS) $(filter %.o,$^) -o $@ $(CHECK_LIBS)
