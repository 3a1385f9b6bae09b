# Tessera: one Makefile; each folder says what it builds in its rules.mk.
#   make            builds ./tessera and build/dyngen
#   make run        installs what is missing, builds, boots the embedded default guest
#   make check      builds and passes every test
#   make install    PREFIX=/usr/local; make uninstall takes it away again
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

B        := build
CC       := gcc
OPCC     := clang-19
CPPFLAGS := -I. -I$(B) -Idyngen -D_GNU_SOURCE
CFLAGS   := -std=gnu17 -O2 -g -Wall -Wextra
# 0: no assembly where there is C beside it, in micro-ops and for floating point (ops/host/host.h).
HOST_ASM := 1
CPPFLAGS += -DHOST_ASM=$(HOST_ASM)
# What is not a template is hardened: a hostile guest may find a fault of ours. Templates are near
# the program, wherever it is (exec/place.h), but C's, which have addresses as numbers: those want
# it in the low 2 GiB.
CFLAGS   += $(if $(HOST_ASM:1=),-fno-pie,-fPIE) -fstack-protector-strong
LDFLAGS  := $(if $(HOST_ASM:1=),-no-pie,-pie) -Wl,-z,relro,-z,now
# What there is one of: `tessera -version`, `dyngen --version`, their manuals, dyngen.pc.
VERSION  := 1.0
# Where `make install` puts things; DESTDIR is for those who make packages.
PREFIX   := /usr/local
INSTALL_TO = $(DESTDIR)$(PREFIX)
# Libraries that it can do without, by the headers that say that they are here: HAVE_SDL2 and so on
# in C. `make B=build/other SDL2= LIBNBD=` builds without those; README, "What it needs", says what
# is not there then.
has = $(shell echo '\#include <$(1)>' | $(CC) -E -x c - >/dev/null 2>&1 && echo $(2))
ADPLUG    := $(call has,adplug/nukedopl.h,-ladplug)
CAPSTONE  := $(call has,capstone/capstone.h,-lcapstone)
CURSES    := $(call has,curses.h,-lncursesw -ltinfo)
FDT       := $(call has,libfdt.h,-lfdt)
LIBEDIT   := $(call has,histedit.h,-ledit)
LIBNBD    := $(call has,libnbd.h,-lnbd)
SDL2      := $(call has,SDL2/SDL.h,-lSDL2)
SECCOMP   := $(call has,seccomp.h,-lseccomp)
SLIRP     := $(call has,slirp/libslirp.h,-lslirp)
VNCSERVER := $(call has,rfb/rfb.h,-lvncserver)
XKBCOMMON := $(call has,xkbcommon/xkbcommon.h,-lxkbcommon)
OPTIONAL  := ADPLUG CAPSTONE CURSES FDT LIBEDIT LIBNBD SDL2 SECCOMP SLIRP VNCSERVER XKBCOMMON
CPPFLAGS  += $(foreach library,$(OPTIONAL),$(if $($(library)),-DHAVE_$(library)))
DEPFLAGS  = -MMD -MP -MF $@.d

# What it runs on: a folder of that name in translate/ir, files in exec/host.
HOST := x86_64

# What is emulated: folders of that name in ops, translate and exec.
PROCESSORS := i386 ppc
OPS_OBJS := $(foreach guest,$(PROCESSORS),$(addprefix $(B)/ops/$(guest)/,table.o interp.o templates.o))
# Floating point in C, where it is the guest's.
SOFT_OBJS := $(if $(HOST_ASM:1=),$(patsubst %.c,$(B)/%.o,$(wildcard ops/i386/soft/*.c)))
OPS_OBJS += $(SOFT_OBJS)

# What the rules.mk files add to.
PROGRAMS :=# built by `make all`
BEGUN_FIRST :=# of what `make all` builds, what takes longest
TESTS    :=# programs that `make check` runs, each a Check runner
TESSERA_OBJS :=# objects of ./tessera
CLEAN    :=

include $(sort $(wildcard */rules.mk))

.PHONY: all clean install uninstall
all: $(BEGUN_FIRST) $(PROGRAMS)

install: install-tessera install-dyngen
uninstall: uninstall-tessera uninstall-dyngen

# They say their version.
VERSIONED := hw/cli/main.o hw/monitor/info.o hw/monitor/qmp.o hw/monitor/qmp_commands.o hw/monitor/session.o dyngen/main.o
$(foreach built,$(B) $(B)/san $(B)/fuzz,$(addprefix $(built)/,$(VERSIONED))): \
    private CPPFLAGS += -DTESSERA_VERSION='"$(VERSION)"'

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c $< -o $@

# The same sources under the sanitizers, for the tests.
SAN := -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
$(B)/san/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(SAN) $(DEPFLAGS) -c $< -o $@

clean:
	rm -rf $(B) tessera $(CLEAN)

-include $(shell find $(B) -name '*.o.d' 2>/dev/null)
