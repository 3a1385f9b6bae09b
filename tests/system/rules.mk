# SPDX-License-Identifier: GPL-3.0-or-later
# Images of our own that the emulator runs, and the program that runs them.
SYSTEM_IMAGES := smc paging pae pdpte fault interrupt real segment descriptor privilege task sixteen v86 vme align msr control ferr pointers debug \
                 device reset
SYSTEM_ELFS   := $(SYSTEM_IMAGES:%=$(B)/system/%.elf)
SYSTEM_ROM    := $(B)/system/rom.bin
SYSTEM_BOOTED := $(SYSTEM_IMAGES:%=$(B)/system/%.rom)
SYSTEM_SRCS   := $(wildcard tests/system/*.c)
SYSTEM_RUNNER := $(B)/tests/test_system
TESTS         += $(SYSTEM_RUNNER)

$(B)/system/%.o: tests/system/%.S
	$(FOLDER)
	$(CC) -m32 $(DEPFLAGS) -c $< -o $@

.SECONDARY: $(patsubst %,$(B)/system/%.o,$(SYSTEM_IMAGES) debug_traps start low rom)

$(SYSTEM_ELFS): $(B)/system/%.elf: $(B)/system/start.o $(B)/system/low.o $(B)/system/%.o \
                                   tests/system/guest.ld
	ld -m elf_i386 --no-warn-rwx-segments -T tests/system/guest.ld -o $@ $(filter %.o,$^)

$(B)/system/debug.elf: $(B)/system/debug_traps.o

$(SYSTEM_ROM): $(B)/system/low.o $(B)/system/rom.o tests/system/rom.ld
	ld -m elf_i386 --no-warn-rwx-segments -T tests/system/rom.ld -o $(@:.bin=.elf) $(filter %.o,$^)
	objcopy -O binary --gap-fill 0 $(@:.bin=.elf) $@

# The same images within a BIOS that starts them: Bochs has no -kernel.
$(SYSTEM_BOOTED): $(B)/system/%.rom: $(B)/system/%.elf tests/system/boot.S tests/system/boot.ld
	objcopy -O binary $< $(@:.rom=.img)
	$(CC) -m32 -DBINARY='"$(@:.rom=.img)"' -c tests/system/boot.S -o $(@:.rom=.boot.o)
	ld -m elf_i386 --no-warn-rwx-segments -T tests/system/boot.ld -R $< -o $(@:.rom=.boot.elf) \
	  $(@:.rom=.boot.o)
	objcopy -O binary --gap-fill 0 $(@:.rom=.boot.elf) $@

$(SYSTEM_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(SYSTEM_RUNNER): $(SYSTEM_SRCS:%.c=$(B)/%.o) | $(SYSTEM_ELFS) $(SYSTEM_ROM) $(SYSTEM_BOOTED) $(QUICK)
	$(FOLDER)
	$(CC) $(LDFLAGS) $(SYSTEM_SRCS:%.c=$(B)/%.o) -o $@ $(CHECK_LIBS)
