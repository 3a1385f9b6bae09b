/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices, loaders and command line, without a cpu. */
#include "tests/hw/fixture.h"
#include "tests/suites.h"

static suite_maker *const suites[] = {
    timer_suite,
    device_suite,
    control_suite,
    counted_suite,
    replay_suite,
    i8259_suite,
    i8254_suite,
    i8254_model_suite,
    mc146818_suite,
    cmos_suite,
    i8237_suite,
    i82077_suite,
    i82077_transfer_suite,
    i8042_suite,
    ps2_suite,
    input_suite,
    uart_suite,
    parallel_suite,
    fw_cfg_suite,
    chipset_suite,
    pci_suite,
    power_suite,
    apic_suite,
    hpet_suite,
    disk_suite,
    ide_suite,
    atapi_suite,
    e1000_suite,
    rtl8139_suite,
    ne2000_suite,
    usb_suite,
    virtio_suite,
    virtio_net_suite,
    net_suite,
    sound_suite,
    screen_suite,
    vga_suite,
    vga_memory_suite,
    vga_picture_suite,
    vbe_suite,
    console_suite,
    terminal_suite,
    error_suite,
    sandbox_suite,
    loader_suite,
    loader_tables_suite,
    linux_suite,
    multiboot_suite,
    options_suite,
    pc_suite,
    snapshot_suite,
    bare_suite,
};

int main(void)
{
    return run_suites(suites, sizeof suites / sizeof *suites);
}
