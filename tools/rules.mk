# SPDX-License-Identifier: GPL-3.0-or-later
# The default guest inside ./tessera, and the ways to install, run and compare.

# The guest is freestanding: -m32 needs nothing that a 64-bit gcc lacks.
GUEST_CFLAGS := -std=gnu17 -m32 -march=i686 -O2 -g -Wall -Wextra -ffreestanding -fno-pic -fno-pie \
                -mno-sse -mno-mmx -mfpmath=387 -fno-stack-protector -fcf-protection=none \
                -fno-asynchronous-unwind-tables -fno-tree-loop-distribute-patterns
GUEST_SOURCES := $(wildcard tools/guest/*.c) tools/guest/start.S
GUEST_OBJS    := $(patsubst tools/guest/%,$(B)/guest/%.o,$(GUEST_SOURCES))
GUEST         := $(B)/guest/tessera-guest.elf

$(B)/guest/%.o: tools/guest/%
	$(FOLDER)
	$(CC) $(GUEST_CFLAGS) $(DEPFLAGS) -c $< -o $@

$(GUEST): $(GUEST_OBJS) tools/guest/guest.ld
	ld -m elf_i386 -T tools/guest/guest.ld -o $@ $(GUEST_OBJS)

$(B)/default_guest.o: tools/guest/embed.S $(GUEST)
	$(CC) -DGUEST='"$(GUEST)"' -c $< -o $@

TESSERA_OBJS += $(B)/default_guest.o

# What a Debian system lacks is installed first, by apt; see tools/deps.sh.
GUESTS := $(B)/guests

DEBIAN := $(GUESTS)/debian.img

.PHONY: deps packages guests build-deps run run-linux run-debian
deps: packages
	@$(MAKE) --no-print-directory guests

packages:
	@tools/deps.sh check

guests:
	@tools/fetch-guest.sh $(GUESTS) all
	@tools/debian-disk.sh $(DEBIAN)

build-deps:
	@tools/deps.sh build

run: build-deps
	@$(MAKE) --no-print-directory $(AT_ONCE) tessera
	./tessera

run-linux: build-deps
	@tools/fetch-guest.sh $(GUESTS)
	@$(MAKE) --no-print-directory $(AT_ONCE) tessera
	./tessera -nographic -m 256 -kernel $(GUESTS)/linux -initrd $(GUESTS)/initrd.gz \
	    -append "console=ttyS0 rdinit=/bin/sh"

run-debian:
	@tools/deps.sh disk
	@tools/debian-disk.sh $(DEBIAN)
	@$(MAKE) --no-print-directory $(AT_ONCE) tessera
	./tessera -m 512 -hda $(DEBIAN)

$(B)/tools/mkcpio: $(B)/tools/mkcpio.o
	$(CC) $(LDFLAGS) $^ -o $@

# Linux and busybox for ppce500 are built, in some five minutes, and again if their configuration is
# another.
PPC_GUESTS := $(GUESTS)/linux-ppc $(GUESTS)/busybox-ppc
.PHONY: ppc-linux
$(PPC_GUESTS) &: tools/ppc/linux.config tools/ppc/busybox.config
	@tools/ppc/build-guests.sh $(GUESTS)
ppc-linux:
	@tools/deps.sh ppc
	@$(MAKE) --no-print-directory $(PPC_GUESTS)

# Comparisons with native runs and QEMU: tools/bench/README.
.PHONY: bench lab lab-ppc
LAB_RUNS ?= 3
LAB_IMAGES = $(if $(IMAGES),--images $(IMAGES))
bench: deps
	@$(MAKE) --no-print-directory $(AT_ONCE) tessera $(BENCH_INITRD) $(DISKS_INITRD) $(VGA_GUEST) $(INTERRUPTS)
	@tools/lab --quick $(LAB_IMAGES)

lab: deps
	@$(MAKE) --no-print-directory $(AT_ONCE) tessera $(BENCH_INITRD) $(WORKLOADS_INITRD) $(DISKS_INITRD) $(VGA_GUEST) $(INTERRUPTS)
	@tools/lab --rounds $(LAB_RUNS) $(LAB_IMAGES) --json $(B)/lab/lab.json --html $(B)/lab/lab.html --results RESULTS --quoted-in README

lab-ppc:
	@tools/deps.sh ppc
	@$(MAKE) --no-print-directory $(AT_ONCE) tessera $(PPC_BENCH_INITRD) $(PPC_GUESTS)
	@tools/lab --machine ppce500 --rounds $(LAB_RUNS) --json $(B)/lab/lab-ppc.json --html $(B)/lab/lab-ppc.html --results ops/ppc/RESULTS
