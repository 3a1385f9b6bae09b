# SPDX-License-Identifier: GPL-3.0-or-later
# The VGA BIOS; its fonts and tables are there for the card, too, which may start without a BIOS.
MAKE_FONTS := $(B)/bin/make-fonts
VGA_GLYPHS := $(B)/bios/vga/glyphs.inc
VGA_SHARED := font parameters colors

TESSERA_OBJS += $(VGA_SHARED:%=$(B)/bios/vga/%.o)

# Of the library, only what holds the fonts is linked.
$(MAKE_FONTS): $(B)/bios/vga/make_fonts.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $< -o $@ -l:libaa.a

$(VGA_GLYPHS): $(MAKE_FONTS)
	@mkdir -p $(@D)
	$(MAKE_FONTS) >$@.new
	mv $@.new $@

$(B)/bios/vga/font.o $(B)/san/bios/vga/font.o: $(VGA_GLYPHS)
