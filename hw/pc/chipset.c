/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC's devices, their ports and their wires. */
#include "hw/pc/chipset.h"

#include "exec/memory.h"

#include <string.h>

enum {
    IRQ_TIMER = 0,
    IRQ_KEYBOARD = 1,
    IRQ_FLOPPY = 6,
    IRQ_PARALLEL = 7,
    IRQ_CLOCK = 8,
    IRQ_RETRACE = 9, /* IRQ 2 of the bus */
    IRQ_MOUSE = 12,
    IRQ_FPU = 13
};
enum { IOAPIC_TIMER = 2 };
enum { DMA_FLOPPY = 2 };

static const struct {
    uint16_t port;
    unsigned irq;
} serial_ports[SERIAL_PORTS] = {{0x3f8, 4}, {0x2f8, 3}};

static struct irq_line bus_irq(struct chipset *s, unsigned irq)
{
    return isa_irq_line(&s->irqs, ISA_IRQ_BUS, irq);
}

/*
 * Who wrote last has it. A 82371SB has the gate on if either source is (its "Port 92 Register"),
 * but its firmware leaves port 92h's off for those who know the 8042's alone; SeaBIOS leaves it on,
 * since the machines it is made for have one gate with two handles.
 */
static void set_a20(void *chip, unsigned input, bool level)
{
    struct a20_gate *s = chip;
    (void)input;
    s->on = level;
    irq_set(&s->cpu, level);
    irq_set(&s->keyboard, level);
    irq_set(&s->port92, level);
}

static void restore_a20(void *device)
{
    struct a20_gate *s = device;
    set_a20(s, 0, s->on);
}

static const struct state_field a20_fields[] = {
    {STATE(a20_gate, on)},
    {NOT_STATE(a20_gate, cpu)},
    {NOT_STATE(a20_gate, keyboard)},
    {NOT_STATE(a20_gate, port92)},
    {0},
};
static const struct state_table a20_state = STATE_TABLE(a20_gate, 1, a20_fields);
static const struct device a20_device = {
    .name = "a20", .state = &a20_state, .restored = restore_a20};

static void add(struct chipset *s, const struct device *device, void *chip)
{
    devices_add(&s->devices, device, chip);
}

static void add_a20(struct chipset *s, struct irq_line a20)
{
    s->a20 = (struct a20_gate){.cpu = a20,
                               .keyboard = {i8042_show_a20, &s->kbc, 0},
                               .port92 = {port92_show_a20, &s->port92, 0}};
    add(s, &a20_device, &s->a20);
}

/* What the 8259 asks for comes to the processor by its LINT0, and to input 0 of the I/O APIC. */
static void set_intr(void *chip, unsigned input, bool level)
{
    struct chipset *s = chip;
    (void)input;
    apic_set_lint(&s->apic, 0, level);
    ioapic_set(&s->ioapic, 0, level);
}

/* IRQ 0 is at the I/O APIC's input 2, where the 8259 has its cascade. */
static void set_isa_irq(void *chip, unsigned irq, bool level)
{
    struct chipset *s = chip;
    i8259_set(&s->pic, irq, level);
    if (s->has_apic)
        ioapic_set(&s->ioapic, irq == IRQ_TIMER ? IOAPIC_TIMER : irq, level);
}

static bool add_apics(struct chipset *s, const struct chipset_setup *setup)
{
    const struct apic_pins pins = {.intr = setup->intr, .nmi = setup->nmi, .init = setup->reset};
    s->has_apic = setup->apic;
    s->nmi = setup->nmi;
    if (!setup->apic)
        return true;
    add(s, &apic_device, &s->apic);
    add(s, &ioapic_device, &s->ioapic);
    return apic_init(&s->apic, &s->apic_bus, setup->memory, setup->timers, &pins) &&
           ioapic_init(&s->ioapic, &s->apic_bus, setup->memory);
}

