# The template generator.
DYNGEN_OBJS := $(addprefix $(B)/dyngen/,main.o object.o check.o x86_64.o emit.o report.o util.o)
DYNGEN      := $(B)/bin/dyngen
PROGRAMS    += $(DYNGEN)

$(DYNGEN): $(DYNGEN_OBJS)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $^ -lopcodes -lbfd -o $@
