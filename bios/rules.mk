# SPDX-License-Identifier: GPL-3.0-or-later
# Firmware, built here: each folder says what it builds.
include $(sort $(wildcard bios/*/rules.mk))
