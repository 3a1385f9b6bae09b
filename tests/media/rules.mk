# SPDX-License-Identifier: GPL-3.0-or-later
# Media of other people's, played as a user would: `make check-images IMAGES=DIRECTORY`.
PLAYER_SRCS  := $(addprefix tests/media/,keys.c machine.c picture.c player.c script.c) \
                tests/guests/emulator.c tests/display/vt.c
CHECK_IMAGES := $(B)/tests/check_images

$(B)/tests/media/machine.o: private CPPFLAGS += -DBUILD='"$(B)"'

$(CHECK_IMAGES): $(PLAYER_SRCS:%.c=$(B)/%.o) $(B)/tests/media/check_images.o
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lutil -lpng

.PHONY: check-images
check-images: deps
	@$(MAKE) --no-print-directory all $(CHECK_IMAGES)
	@$(CHECK_IMAGES) tests/IMAGES $(if $(IMAGES),$(IMAGES),$(error say where they are: make check-images IMAGES=DIRECTORY))
