/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See block.h. */
#include "hw/virtio/block.h"

#include "exec/exec.h"

#include <string.h>

/* 5.2.3 */
#define F_SEG_MAX      (1ull << 2)
#define F_GEOMETRY     (1ull << 4)
#define F_RO           (1ull << 5)
#define F_BLK_SIZE     (1ull << 6)
#define F_FLUSH        (1ull << 9)
#define F_WRITE_ZEROES (1ull << 14)

/* The configuration (5.2.4). */
enum {
    CONFIG_CAPACITY = 0,
    CONFIG_SEG_MAX = 12,
    CONFIG_CYLINDERS = 16,
    CONFIG_HEADS = 18,
    CONFIG_SECTORS = 19,
    CONFIG_BLK_SIZE = 20,
    CONFIG_ZEROES_MOST = 48,
    CONFIG_ZEROES_SEG = 52,
    CONFIG_SIZE = 60
};

/* Requests (5.2.6): a header, data either way, and a byte that says how it went. */
enum { IN = 0, OUT = 1, FLUSH = 4, GET_ID = 8, WRITE_ZEROES = 13 };
enum { OK = 0, IOERR = 1, UNSUPP = 2 };
enum { SECTOR = 512, ZEROES_MOST = 1 << 16 /* sectors, of one request */ };
enum { QUEUE = 0 };

struct header {
    uint32_t type, reserved;
    uint64_t sector;
};

struct discard_segment {
    uint64_t sector;
    uint32_t sectors, flags;
};

static uint64_t data_room(const struct virtio_block_slot *slot)
{
    return slot->chain.writable - 1;
}

/* --- the end of a request --- */

static void finish(struct virtio_block_slot *slot, uint8_t status)
{
    struct virtio *v = &slot->block->virtio;
    bool reads = slot->type == IN || slot->type == GET_ID;
    uint64_t written = reads ? slot->done : 0;
    virtio_chain_write(v, &slot->chain, data_room(slot), &status, sizeof status);
    slot->busy = false;
    virtqueue_give_back(v, QUEUE, slot->head, (uint32_t)written + 1);
}

/* --- transfers, chunk by chunk --- */

static void done(void *owner);

static void submit(struct virtio_block_slot *slot, enum disk_operation operation, size_t size)
{
    slot->request = (struct disk_request){.operation = operation,
                                          .offset = slot->offset + slot->done,
                                          .size = size,
                                          .data = slot->chunk,
                                          .done = done,
                                          .owner = slot};
    disk_submit(slot->block->disk, &slot->request);
}

static void submit_chunk(struct virtio_block_slot *slot)
{
    uint64_t left = slot->size - slot->done;
    size_t size = left < VIRTIO_BLOCK_CHUNK ? left : VIRTIO_BLOCK_CHUNK;
    if (slot->type == OUT)
        virtio_chain_read(&slot->block->virtio, &slot->chain, sizeof(struct header) + slot->done,
                          slot->chunk, size);
    else if (slot->type == WRITE_ZEROES)
        memset(slot->chunk, 0, size);
    submit(slot, slot->type == IN ? DISK_READ : DISK_WRITE, size);
}

static bool writes(const struct virtio_block_slot *slot)
{
    return slot->type == OUT || slot->type == WRITE_ZEROES;
}

/* A driver that cannot flush has all written through (5.2.6.2). */
static void all_is_moved(struct virtio_block_slot *slot)
{
    slot->flushing = writes(slot) && !virtio_has(&slot->block->virtio, F_FLUSH);
    if (slot->flushing)
        submit(slot, DISK_FLUSH, 0);
    else
        finish(slot, OK);
}

static void move(struct virtio_block_slot *slot)
{
    if (slot->done < slot->size)
        submit_chunk(slot);
    else
        all_is_moved(slot);
}

static void chunk_done(struct virtio_block_slot *slot)
{
    size_t size = slot->request.size;
    if (slot->type == IN)
        virtio_chain_write(&slot->block->virtio, &slot->chain, slot->done, slot->chunk, size);
    slot->done += size;
    move(slot);
}

