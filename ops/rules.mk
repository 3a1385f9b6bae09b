# SPDX-License-Identifier: GPL-3.0-or-later
# The micro-ops of each guest: as templates, which dyngen reads, and as the interpreter, which is
# linked.

# A guest's own gates and helpers begin with these.
OPS_HELPERS_i386 := i386_gate_ helper_
OPS_HELPERS_ppc  := ppc_gate_ ppc_helper_

# Thousands of functions of a few instructions are most of what a build from nothing takes. They are
# too short for what -O2 does beyond -O1 and for clang's scheduler. Of the interpreter debuggers are
# told lines alone: variables would take clang a third as long again. Each of its functions begins a
# line of the host's cache: with 16 bytes, what is fast changes with every change.
TEMPLATE_CFLAGS := $(DYNGEN_OPFLAGS) -O1 -fno-strict-aliasing -Wall -Wextra
INTERP_CFLAGS   := -O1 -g1 -falign-functions=64 -fomit-frame-pointer -fno-strict-aliasing \
                   -mllvm -enable-misched=false

define OPS_RULES
$(B)/ops/$(1)/template.o $(B)/ops/$(1)/interp.o: private CC := $(OPCC)
$(B)/ops/$(1)/template.o: private CFLAGS := $(TEMPLATE_CFLAGS)
$(B)/ops/$(1)/interp.o: private CFLAGS += $(INTERP_CFLAGS)
$(B)/ops/$(1)/template.o $(B)/ops/$(1)/interp.o: ops/rules.mk

$(B)/ops/$(1)/registers.ok: ops/$(1)/locations.h $(B)/ops/$(1)/template.o ops/host/registers.sh
	ops/host/registers.sh $(CC) ops/$(1)/locations.h $(B)/ops/$(1)/template.o
	@touch $$@

$(B)/ops/$(1)/templates.c $(B)/ops/$(1)/templates.h &: $(B)/ops/$(1)/template.o $(B)/bin/dyngen \
                                                     $(B)/ops/$(1)/registers.ok
	$(B)/bin/dyngen --prefix $(1)_ $(OPS_HELPERS_$(1):%=--helper-prefix %) -o $(B)/ops/$(1)/templates.c $$<

$(B)/ops/$(1)/table.o: $(B)/ops/$(1)/templates.h
endef
$(foreach guest,$(PROCESSORS),$(eval $(call OPS_RULES,$(guest))))
