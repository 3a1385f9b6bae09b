# SPDX-License-Identifier: GPL-3.0-or-later
# `make check`: every test program, then lint; all of them run, whatever fails.

# For recipes that link a Check runner; asks pkg-config only when one is run.
CHECK_LIBS = $$(pkg-config --libs check)

BENCH_KERNELS := $(B)/bench/kernels
BENCH_INITRD  := $(B)/bench/initrd.cpio
PPC_BENCH_KERNELS := $(B)/bench/ppc/kernels
PPC_BENCH_INITRD  := $(B)/bench/ppc/initrd.cpio
INTERRUPTS        := $(B)/bench/interrupts.elf

GUEST_TEST_SRCS := $(filter-out tests/guests/tone.c tests/guests/mode12.c,$(wildcard tests/guests/*.c))
GUEST_TEST      := $(B)/tests/test_guests
MACH_TASK       := $(B)/tests/guests/mach.elf
TONE            := $(B)/tests/guests/tone
MODE12          := $(B)/tests/guests/mode12.elf
PPC_PROGRAM     := $(B)/tests/guests/ppc.elf
PPC_KERNEL      := $(B)/tests/guests/ppc_kernel
TESTS           += $(GUEST_TEST)

$(GUEST_TEST): $(GUEST_TEST_SRCS:%.c=$(B)/%.o) $(B)/tests/media/picture.o | $(B)/guest/tessera-guest.elf $(BENCH_KERNELS) $(BENCH_INITRD) \
               $(MACH_TASK) $(TONE) $(MODE12) $(PPC_PROGRAM) $(PPC_KERNEL).elf $(PPC_KERNEL).bin $(BARE) $(ONE_LESS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $(GUEST_TEST_SRCS:%.c=$(B)/%.o) $(B)/tests/media/picture.o -o $@ $(CHECK_LIBS) \
	    -lutil -lpng -lz

$(MACH_TASK): tests/guests/mach.S
	$(FOLDER)
	$(CC) -m32 -nostdlib -static -no-pie -Wl,--build-id=none $< -o $@

$(TONE): tests/guests/tone.c
	$(FOLDER)
	$(CC) -std=gnu17 -m32 -O2 -Wall -Wextra $(DEPFLAGS) -static $< -o $@

$(B)/tests/guests/mode12.o: tests/guests/mode12.c
	$(FOLDER)
	$(CC) $(GUEST_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(MODE12): $(B)/tests/guests/mode12.o tools/guest/guest.ld
	ld -m elf_i386 -T tools/guest/guest.ld -o $@ $<

$(B)/tests/guests/ppc.o: tests/guests/ppc.S
	$(FOLDER)
	$(OPCC) --target=powerpc-linux-gnu -c $< -o $@

$(PPC_PROGRAM): $(B)/tests/guests/ppc.o
	ld.lld-19 -m elf32ppc --image-base=0 -Ttext=0x10000 --section-start=.external=0x500 $< -o $@

# As an ELF executable, and its bytes alone, for U-Boot's images.
PPC_KERNEL_LINK := ld.lld-19 -m elf32ppc --image-base=0x3f0000 -Ttext=0x400000

$(B)/tests/guests/ppc_kernel.o: tests/guests/ppc_kernel.S
	$(FOLDER)
	$(OPCC) --target=powerpc-linux-gnu -mcpu=e500mc -c $< -o $@

$(PPC_KERNEL).elf: $(B)/tests/guests/ppc_kernel.o
	$(PPC_KERNEL_LINK) $< -o $@
$(PPC_KERNEL).bin: $(B)/tests/guests/ppc_kernel.o
	$(PPC_KERNEL_LINK) --oformat binary $< -o $@

include tests/ir/rules.mk
include tests/system/rules.mk
include tests/lab/rules.mk
include tests/bios/rules.mk
include tests/fuzz/rules.mk
include tests/display/rules.mk
include tests/machine/rules.mk
include tests/monitor/rules.mk
include tests/native/rules.mk
include tests/ppc/rules.mk
include $(sort $(wildcard tests/bios/*/rules.mk))
include tests/snapshot/rules.mk
include tests/vga/rules.mk
include tests/gdb/rules.mk
include tests/media/rules.mk
include tests/tools/rules.mk

.PHONY: check check-tests check-generic tests lint
tests: all $(GUEST_TEST)
	@$(MAKE) --no-print-directory $(TESTS)

# Guests take minutes, in which one processor, and the archive they come from, are busy: what there
# is to compile is compiled beside.
check: packages
	@$(MAKE) --no-print-directory check-tests WITH_LINT=--lint WITH_GUESTS=guests

# All of them, or those that are named: make check-tests ONLY="test_native test_guests". With
# CK_RUN_SUITE in the environment, a suite of one.
CHECKED = $(if $(ONLY),$(ONLY:%=$(B)/tests/%),$(LONGEST) $(filter-out $(LONGEST),$(TESTS)))
# Which begin first where no earlier run tells what each takes.
LONGEST := $(patsubst %,$(B)/tests/%,test_media test_snapshot test_guests test_machine test_bios test_hw \
           test_soft test_native test_monitor test_system test_dyngen_outside)