/* --- requests --- */

/* A range of whole sectors on the disk. */
static bool set_range(struct virtio_block_slot *slot, uint64_t sector, uint64_t size)
{
    uint64_t end = disk_size(slot->block->disk);
    if (size % SECTOR || sector > end / SECTOR || size > end - sector * SECTOR)
        return false;
    slot->offset = sector * SECTOR;
    slot->size = size;
    return true;
}

static bool set_zeroes_range(struct virtio_block_slot *slot)
{
    struct discard_segment s;
    return slot->chain.readable == sizeof(struct header) + sizeof s &&
           virtio_chain_read(&slot->block->virtio, &slot->chain, sizeof(struct header), &s,
                             sizeof s) == sizeof s &&
           s.sectors <= ZEROES_MOST && set_range(slot, s.sector, (uint64_t)s.sectors * SECTOR);
}

static bool find_range(struct virtio_block_slot *slot, uint64_t sector)
{
    if (writes(slot) && disk_is_read_only(slot->block->disk))
        return false;
    return slot->type == IN ? set_range(slot, sector, data_room(slot))
           : slot->type == OUT
               ? set_range(slot, sector, slot->chain.readable - sizeof(struct header))
               : set_zeroes_range(slot);
}

static void get_id(struct virtio_block_slot *slot)
{
    char id[VIRTIO_BLOCK_ID] = "";
    size_t size = data_room(slot) < sizeof id ? data_room(slot) : sizeof id;
    if (slot->block->id)
        memcpy(id, slot->block->id, strnlen(slot->block->id, sizeof id));
    slot->done = virtio_chain_write(&slot->block->virtio, &slot->chain, 0, id, size);
    finish(slot, OK);
}

static void execute(struct virtio_block_slot *slot, const struct header *h)
{
    slot->type = h->type;
    slot->size = slot->done = 0;
    slot->flushing = false;
    switch (h->type) {
    case IN:
    case OUT:
    case WRITE_ZEROES:
        if (find_range(slot, h->sector))
            move(slot);
        else
            finish(slot, IOERR);
        break;
    case FLUSH:
        slot->flushing = true;
        submit(slot, DISK_FLUSH, 0);
        break;
    case GET_ID:
        get_id(slot);
        break;
    default:
        finish(slot, UNSUPP);
    }
}

/* Its buffer has been read. */
static void begin(struct virtio_block_slot *slot)
{
    struct virtio *v = &slot->block->virtio;
    struct header h;
    slot->head = slot->chain.head;
    slot->busy = true;
    if (slot->chain.writable && virtio_chain_read(v, &slot->chain, 0, &h, sizeof h) == sizeof h) {
        execute(slot, &h);
        return;
    }
    slot->busy = false;
    virtio_break(v, "a disk's request without header or status");
}

static struct virtio_block_slot *free_slot(struct virtio_block *s)
{
    for (unsigned i = 0; i < VIRTIO_BLOCK_SLOTS; i++)
        if (!s->slot[i].busy)
            return &s->slot[i];
    return NULL;
}

static void start(struct virtio_block *s)
{
    struct virtio_block_slot *slot;
    for (unsigned n = virtqueue_waiting(&s->virtio, QUEUE);
         n && (slot = free_slot(s)) && virtqueue_take(&s->virtio, QUEUE, &slot->chain); n--)
        begin(slot);
    virtqueue_interrupt(&s->virtio, QUEUE);
}

static void done(void *owner)
{
    struct virtio_block_slot *slot = owner;
    if (slot->request.error)
        finish(slot, IOERR);
    else if (slot->flushing)
        finish(slot, OK);
    else
        chunk_done(slot);
    if (!slot->busy)
        start(slot->block);
}

/* --- the device --- */

static void notified(void *device, unsigned queue)
{
    (void)queue;
    start(device);
}

static void forget(void *device)
{
    struct virtio_block *s = device;
    for (unsigned i = 0; i < VIRTIO_BLOCK_SLOTS; i++) {
        disk_withdraw(&s->slot[i].request);
        s->slot[i].busy = false;
    }
}