static void add_pics(struct chipset *s, struct irq_line intr)
{
    i8259_init(&s->pic, s->has_apic ? (struct irq_line){set_intr, s, 0} : intr);
    add(s, &i8259_device, &s->pic);
    isa_irq_init(&s->irqs, (struct irq_line){set_isa_irq, s, 0});
    add(s, &isa_irq_device, &s->irqs);
    for (unsigned i = 0; i < 2; i++)
        ports_add(&s->ports, i ? 0xa0 : 0x20, 2, 1, i8259_read, i8259_write, &s->pic.port[i]);
    ports_add(&s->ports, 0x4d0, 2, 1, i8259_elcr_read, i8259_elcr_write, &s->pic);
}

static bool add_hpet(struct chipset *s, const struct chipset_setup *setup)
{
    const struct irq_line legacy[HPET_LEGACY] = {bus_irq(s, IRQ_TIMER), bus_irq(s, IRQ_CLOCK)};
    const struct irq_line none = {NULL, NULL, 0}, io_apic = {ioapic_set, &s->ioapic, 0};
    s->has_hpet = setup->hpet;
    if (!setup->hpet)
        return true;
    add(s, &hpet_device, &s->hpet);
    return hpet_init(&s->hpet, setup->memory, setup->timers, s->has_apic ? io_apic : none, legacy);
}

/* Of the 8254 (input 0) or the clock: the HPET may take their place. */
static struct irq_line legacy_irq(struct chipset *s, unsigned input, unsigned irq)
{
    return s->has_hpet ? (struct irq_line){hpet_set_legacy, &s->hpet, input} : bus_irq(s, irq);
}

/* First of what is heard. */
static void add_mixers(struct chipset *s, const struct chipset_setup *setup)
{
    for (unsigned i = 0; i < AUDIODEVS; i++)
        if (setup->audio[i]) {
            mixer_init(&s->mixer[i], setup->timers, setup->audio[i]);
            add(s, &mixer_device, &s->mixer[i]);
        }
}

static struct mixer *mixer_for(struct chipset *s, const struct sound_request *r)
{
    return r->audio >= 0 && s->mixer[r->audio].audio ? &s->mixer[r->audio] : NULL;
}

void chipset_finish_sound(struct chipset *s)
{
    for (unsigned i = 0; i < AUDIODEVS; i++)
        mixer_finish(&s->mixer[i]);
}

static void add_clocks(struct chipset *s, const struct chipset_setup *setup)
{
    i8254_init(&s->pit, setup->timers, legacy_irq(s, 0, IRQ_TIMER));
    add(s, &i8254_device, &s->pit);
    ports_add(&s->ports, 0x40, 4, 1, i8254_read, i8254_write, &s->pit);
    speaker_init(&s->speaker, mixer_for(s, &setup->speaker), &s->pit);
    s->pit.listener = (struct i8254_listener){speaker_change, &s->speaker};
    add(s, &speaker_device, &s->speaker);
    port61_init(&s->port61, setup->timers, &s->pit, &s->speaker);
    add(s, &port61_device, &s->port61);
    ports_add(&s->ports, 0x61, 1, 1, port61_read, port61_write, &s->port61);
    mc146818_init(&s->rtc, setup->timers, legacy_irq(s, 1, IRQ_CLOCK), setup->time_of_day);
    add(s, &mc146818_device, &s->rtc);
    ports_add(&s->ports, 0x70, 2, 1, mc146818_read, mc146818_write, &s->rtc);
}

static bool is_key_handled(void *chipset)
{
    const struct chipset *s = chipset;
    return i8259_in_service(&s->pic, IRQ_KEYBOARD) || i8259_in_service(&s->pic, IRQ_MOUSE);
}

static void add_keyboard(struct chipset *s, struct timers *timers, struct irq_line reset)
{
    i8042_init(&s->kbc, timers, bus_irq(s, IRQ_KEYBOARD), bus_irq(s, IRQ_MOUSE),
               (struct irq_line){set_a20, &s->a20, 0}, reset);
    i8042_ask_handler(&s->kbc, is_key_handled, s);
    add(s, &i8042_device, &s->kbc);
    ports_add(&s->ports, 0x60, 1, 1, i8042_read, i8042_write, &s->kbc);
    ports_add(&s->ports, 0x64, 1, 1, i8042_status_read, i8042_command_write, &s->kbc);
    port92_init(&s->port92, (struct irq_line){set_a20, &s->a20, 0}, reset);
    add(s, &port92_device, &s->port92);
    ports_add(&s->ports, 0x92, 1, 1, port92_read, port92_write, &s->port92);
}

