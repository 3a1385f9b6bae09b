# SPDX-License-Identifier: GPL-3.0-or-later
# The template generator, its example and its tests.
DYNGEN      := $(B)/bin/dyngen
DYNGEN_SRCS := $(wildcard dyngen/*.c)
DYNGEN_LIBS := -lopcodes -lbfd
PROGRAMS    += $(DYNGEN)

$(DYNGEN): $(DYNGEN_SRCS:%.c=$(B)/%.o)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ $(DYNGEN_LIBS) -o $@

# libdyngen: symbols for generated code. It may become part of programs of all kinds.
DYNGEN_LIB      := $(B)/lib/libdyngen.a
DYNGEN_LIB_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard dyngen/symbols/*.c))
PROGRAMS        += $(DYNGEN_LIB)

$(DYNGEN_LIB_OBJS): private CFLAGS += -fPIC
$(DYNGEN_LIB): $(DYNGEN_LIB_OBJS)
	$(FOLDER)
	rm -f $@
	$(AR) rcs $@ $^

# What makes a compiler's output fit the contract; see dyngen/README.
DYNGEN_CONTRACT := -O2 -ffunction-sections -fno-pic -fno-jump-tables \
                   -fno-asynchronous-unwind-tables -fcf-protection=none -fomit-frame-pointer \
                   -fno-stack-protector
DYNGEN_OPFLAGS  := -std=gnu17 -march=x86-64-v2 $(DYNGEN_CONTRACT)

# What it writes. Debuggers are told of lines and the table: to describe thousands of arrays takes
# a fifth of the time.
$(B)/%/templates.o: $(B)/%/templates.c $(B)/%/templates.h Makefile
	$(CC) $(CPPFLAGS) $(CFLAGS) -g1 $(DEPFLAGS) -c $< -o $@

# The example.
DYNGEN_CALC := $(B)/dyngen/example/calc
PROGRAMS    += $(DYNGEN_CALC)

$(B)/dyngen/example/ops.o: private CC := $(OPCC)
$(B)/dyngen/example/ops.o: private CFLAGS := $(DYNGEN_OPFLAGS)
$(B)/dyngen/example/calc.o: private CC := $(OPCC)
$(B)/dyngen/example/calc.o: private CPPFLAGS += -I$(B)/dyngen/example
$(B)/dyngen/example/calc.o: $(B)/dyngen/example/templates.h

$(B)/dyngen/example/templates.c $(B)/dyngen/example/templates.h &: $(B)/dyngen/example/ops.o \
    $(DYNGEN)
	$(DYNGEN) --helper-prefix calc_ -o $(B)/dyngen/example/templates.c $<

# Ops that use addresses want them in the low 2 GiB.
$(DYNGEN_CALC) $(B)/tests/test_dyngen: private LDFLAGS := -no-pie

$(DYNGEN_CALC): $(B)/dyngen/example/calc.o $(B)/dyngen/example/templates.o $(DYNGEN_LIB)
	$(CC) $(LDFLAGS) $^ -o $@

DYNGEN_MAN := $(B)/dyngen.1
PROGRAMS   += $(DYNGEN_MAN)
$(DYNGEN_MAN): dyngen/dyngen.1.in Makefile
	sed 's/@VERSION@/$(VERSION)/' $< >$@

# Where somebody else's programs find it.
DYNGEN_DOC       = $(INSTALL_TO)/share/doc/dyngen
DYNGEN_HEADERS  := $(addprefix dyngen/,dyngen.h dyngen_x86_64.h dyngen_symbols.h)
DYNGEN_EXAMPLES := $(wildcard dyngen/example/*)

.PHONY: install-dyngen uninstall-dyngen
install-dyngen: $(DYNGEN) $(DYNGEN_LIB) $(DYNGEN_MAN)
	install -d $(addprefix $(INSTALL_TO)/,bin include lib/pkgconfig share/man/man1) \
	    $(DYNGEN_DOC)/example
	install $(DYNGEN) $(INSTALL_TO)/bin
	install -m 644 $(DYNGEN_HEADERS) $(INSTALL_TO)/include
	install -m 644 $(DYNGEN_LIB) $(INSTALL_TO)/lib
	install -m 644 $(DYNGEN_MAN) $(INSTALL_TO)/share/man/man1
	install -m 644 dyngen/README dyngen/LICENSE COPYING $(DYNGEN_DOC)
	install -m 644 $(DYNGEN_EXAMPLES) $(DYNGEN_DOC)/example
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@OP_CFLAGS@|$(DYNGEN_CONTRACT)|' \
	    -e 's|@VERSION@|$(VERSION)|' dyngen/dyngen.pc.in \
	    >$(INSTALL_TO)/lib/pkgconfig/dyngen.pc
	chmod 644 $(INSTALL_TO)/lib/pkgconfig/dyngen.pc

uninstall-dyngen:
	rm -f $(addprefix $(INSTALL_TO)/,bin/dyngen $(DYNGEN_HEADERS:dyngen/%=include/%) \
	    lib/libdyngen.a lib/pkgconfig/dyngen.pc share/man/man1/dyngen.1)
	rm -rf $(DYNGEN_DOC)

# The tests: the templates of ops.c are in the runner; the rest it gives to dyngen.
DYNGEN_TEST     := $(B)/tests/test_dyngen
DYNGEN_T        := $(B)/tests/dyngen
DYNGEN_BAD      := $(patsubst tests/%,$(B)/tests/%.o,$(basename $(wildcard tests/dyngen/bad/*)))
DYNGEN_TEST_OPS := $(DYNGEN_T)/ops.o $(DYNGEN_T)/more_ops.o $(DYNGEN_T)/thread_ops.o
DYNGEN_TESTERS  := $(patsubst %.c,$(B)/%.o,$(wildcard tests/dyngen/test_*.c)) $(DYNGEN_T)/running.o
DYNGEN_SAN      := $(B)/san/bin/dyngen
TESTS           += $(DYNGEN_TEST)

$(DYNGEN_SAN): $(DYNGEN_SRCS:%.c=$(B)/san/%.o)
	$(FOLDER)
	$(CC) $(LDFLAGS) $(SAN) $^ $(DYNGEN_LIBS) -o $@

$(DYNGEN_TEST_OPS) $(DYNGEN_BAD): private CC := $(OPCC)
$(DYNGEN_TEST_OPS) $(DYNGEN_BAD): private CFLAGS := $(DYNGEN_OPFLAGS)
$(DYNGEN_T)/more_ops.o: private CFLAGS += -fno-function-sections
$(DYNGEN_T)/bad/compiled_jump_table.o: private CFLAGS += -fjump-tables
$(DYNGEN_T)/bad/compiled_pic.o: private CFLAGS += -fpic
$(DYNGEN_T)/bad/compiled_pg.o: private CFLAGS := $(filter-out -fomit%,$(DYNGEN_OPFLAGS)) -pg
$(DYNGEN_T)/bad/compiled_tsan.o: private CFLAGS += -fsanitize=thread
$(DYNGEN_T)/bad/compiled_lto.o: private CFLAGS += -flto
$(DYNGEN_T)/bad/compiled_coverage.o: private CFLAGS += --coverage
$(filter $(DYNGEN_T)/bad/gcc_%,$(DYNGEN_BAD)): private CC := gcc
$(DYNGEN_T)/bad/gcc_coverage.o: private CFLAGS += --coverage
$(DYNGEN_T)/bad/gcc_level_1.o: private CFLAGS += -O1
$(DYNGEN_T)/bad/gcc_lto.o: private CFLAGS += -flto
$(DYNGEN_T)/bad/gcc_no_plt.o: private CFLAGS += -fno-plt
$(DYNGEN_T)/bad/machine_aarch64.o: private CFLAGS := --target=aarch64-linux-gnu
$(DYNGEN_T)/bad/machine_i386.o: private CFLAGS := --target=i386-linux-gnu
$(DYNGEN_T)/bad/machine_x32.o: private CFLAGS := --target=x86_64-linux-gnux32
$(DYNGEN_T)/bad/machine_coff.o: private CFLAGS := --target=x86_64-windows-gnu
$(DYNGEN_T)/bad/machine_macho.o: private CFLAGS := --target=x86_64-apple-darwin
$(DYNGEN_T)/bad/machine_riscv.o: private CFLAGS := --target=riscv64
$(DYNGEN_T)/bad/machine_wasm.o: private CFLAGS := --target=wasm32

# expressions.c by several compilers, Debian's default clang (14) among them: a set of templates
# for each of them and each level.
DYNGEN_SETS := gcc1 gcc2 gcc3 clang1 clang2 clang3 older1 older2 older3
DYNGEN_SET_OPS := $(DYNGEN_SETS:%=$(DYNGEN_T)/expressions_%.o)
DYNGEN_GCC_OPFLAGS := $(DYNGEN_OPFLAGS) -foptimize-sibling-calls \
                      -fno-reorder-blocks-and-partition

$(DYNGEN_T)/expressions_gcc%.o: private COMPILE := $(CC) $(DYNGEN_GCC_OPFLAGS)
$(DYNGEN_T)/expressions_clang%.o: private COMPILE := $(OPCC) $(DYNGEN_OPFLAGS)
$(DYNGEN_T)/expressions_older%.o: private COMPILE := clang $(DYNGEN_OPFLAGS)
$(DYNGEN_T)/expressions_%1.o: private LEVEL := -O1
$(DYNGEN_T)/expressions_%2.o: private LEVEL := -O2
$(DYNGEN_T)/expressions_%3.o: private LEVEL := -O3
$(DYNGEN_SET_OPS): $(DYNGEN_T)/expressions_%.o: tests/dyngen/expressions.c
	$(FOLDER)
	$(COMPILE) $(LEVEL) $(CPPFLAGS) $(DEPFLAGS) -DSET=$* -c $< -o $@

# By the host compiler's assembler, GNU as.
$(DYNGEN_T)/%.o: tests/dyngen/%.s
	$(FOLDER)
	$(CC) -c $< -o $@

$(DYNGEN_T)/templates.c $(DYNGEN_T)/templates.h &: $(DYNGEN_TEST_OPS) $(DYNGEN_SET_OPS) $(DYNGEN)
	$(DYNGEN) --helper-prefix test_ -o $(DYNGEN_T)/templates.c $(DYNGEN_TEST_OPS) \
	    $(DYNGEN_SET_OPS)

# Templates for a second host, whose ops are in the program that makes them.
DYNGEN_A64      := $(DYNGEN_T)/a64
DYNGEN_A64_OBJS := $(patsubst %.c,$(B)/%.o,$(wildcard tests/dyngen/a64/*.c)) \
                   $(filter-out %/main.o %/hosts.o %/x86_64.o,$(DYNGEN_SRCS:%.c=$(B)/%.o))

$(DYNGEN_A64)/make: $(DYNGEN_A64_OBJS)
	$(CC) $(LDFLAGS) $^ $(DYNGEN_LIBS) -o $@

$(DYNGEN_A64)/templates.c $(DYNGEN_A64)/templates.h &: $(DYNGEN_A64)/make
	$< $(DYNGEN_A64)/templates.c

$(DYNGEN_T)/test_a64.o: $(DYNGEN_A64)/templates.h

$(DYNGEN_T)/test_tool.o: private CPPFLAGS += -DBUILD='"$(B)"'
$(DYNGEN_TESTERS): $(DYNGEN_T)/templates.h

$(DYNGEN_TEST): $(DYNGEN_TESTERS) $(DYNGEN_T)/templates.o $(DYNGEN_A64)/templates.o $(DYNGEN_BAD) $(DYNGEN_T)/helper_op.o \
    $(DYNGEN) $(DYNGEN_SAN) $(DYNGEN_CALC)
	$(CC) $(LDFLAGS) $(DYNGEN_TESTERS) $(DYNGEN_T)/templates.o $(DYNGEN_A64)/templates.o -o $@ $(CHECK_LIBS) -lpthread

# What strangers make of the output.
DYNGEN_OUTSIDE     := $(B)/tests/test_dyngen_outside
DYNGEN_OUTSIDE_OPS := $(DYNGEN_T)/outside/ops.o
TESTS              += $(DYNGEN_OUTSIDE)

$(DYNGEN_OUTSIDE_OPS): private CC := $(OPCC)
$(DYNGEN_OUTSIDE_OPS): private CFLAGS := $(DYNGEN_OPFLAGS)
$(DYNGEN_T)/outside/test_outside.o: private CPPFLAGS += -DBUILD='"$(B)"'

# For the linters, which read main.c.
$(DYNGEN_T)/outside/templates.h: $(DYNGEN_OUTSIDE_OPS) $(DYNGEN)
	$(DYNGEN) -o $(@:.h=.c) $<

$(DYNGEN_OUTSIDE): $(DYNGEN_T)/outside/test_outside.o $(DYNGEN_OUTSIDE_OPS) | tessera $(DYNGEN) \
    $(DYNGEN_T)/outside/templates.h
	$(CC) $(LDFLAGS) $< -o $@ $(CHECK_LIBS)
