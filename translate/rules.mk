# SPDX-License-Identifier: GPL-3.0-or-later
# Guest code to micro-ops, micro-ops to code.
TRANSLATE_SRCS := $(wildcard translate/*.c $(PROCESSORS:%=translate/%/*.c) translate/ir/*.c translate/ir/$(HOST)/*.c)
TESSERA_OBJS   += $(TRANSLATE_SRCS:%.c=$(B)/%.o)

