/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tests of devices share: a clock that stands until it is moved, wires to look at. */
#ifndef TESTS_HW_FIXTURE_H
#define TESTS_HW_FIXTURE_H

#include "hw/host/chardev.h"
#include "hw/irq.h"
#include "hw/timer.h"

#include "tests/assert.h"

/* --- time --- */

extern uint64_t test_time;
uint64_t test_clock(void);
/* A timer queue by test_clock, whose time 0 is now. */
struct timers *new_timers(void);
/* Moves the clock in the queue's own steps, as a host does that is never late. */
void advance(struct timers *q, uint64_t ns);

/* --- wires --- */

struct wire {
    bool level;
    unsigned rises;
};
struct irq_line wire_line(struct wire *w);

/* --- the far end of a serial line --- */

struct far_end {
    struct chardev chardev;
    const char *text; /* what comes in */
    char sent[256];   /* what went out */
    size_t count;
    bool stuck;      /* takes nothing, */
    unsigned waited; /* but for what waits for it */
};
void far_end_init(struct far_end *f, const char *text);

/* Random numbers that are the same in every run with the same seed. */
uint32_t next_random(uint32_t *state);

Suite *control_suite(void);
Suite *device_suite(void);
Suite *counted_suite(void);
Suite *replay_suite(void);
Suite *timer_suite(void);
Suite *i8259_suite(void);
Suite *i8254_suite(void);
Suite *i8254_model_suite(void);
Suite *mc146818_suite(void);
Suite *cmos_suite(void);
Suite *i8237_suite(void);
Suite *i82077_suite(void);
Suite *i82077_transfer_suite(void);
Suite *i8042_suite(void);
Suite *ps2_suite(void);
Suite *input_suite(void);
Suite *uart_suite(void);
Suite *parallel_suite(void);
Suite *fw_cfg_suite(void);
Suite *chipset_suite(void);
Suite *pci_suite(void);
Suite *power_suite(void);
Suite *apic_suite(void);
Suite *hpet_suite(void);
Suite *mpic_suite(void);
Suite *ppce500_suite(void);
Suite *disk_suite(void);
Suite *ide_suite(void);
Suite *atapi_suite(void);
Suite *e1000_suite(void);
Suite *rtl8139_suite(void);
Suite *ne2000_suite(void);
Suite *usb_suite(void);
Suite *usb_storage_suite(void);
Suite *virtio_suite(void);
Suite *virtio_net_suite(void);
Suite *virtio_block_suite(void);
Suite *net_suite(void);
Suite *sound_suite(void);
Suite *audio_ring_suite(void);
Suite *sb16_suite(void);
Suite *ac97_suite(void);
Suite *screen_suite(void);
Suite *vga_suite(void);
Suite *vga_memory_suite(void);
Suite *vga_picture_suite(void);
Suite *vbe_suite(void);
Suite *console_suite(void);
Suite *terminal_suite(void);
Suite *error_suite(void);
Suite *sandbox_suite(void);
Suite *loader_suite(void);
Suite *loader_tables_suite(void);
Suite *linux_suite(void);
Suite *multiboot_suite(void);
Suite *options_suite(void);
Suite *pc_suite(void);
Suite *pc_waking_suite(void);
Suite *snapshot_suite(void);
Suite *bare_suite(void);

#endif