check-tests:
	@$(MAKE) --no-print-directory $(AT_ONCE) $(WITH_GUESTS) $(if $(ONLY),all $(CHECKED),tests)
	@tools/run-tests.py $(B) $(WITH_LINT) $(CHECKED)

# All tests of a build without assembly (ops/host/asm.h), or those that ONLY names, in a tree of
# links, since ./tessera and $(B) are of another.
GENERIC := $(B)/generic

check-generic: deps
	@mkdir -p $(GENERIC)/build
	@for f in $(filter-out build tessera,$(wildcard *)); do ln -sfn $(CURDIR)/$$f $(GENERIC)/$$f; done
	@ln -sfn $(CURDIR)/$(B)/guests $(GENERIC)/build/guests
	@$(MAKE) --no-print-directory -C $(GENERIC) HOST_ASM=0 check-tests

lint:
	@$(MAKE) --no-print-directory all
	@tools/lint.sh $(B)

# The benchmark program: static, 32-bit, no library; and an initial file system that is just it.
BENCH_SOURCES := $(wildcard tests/bench/*.c)
BENCH_CFLAGS  := -std=gnu17 -O2 -Wall -Wextra -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
                 -fno-asynchronous-unwind-tables
BENCH_I386    := $(CC) -m32 -march=i686 -mno-sse -mno-mmx -mfpmath=387 -fcf-protection=none \
                 -fno-tree-loop-distribute-patterns -Itests/bench/i386
# The kernel that is about vectors.
$(B)/tests/bench/vectors.c.o: private BENCH_CFLAGS += -msse2 -mfpmath=sse -mstackrealign
# That about calls.
$(B)/tests/bench/calls.c.o $(B)/tests/bench/ppc/calls.c.o: private BENCH_CFLAGS += -O1

$(B)/tests/bench/%.o: tests/bench/%
	$(FOLDER)
	$(BENCH_I386) $(BENCH_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(BENCH_KERNELS): $(patsubst %,$(B)/%.o,$(BENCH_SOURCES) tests/bench/i386/start.S)
	$(FOLDER)
	ld -m elf_i386 -static -o $@ $^

# Likewise, for a PowerPC without vectors; what it computes does not depend on the processor.
BENCH_PPC := $(OPCC) --target=powerpc-linux-gnu -mcpu=e500mc -ffp-contract=off -fno-builtin \
             -Itests/bench/ppc

$(B)/tests/bench/ppc/%.o: tests/bench/%
	$(FOLDER)
	$(BENCH_PPC) $(BENCH_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(PPC_BENCH_KERNELS): $(patsubst tests/bench/%,$(B)/tests/bench/ppc/%.o,$(BENCH_SOURCES) tests/bench/ppc/start.S)
	$(FOLDER)
	ld.lld-19 -m elf32ppc -static -o $@ $^

# A kernel that takes interrupts.
INTERRUPTS_OBJS := $(addprefix $(B)/tests/,bench/interrupts/guest.c.o bench/interrupts/start.S.o)

$(B)/tests/bench/interrupts/start.S.o: tests/vga/start.S
	$(FOLDER)
	$(CC) -m32 $(DEPFLAGS) -c $< -o $@

$(INTERRUPTS): $(INTERRUPTS_OBJS) tools/guest/guest.ld
	$(FOLDER)
	ld -m elf_i386 -T tools/guest/guest.ld -o $@ $(INTERRUPTS_OBJS)

%/initrd.cpio: %/kernels $(B)/tools/mkcpio
	$(B)/tools/mkcpio $< > $@

# What whole workloads take with them into the installer's file system. Linux wants archives that
# are not compressed in front of those that are.
WORKLOADS_INITRD := $(B)/bench/workloads.img

$(B)/bench/workload/deflate: tests/bench/workload/deflate.c
	$(FOLDER)
	$(CC) -std=gnu17 -m32 -O2 -Wall -Wextra $(DEPFLAGS) $< -o $@ -ldl

$(WORKLOADS_INITRD): $(B)/bench/workload/deflate $(B)/guests/initrd.gz
	cd $(<D) && echo deflate | cpio --quiet -o -H newc -R 0:0 > ../deflate.cpio
	cat $(B)/bench/deflate.cpio $(B)/guests/initrd.gz > $@

# Linux with a disk: its modules for it, and what reads and writes at random.
DISKS_INITRD := $(B)/bench/disks.img
DISK_MODULES := $(wildcard $(B)/guests/*.ko)

$(B)/bench/disks/blocks: tests/bench/workload/blocks.c
	$(FOLDER)
	$(CC) -std=gnu17 -m32 -O2 -Wall -Wextra $(DEPFLAGS) $< -o $@

$(DISKS_INITRD): $(B)/bench/disks/blocks $(B)/guests/initrd.gz $(DISK_MODULES)
	cp $(DISK_MODULES) $(<D)
	cd $(<D) && ls *.ko blocks | cpio --quiet -o -H newc -R 0:0 > ../disks.cpio
	cat $(B)/bench/disks.cpio $(B)/guests/initrd.gz > $@
