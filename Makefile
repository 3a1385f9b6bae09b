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
LIBRARY_ADPLUG    := adplug/nukedopl.h -ladplug
LIBRARY_CAPSTONE  := capstone/capstone.h -lcapstone
LIBRARY_CURSES    := curses.h -lncursesw -ltinfo
LIBRARY_FDT       := libfdt.h -lfdt
LIBRARY_LIBEDIT   := histedit.h -ledit
LIBRARY_LIBNBD    := libnbd.h -lnbd
LIBRARY_SDL2      := SDL2/SDL.h -lSDL2
LIBRARY_SECCOMP   := seccomp.h -lseccomp
LIBRARY_SLIRP     := slirp/libslirp.h -lslirp
LIBRARY_VNCSERVER := rfb/rfb.h -lvncserver
LIBRARY_XKBCOMMON := xkbcommon/xkbcommon.h -lxkbcommon
OPTIONAL  := ADPLUG CAPSTONE CURSES FDT LIBEDIT LIBNBD SDL2 SECCOMP SLIRP VNCSERVER XKBCOMMON
# The compiler is asked once for all of them, since each make that another begins asks anew. Within
# a call make 4.3 would leave the backslash before a "#".
header_of = "$(firstword $(LIBRARY_$(1)))"
HASH      := \#
HEADERS   := $(shell printf '$(HASH)if __has_include(%s)\n%s\n$(HASH)endif\n' \
                 $(foreach library,$(OPTIONAL),'$(call header_of,$(library))' '$(call header_of,$(library))') | \
                 $(CC) -E -P -x c -)
$(foreach library,$(OPTIONAL),$(eval $(library) := $(if $(filter $(call header_of,$(library)),$(HEADERS)),\
    $(wordlist 2,9,$(LIBRARY_$(library))))))
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
TESTS    :=# programs that `make check` runs, each a Check runner
TESSERA_OBJS := $(OPS_OBJS)# objects of ./tessera; what takes longest is begun first
CLEAN    :=

include $(sort $(wildcard */rules.mk))

.PHONY: all clean install uninstall
all: tessera $(PROGRAMS)

install: install-tessera install-dyngen
uninstall: uninstall-tessera uninstall-dyngen

# They say their version.
VERSIONED := hw/cli/main.o hw/monitor/info.o hw/monitor/qmp.o hw/monitor/qmp_commands.o hw/monitor/session.o dyngen/main.o
$(foreach built,$(B) $(B)/san $(B)/fuzz,$(addprefix $(built)/,$(VERSIONED))): \
    private CPPFLAGS += -DTESSERA_VERSION='"$(VERSION)"'

# For a make that a recipe calls: if nobody has said how many jobs it has, one more than there are
# processors, since who fetches guests waits for the archive.
AT_ONCE = $(if $(filter -j% --jobs%,$(MAKEFLAGS)),,-j$(shell expr $$(nproc) + 1))

# A recipe's first line: nothing is run where the folder of what is made is there.
FOLDER = @$(if $(wildcard $(@D)/.),,mkdir -p $(@D))

$(B)/%.o: %.c Makefile
	$(FOLDER)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(DEPFLAGS) -c $< -o $@

# What does not run while a guest does, or waits for the host then, is optimised less: it takes a
# quarter less time to build.
LEISURELY := dyngen $(addprefix hw/,bus cli gdb host input monitor pc ppc snapshot sound usb)
$(foreach folder,$(LEISURELY),$(B)/$(folder)/%.o): private CFLAGS += -O1

# The same sources under the sanitizers, for the tests. Their reports name functions and lines; to
# describe variables, too, takes a fifth of the time.
SAN := -O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=all
$(B)/san/%.o: %.c Makefile
	$(FOLDER)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(SAN) $(DEPFLAGS) -c $< -o $@

clean:
	rm -rf $(B) tessera $(CLEAN)

-include $(shell find $(B) -name '*.o.d' 2>/dev/null)
