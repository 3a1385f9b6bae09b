# SPDX-License-Identifier: GPL-3.0-or-later
# Media of other people's, played as a user would: `make check-images IMAGES=DIRECTORY`.
PLAYER_SRCS  := $(addprefix tests/media/,commands.c keys.c machine.c picture.c player.c script.c) \
                tests/guests/emulator.c tests/display/vt.c
CHECK_IMAGES := $(B)/tests/check_images

$(B)/tests/media/machine.o: private CPPFLAGS += -DBUILD='"$(B)"'

$(CHECK_IMAGES): $(PLAYER_SRCS:%.c=$(B)/%.o) $(B)/tests/media/check_images.o
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lutil -lpng

.PHONY: check-images
check-images: deps
	@$(MAKE) --no-print-directory all $(CHECK_IMAGES)
	@$(CHECK_IMAGES) tests/IMAGES $(if $(IMAGES),$(IMAGES),$(error say where they are: make check-images IMAGES=DIRECTORY))

# What is made of Debian's packages: GRUB on a CD and on a floppy, with its tests; HDT on a CD.
GRUB_FILES    := /usr/lib/grub/i386-pc
# GRUB's own tests; the CD has more of them, and what they want: a font, ciphers, and that no video
# driver has been loaded. Not there: cmdline_cat_test, whose digests are of another font than Debian's.
GRUB_TESTS    := functional_test xnu_uuid_test pbkdf2_test bswap_test ctz_test cmp_test mul_test \
                 shift_test strtoull_test
GRUB_CD_TESTS := div_test sleep_test setjmp_test exfctest legacy_password_test signature_test \
                 videotest_checksum videotest pgp gcry_dsa gcry_rsa gcry_sha1 gcry_sha256 gcry_sha512
GRUB_MODULES  := biosdisk iso9660 normal minicmd serial terminal vbe vga video_bochs videoinfo xnu_uuid $(GRUB_TESTS)
SYSLINUX      := /usr/lib/syslinux/modules/bios
HDT_FILES     := /usr/lib/ISOLINUX/isolinux.bin $(addprefix $(SYSLINUX)/,ldlinux.c32 hdt.c32 libcom32.c32 \
                 libgpl.c32 libmenu.c32 libutil.c32)
MEDIA         := $(addprefix $(B)/tests/media/,grub.iso grub.img grub-2880.img hdt.iso installer.iso netboot/pxelinux.0)

$(B)/tests/media/core.img: tests/media/serial.cfg tests/media/rules.mk
	$(FOLDER)
	grub-mkimage -O i386-pc -d $(GRUB_FILES) -p '(fd0)' -c $< -o $@ $(GRUB_MODULES)

# The boot sector loads the sectors behind it.
$(B)/tests/media/grub.img: private SIZE := 1440K
$(B)/tests/media/grub-2880.img: private SIZE := 2880K
$(addprefix $(B)/tests/media/,grub.img grub-2880.img): $(B)/tests/media/core.img
	cat $(GRUB_FILES)/boot.img $< > $@
	truncate -s $(SIZE) $@

# With Linux, and what GRUB shows it in.
$(B)/tests/media/grub.iso: tests/media/grub.cfg tests/media/rules.mk $(B)/tests/media/netboot/pxelinux.0
	rm -rf $@.d && mkdir -p $@.d/boot/grub && cp $< $@.d/boot/grub
	cp $(@D)/netboot/debian-installer/i386/linux $@.d
	grub-mkrescue -d $(GRUB_FILES) -o $@ $@.d --install-modules="$(GRUB_MODULES) $(GRUB_CD_TESTS) gfxterm linux" --fonts=unicode --locales= --themes= 2>/dev/null

$(B)/tests/media/hdt.iso: tests/media/isolinux.cfg tests/media/rules.mk
	rm -rf $@.d && mkdir -p $@.d && cp $< $(HDT_FILES) $@.d
	xorriso -as mkisofs -quiet -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 \
	    -boot-info-table -o $@ $@.d

# What Debian's mini.iso holds, out of the package that has its files: for a BIOS alone, without GRUB.
$(B)/tests/media/installer.iso: tests/media/rules.mk tools/fetch-guest.sh
	rm -rf $@.d && tools/fetch-guest.sh $@.d tree
	rm -rf $@.d/debian-installer/i386/grub $@.d/debian-installer/i386/*.efi
	cp $@.d/debian-installer/i386/boot-screens/syslinux.cfg $@.d/isolinux.cfg
	cp /usr/lib/ISOLINUX/isolinux.bin $(SYSLINUX)/ldlinux.c32 $@.d
	xorriso -as mkisofs -quiet -b isolinux.bin -c boot.cat -no-emul-boot -boot-load-size 4 \
	    -boot-info-table -o $@ $@.d
	rm -rf $@.d $(@D)/netboot $(@D)/netboot.part && mkdir $(@D)/netboot.part
	cd $(@D)/netboot.part && xorriso -osirrox on -indev ../$(@F) -extract /debian-installer debian-installer \
	    >/dev/null 2>&1 && chmod -R u+w . && \
	    ln -s debian-installer/i386/pxelinux.0 debian-installer/i386/pxelinux.cfg \
	        debian-installer/i386/boot-screens/ldlinux.c32 .
	mv $(@D)/netboot.part $(@D)/netboot

# What of it boots over the network is made beside it.
$(B)/tests/media/netboot/pxelinux.0: $(B)/tests/media/installer.iso
	test -e $@

MEDIA_TEST := $(B)/tests/test_media
TESTS      += $(MEDIA_TEST)

$(MEDIA_TEST): $(PLAYER_SRCS:%.c=$(B)/%.o) $(B)/tests/media/test_media.o | $(BIOS) $(MEDIA)
	$(FOLDER)
	$(CC) $(LDFLAGS) $^ -o $@ $(CHECK_LIBS) -lutil -lpng
