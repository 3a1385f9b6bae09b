# SPDX-License-Identifier: GPL-3.0-or-later
# The IR engine's parts, each alone, under the sanitizers.
IR_TEST      := $(B)/tests/test_ir
IR_TEST_SAN  := $(addprefix $(B)/san/translate/ir/,build.o fold.o lower.o lower_fields.o passes.o regalloc.o $(HOST)/registers.o $(HOST)/x86.o) \
                $(addprefix $(B)/san/translate/i386/,lower.o lower_eflags.o lower_flags.o lower_notes.o) \
                $(addprefix $(B)/san/,translate/uop.o exec/report/disassemble.o exec/i386/cc.o exec/i386/model.o)
IR_TEST_OBJS := $(patsubst %.c,$(B)/san/%.o,$(wildcard tests/ir/*.c)) $(IR_TEST_SAN) \
                $(filter-out $(IR_TEST_SAN:$(B)/san/%=$(B)/%),$(filter $(B)/exec/% $(B)/translate/% $(B)/ops/%,$(X87_TEST_OBJS)))
TESTS        += $(IR_TEST)

$(IR_TEST): $(IR_TEST_OBJS)
	$(FOLDER)
	$(CC) $(CFLAGS) $(SAN) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) $(EXEC_LIBS)