static const struct virtio_kind kind = {.type = VIRTIO_BLOCK,
                                        .class_code = 0x010000,
                                        .queues = 1,
                                        .config_size = CONFIG_SIZE,
                                        .notified = notified,
                                        .reset = forget};

static void set_config(struct virtio *v, unsigned offset, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        v->config[offset + i] = (uint8_t)(value >> 8 * i);
}

/* As BIOSes count that address by cylinders, as far as they can. */
static void fill_geometry(struct virtio *v, const struct disk *disk)
{
    struct disk_geometry g = disk_geometry(disk);
    set_config(v, CONFIG_CYLINDERS, g.cylinders, 2);
    set_config(v, CONFIG_HEADS, g.heads, 1);
    set_config(v, CONFIG_SECTORS, g.sectors, 1);
}

static void fill_config(struct virtio *v, const struct disk *disk)
{
    enum { HEADER_AND_STATUS = 2 };
    v->offered |= F_SEG_MAX | F_GEOMETRY | F_BLK_SIZE | F_FLUSH;
    v->offered |= disk_is_read_only(disk) ? F_RO : F_WRITE_ZEROES;
    set_config(v, CONFIG_CAPACITY, disk_size(disk) / SECTOR, 8);
    set_config(v, CONFIG_SEG_MAX, VIRTIO_QUEUE_SIZE - HEADER_AND_STATUS, 4);
    fill_geometry(v, disk);
    set_config(v, CONFIG_BLK_SIZE, SECTOR, 4);
    set_config(v, CONFIG_ZEROES_MOST, ZEROES_MOST, 4);
    set_config(v, CONFIG_ZEROES_SEG, 1, 4);
}

bool virtio_block_init(struct virtio_block *s, const struct virtio_place *place, struct disk *disk,
                       const char *id)
{
    s->disk = disk;
    s->id = id;
    for (unsigned i = 0; i < VIRTIO_BLOCK_SLOTS; i++)
        s->slot[i].block = s;
    if (!virtio_init(&s->virtio, &kind, s, place))
        return false;
    fill_config(&s->virtio, disk);
    return true;
}

static void reset(void *device)
{
    struct virtio_block *s = device;
    virtio_reset(&s->virtio);
}

/* What was under way is in the guest's memory, and is done again. */
static void restored(void *device)
{
    struct virtio_block *s = device;
    virtio_restored(&s->virtio);
    for (unsigned i = 0; i < VIRTIO_BLOCK_SLOTS; i++) {
        struct virtio_block_slot *slot = &s->slot[i];
        disk_withdraw(&slot->request);
        if (!slot->busy)
            continue;
        slot->busy = false;
        if (virtqueue_find(&s->virtio, QUEUE, slot->head, &slot->chain))
            begin(slot);
    }
}

static const struct state_field slot_fields[] = {
    {NOT_STATE(virtio_block_slot, block)},    {STATE(virtio_block_slot, busy)},
    {STATE(virtio_block_slot, head)},         {NOT_STATE(virtio_block_slot, chain)},
    {NOT_STATE(virtio_block_slot, type)},     {NOT_STATE(virtio_block_slot, offset)},
    {NOT_STATE(virtio_block_slot, size)},     {NOT_STATE(virtio_block_slot, done)},
    {NOT_STATE(virtio_block_slot, flushing)}, {NOT_STATE(virtio_block_slot, request)},
    {NOT_STATE(virtio_block_slot, chunk)},    {0},
};
static const struct state_table slot_state = STATE_TABLE(virtio_block_slot, 1, slot_fields);
static const struct state_field fields[] = {
    {STATE_OF(virtio_block, virtio, &virtio_state)},
    {NOT_STATE(virtio_block, disk)},
    {NOT_STATE(virtio_block, id)},
    {STATE_ARRAY_OF(virtio_block, slot, &slot_state)},
    {0},
};
static const struct state_table state = STATE_TABLE(virtio_block, 1, fields);
const struct device virtio_block_device = {
    .name = "virtio-block", .reset = reset, .state = &state, .restored = restored};
