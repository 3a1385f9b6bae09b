/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole guests in the emulator, driven as a user drives them. The program under test is
 * ./tessera; TESSERA=qemu-system-i386 runs what they have in common with QEMU.
 */
#include "test_guests.h"
#include "emulator.h"
#include "tests/suites.h"

#include <stdlib.h>

static suite_maker *const suites[] = {
    default_guest_suite, linux_suite,        terminal_suite, bad_input_suite,
    symbols_suite,       rom_suite,          end_suite,      others_suite,
    disks_suite,         surroundings_suite, posture_suite,  debian_suite,
    power_suite,         displays_suite,     replay_suite,   reverse_suite,
};

/* What QEMU has not, or in another form. */
static suite_maker *const own_suites[] = {ppc_suite,     ppce500_suite, network_suite, usb_suite,
                                          without_suite, sound_suite,   boot_suite};

int main(void)
{
    SRunner *runner = create_runner(suites, sizeof suites / sizeof *suites);
    if (!emulator_is_qemu())
        add_suites(runner, own_suites, sizeof own_suites / sizeof *own_suites);
    return run_to_end(runner);
}