static void add_fpu_error(struct chipset *s)
{
    portf0_init(&s->portf0, bus_irq(s, IRQ_FPU));
    add(s, &portf0_device, &s->portf0);
    ports_add(&s->ports, 0xf0, 1, 1, portf0_read, portf0_write, &s->portf0);
}

static void add_dma(struct chipset *s, struct memory *memory)
{
    i8237_init(s->dma, memory, &s->dma_pages);
    for (unsigned i = 0; i < 2; i++) {
        add(s, &i8237_device, &s->dma[i]);
        ports_add(&s->ports, i ? 0xc0 : 0x00, 16u << i, 1, i8237_read, i8237_write, &s->dma[i]);
    }
    add(s, &dma_pages_device, &s->dma_pages);
    ports_add(&s->ports, 0x80, 16, 1, dma_pages_read, dma_pages_write, &s->dma_pages);
}

/* 3F6h is the hard disks'. */
static void add_floppy(struct chipset *s, const struct chipset_setup *setup)
{
    const struct dma_client client = i82077_dma(&s->fdc);
    i82077_init(&s->fdc, setup->timers, bus_irq(s, IRQ_FLOPPY),
                (struct irq_line){i8237_request, &s->dma[0], DMA_FLOPPY});
    s->fdc.lenient = setup->lenient_floppies;
    for (unsigned i = 0; i < FLOPPY_DRIVES; i++)
        if (setup->floppy[i].present)
            floppy_init(&s->fdc.unit[i].drive, setup->floppy[i].disk);
    i8237_connect(&s->dma[0], DMA_FLOPPY, &client);
    add(s, &i82077_device, &s->fdc);
    ports_add(&s->ports, 0x3f0, 6, 1, i82077_read, i82077_write, &s->fdc);
    ports_add(&s->ports, 0x3f7, 1, 1, i82077_read_dir, i82077_write_rate, &s->fdc);
}

/* Channels without drives are there, too: so a guest is told that there are none. */
static bool add_ide(struct chipset *s, const struct chipset_setup *setup)
{
    static const struct {
        uint16_t command, control;
        unsigned irq;
    } at[PIIX3_CHANNELS] = {{0x1f0, 0x3f6, 14}, {0x170, 0x376, 15}};
    for (unsigned i = 0; i < PIIX3_CHANNELS; i++) {
        struct ide_channel *c = &s->ide[i];
        ide_init(c, i, setup->memory, bus_irq(s, at[i].irq));
        for (unsigned slave = 0; slave < 2; slave++) {
            const struct ide_setup *drive = &setup->ide[2 * i + slave];
            if (drive->present)
                ide_attach(c, slave, drive->disk, drive->cdrom);
            c->drive[slave].tray = setup->tray;
            c->drive[slave].tray.input += 2 * i + slave;
        }
        add(s, &ide_device, c);
        ports_add(&s->ports, at[i].command, 8, 4, ide_read, ide_write, c);
        ports_add(&s->ports, at[i].control, 1, 1, ide_control_read, ide_control_write, c);
    }
    add(s, &piix3_ide_device, &s->ide_function);
    return piix3_ide_init(&s->ide_function, &s->pci, s->ide);
}

/* Before the host bridge, whose shadow RAM lies over it. */
static bool map_vga_rom(const struct chipset_setup *setup)
{
    return !setup->vga_mib || !setup->vga_rom ||
           vga_map_rom(setup->memory, setup->vga_rom, setup->vga_rom_size);
}

static bool add_pci(struct chipset *s, struct memory *memory, struct irq_line reset)
{
    pci_init(&s->pci, memory, &s->ports, reset);
    s->pci.apics = s->has_apic ? &s->apic_bus : NULL;
    add(s, &pci_device, &s->pci);
    ports_add(&s->ports, 0xcf8, 8, 4, pci_read, pci_write, &s->pci);
    if (!i440fx_init(&s->host_bridge, memory))
        return false;
    add(s, &i440fx_device, &s->host_bridge);
    pci_add(&s->pci, &s->host_bridge.pci);
    piix3_init(&s->isa_bridge, &s->pci, isa_irq_line(&s->irqs, ISA_IRQ_PCI, 0));
    add(s, &piix3_device, &s->isa_bridge);
    return true;
}

