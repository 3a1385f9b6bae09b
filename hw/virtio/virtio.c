/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status, features, interrupts and the PCI function (2.1, 2.2, 4.1). */
#include "hw/virtio/virtio.h"

#include "exec/exec.h"

#include <string.h>

/* Where things are: the same base addresses as QEMU's. */
enum { BASE_MSIX = 1 };

/* --- interrupts --- */

static void set_pin(struct virtio *v)
{
    pci_interrupt(&v->pci, v->isr && !pci_msix_is_on(&v->msix));
}

void virtio_interrupt(struct virtio *v, uint8_t cause, uint16_t vector)
{
    if (pci_msix_is_on(&v->msix)) {
        pci_msix_send(&v->msix, vector);
        return;
    }
    v->isr |= cause;
    set_pin(v);
}

/* Reading clears it (4.1.4.5). */
uint8_t virtio_take_isr(struct virtio *v)
{
    uint8_t isr = v->isr;
    v->isr = 0;
    set_pin(v);
    return isr;
}

/* A vector that there is not cannot be set, which the driver reads back (4.1.5.1.2). */
void virtio_set_vector(struct virtio *v, uint16_t *vector, uint16_t value)
{
    *vector = value < v->msix.count ? value : VIRTIO_NO_VECTOR;
}

/* --- status --- */

void virtio_break(struct virtio *v, const char *why)
{
    if (v->status & VIRTIO_NEEDS_RESET)
        return;
    log_if(LOG_GUEST_ERRORS, "virtio: device of type %d: %s\n", v->kind->type, why);
    v->status |= VIRTIO_NEEDS_RESET;
    if (v->status & VIRTIO_DRIVER_OK)
        virtio_interrupt(v, VIRTIO_ISR_CONFIG, v->config_vector);
}

static void reset_queues(struct virtio *v)
{
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++)
        v->queue[i] = (struct virtqueue){.size = VIRTIO_QUEUE_SIZE, .vector = VIRTIO_NO_VECTOR};
}

static void reset(struct virtio *v)
{
    v->status = 0;
    v->features = 0;
    v->offered_select = v->features_select = 0;
    v->queue_select = 0;
    v->config_vector = VIRTIO_NO_VECTOR;
    reset_queues(v);
    virtio_take_isr(v);
    if (v->kind->reset)
        v->kind->reset(v->device);
}

/* What is not offered is not agreed to (2.2.2). */
static bool features_are_good(const struct virtio *v)
{
    return !(v->features & ~v->offered) && virtio_is_modern(v);
}

void virtio_set_status(struct virtio *v, uint8_t status)
{
    if (!status) {
        reset(v);
        return;
    }
    if (status & VIRTIO_FEATURES_OK && !features_are_good(v))
        status &= (uint8_t)~VIRTIO_FEATURES_OK;
    v->status = (uint8_t)((v->status & VIRTIO_NEEDS_RESET) | status);
}

/* --- queues and configuration, by either interface --- */

struct virtqueue *virtio_selected(struct virtio *v)
{
    return v->queue_select < v->kind->queues ? &v->queue[v->queue_select] : NULL;
}

void virtio_notify(struct virtio *v, unsigned queue)
{
    if (queue >= v->kind->queues)
        log_if(LOG_GUEST_ERRORS, "virtio: there is no queue %u\n", queue);
    else if (virtqueue_is_ready(v, queue))
        v->kind->notified(v->device, queue);
}

uint32_t virtio_config_read(const struct virtio *v, uint32_t offset, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size && offset + i < v->kind->config_size; i++)
        value |= (uint32_t)v->config[offset + i] << 8 * i;
    return value;
}

void virtio_config_write(struct virtio *v, uint32_t offset, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size && offset + i < v->kind->config_size; i++)
        if (v->kind->configure)
            v->kind->configure(v->device, offset + i, (uint8_t)(value >> 8 * i));
}

/* --- the function --- */

void virtio_reset(struct virtio *v)
{
    pci_function_reset(&v->pci);
    reset(v);
}

