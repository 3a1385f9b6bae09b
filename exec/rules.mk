# The cpu: memory, mmu, exceptions, the code cache and the loop.
EXEC_SRCS := $(wildcard exec/*.c exec/i386/*.c)
TESSERA_OBJS += $(EXEC_SRCS:%.c=$(B)/%.o)
