/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The devices of `ppce500`, where they are and their wires. */
#include "exec/memory.h"
#include "hw/ppc/ppce500.h"
#include "hw/ppc/uart.h"

static void add(struct ppce500_board *s, const struct device *device, void *chip)
{
    devices_add(&s->devices, device, chip);
}

/* --- serial ports: an interrupt together --- */

static void set_shared(void *chip, unsigned input, bool level)
{
    struct shared_line *s = chip;
    s->levels = (uint8_t)((s->levels & ~(1u << input)) | (unsigned)level << input);
    irq_set(&s->to, s->levels);
}

static const struct state_field shared_fields[] = {
    {STATE(shared_line, levels), .most = (1 << SERIAL_PORTS) - 1},
    {NOT_STATE(shared_line, to)},
    {0},
};
static const struct state_table shared_state = STATE_TABLE(shared_line, 1, shared_fields);
static const struct device shared_device = {.name = "serial-irq", .state = &shared_state};

static bool add_serial(struct ppce500_board *s, const struct ppce500_setup *setup)
{
    s->serial_line.to = (struct irq_line){mpic_set, &s->mpic, PPCE500_IRQ_SERIAL};
    add(s, &shared_device, &s->serial_line);
    for (unsigned i = 0; i < SERIAL_PORTS; i++) {
        s->has_uart[i] = setup->serial[i];
        if (!setup->serial[i])
            continue;
        uart16550_init(&s->uart[i], setup->timers, setup->serial[i],
                       (struct irq_line){set_shared, &s->serial_line, i});
        add(s, &uart16550_device, &s->uart[i]);
        if (!ppc_map_uart(setup->memory, PPCE500_CCSR + PPCE500_SERIAL + i * PPCE500_SERIAL_STEP,
                          &s->uart[i]))
            return false;
    }
    return true;
}

/* --- PCI --- */

/* What interrupts pulls the wire down. */
static void set_pci_irq(void *chip, unsigned source, bool level)
{
    mpic_set(chip, source, !level);
}

/* pci_pirq_of() 0 is INTA# of slot 1, which is QEMU's interrupt 2. */
static bool add_pci(struct ppce500_board *s, struct memory *memory)
{
    struct irq_line pirq[PCI_PIRQS];
    for (unsigned i = 0; i < PCI_PIRQS; i++)
        pirq[i] = (struct irq_line){set_pci_irq, &s->mpic, PPCE500_IRQ_PCI + (i + 1) % PCI_PIRQS};
    if (!pci_host_init(&s->pci, memory, PPCE500_CCSR + PPCE500_PCI, pirq))
        return false;
    add(s, &pci_device, &s->pci.bus);
    add(s, &pci_host_device, &s->pci);
    return true;
}

static bool add_cards(struct ppce500_board *s, const struct ppce500_setup *setup)
{
    const struct card_place place = {.timers = setup->timers,
                                     .memory = setup->memory,
                                     .pci = &s->pci.bus,
                                     .devices = &s->devices,
                                     .slot = 1,
                                     .ports = &s->pci.ports};
    for (unsigned i = 0; i < CARDS; i++) {
        struct card_setup card = setup->card[i];
        card.interfaces.no_legacy = true;
        if (card.model && !card.model->create(&s->card[i], &place, &card))
            return false;
    }
    return true;
}

/* Legacy interfaces have the guest's byte order; ours are little-endian, and so not there. */
static struct virtio_place next_place(struct ppce500_board *s, struct memory *memory)
{
    return (struct virtio_place){.memory = memory,
                                 .pci = &s->pci.bus,
                                 .slot = pci_free_slot(&s->pci.bus, 1),
                                 .interfaces = {.no_legacy = true}};
}

static bool add_virtio(struct ppce500_board *s, const struct ppce500_setup *setup)
{
    for (unsigned i = 0; i < VIRTIO_DRIVES; i++) {
        const struct virtio_block_setup *d = &setup->virtio_disk[i];
        const struct virtio_place place = next_place(s, setup->memory);
        if (!d->disk)
            continue;
        add(s, &virtio_block_device, &s->virtio_disk[i]);
        if (!virtio_block_init(&s->virtio_disk[i], &place, d->disk, d->id))
            return false;
    }
    const struct virtio_place place = next_place(s, setup->memory);
    if (!setup->entropy.present)
        return true;
    add(s, &virtio_entropy_device, &s->entropy);
    return virtio_entropy_init(&s->entropy, &place, setup->entropy.repeats);
}

/* --- the whole --- */

static bool add_gpio(struct ppce500_board *s, const struct ppce500_setup *setup)
{
    if (!gpio_init(&s->gpio, setup->memory, PPCE500_CCSR + PPCE500_GPIO))
        return false;
    s->gpio.pin[PPCE500_POWER_PIN] = setup->off;
    add(s, &gpio_device, &s->gpio);
    return true;
}

static bool add_guts(struct ppce500_board *s, const struct ppce500_setup *setup)
{
    add(s, &guts_device, &s->guts);
    return guts_init(&s->guts, setup->memory, PPCE500_CCSR + PPCE500_GUTS, setup->processor_version,
                     setup->reset);
}

/* Registers of CCSR that nobody has read as zeros. */
static uint32_t read_nothing(void *device, uint32_t offset, unsigned size)
{
    (void)device;
    log_if(LOG_UNIMP, "ccsr: read of %u bytes at %05x\n", size, offset);
    return 0;
}

static void write_nothing(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)device;
    log_if(LOG_UNIMP, "ccsr: write of %u bytes at %05x: %x\n", size, offset, value);
}

/* What no card on PCI answers its host ends, and reads as ones. */
static uint32_t read_no_card(void *device, uint32_t offset, unsigned size)
{
    (void)device, (void)offset;
    return UINT32_MAX >> (32 - 8 * size);
}

static void write_no_card(void *device, uint32_t offset, uint32_t value, unsigned size)
{
    (void)device, (void)offset, (void)value, (void)size;
}

static bool add_bus(struct memory *memory)
{
    return memory_map_io(memory, PPCE500_PCI_MEMORY, PPCE500_PCI_MEMORY_SIZE, read_no_card,
                         write_no_card, NULL) &&
           memory_map_io(memory, PPCE500_PCI_PORTS, PPCE500_PCI_PORTS_SIZE, read_no_card,
                         write_no_card, NULL);
}

bool ppce500_board_init(struct ppce500_board *s, const struct ppce500_setup *setup)
{
    add(s, &clock_device, setup->timers);
    ppc_alarm_init(&s->alarm, setup->timers, setup->exec);
    add(s, &ppc_alarm_device, &s->alarm);
    if (!add_bus(setup->memory) ||
        !memory_map_io(setup->memory, PPCE500_CCSR, PPCE500_CCSR_SIZE, read_nothing, write_nothing,
                       NULL) ||
        !mpic_init(&s->mpic, setup->memory, PPCE500_CCSR + PPCE500_MPIC, setup->timers,
                   setup->interrupt))
        return false;
    add(s, &mpic_device, &s->mpic);
    return add_serial(s, setup) && add_guts(s, setup) && add_gpio(s, setup) &&
           add_pci(s, setup->memory) && add_cards(s, setup) && add_virtio(s, setup);
}
