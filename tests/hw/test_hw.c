/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices, loaders and command line, without a cpu. */
#include "tests/hw/fixture.h"
#include "tests/suites.h"

#include <unistd.h>

/* Each of their cases has a process of its own: it leaves threads, limits or folders behind. */
static suite_maker *const apart[] = {
    disk_suite,  console_suite,   loader_suite, loader_tables_suite,
    linux_suite, multiboot_suite, pc_suite,     pc_waking_suite,
};

/*
 * Theirs run one after the other in this process: under the sanitizers the end of a process, where
 * leaks are looked for, takes ten times what a case does. CK_FORK=yes sets these apart, too.
 */
static suite_maker *const together[] = {
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
    mpic_suite,
    ppce500_suite,
    ide_suite,
    atapi_suite,
    e1000_suite,
    rtl8139_suite,
    ne2000_suite,
    usb_suite,
    usb_storage_suite,
    virtio_suite,
    virtio_net_suite,
    virtio_block_suite,
    net_suite,
    sound_suite,
    audio_ring_suite,
    sb16_suite,
    ac97_suite,
    screen_suite,
    vga_suite,
    vga_memory_suite,
    vga_picture_suite,
    vbe_suite,
    terminal_suite,
    error_suite,
    sandbox_suite,
    options_suite,
    snapshot_suite,
    bare_suite,
};

int main(void)
{
    alarm(60 * 60); /* the end of a test that has none */
    int failed = run_suites(apart, sizeof apart / sizeof *apart);
    SRunner *runner = create_runner(together, sizeof together / sizeof *together);
    if (!getenv("CK_FORK"))
        srunner_set_fork_status(runner, CK_NOFORK);
    return run_to_end(runner) | failed;
}
