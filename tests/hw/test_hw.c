/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices, loaders and command line, without a cpu. */
#include "tests/hw/fixture.h"

#include <stdlib.h>

int main(void)
{
    SRunner *runner = srunner_create(timer_suite());
    srunner_add_suite(runner, device_suite());
    srunner_add_suite(runner, control_suite());
    srunner_add_suite(runner, counted_suite());
    srunner_add_suite(runner, replay_suite());
    srunner_add_suite(runner, i8259_suite());
    srunner_add_suite(runner, i8254_suite());
    srunner_add_suite(runner, i8254_model_suite());
    srunner_add_suite(runner, mc146818_suite());
    srunner_add_suite(runner, cmos_suite());
    srunner_add_suite(runner, i8237_suite());
    srunner_add_suite(runner, i82077_suite());
    srunner_add_suite(runner, i82077_transfer_suite());
    srunner_add_suite(runner, i8042_suite());
    srunner_add_suite(runner, ps2_suite());
    srunner_add_suite(runner, input_suite());
    srunner_add_suite(runner, uart_suite());
    srunner_add_suite(runner, parallel_suite());
    srunner_add_suite(runner, fw_cfg_suite());
    srunner_add_suite(runner, chipset_suite());
    srunner_add_suite(runner, pci_suite());
    srunner_add_suite(runner, power_suite());
    srunner_add_suite(runner, apic_suite());
    srunner_add_suite(runner, hpet_suite());
    srunner_add_suite(runner, disk_suite());
    srunner_add_suite(runner, ide_suite());
    srunner_add_suite(runner, atapi_suite());
    srunner_add_suite(runner, e1000_suite());
    srunner_add_suite(runner, rtl8139_suite());
    srunner_add_suite(runner, ne2000_suite());
    srunner_add_suite(runner, net_suite());
    srunner_add_suite(runner, screen_suite());
    srunner_add_suite(runner, vga_suite());
    srunner_add_suite(runner, vga_memory_suite());
    srunner_add_suite(runner, vga_picture_suite());
    srunner_add_suite(runner, vbe_suite());
    srunner_add_suite(runner, console_suite());
    srunner_add_suite(runner, terminal_suite());
    srunner_add_suite(runner, error_suite());
    srunner_add_suite(runner, sandbox_suite());
    srunner_add_suite(runner, loader_suite());
    srunner_add_suite(runner, loader_tables_suite());
    srunner_add_suite(runner, linux_suite());
    srunner_add_suite(runner, multiboot_suite());
    srunner_add_suite(runner, options_suite());
    srunner_add_suite(runner, pc_suite());
    srunner_add_suite(runner, snapshot_suite());
    srunner_add_suite(runner, bare_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
