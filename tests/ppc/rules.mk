# SPDX-License-Identifier: GPL-3.0-or-later
# PowerPC instructions against qemu-ppc: the same cases in a Linux program and in each engine.
PPC_ORACLE_TEST := $(B)/tests/test_ppc_oracle
PPC_ORACLE_SRCS := $(wildcard tests/ppc/*.c)
TESTS           += $(PPC_ORACLE_TEST)

$(B)/tests/ppc/%.S.o: tests/ppc/%.S
	$(FOLDER)
	$(OPCC) --target=powerpc-linux-gnu -I. $(DEPFLAGS) -c $< -o $@

# The same addresses in both, since they are in the state that is compared.
.SECONDARY: $(patsubst %,$(B)/tests/ppc/%.S.o,run linux bare)
$(B)/tests/ppc/%.elf: $(B)/tests/ppc/run.S.o $(B)/tests/ppc/%.S.o
	ld.lld-19 -m elf32ppc --image-base=0x10000 -z norelro --section-start=.text=0x20000 \
	    --section-start=.data=0x30000 --section-start=.cases=0x40000 $^ -o $@

$(PPC_ORACLE_SRCS:%.c=$(B)/%.o): private CPPFLAGS += -DBUILD='"$(B)"'
$(PPC_ORACLE_TEST): $(PPC_ORACLE_SRCS:%.c=$(B)/%.o) \
                    $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) | \
                    $(B)/tests/ppc/linux.elf $(B)/tests/ppc/bare.elf
	$(FOLDER)
	$(CC) $(LDFLAGS) $(filter %.o,$^) -o $@ $(CHECK_LIBS) $(EXEC_LIBS) -lelf

# Images that ask about TLBs, interrupts, debug events, reservations and guest state, in each engine
# and in QEMU.
PPC_IMAGES_TEST := $(B)/tests/test_ppc_images
PPC_IMAGES      := $(patsubst %,$(B)/ppc-system/%.elf,tlb interrupt debug reservation hypervisor)
TESTS           += $(PPC_IMAGES_TEST)

$(B)/ppc-system/%.o: tests/ppc/system/%.S
	$(FOLDER)
	$(OPCC) --target=powerpc-linux-gnu -mcpu=e500mc -I. $(DEPFLAGS) -c $< -o $@

.SECONDARY: $(B)/ppc-system/start.o $(PPC_IMAGES:.elf=.o)
$(PPC_IMAGES): $(B)/ppc-system/%.elf: $(B)/ppc-system/start.o $(B)/ppc-system/%.o
	$(PPC_KERNEL_LINK) $^ -o $@

$(B)/tests/ppc/system/test_images.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(PPC_IMAGES_TEST): $(B)/tests/ppc/system/test_images.o $(B)/tests/guests/emulator.o | $(PPC_IMAGES)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lutil

# The benchmark program as first process, or busybox: archives behind each other are one.
PPC_SHELL_INITRD := $(B)/bench/ppc/shell.img
$(PPC_SHELL_INITRD): $(PPC_BENCH_INITRD) $(B)/guests/busybox-ppc
	@mkdir -p $(@D)/shell/bin
	cp $(B)/guests/busybox-ppc $(@D)/shell/bin/busybox
	ln -sf busybox $(@D)/shell/bin/sh
	cd $(@D)/shell && find bin | cpio --quiet -o -H newc -R 0:0 > ../shell.cpio
	cat $< $(@D)/shell.cpio > $@

# A first process that traces another.
PPC_TRACED_INITRD := $(B)/bench/ppc/traced/initrd.cpio
$(B)/bench/ppc/traced/kernels: $(B)/tests/ppc/linux/traced.S.o
	$(FOLDER)
	ld.lld-19 -m elf32ppc -static -o $@ $^

# A first process that has a guest of its own.
PPC_VIRTUAL_INITRD := $(B)/bench/ppc/virtual/initrd.cpio
$(B)/bench/ppc/virtual/kernels: $(B)/tests/ppc/linux/virtual.S.o
	$(FOLDER)
	ld.lld-19 -m elf32ppc -static -o $@ $^

# Linux on ppce500: not in make check, since it has to be built first.
PPC_LINUX_TEST := $(B)/tests/test_ppc_linux

$(B)/tests/ppc/linux/test_linux.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(PPC_LINUX_TEST): $(B)/tests/ppc/linux/test_linux.o $(B)/tests/guests/emulator.o
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lutil

.PHONY: check-ppc-linux
check-ppc-linux: ppc-linux
	@$(MAKE) --no-print-directory all $(PPC_LINUX_TEST) $(PPC_BENCH_INITRD) $(PPC_SHELL_INITRD) \
	    $(PPC_TRACED_INITRD) $(PPC_VIRTUAL_INITRD)
	@$(PPC_LINUX_TEST)
