# SPDX-License-Identifier: GPL-3.0-or-later
# The micro-ops: as templates, which dyngen reads, and as the interpreter, which is linked.
OPS_HELPERS := --helper-prefix helper_ --helper-prefix gate_

$(B)/ops/i386/template.o $(B)/ops/i386/interp.o: private CC := $(OPCC)
$(B)/ops/i386/template.o: private CFLAGS := $(DYNGEN_OPFLAGS) -fno-strict-aliasing -Wall -Wextra
$(B)/ops/i386/interp.o: private CFLAGS += -fomit-frame-pointer -fno-strict-aliasing

$(B)/ops/templates.c $(B)/ops/templates.h &: $(B)/ops/i386/template.o $(B)/bin/dyngen
	$(B)/bin/dyngen $(OPS_HELPERS) -o $(B)/ops/templates.c $<

$(B)/ops/templates.o: $(B)/ops/templates.c $(B)/ops/templates.h Makefile
	$(CC) $(CPPFLAGS) $(CFLAGS) -g0 $(DEPFLAGS) -c $< -o $@

TESSERA_OBJS += $(B)/ops/i386/uops.o $(B)/ops/i386/interp.o $(B)/ops/templates.o