static bool add_usb(struct chipset *s, const struct chipset_setup *setup)
{
    s->usb.input.base = i8042_sink(&s->kbc);
    return usb_host_init(&s->usb, &setup->usb, setup->timers, setup->memory, &s->pci, &s->devices);
}

static bool add_power(struct chipset *s, const struct chipset_setup *setup)
{
    s->has_acpi = setup->acpi;
    if (!setup->acpi)
        return true;
    add(s, &piix4_pm_device, &s->power);
    ports_add(&s->ports, APM_PORT, APM_PORTS, 1, apm_read, apm_write, &s->power);
    return piix4_pm_init(&s->power, &s->pci, setup->timers,
                         isa_irq_line(&s->irqs, ISA_IRQ_SCI, SCI_IRQ), setup->off);
}

static bool add_vga(struct chipset *s, const struct chipset_setup *setup)
{
    if (!setup->vga_mib)
        return true;
    s->has_vga = vga_init(&s->vga, setup->timers, setup->memory, &s->pci, bus_irq(s, IRQ_RETRACE),
                          setup->vga_mib);
    add(s, &vga_device, &s->vga);
    ports_add(&s->ports, VGA_PORT, VGA_PORTS, 1, vga_read, vga_write, &s->vga);
    ports_add(&s->ports, VGA_ENABLE_PORT, 1, 1, vga_enable_read, vga_enable_write, &s->vga);
    ports_add(&s->ports, VBE_PORT, VBE_PORTS, 2, vbe_read, vbe_write, &s->vga);
    return s->has_vga &&
           (!setup->vga_rom || vga_set_rom(&s->vga, setup->vga_rom, setup->vga_rom_size));
}

/* The first two slots are the south bridge's and the graphics card's. */
static bool add_cards(struct chipset *s, const struct chipset_setup *setup)
{
    enum { FIRST_SLOT = 3 };
    const struct card_place place = {.timers = setup->timers,
                                     .memory = setup->memory,
                                     .pci = &s->pci,
                                     .devices = &s->devices,
                                     .slot = FIRST_SLOT,
                                     .ports = &s->ports,
                                     .isa_irq = isa_irq_line(&s->irqs, ISA_IRQ_BUS, 0)};
    for (unsigned i = 0; i < CARDS; i++) {
        const struct card_setup *card = &setup->card[i];
        if (card->model && !card->model->create(&s->card[i], &place, card))
            return false;
    }
    return true;
}

static bool add_virtio(struct chipset *s, const struct chipset_setup *setup)
{
    struct virtio_place place = {.memory = setup->memory, .pci = &s->pci};
    for (unsigned i = 0; i < VIRTIO_DRIVES; i++) {
        const struct virtio_block_setup *d = &setup->virtio_disk[i];
        if (!d->disk)
            continue;
        place.slot = FIRST_VIRTIO_DISK + i;
        place.interfaces = d->interfaces;
        add(s, &virtio_block_device, &s->virtio_disk[i]);
        if (!virtio_block_init(&s->virtio_disk[i], &place, d->disk, d->id))
            return false;
    }
    if (!setup->entropy.present)
        return true;
    place.slot = pci_free_slot(&s->pci, FIRST_VIRTIO_DISK + VIRTIO_DRIVES);
    place.interfaces = setup->entropy.interfaces;
    add(s, &virtio_entropy_device, &s->entropy);
    return virtio_entropy_init(&s->entropy, &place, setup->entropy.repeats);
}

static bool add_sb16(struct chipset *s, const struct chipset_setup *setup)
{
    const struct sb16_options *at = &setup->sb16_at;
    if (!setup->sb16.is_there)
        return true;
    bool good = sb16_init(&s->sb16, &(struct sb16_wiring){.timers = setup->timers,
                                                          .mixer = mixer_for(s, &setup->sb16),
                                                          .dma = s->dma,
                                                          .irq = bus_irq(s, 0),
                                                          .irq_number = at->irq,
                                                          .dma8 = at->dma,
                                                          .dma16 = at->dma16});
    add(s, &sb16_device, &s->sb16);
    ports_add(&s->ports, (uint16_t)at->port, SB16_PORTS, 1, sb16_read, sb16_write, &s->sb16);
    ports_add(&s->ports, OPL3_PORT, OPL3_PORTS, 1, opl3_read, opl3_write, &s->sb16.opl);
    return good;
}

