# SPDX-License-Identifier: GPL-3.0-or-later
# The DSDT: its macros are the C preprocessor's, since Debian's iasl has none.
DSDT      := $(B)/bios/acpi/dsdt.aml
DSDT_PART := $(B)/post/bios/acpi/dsdt.o
# What a loader makes ACPI's tables of.
DSDT_HOST := $(B)/bios/acpi/dsdt.o

$(DSDT): bios/acpi/dsdt.asl
	$(FOLDER)
	$(CC) -E -P -x c $< -o $(@:.aml=.dsl)
	iasl -vs -p $(@:.aml=) $(@:.aml=.dsl) >$(@D)/iasl.log 2>&1 || { cat $(@D)/iasl.log; exit 1; }

$(DSDT_PART): bios/acpi/dsdt.S $(DSDT)
	$(FOLDER)
	$(CC) -m32 -DDSDT='"$(DSDT)"' -c $< -o $@

$(DSDT_HOST): bios/acpi/dsdt.S $(DSDT)
	$(FOLDER)
	$(CC) -DDSDT='"$(DSDT)"' -c $< -o $@
