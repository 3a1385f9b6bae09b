/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_GUESTS_LINUX_H
#define TESTS_GUESTS_LINUX_H

/*
 * What Debian's kernel is told where a test is not about its start: that it does without tests of
 * its ciphers and without looking for ISA's PnP cards, a third of the time until there is a shell.
 * The suite "Debian 12" has it do both, in each engine.
 */
#define LINUX_BRIEFLY "cryptomgr.notests noisapnp"

#endif