static bool add_ac97(struct chipset *s, const struct chipset_setup *setup)
{
    enum { FIRST_SLOT = 3 };
    if (!setup->ac97.is_there)
        return true;
    add(s, &ac97_device, &s->ac97);
    return ac97_init(&s->ac97, setup->timers, setup->memory, &s->pci,
                     pci_free_slot(&s->pci, FIRST_SLOT), mixer_for(s, &setup->ac97));
}

static void add_serial(struct chipset *s, const struct chipset_setup *setup)
{
    for (unsigned i = 0; i < SERIAL_PORTS; i++) {
        s->has_uart[i] = setup->serial[i];
        if (!setup->serial[i])
            continue;
        uart16550_init(&s->uart[i], setup->timers, setup->serial[i],
                       bus_irq(s, serial_ports[i].irq));
        add(s, &uart16550_device, &s->uart[i]);
        ports_add(&s->ports, serial_ports[i].port, 8, 1, uart16550_read, uart16550_write,
                  &s->uart[i]);
    }
}

static void add_parallel(struct chipset *s, const struct chipset_setup *setup)
{
    if (!setup->parallel)
        return;
    parallel_init(&s->parallel, setup->parallel, bus_irq(s, IRQ_PARALLEL));
    add(s, &parallel_device, &s->parallel);
    ports_add(&s->ports, PARALLEL_PORT, PARALLEL_PORTS, 1, parallel_read, parallel_write,
              &s->parallel);
}

static void add_fw_cfg(struct chipset *s, struct fw_cfg *fw_cfg)
{
    if (!fw_cfg)
        return;
    add(s, &fw_cfg_device, fw_cfg);
    ports_add(&s->ports, FW_CFG_PORT, FW_CFG_PORTS, 2, fw_cfg_read, fw_cfg_write, fw_cfg);
}

static void add_debugcon(struct chipset *s, const struct chipset_setup *setup)
{
    if (!setup->debugcon)
        return;
    s->debugcon.outside = setup->debugcon;
    add(s, &debugcon_device, &s->debugcon);
    ports_add(&s->ports, setup->debugcon_port, 1, 1, debugcon_read, debugcon_write, &s->debugcon);
}

static bool add_debug_exit(struct chipset *s, const struct chipset_setup *setup)
{
    if (!setup->exit_size)
        return true;
    s->debug_exit = setup->exit;
    add(s, &debug_exit_device, &s->debug_exit);
    return ports_add(&s->ports, setup->exit_port, setup->exit_size, setup->exit_size,
                     debug_exit_read, debug_exit_write, &s->debug_exit);
}

static void add_post(struct chipset *s, uint16_t port)
{
    post_init(&s->post, port);
    add(s, &post_device, &s->post);
}

static void fill_cmos(struct chipset *s, const struct chipset_setup *setup)
{
    struct cmos_setup cmos = {.memory = memory_ram_size(setup->memory),
                              .boot_order = setup->boot_order,
                              .no_floppy_check = setup->no_floppy_check};
    for (unsigned i = 0; i < CMOS_FLOPPIES; i++)
        cmos.floppy[i] = s->fdc.unit[i].drive.type;
    for (unsigned i = 0; i < CMOS_DISKS; i++)
        if (setup->ide[i].disk && !setup->ide[i].cdrom)
            cmos.disk[i] = disk_geometry(setup->ide[i].disk);
    cmos_fill(&s->rtc, &cmos);
}

