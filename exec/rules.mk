# SPDX-License-Identifier: GPL-3.0-or-later
# The cpu: memory, mmu, exceptions, the code cache and the loop.
# Listings of code; counters as JSON.
EXEC_LIBS := -lopcodes -lbfd -ljansson $(CAPSTONE)

HOST_SRCS := $(wildcard exec/host/$(HOST)*.c exec/host/*_$(HOST).c exec/host/*_soft.c)
EXEC_SRCS := $(HOST_SRCS) $(filter-out exec/report/symbols.c,$(wildcard exec/*.c exec/report/*.c $(PROCESSORS:%=exec/%/*.c)))
TESSERA_OBJS += $(EXEC_SRCS:%.c=$(B)/%.o)

# What host tools are told of generated code.
TESSERA_OBJS += $(B)/exec/report/symbols.o $(DYNGEN_LIB)

# Memory, mmu and string instructions alone, under the sanitizers, with a fake of the rest.
MEMORY_TEST      := $(B)/tests/test_exec_memory
MEMORY_TEST_OBJS := $(addprefix $(B)/san/exec/,icount.o memory.o memory_code.o memory_undo.o report/lockstep_log.o slow.o softmmu.o softmmu_jumps.o softmmu_tlb.o window.o stops.o place.o host/x86_64.o i386/debug.o i386/mmu.o i386/model.o i386/paging.o \
                      i386/slow.o i386/string.o) \
                    $(addprefix $(B)/san/tests/exec/,fake_cpu.o test_memory.o test_mmu.o \
                      test_tlb.o test_leaks.o test_lockstep_log.o test_place.o test_string.o)
TESTS            += $(MEMORY_TEST)

$(MEMORY_TEST): $(MEMORY_TEST_OBJS)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS)

include exec/i386/tests.mk
