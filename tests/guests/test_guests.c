/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whole guests in the emulator, driven as a user drives them. The program under test is
 * ./tessera; TESSERA=qemu-system-i386 runs what they have in common with QEMU.
 */
#include "test_guests.h"
#include "emulator.h"
#include <stdlib.h>

int main(void)
{
    SRunner *runner = srunner_create(default_guest_suite());
    srunner_add_suite(runner, linux_suite());
    srunner_add_suite(runner, terminal_suite());
    srunner_add_suite(runner, bad_input_suite());
    srunner_add_suite(runner, symbols_suite());
    srunner_add_suite(runner, rom_suite());
    srunner_add_suite(runner, end_suite());
    srunner_add_suite(runner, others_suite());
    srunner_add_suite(runner, disks_suite());
    srunner_add_suite(runner, surroundings_suite());
    srunner_add_suite(runner, posture_suite());
    srunner_add_suite(runner, debian_suite());
    srunner_add_suite(runner, power_suite());
    srunner_add_suite(runner, displays_suite());
    srunner_add_suite(runner, replay_suite());
    if (!emulator_is_qemu())
        srunner_add_suite(runner, ppc_suite());
    if (!emulator_is_qemu())
        srunner_add_suite(runner, network_suite());
    if (!emulator_is_qemu())
        srunner_add_suite(runner, without_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
