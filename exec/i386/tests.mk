# SPDX-License-Identifier: GPL-3.0-or-later
# The helpers, with the real memory and mmu but no translated code, under the sanitizers.
SYSTEM_TEST      := $(B)/tests/test_exec_system
SYSTEM_TEST_OBJS := $(addprefix $(B)/san/exec/,memory.o memory_code.o memory_undo.o report/lockstep_log.o softmmu.o \
                      softmmu_jumps.o softmmu_tlb.o window.o stops.o host/x86_64.o \
                      host/i386_fpu_soft.o host/i386_fpu_x86_64.o) \
                    $(addprefix $(B)/san/exec/i386/,mmu.o paging.o arith.o bcd.o cc.o debug.o descriptor.o \
                      far.o fpu.o fpu_control.o fpu_environment.o fpu_fxsave.o fpu_pointers.o cpuid.o \
                      interrupt.o iret.o model.o msr.o port.o reset.o segment.o stack.o sse.o print_state.o \
                      sysenter.o system.o task.o) \
                    $(addprefix $(B)/san/tests/exec/,bare_cpu.o native.o protected.o test_arith.o \
                      test_interrupt.o test_system.o test_task.o test_transfer.o test_x87.o x87_state.o) \
                    $(SOFT_OBJS:$(B)/%=$(B)/san/%)
TESTS            += $(SYSTEM_TEST)

# 32-bit code that runs on the host returns to the program, by 32 bits.
$(B)/tests/test_exec_system $(B)/tests/test_x87 $(B)/tests/test_sse $(B)/tests/test_soft: private LDFLAGS := -no-pie

$(SYSTEM_TEST): $(SYSTEM_TEST_OBJS)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS)

# x87 instructions in guest code: the whole cpu, as it is in ./tessera.
X87_TEST      := $(B)/tests/test_x87
X87_TEST_OBJS := $(patsubst %.c,$(B)/%.o,$(EXEC_SRCS) $(wildcard translate/*.c $(PROCESSORS:%=translate/%/*.c) translate/ir/*.c translate/ir/$(HOST)/*.c)) \
                 $(OPS_OBJS) \
                 $(addprefix $(B)/tests/exec/,machine.o native.o test_x87_main.o test_x87_code.o test_x87_trap.o x87_state.o)
TESTS         += $(X87_TEST)

$(B)/tests/exec/test_x87_trap.o: private CPPFLAGS += -DBUILD='"$(B)"'

$(X87_TEST): $(X87_TEST_OBJS) | tessera
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# Floating point in C, in every build; under the sanitizers.
SOFT_TEST      := $(B)/tests/test_soft
SOFT_TEST_OBJS := $(patsubst %.c,$(B)/san/%.o,$(wildcard ops/i386/soft/*.c)) \
                  $(addprefix $(B)/san/tests/exec/,native.o test_soft_main.o test_soft_sse.o test_soft_x87.o x87_state.o)
TESTS          += $(SOFT_TEST)

$(SOFT_TEST): $(SOFT_TEST_OBJS)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lm

# MMX and SSE instructions likewise.
SSE_TEST      := $(B)/tests/test_sse
SSE_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                 $(addprefix $(B)/tests/exec/,machine.o native.o sse_case.o test_sse_code.o test_sse_main.o)
TESTS         += $(SSE_TEST)

$(SSE_TEST): $(SSE_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# Which processor has which instructions.
MODELS_TEST      := $(B)/tests/test_models
MODELS_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                    $(B)/tests/exec/machine.o $(B)/tests/exec/test_models.o
TESTS            += $(MODELS_TEST)

$(MODELS_TEST): $(MODELS_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# Counting of instructions.
ICOUNT_TEST      := $(B)/tests/test_icount
ICOUNT_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                    $(B)/tests/exec/machine.o $(B)/tests/exec/test_icount.o
TESTS            += $(ICOUNT_TEST)

$(ICOUNT_TEST): $(ICOUNT_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# Lockstep, with an interpreter that can be made to go wrong.
LOCKSTEP_TEST      := $(B)/tests/test_lockstep
LOCKSTEP_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                      $(B)/tests/exec/machine.o $(B)/tests/exec/test_lockstep.o
TESTS              += $(LOCKSTEP_TEST)

$(LOCKSTEP_TEST): $(LOCKSTEP_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) -Wl,--wrap=interp_engine $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# Guests that never end by themselves.
ENDLESS_TEST      := $(B)/tests/test_endless
ENDLESS_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                     $(B)/tests/exec/machine.o $(B)/tests/exec/test_endless.o
TESTS             += $(ENDLESS_TEST)

$(ENDLESS_TEST): $(ENDLESS_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# Counts of what ran, and what is made of them.
COUNT_TEST      := $(B)/tests/test_count
COUNT_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                   $(B)/tests/exec/machine.o $(B)/tests/exec/test_count.o
TESTS           += $(COUNT_TEST)

$(COUNT_TEST): $(COUNT_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# The code cache.
CACHE_TEST      := $(B)/tests/test_cache
CACHE_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                   $(B)/tests/exec/machine.o $(B)/tests/exec/test_cache.o $(DYNGEN_LIB)
TESTS           += $(CACHE_TEST)

$(CACHE_TEST): $(CACHE_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS) -lelf

# The stack window.
WINDOW_TEST      := $(B)/tests/test_window
WINDOW_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                    $(addprefix $(B)/tests/exec/,machine.o window.o test_window.o \
                        test_window_device.o test_window_stream.o) $(DYNGEN_LIB)
TESTS            += $(WINDOW_TEST)

$(WINDOW_TEST): $(WINDOW_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS) -lelf

# A debugger's stops.
STOPS_TEST      := $(B)/tests/test_stops
STOPS_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                   $(B)/tests/exec/machine.o $(B)/tests/exec/test_stops.o $(DYNGEN_LIB)
TESTS           += $(STOPS_TEST)

$(STOPS_TEST): $(STOPS_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS) -lelf

# NMI.
NMI_TEST      := $(B)/tests/test_nmi
NMI_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                 $(B)/tests/exec/machine.o $(B)/tests/exec/test_nmi.o $(DYNGEN_LIB)
TESTS         += $(NMI_TEST)

$(NMI_TEST): $(NMI_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS) -lelf

# STI's shadow.
SHADOW_TEST      := $(B)/tests/test_shadow
SHADOW_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                    $(B)/tests/exec/machine.o $(B)/tests/exec/test_shadow.o $(DYNGEN_LIB)
TESTS            += $(SHADOW_TEST)

$(SHADOW_TEST): $(SHADOW_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS) -lelf

# What the table of micro-ops says of each, against what the interpreter's functions do.
UOPS_TEST      := $(B)/tests/test_uops
UOPS_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)) \
                  $(addprefix $(B)/tests/exec/,test_uops.o test_uops_ppc.o test_liveness.o test_tables.o)
TESTS          += $(UOPS_TEST)

$(UOPS_TEST): $(UOPS_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)

# The second guest.
PPC_TESTS     := $(addprefix $(B)/tests/test_,ppc ppc_float ppc_system)
PPC_TEST_OBJS := $(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS))
TESTS         += $(PPC_TESTS)

$(PPC_TESTS): $(B)/tests/%: $(B)/tests/exec/%.o $(PPC_TEST_OBJS)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)