void virtio_restored(struct virtio *v)
{
    pci_place_bases(&v->pci);
}

/* Whether messages take the pin's place. */
static void changed(void *device)
{
    set_pin(device);
}

/* Ids of devices that have the legacy interface are others (4.1.2). */
static uint16_t id_of(const struct virtio_kind *kind, bool is_modern)
{
    enum { MODERN = 0x1040, OLD_NET = 0x1000, OLD_BLOCK, OLD_ENTROPY = 0x1005 };
    if (is_modern)
        return (uint16_t)(MODERN + kind->type);
    return kind->type == VIRTIO_NET     ? OLD_NET
           : kind->type == VIRTIO_BLOCK ? OLD_BLOCK
                                        : OLD_ENTROPY;
}

bool virtio_init(struct virtio *v, const struct virtio_kind *kind, void *device,
                 const struct virtio_place *place)
{
    enum { VENDOR = 0x1af4, MODERN_SUBSYSTEM = 0x1100 };
    bool only_modern = place->interfaces.no_legacy;
    memset(v, 0, sizeof *v);
    v->kind = kind;
    v->device = device;
    v->memory = place->memory;
    v->interfaces = place->interfaces;
    v->offered = VIRTIO_F_INDIRECT_DESC | VIRTIO_F_EVENT_IDX;
    v->offered |= place->interfaces.no_modern ? 0 : VIRTIO_F_VERSION_1;
    v->config_vector = VIRTIO_NO_VECTOR;
    reset_queues(v);
    pci_function_init(&v->pci, place->slot, 0, VENDOR, id_of(kind, only_modern),
                      kind->class_code << 8 | only_modern);
    pci_set(&v->pci, PCI_COMMAND, 2, 0, PCI_COMMAND_MASTER);
    pci_set(&v->pci, 0x2c, 2, VENDOR, 0);
    pci_set(&v->pci, 0x2e, 2, only_modern ? MODERN_SUBSYSTEM : kind->type, 0);
    pci_set_interrupt_pin(&v->pci, 1);
    v->pci.changed = changed;
    v->pci.device = v;
    pci_add(place->pci, &v->pci);
    return (place->interfaces.no_legacy || virtio_add_legacy(v)) &&
           pci_msix_init(&v->msix, &v->pci, BASE_MSIX, kind->queues + 1) &&
           (place->interfaces.no_modern || virtio_add_modern(v));
}

static const struct state_field queue_fields[] = {
    {STATE(virtqueue, size), .most = VIRTIO_QUEUE_SIZE},
    {STATE(virtqueue, vector)},
    {STATE(virtqueue, enabled)},
    {STATE(virtqueue, descriptors)},
    {STATE(virtqueue, available)},
    {STATE(virtqueue, used)},
    {STATE(virtqueue, taken)},
    {STATE(virtqueue, given)},
    {STATE(virtqueue, signalled)},
    {0},
};
static const struct state_table queue_state = STATE_TABLE(virtqueue, 1, queue_fields);
static const struct state_field fields[] = {
    {STATE_OF(virtio, pci, &pci_function_state)},
    {STATE_OF(virtio, msix, &pci_msix_state)},
    {NOT_STATE(virtio, kind)},
    {NOT_STATE(virtio, device)},
    {NOT_STATE(virtio, memory)},
    {NOT_STATE(virtio, interfaces)},
    {NOT_STATE(virtio, window)},
    {NOT_STATE(virtio, offered)},
    {STATE(virtio, features)},
    {STATE(virtio, offered_select)},
    {STATE(virtio, features_select)},
    {STATE(virtio, status)},
    {STATE(virtio, isr)},
    {STATE(virtio, queue_select)},
    {STATE(virtio, config_vector)},
    {STATE_ARRAY(virtio, config)},
    {STATE_ARRAY_OF(virtio, queue, &queue_state)},
    {0},
};
const struct state_table virtio_state = STATE_TABLE(virtio, 1, fields);