bool chipset_init(struct chipset *s, const struct chipset_setup *setup)
{
    ports_init(&s->ports);
    add(s, &clock_device, setup->timers);
    add_a20(s, setup->a20);
    if (!add_apics(s, setup))
        return false;
    add_pics(s, setup->intr);
    if (!add_hpet(s, setup))
        return false;
    add_mixers(s, setup);
    add_clocks(s, setup);
    add_keyboard(s, setup->timers, setup->reset);
    add_fpu_error(s);
    add_dma(s, setup->memory);
    add_floppy(s, setup);
    fill_cmos(s, setup);
    add_serial(s, setup);
    add_parallel(s, setup);
    add_fw_cfg(s, setup->fw_cfg);
    add_debugcon(s, setup);
    add_post(s, setup->post_port);
    return add_debug_exit(s, setup) && map_vga_rom(setup) &&
           add_pci(s, setup->memory, setup->reset) && add_ide(s, setup) && add_usb(s, setup) &&
           add_power(s, setup) && add_vga(s, setup) && add_cards(s, setup) &&
           add_virtio(s, setup) && add_sb16(s, setup) && add_ac97(s, setup);
}

void chipset_destroy(struct chipset *s)
{
    vga_destroy(&s->vga);
    sb16_destroy(&s->sb16);
}

void chipset_write(struct chipset *s, uint16_t port, uint32_t value, unsigned size)
{
    post_note(&s->post, port, value);
    ports_write(&s->ports, port, value, size);
}

void chipset_reset(struct chipset *s)
{
    devices_reset(&s->devices);
}

void chipset_as_after_bios(struct chipset *s)
{
    static const struct {
        uint16_t port;
        uint8_t value;
    } writes[] = {
        {0x20, 0x11},  {0x21, 0x08}, {0x21, 0x04}, {0x21, 0x01}, {0x21, 0xb8}, /* IRQ 0..7: 08h */
        {0xa0, 0x11},  {0xa1, 0x70}, {0xa1, 0x02}, {0xa1, 0x01}, {0xa1, 0x8f}, /* IRQ 8..15: 70h */
        {0x43, 0x34},  {0x40, 0x00}, {0x40, 0x00},                             /* 18.2 Hz */
        {0x43, 0x54},  {0x41, 0x12},                                           /* refresh */
        {0xd6, 0xc0},  {0xd4, 0x00},                                           /* DMA: cascade */
        {0x64, 0xae},  {0x64, 0xa8}, {0x64, 0x60}, {0x60, 0x45}, /* keyboard with translation */
        {0x4d1, 0x0c},                                           /* PCI's: level-triggered */
    };
    for (unsigned i = 0; i < sizeof writes / sizeof *writes; i++)
        ports_write(&s->ports, writes[i].port, writes[i].value, 1);
    piix3_route(&s->isa_bridge, piix3_usual_irqs);
    piix3_ide_enable(&s->ide_function);
    pci_assign(&s->pci, piix3_usual_irqs);
    if (s->has_acpi)
        piix4_pm_enable(&s->power);
    if (s->has_apic)
        apic_set_virtual_wire(&s->apic);
    if (s->has_vga)
        vga_as_after_bios(&s->vga);
}

void chipset_press_power_button(struct chipset *s)
{
    if (s->has_acpi)
        piix4_pm_press_button(&s->power);
}

void chipset_send_nmi(struct chipset *s)
{
    for (int level = 1; level >= 0; level--)
        if (s->has_apic)
            apic_set_lint(&s->apic, 1, level);
        else
            irq_set(&s->nmi, level);
}

struct input_sink chipset_sink(struct chipset *s)
{
    return usb_input_sink(&s->usb.input);
}

bool chipset_ferr(struct chipset *s, bool level)
{
    return portf0_set_ferr(&s->portf0, level);
}

void chipset_set_apic_base(struct chipset *s, uint64_t base, bool enabled)
{
    apic_set_base(&s->apic, base, enabled);
}

int chipset_acknowledge(struct chipset *s)
{
    int irq;
    uint8_t own;
    if (s->has_apic && apic_acknowledge(&s->apic, &own)) {
        if (ioapic_brings(&s->ioapic, IOAPIC_TIMER, own))
            i8254_irq_taken(&s->pit);
        return own;
    }
    int vector = i8259_acknowledge(&s->pic, &irq);
    if (irq == IRQ_TIMER)
        i8254_irq_taken(&s->pit);
    return vector;
}

void chipset_poll_serial(struct chipset *s)
{
    for (unsigned i = 0; i < SERIAL_PORTS; i++)
        if (s->has_uart[i])
            uart16550_poll(&s->uart[i]);
}
